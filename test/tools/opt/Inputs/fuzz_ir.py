#!/usr/bin/env python3
"""Mutates IR and runs the compiler on it: every input ends with a result or an error.

    fuzz_ir.py MOBILEONE_OPT [--seed=N] [--first=N] [--count=N] [--keep=DIR] FILE_OR_FOLDER...

Begins with the functions of .mlir tests. Each mutant goes through the passes that its test
runs, or through all of them to an object. Mutant number n of a seed is always the same. What
ends by a signal, also for computing too long, is printed with its number, and kept in --keep. A file that
only upstream's parser cannot read is counted apart.
"""
import argparse
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile

# What computes for longer, when others take one, does not end. Other processes do not matter.
CPU_SECONDS = 120
NUMBERS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 14, 15, 16, 17, 31, 33, 64, 100, 1000, 65536, 2**31 - 1, 2**31, 2**32, 2**62, -1, -16]
FLOATS = ["0.0", "-1.0", "1.0e30", "0x7FC00000", "0x7F800000", "0xFF800000"]
ELEMENTS = ["f32", "f64", "f16", "bf16", "i1", "i8", "ui8", "si8", "i32", "i64", "index", "complex<f32>", "vector<4xf32>"]
NAMES = ["begin_layer", "end_layer", "network", "weights", "run_parts", "run_ex", "net", "memcpy", "kernel.part",
         '"a b"', '"*/"', '""', '"\\00"', '"\\C3\\28"']
ATTRIBUTES = ["llvm.noalias", "mobileone.units = 3 : index", "mobileone.units = 2.0 : f32", "mobileone.variant = 5",
              'mobileone.variant = "*/"', "mobileone.worker_bytes = -1 : index", "mobileone.share_bytes = 64 : index",
              "bufferization.writable = false", "llvm.emit_c_interface", "mobileone.schedule = 1",
              "mobileone.schedule = {order = array<i64: 0>}",
              "mobileone.schedule = #mobileone.schedule<lanes = 16, order = [lanes]>",
              "mobileone.schedule = #mobileone.schedule<pixels = [1, 3], panels = 1, lanes = 16, depth = [4], "
              "order = [panels, pixels0, pixels1, lanes], algorithm = strassen<levels = 2, sums = compile, rows = 2>, prefetch>", "mobileone.band_rows = 2.0 : f32"]
TEXTS = ["func.func private @other(memref<4xf32>)\n", "func.func @second() { return }\n", "llvm.func @memset(!llvm.ptr)\n",
         "func.func private @begin_layer(i32)\n", "func.func private @end_layer(i32, index) -> i32\n", "module {}\n",
         "memref.global @weights : memref<4xf32>\n"]
# "%1 = some.op ..." or "%1:2 = ...".
RESULT = re.compile(r"^(\s*)(%[\w$.-]+)((?::\d+)? = )", re.M)


def read_seeds(paths):
    """(passes, text) of each part of each file."""
    seeds = []
    for path in paths:
        path = pathlib.Path(path)
        for file in sorted(path.rglob("*.mlir")) if path.is_dir() else [path]:
            text = file.read_text()
            passes = [re.findall(r"--(?:mobileone|convert-mobileone)-[\w-]+", line)
                      for line in re.findall(r"// RUN: mobileone-opt (.*)", text) if "%t" not in line]
            passes = [p for p in passes if p]
            for part in text.split("// -----"):
                part = "\n".join(line for line in part.splitlines() if not line.lstrip().startswith("//"))
                if "func" in part:
                    seeds.append((passes, part))
    return seeds


