"""One process of one contender, from its start to its first result.

  python start.py PEER THREADS MODEL IMAGE.npy LOGITS.npy

Prints "result" at the first result, then one line of JSON: peak resident
bytes, and the size of the shared libraries that the peer's package brought
into the process. PEER `python` stands for the interpreter and numpy alone.
"""
import json
import sys
from pathlib import Path

import numpy as np


def mapped_libraries():
    """Files mapped from site-packages that a C++ app on a CPU would need.

    Without numpy's, and without what PyTorch's package maps for GPUs only.
    """
    paths = set()
    for line in Path("/proc/self/maps").read_text().splitlines():
        fields = line.split(maxsplit=5)
        if len(fields) == 6 and "/site-packages/" in fields[5]:
            package = fields[5].split("/site-packages/")[1].split("/")[0]
            library = fields[5].rsplit("/", 1)[1]
            if (package.split(".")[0] not in ("numpy", "nvidia", "triton")
                    and "cuda" not in library):
                paths.add(Path(fields[5]))
    return sorted(paths)


def peak_resident_bytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def main():
    name, threads, model, image_path, logits_path = sys.argv[1:]
    image = np.load(image_path)
    peer = None
    if name != "python":
        import peers
        peer = peers.make(name)
        peer.load(Path(model), image, int(threads))
        peer.run()
    print("result", flush=True)
    libraries = mapped_libraries()
    print(json.dumps({
        "resident_bytes": peak_resident_bytes(),
        "library_bytes": sum(path.stat().st_size for path in libraries),
        "libraries": [path.name for path in libraries],
    }), flush=True)
    if peer:
        np.save(logits_path, peer.logits())


if __name__ == "__main__":
    main()
