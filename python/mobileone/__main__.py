"""`python -m mobileone` runs the compiler driver, mobileone-opt."""
import os
import sys

from ._package import PACKAGE, find_tool


def main() -> None:
    arguments = sys.argv[1:]
    if arguments == ["--cmake-dir"]:
        print(PACKAGE / "lib" / "cmake" / "MobileOne")
        return
    tool = str(find_tool("mobileone-opt"))
    os.execv(tool, [tool, *arguments])


if __name__ == "__main__":
    main()
