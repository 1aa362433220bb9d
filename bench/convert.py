"""Makes one contender's own form of a network, in a process of its own.

  python convert.py PEER MODEL.json

The last line it prints is the path of what load() reads.
"""
import json
import sys
from pathlib import Path

import peers


def main():
    name, description = sys.argv[1:]
    fields = json.loads(Path(description).read_text())
    for key in ("folder", "image", "onnx", "state", "object", "tool"):
        fields[key] = Path(fields[key])
    print(peers.make(name).convert(peers.Model(**fields)))


if __name__ == "__main__":
    main()
