"""Which network a shared library holds, before it is loaded: loading runs code."""
from __future__ import annotations

import platform
import struct
from typing import Iterator

from ._errors import RunError

_MACHINES = {62: "x86_64", 183: "aarch64"}
_FUNCTIONS = ("_arena_bytes", "_info", "_isa", "_run_ex")


def _read_names(data: memoryview) -> Iterator[str]:
    """The symbols that a 64-bit little-endian ELF file defines for others."""
    section_offset, = struct.unpack_from("<Q", data, 40)
    entry_bytes, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, section_offset + i * entry_bytes)
                for i in range(count)]
    for _, kind, _, _, offset, size, link, _, _, _ in sections:
        if kind != 11:  # SHT_DYNSYM
            continue
        names_offset, names_size = sections[link][4:6]
        names = bytes(data[names_offset:names_offset + names_size])
        for at in range(offset, offset + size, 24):
            name, _, _, section = struct.unpack_from("<IBBH", data, at)
            if section:
                yield names[name:names.index(b"\0", name)].decode()


def find_prefix(path: str, data: memoryview) -> str:
    """What begins the functions of the network in the shared library `data`.

    Raises RunError if it is none, holds no network or is for another processor.
    """
    if bytes(data[:4]) != b"\x7fELF" or bytes(data[4:6]) != b"\2\1":
        raise RunError(f"{path}: expects a shared library (.so) of a network, but got no 64-bit "
                       "little-endian ELF file")
    try:
        kind, machine = struct.unpack_from("<HH", data, 16)
        names = set(_read_names(data))
    except (struct.error, ValueError, IndexError) as error:
        raise RunError(f"{path}: expects a whole ELF file, but got {len(data)} bytes of one: "
                       f"{error}") from None
    if kind == 1:
        raise RunError(f"{path}: expects a shared library, but got an object file: "
                       "mobileone-opt writes one with -o NAME.so")
    if kind != 3:
        raise RunError(f"{path}: expects a shared library, but got an ELF file of type {kind}")
    if _MACHINES.get(machine) != platform.machine():
        raise RunError(f"{path}: expects a shared library for {platform.machine()}, but got one "
                       f"for {_MACHINES.get(machine, f'machine {machine}')}")
    prefixes = sorted(name[:-len("_run_ex")] for name in names if name.endswith("_run_ex"))
    prefixes = [p for p in prefixes if all(p + function in names for function in _FUNCTIONS)]
    if len(prefixes) != 1:
        raise RunError(f"{path}: expects the functions P_info, P_run_ex, P_arena_bytes and P_isa "
                       f"of one network, but got {', '.join(prefixes) or 'none'}")
    return prefixes[0]
