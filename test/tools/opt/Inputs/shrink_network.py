"""Makes a random network that fails small, as long as it fails.

A case is a dict: "network", what a file of --variant holds; "form" of its checkpoint, "train" or
"deploy"; "classifier", whether it has one; "size", height and width of the image; "others", a list
of further sizes; "outputs", the list of --output; "flags", all others by their name.
"""
import copy

LEAST = {"size": 32, "others": 32}  # where it is not 1
NEEDED = ("blocks", "stem", "widths", "pairs", "branches")


def list_smaller_numbers(value, least):
    """From the least on, so that the first that still fails is the smallest of them."""
    return [n for n in dict.fromkeys([least, value // 2, value - 8, value - 2, value - 1]) if least <= n < value]


def list_smaller(case):
    """Cases with one thing left out or made smaller, those that leave out most first."""
    def change(function):
        other = copy.deepcopy(case)
        function(other, other["network"])
        return other

    network = case["network"]
    for index in range(len(network.get("blocks", [])) - 1, -1, -1):
        if len(network["blocks"]) > 1:
            yield change(lambda c, n: n["blocks"].pop(index))
    for index in range(len(network.get("widths", [])) - 1, -1, -1):
        if len(network["widths"]) > 1:
            lists = [key for key, value in network.items() if isinstance(value, list)]
            yield change(lambda c, n: [n[key].pop(index) for key in lists])
    for index in range(len(case.get("others", []))):
        yield change(lambda c, n: c["others"].pop(index))
    for index in range(len(case["outputs"])):
        if len(case["outputs"]) > 1:
            yield change(lambda c, n: c["outputs"].pop(index))
    if not any(output in ("logits", "softmax") for output in case["outputs"]) and case["classifier"]:
        yield change(lambda c, n: c.update(classifier=False))
    for flag in case["flags"]:
        yield change(lambda c, n: c["flags"].pop(flag))
    if case["form"] != "deploy":
        yield change(lambda c, n: c.update(form="deploy"))
    for key in network:
        if key not in NEEDED:
            yield change(lambda c, n: n.pop(key))
    for index, block in enumerate(network.get("blocks", [])):
        for key in block:
            yield change(lambda c, n: n["blocks"][index].pop(key))
    yield from list_with_smaller_numbers(case, [])


def list_with_smaller_numbers(case, path):
    """The case with one number of what stands at `path`, or inside of it, made smaller."""
    value = case
    for step in path:
        value = value[step]
    if isinstance(value, dict):
        for key in value:
            yield from list_with_smaller_numbers(case, [*path, key])
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from list_with_smaller_numbers(case, [*path, index])
    elif isinstance(value, int) and not isinstance(value, bool):
        for number in list_smaller_numbers(value, LEAST.get(path[0], 1)):
            if "kernel" in path and number % 2 == 0:
                continue
            other = copy.deepcopy(case)
            place = other
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = number
            yield other


def shrink(case, fails):
    """The smallest case found that fails; `fails` says whether one does, as this one."""
    smaller = True
    while smaller:
        smaller = next((other for other in list_smaller(case) if fails(other)), None)
        case = smaller or case
    return case