def replace_one(rng, text, pattern, make):
    """`text` with one match of `pattern` exchanged."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    match = rng.choice(matches)
    return text[:match.start()] + make(match) + text[match.end():]


def change_number(rng, text):
    def make(match):
        old = int(match[0])
        return str(rng.choice(NUMBERS + [old + 1, old - 1, old * 2]))
    return replace_one(rng, text, r"(?<![\w%.#@-])\d+(?![\w.]*\")", make)


def change_size(rng, text):
    """One size in all types that have it: often still a valid program."""
    sizes = re.findall(r"(?<=[<x])\d+(?=x)", text)
    if not sizes:
        return text
    old, new = rng.choice(sizes), str(rng.choice(NUMBERS[:19] + ["?"]))
    return re.sub(rf"(?<=[<x]){old}(?=x)", new, text)


def change_all(rng, text):
    old = rng.choice(["f32", "ui8", "i64", "index"])
    return re.sub(rf"(?<=[x ]){old}\b", rng.choice(ELEMENTS), text)


def change_element(rng, text):
    return replace_one(rng, text, r"(?<=x)(f32|f64|i8|ui8|i32|index)\b", lambda m: rng.choice(ELEMENTS))


def change_float(rng, text):
    return replace_one(rng, text, r"(?<![\w.])\d+\.\d+(e[+-]?\d+)?", lambda m: rng.choice(FLOATS))


def change_name(rng, text):
    names = re.findall(r"@[\w$.]+", text)
    if not names:
        return text
    old, new = rng.choice(names), "@" + rng.choice(NAMES)
    pattern = re.escape(old) + r"(?![\w$.])"
    if rng.random() < 0.7:
        return re.sub(pattern, lambda m: new, text)
    return replace_one(rng, text, pattern, lambda m: new)


def change_string(rng, text):
    return replace_one(rng, text, r"\"[^\"]*\"", lambda m: rng.choice(['""', '"*/"', '"\\00"', '"%s"' % ("a" * 40), '"stem"']))


def change_operand(rng, text):
    values = re.findall(r"%[\w$.-]+", text)
    return replace_one(rng, text, r"%[\w$.-]+", lambda m: rng.choice(values)) if values else text


def change_op(rng, text):
    ops = re.findall(r"\b(?:mobileone|linalg|arith|memref|func|scf|vector|tensor|llvm|math)\.\w+", text)
    return replace_one(rng, text, r"\b(?:mobileone|linalg|arith|memref|func|scf|vector|tensor|llvm|math)\.\w+",
                       lambda m: rng.choice(ops)) if ops else text


def change_weights(rng, text):
    return replace_one(rng, text, r"dense(?:_resource)?<[^>\[]*>", lambda m: rng.choice(
        ["dense_resource<none>", "dense<1.0>", "dense<0x7FC00000>", 'dense<"0x0000803F">', "sparse<[[0]], 1.0>"]))


def add_attribute(rng, text):
    place = rng.choice([r"(?<=\w)(?= \{\n)", r"(?<=>)(?=[,)])", r"(?<=f32>)(?= \{\n)", r"$"])
    attribute = rng.choice(ATTRIBUTES)
    form = " attributes {%s}" if "{" in place and rng.random() < 0.7 else " {%s}"
    return replace_one(rng, text, place, lambda m: form % attribute)


def add_text(rng, text):
    extra = rng.choice(TEXTS)
    return extra + text if rng.random() < 0.5 else text + "\n" + extra


def change_lines(rng, text):
    """Leaves a line out, or has it twice."""
    lines = text.splitlines(True)
    at = rng.randrange(len(lines))
    if rng.random() < 0.5:
        del lines[at]
    else:
        lines.insert(at, RESULT.sub(r"\1\2_again\3", lines[at]))
    return "".join(lines)


def make_private(rng, text):
    return replace_one(rng, text, r"func\.func (private )?", lambda m: "func.func " if m[1] else "func.func private ")


MUTATIONS = [change_number] * 4 + [change_size] * 4 + [
    change_all, change_element, change_float, change_name, change_string, change_operand, change_op, change_weights,
    add_attribute, add_attribute, add_text, change_lines, make_private]


def is_network(text):
    return "func.func @" in text and "global_average_pool" in text and re.search(r"%\w+: tensor<1x\d+x\d+x\d+x\w+>\)", text)


def repair(opt, text, file):
    """Gives values that changed their type this type everywhere, so that more than the verifier sees the mutant."""
    for _ in range(8):
        pathlib.Path(file).write_text(text)
        result = subprocess.run([opt, file, "--allow-unregistered-dialect"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = result.stderr.decode(errors="replace")
        found = re.search(r":(\d+):\d+: error: .*(?:expects result type '(?P<new>[^']*)', but got '(?P<old>[^']*)'"
                          r"|different type than prior uses: '(?P<own>[^']*)' vs '(?P<prior>[^']*)'"
                          r"|yield the result's type '(?P<outer>[^']*)', but got '(?P<inner>[^']*)')", error)
        if result.returncode == 0 or not found:
            break
        lines = text.splitlines(True)
        at = int(found[1]) - 1
        old = found["old"] or found["own"] or found["outer"]
        new = found["new"] or found["prior"] or found["inner"]
        lines[at:] = [line.replace(old, new) for line in lines[at:]]
        text = "".join(lines)
    return text


def make_mutant(seeds, seed, number):
    """(arguments, text)"""
    rng = random.Random(f"{seed} {number}")
    networks = [(passes, text) for passes, text in seeds if is_network(text)]
    passes, text = rng.choice(networks if networks and rng.random() < 0.6 else seeds)
    mutant = text
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3])):
        mutant = rng.choice(MUTATIONS)(rng, mutant)
    level = rng.choice(["--isa=x86-64-v2", "--isa=x86-64-v3", "--isa=x86-64-v4", "--target=aarch64-linux-gnu"])
    everything = ["--emit=obj", level] + rng.choice([[], [], ["--instrument=layers"], ["--instrument=tensors"]])
    # A pass on its own, those of the test, or all of them.
    kind = rng.random()
    if is_network(text) and kind < 0.7 or not passes:
        return everything, mutant
    chosen = rng.choice(passes)
    return ([rng.choice(chosen)] if kind > 0.8 else chosen) + ["--allow-unregistered-dialect"], mutant


def run(opt, arguments, file, output):
    """None, or how the compiler failed to end."""
    output += ".o" if "--emit=obj" in arguments else ".mlir"
    result = subprocess.run([opt, file, *arguments, "-o", output], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS)))
    error = result.stderr.decode(errors="replace")
    if result.returncode < 0 or result.returncode > 2 or "PLEASE submit" in error or "LLVM ERROR" in error:
        return "ends with %d\n%s" % (result.returncode, error[-3000:])
    if result.returncode != 0 and "error:" not in error:
        return "says nothing\n" + error
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opt")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    seeds = read_seeds(arguments.files)
    failures = upstream = 0
    with tempfile.TemporaryDirectory() as folder:
        file, output = os.path.join(folder, "mutant.mlir"), os.path.join(folder, "result")
        for number in range(arguments.first, arguments.first + arguments.count):
            flags, text = make_mutant(seeds, arguments.seed, number)
            text = repair(arguments.opt, text, file)
            pathlib.Path(file).write_text(text)
            problem = run(arguments.opt, flags, file, output)
            if not problem:
                continue
            if run(arguments.opt, ["--allow-unregistered-dialect"], file, output):
                upstream += 1
                continue
            failures += 1
            print(f"mutant {number} of seed {arguments.seed}, {' '.join(flags)}: {problem}")
            if arguments.keep:
                os.makedirs(arguments.keep, exist_ok=True)
                pathlib.Path(arguments.keep, f"{arguments.seed}-{number}.mlir").write_text(
                    f"// {' '.join(flags)}\n" + text)
            sys.stdout.flush()
    print(f"{arguments.count} mutants, {failures} failures, {upstream} that upstream's parser fails on")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
