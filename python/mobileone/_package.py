"""Where the files of this package are.

An installed package has the tools in the folder of scripts, as every program on
the PATH, and all else below its own. MOBILEONE_PREFIX names another tree of bin/
and lib/, such as a build, for work on the compiler itself.
"""
from __future__ import annotations

import os
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Iterator

PACKAGE = Path(__file__).parent
DISTRIBUTION = "mobileone-compiler"


def get_version() -> str:
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # the sources of a build
        return "0"


def _list_scripts() -> Iterator[Path]:
    """The folders where installers put programs, the likeliest first."""
    yield Path(sysconfig.get_path("scripts"))
    # Of `pip install --user`, and of `--target` and `--prefix`.
    if sys.version_info >= (3, 10):
        user = sysconfig.get_preferred_scheme("user")
    else:
        user = "posix_user"
    yield Path(sysconfig.get_path("scripts", scheme=user))
    yield PACKAGE.parent / "bin"
    yield PACKAGE.parents[3] / "bin"


def find_tool(name: str) -> Path:
    """The program `name` of this package. Raises FileNotFoundError."""
    prefix = os.environ.get("MOBILEONE_PREFIX")
    folders = [Path(prefix) / "bin"] if prefix else list(_list_scripts())
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise FileNotFoundError(
        f"expects {name} in one of {', '.join(map(str, folders))}: install "
        f"{DISTRIBUTION} again")


def find_library(name: str) -> Path:
    """The shared library `name` of this package. Raises FileNotFoundError."""
    prefix = os.environ.get("MOBILEONE_PREFIX")
    path = (Path(prefix) if prefix else PACKAGE) / "lib" / name
    if path.is_file():
        return path
    raise FileNotFoundError(f"expects {path}: install {DISTRIBUTION} again")
