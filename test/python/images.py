# What prepare() makes of a picture gives the logits that mobileone-run gives, to the bit.
# RUN: %python %s
import json
import os
import pathlib
import struct
import subprocess
import unittest
import zlib

import numpy as np
import support

import mobileone

TOOL = pathlib.Path(os.environ["MOBILEONE_PREFIX"], "bin", "mobileone-run")
photo = np.random.default_rng(5).integers(0, 256, (90, 121, 3), np.uint8)


def write_png(path, pixels):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class PrepareTest(unittest.TestCase):
    def test_as_mobileone_run(self):
        write_png(support.folder / "photo.png", photo)
        for flags in [{}, {"input": "f32-nhwc", "mean": (0.5, 0.4, 0.3)}, {"input": "u8-nhwc"},
                      {"input": "u8-nhwc", "channels": "bgr"},
                      {"input": "u8-nhwc", "channels": "bgra"}]:
            model = support.compile_tiny(**flags)
            path = mobileone.compile_to(support.make_file(), support.folder / "net.o",
                                        isa="x86-64-v2", **support.FLAGS, **flags)
            text = subprocess.run([TOOL, path, "--image", support.folder / "photo.png", "--top",
                                   "10", "--json"], check=True, capture_output=True).stdout
            expected = {guess["class"]: np.float32(guess["logit"])
                        for guess in json.loads(text)[0]["top"]}
            got = model(model.prepare(photo))
            self.assertEqual(dict(enumerate(got)), expected)

    def test_views(self):
        model = support.compile_tiny(input="u8-nhwc")
        expected = model.prepare(photo).tobytes()
        larger = np.zeros((100, 150, 3), np.uint8)
        larger[4:94, 7:128] = photo
        for view in [larger[4:94, 7:128], np.asfortranarray(photo), photo[::-1].copy()[::-1],
                     photo.tolist()]:
            if isinstance(view, list):
                view = np.array(view, np.uint8)
            self.assertEqual(model.prepare(view).tobytes(), expected)

    def test_resize(self):
        model = support.compile_tiny(input="u8-nhwc")
        self.assertEqual(model.prepare(photo, resize=53).tobytes(), model.prepare(photo).tobytes())
        self.assertNotEqual(model.prepare(photo, resize=90).tobytes(),
                            model.prepare(photo).tobytes())
        with self.assertRaisesRegex(ValueError, "^resize: expects at least the 47 pixels of the "
                                                "network's input, but got 46$"):
            model.prepare(photo, resize=46)

    def test_refused(self):
        model = support.compile_tiny()
        for image in [photo[..., 0], photo / 255, np.dstack([photo, photo[..., :1]]), photo[:0],
                      photo[np.newaxis], "photo.png"]:
            with self.assertRaisesRegex(ValueError, r"^expects an RGB image, uint8 \[H, W, 3\], "
                                                    "but got "):
                model.prepare(image)


if __name__ == "__main__":
    unittest.main()
