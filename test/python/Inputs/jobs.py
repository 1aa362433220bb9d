"""What the tests of batch jobs share: a folder of images, broken ones among them, and what
the network says of each."""
import numpy as np
import support

import mobileone


def write_folder(folder, count):
    """Writes `count` images; returns (path name, class, probability) of each, None where the
    image is broken."""
    model = support.compile_tiny(input="u8-nhwc")
    model.save(folder.parent / "net.so")
    folder.mkdir()
    expected = {}
    for i in range(count):
        pixels = np.random.default_rng(i).integers(0, 256, (40 + i, 60, 3), np.uint8)
        content = b"P6\n60 %d\n255\n" % (40 + i) + pixels.tobytes()
        name = f"{i:03}.ppm"
        if i % 5 == 3:
            content = content[:1000]
        (folder / name).write_bytes(content)
        logits = model(model.prepare(pixels))
        exponentials = np.exp(logits - logits.max())
        expected[name] = None if i % 5 == 3 else (
            int(logits.argmax()), float(exponentials.max() / exponentials.sum()))
    return expected


def check(rows, expected):
    """`rows` of (path, class, probability, error)."""
    rows = list(rows)
    assert len(rows) == len(expected), rows
    for path, best, probability, error in rows:
        wanted = expected.pop(path.rpartition("/")[2])
        if wanted is None:
            assert "bytes of pixels, but got" in error, error
        else:
            assert error is None and best == wanted[0], (path, error, best, wanted)
            assert abs(probability - wanted[1]) < 1e-6
    assert not expected
    print(len(rows), "rows")
