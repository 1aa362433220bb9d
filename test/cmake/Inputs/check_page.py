"""Fails unless docs/Integrating.md shows examples/cmake and all arguments of mobileone_add_model.

    check_page.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
page = (root / "docs/Integrating.md").read_text()
listing = (root / "examples/cmake/CMakeLists.txt").read_text().partition("\n")[2]
function = (root / "cmake/MobileOneAddModel.cmake").read_text()
names = " ".join(re.findall(r"set\((?:switches|flags|lists) ([A-Z_\s]+)\)", function)).split()
missing = [name for name in names if f"`{name}`" not in page]
if listing not in page:
    sys.exit(f"{root}/docs/Integrating.md expects the lines of examples/cmake/CMakeLists.txt")
if missing or not names:
    sys.exit(f"{root}/docs/Integrating.md expects all arguments, but lacks {missing}")
