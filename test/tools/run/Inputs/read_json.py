"""Prints the keys of the JSON value on stdin, of objects within it as a.b, and
fails for what JSON does not have, such as NaN."""
import json
import sys


def refuse(constant):
    raise ValueError(f"expects a JSON number, but got {constant}")


def print_keys(value, path):
    if isinstance(value, list):
        for item in value[:1]:
            print_keys(item, path + "[]")
    elif isinstance(value, dict):
        for key, item in value.items():
            print_keys(item, f"{path}.{key}" if path else key)
    else:
        print(f"{path}: {type(value).__name__}")


print_keys(json.load(sys.stdin, parse_constant=refuse), "")
