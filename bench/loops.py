"""Functions and their innermost loops, from assembly that LLVM wrote.

An innermost loop is what lies between a label and the first jump back to it, if no other
label of a loop lies between them.
"""
import re


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
