"""What LLVM's models of Arm cores expect of the kernels' loops, without running them.

    mobileone-opt MODEL --target=aarch64-linux-gnu --emit=asm | python3 bench/estimate.py

Prints, for each kind of kernel, the share of the core's multiply-adds that llvm-mca counts
in the innermost loops, smallest to largest. The peak is that of multiply-adds alone, by the
same model. Memory is always near in these models: they know of no cache."""
import collections
import re
import shutil
import subprocess
import sys

from loops import functions, innermost_loops

CORES = ["cortex-a76", "neoverse-n1", "apple-m1"]
MCA = shutil.which("llvm-mca-22") or shutil.which("llvm-mca") or "/usr/lib/llvm-22/bin/llvm-mca"
ITERATIONS = 200


def count_rate(code, core):
    """Vector multiply-adds of `code` in a cycle."""
    result = subprocess.run([MCA, "-mtriple=aarch64-linux-gnu", f"-mcpu={core}", f"-iterations={ITERATIONS}"],
                            input="".join(code), capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"llvm-mca: {result.stderr}")
    cycles = int(re.search(r"Total Cycles:\s+(\d+)", result.stdout)[1])
    return sum("fmla" in line for line in code) * ITERATIONS / cycles


def main():
    loops = collections.defaultdict(list)
    for name, body in functions(sys.stdin):
        stride = re.search(r"_stride\d", name)
        kind = name.split("_")[0] + (stride[0].replace("_stride", ", stride ") if stride else "")
        for loop in innermost_loops(body):
            code = [line.split("//")[0].rstrip() + "\n" for line in loop if re.match(r"\s+[a-z]", line)]
            if "_1x1x" not in name and sum("fmla" in line for line in code) >= 16:
                # The jump back costs nothing where it is predicted.
                loops[kind].append([line for line in code if not re.match(r"\s+(b\.|cbn?z|tbn?z)", line)])
    alone = [[f"\tfmla v{i}.4s, v30.4s, {operand}\n" for i in range(24)] for operand in ["v31.4s", "v31.s[1]"]]
    peaks = {core: max(count_rate(code, core) for code in alone) for core in CORES}
    print(f"| loops of | {' | '.join(CORES)} |\n|---|{'---:|' * len(CORES)}")
    for kind in sorted(loops):
        shares = {core: [100 * count_rate(code, core) / peaks[core] for code in loops[kind]] for core in CORES}
        print(f"| {kind} | " + " | ".join(f"{min(s):.0f} to {max(s):.0f} %" for s in shares.values()) + " |")


if __name__ == "__main__":
    main()
