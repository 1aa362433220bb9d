# The sources are Python 3.9, the oldest that the package names.
# RUN: %python %s
import ast

import support

sources = list((support.ROOT / "python").rglob("*.py"))
assert len(sources) > 8
for path in sources:
    ast.parse(path.read_text(), path, feature_version=(3, 9))
