"""Counts spills and reloads of vectors in innermost loops with multiply-adds.

Reads assembly with LLVM's comments, which name spills and reloads and their
size; prints one line for each function that has such a loop. An innermost
loop is what lies between a label and the first jump back to it, if no other
label of a loop lies between them.
"""
import re
import sys


def functions(lines):
    name, body = None, []
    for line in lines:
        start = re.match(r"([A-Za-z_][\w.]*):", line)
        if start:
            name, body = start.group(1), []
        elif line.startswith(".Lfunc_end") and name:
            yield name, body
            name = None
        elif name:
            body.append(line)


def innermost_loops(body):
    labels = {}
    for at, line in enumerate(body):
        label = re.match(r"(\.L\w+):", line)
        if label:
            labels[label.group(1)] = at
        jump = re.match(r"\s+(?:j\w+|b\.\w+|cbn?z\s+\w+,)\s+(\.L\w+)", line)
        if jump and jump.group(1) in labels:
            loop = body[labels[jump.group(1)]:at + 1]
            if sum(bool(re.match(r"\.L\w+:", line)) for line in loop) == 1:
                yield loop


def main():
    for name, body in functions(sys.stdin):
        loops = [loop for loop in innermost_loops(body)
                 if any(re.search(r"\bv?(fmadd|mulps)", line) for line in loop)]
        spills = [line for loop in loops for line in loop
                  if re.search(r"# (16|32|64)-byte (Folded )?(Spill|Reload)", line)]
        if loops:
            print(f"{name}: {len(loops)} loops with multiply-adds, {len(spills)} spills")


if __name__ == "__main__":
    main()
