"""Prints the prefixes with which an object's header would have a name of runtime/.

    taken_prefixes.py NET.h RUNTIME

NET.h is of an object with the prefix `net`. Macros begin with it in upper case.
"""
import pathlib
import re
import sys

header, runtime = map(pathlib.Path, sys.argv[1:])


def words(text):
    return set(re.findall(r"\b[A-Za-z_]\w*", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))


own = {word[3:] for word in words(header.read_text()) if word.startswith(("net_", "NET_"))}
assert {"_run", "_info", "_BATCH", "_ARENA_BYTES_BATCH8"} <= own, own
names = words("".join(file.read_text() for file in runtime.glob("*.h")))
taken = {name.removesuffix(ending).lower() for name in names for ending in own if name.endswith(ending)}
print("\n".join(sorted(prefix for prefix in taken if prefix.startswith("mobileone"))))
