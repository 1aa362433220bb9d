"""Checks that each function of an object stays within its ISA level.

    llvm-objdump --disassemble OBJECT | audit_levels.py LEVEL, LEVEL...

The compiler's levels, lowest first. Functions of x86-64-v2 end with .v2, and so on; all
others are for every x86-64 CPU. Prints the functions of each level; fails with the
instructions that are above it, and if a level has no functions. Encodings tell
most: in 64-bit mode the bytes c4 and c5 are VEX and 62 is EVEX, and nothing else.
"""
import collections
import re
import sys

MAX_CODE_BYTES = 1 << 20
LEGACY_PREFIXES = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3}
REX = range(0x40, 0x50)
# Above x86-64 and x86-64-v2 without an encoding of their own.
SSE3 = re.compile(r"addsubp[sd]|h(add|sub)p[sd]|mov(ddup|shdup|sldup)|lddqu|fisttp.*|popcnt[wlq]?|"
                  r"cmpxchg16b")
V3_SCALARS = re.compile(r"(lzcnt|tzcnt|movbe)[wlq]?")


def name_encoding(code):
    """VEX, EVEX, or the opcode map of a legacy instruction."""
    code = list(code)
    while code and code[0] in LEGACY_PREFIXES:
        code.pop(0)
    if code and code[0] in REX:
        code.pop(0)
    if not code:
        return "prefix"
    if code[0] in (0xC4, 0xC5):
        return "VEX"
    if code[0] == 0x62:
        return "EVEX"
    if code[:2] in ([0x0F, 0x38], [0x0F, 0x3A]):
        return "0f 38 or 0f 3a"
    return "legacy"


def find_offence(level, code, mnemonic, operands):
    """Why the instruction is above its level, or None."""
    encoding = name_encoding(code)
    if mnemonic == "<unknown>":
        return "bytes that are no instruction"
    if level < "x86-64-v4" and (encoding == "EVEX" or re.search(r"%(zmm|k[0-7]\b)", operands)):
        return "AVX-512"
    if level < "x86-64-v3" and (encoding == "VEX" or V3_SCALARS.fullmatch(mnemonic)):
        return "AVX, FMA or BMI"
    if level < "x86-64-v2" and (encoding == "0f 38 or 0f 3a" or SSE3.fullmatch(mnemonic)):
        return "SSE3 to SSE4.2 or POPCNT"
    return None


BASE = "x86-64"
levels = {level.removeprefix("x86-64-"): level for level in " ".join(sys.argv[1:]).replace(",", " ").split()}
functions, code_bytes, offences = collections.Counter(), 0, []
name, level = None, None
for line in sys.stdin:
    if header := re.match(r"[0-9a-f]+ <(.+)>:$", line):
        name = header[1]
        level = levels.get(name.rpartition(".")[2], BASE)
        functions[level] += 1
    elif match := re.match(r"\s*[0-9a-f]+:((?: [0-9a-f]{2})+)\s+(.+)$", line):
        code = bytes.fromhex(match[1])
        # Behind prefixes such as "lock" stands the instruction itself.
        words = [word for word in match[2].split() if word not in ("lock", "rep", "repne", "notrack")]
        mnemonic, operands = words[0] if words else "", " ".join(words[1:])
        code_bytes += len(code)
        if offence := find_offence(level, code, mnemonic, operands):
            offences.append(f"{name}: expects {level}, but got {offence}: {match[2]}")

print("\n".join(offences[:20]))
for level in [BASE, *levels.values()]:
    print(f"{level}: {functions[level]} functions")
    if not functions[level]:
        offences.append("none")
if code_bytes > MAX_CODE_BYTES:
    offences.append("size")
    print(f"expects at most {MAX_CODE_BYTES} bytes of code, but got {code_bytes}")
print(f"{code_bytes} bytes of code, {len(offences)} offences")
sys.exit(bool(offences))
