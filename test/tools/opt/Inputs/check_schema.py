"""docs/network.schema.json and the compiler agree on networks.

    check_schema.py MOBILEONE-OPT SCHEMA NETWORK.json...

Each network keeps the schema and is read. Then values of its keys are changed, one at
a time, to what the rules of the schema name and to what lies beside it: what the schema
refuses, the compiler does, too, by the path of the value.
"""
import copy
import json
import math
import re
import subprocess
import sys
import tempfile


class Schema:
    def __init__(self, path):
        with open(path) as file:
            self.root = json.load(file)

    def resolve(self, rule):
        rule = dict(rule)
        if "$ref" in rule:
            *_, name = rule.pop("$ref").split("/")
            rule = {**self.resolve(self.root["$defs"][name]), **rule}
        return rule

    def allows(self, value, rule):
        rule = self.resolve(rule)
        types = {"object": dict, "array": list, "string": str, "boolean": bool}
        if "oneOf" in rule and sum(self.allows(value, r) for r in rule["oneOf"]) != 1:
            return False
        if "anyOf" in rule and not any(self.allows(value, r) for r in rule["anyOf"]):
            return False
        if "enum" in rule and not any(value == c and type(value) is type(c) for c in rule["enum"]):
            return False
        if rule.get("type") in ("integer", "number"):
            kinds = int if rule["type"] == "integer" else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool):
                return False
        elif "type" in rule and not isinstance(value, types[rule["type"]]):
            return False
        if isinstance(value, dict):
            known = rule.get("properties", {})
            return (all(key in value for key in rule.get("required", []))
                    and (rule.get("additionalProperties", True) or set(value) <= set(known))
                    and all(self.allows(v, known[k]) for k, v in value.items() if k in known))
        if isinstance(value, list):
            return (rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", 1 << 30)
                    and all(self.allows(item, rule.get("items", {})) for item in value))
        if isinstance(value, str):
            return re.search(rule.get("pattern", ""), value) is not None
        return (rule.get("minimum", -math.inf) <= value <= rule.get("maximum", math.inf)
                and value > rule.get("exclusiveMinimum", -math.inf))

    def suggest(self, rule):
        """Values on both sides of a rule, and of other types."""
        rule = self.resolve(rule)
        yield from rule.get("enum", [])
        for bound, beyond in ("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0):
            if bound in rule:
                yield from [rule[bound], rule[bound] + beyond]
        for other in rule.get("anyOf", [])[:1]:
            yield from self.suggest(other)
        yield from [None, "x", 1.5, [8]]


def main():
    tool, schema_path, *networks = sys.argv[1:]
    schema = Schema(schema_path)
    outline, listed = (schema.resolve(rule) for rule in schema.root["oneOf"])
    block = schema.resolve(listed["properties"]["blocks"]["items"])
    counts = {True: 0, False: 0}
    file = tempfile.NamedTemporaryFile("w", suffix=".json")

    def check(network, path, must_pass=False):
        file.seek(0)
        file.truncate()
        json.dump(network, file)
        file.flush()
        run = subprocess.run([tool, "--emit=stats", "--variant=" + file.name],
                             capture_output=True, text=True)
        allowed = schema.allows(network, schema.root)
        message = f"{path}: schema {'takes' if allowed else 'refuses'} it: {json.dumps(network)}\n"
        if must_pass or not allowed:
            assert allowed == (run.returncode == 0) and run.returncode in (0, 1), message + run.stderr
        if run.returncode != 0:
            assert run.stderr.startswith(f"mobileone-opt: error: {file.name}: "), message + run.stderr
            assert allowed or f": {path}" in run.stderr, message + run.stderr
        counts[run.returncode == 0] += 1

    def change(network, holder, rules, prefix):
        """`holder` is the object in `network` whose keys are changed."""
        for key, rule in rules.items():
            had, old = key in holder, holder.get(key)
            if key != "blocks":
                for value in schema.suggest(rule):
                    holder[key] = value
                    check(network, prefix + key)
            if had:
                holder[key] = old
            else:
                del holder[key]
        holder["unknown"] = 1
        check(network, prefix + "unknown")
        del holder["unknown"]

    for path in networks:
        with open(path) as source:
            network = json.load(source)
        check(network, path, must_pass=True)
        network = copy.deepcopy(network)
        if "blocks" not in network:
            change(network, network, outline["properties"], "")
            continue
        change(network, network, listed["properties"], "")
        for index in [0, len(network["blocks"]) - 1]:
            change(network, network["blocks"][index], block["properties"], f"blocks[{index}].")
    print(f"{counts[True]} taken, {counts[False]} refused")


main()
