"""Prints the newest version of glibc that functions of executables are of.

    newest_glibc.py LLVM_READELF FILE...
"""
import re
import subprocess
import sys

text = subprocess.run([sys.argv[1], "--version-info", *sys.argv[2:]], check=True,
                      capture_output=True, text=True).stdout
versions = [tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([\d.]+)", text)]
print("GLIBC_" + ".".join(map(str, max(versions))))
