"""compare_logits.py A.json EXPRESSION B.json: whether each logit in A is EXPRESSION of the
one of the same class in B, but for rounding."""
import json
import sys


def read(path):
    with open(path) as file:
        return {guess["class"]: guess["logit"] for guess in json.load(file)[0]["top"]}


actual, expression, source = sys.argv[1:]
expected = {index: eval(expression, {"logit": logit}) for index, logit in read(source).items()}
for index, logit in read(actual).items():
    if abs(logit - expected[index]) > 1e-5:
        sys.exit(f"class {index}: expects {expected[index]}, but got {logit}")
