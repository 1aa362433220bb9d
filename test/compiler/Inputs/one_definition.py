"""Checks that each type that headers define has a name of its own in its namespace.

    one_definition.py ROOT FOLDER...
"""
import collections
import pathlib
import re
import sys

root, folders = pathlib.Path(sys.argv[1]), sys.argv[2:]
places = collections.defaultdict(list)
for folder in folders:
    for file in sorted((root / folder).rglob("*.h")):
        namespace = ""
        for line in file.read_text().splitlines():
            opened = re.match(r"(?:inline )?namespace ([\w:]+) \{", line)
            if opened:
                namespace = opened[1]
            defined = re.match(r"(?:struct|class|enum class) (\w+)[^;]*\{", line)
            if defined:
                places[namespace, defined[1]].append(str(file.relative_to(root)))
assert len(places) > 50, len(places)
assert ("mobileone", "KeyLayout") in places and ("mobileone::images", "Image") in places
twice = {name: files for name, files in places.items() if len(files) > 1}
assert not twice, twice
