# Calls: shapes, element types, strides, batches and threads. Whatever the way, the
# bits are those of one dense image on one thread.
# RUN: %python %s
import os
import threading
import unittest

import numpy as np
import support

import mobileone
from mobileone import _runtime


class CallTest(unittest.TestCase):
    def assert_same(self, got, expected):
        self.assertEqual((got.dtype, got.shape), (expected.dtype, expected.shape))
        self.assertEqual(got.tobytes(), expected.tobytes())

    def setUp(self):
        self.model = support.compile_tiny()
        self.images = support.make_images(5)
        self.expected = np.stack([self.model(image) for image in self.images])

    def test_one_image_and_batches(self):
        self.assertEqual(self.expected.shape, (5, 10))
        self.assertEqual(self.expected.dtype, np.float32)
        self.assertEqual(len({row.tobytes() for row in self.expected}), 5)
        for count in [0, 1, 2, 5]:
            self.assert_same(self.model(self.images[:count]), self.expected[:count])

    def test_near_the_reference(self):
        import subprocess
        import sys
        folder = support.folder
        np.save(folder / "image.npy", self.images[:1])
        inputs = support.ROOT / "test" / "integration" / "Inputs"
        for kind in ["logits", "softmax", "features"]:
            subprocess.run([sys.executable, inputs / "reference.py",
                            support.ROOT / "test" / "Inputs" / "tiny.json", support.make_file(),
                            folder / "image.npy", folder / "expected.bin", kind], check=True)
            got = support.compile_tiny(output=kind)(self.images[0])
            expected = np.fromfile(folder / "expected.bin", np.float32).reshape(got.shape)
            # 1e-4: ten times what rounding to float32 gives in so small a network.
            self.assertLess(np.abs(got - expected).max() / np.abs(expected).max(), 1e-4)

    def test_several_sizes(self):
        sizes = [(33, 47), (64, 40)]
        def compile(image_size):
            return mobileone.compile(support.make_state(), variant=support.TINY, isa="x86-64-v2",
                                     image_size=image_size, output="features=1,logits")
        model = compile(sizes)
        self.assertEqual([size.input.shape for size in model.sizes], [(3, 33, 47), (3, 64, 40)])
        self.assertEqual(model.info, model.sizes[0])
        self.assertIn("3x33x47 or 3x64x40", repr(model))
        rng = np.random.default_rng(1)
        for number, size in enumerate(sizes):
            alone = compile(size)
            self.assertEqual(model.sizes[number].outputs, alone.info.outputs)
            self.assertEqual(model.sizes[number].layers, alone.info.layers)
            images = rng.standard_normal((3, 3) + size).astype(np.float32)
            for threads in [1, 2]:
                for got, expected in zip(model(images, threads=threads), alone(images)):
                    self.assert_same(got, expected)
            for got, expected in zip(model(images[0]), alone(images[0])):
                self.assert_same(got, expected)
            photo = rng.integers(0, 255, (90, 80, 3), np.uint8)
            self.assert_same(model.prepare(photo, size=size), alone.prepare(photo))
        for one in [[33, 47], (33, 47), "33x47", np.array([33, 47])]:
            self.assertEqual([size.input.shape for size in compile(one).sizes], [(3, 33, 47)])
        squares = compile(((64, 64), [32, 32]))
        self.assertEqual([size.input.shape for size in squares.sizes], [(3, 64, 64), (3, 32, 32)])
        self.assertEqual(squares.prepare(photo, size=32).shape, (3, 32, 32))
        with self.assertRaisesRegex(ValueError, r"expects float32 \[3, 33, 47\] or .* or "
                                    r"\[3, 64, 40\] or .*, but got \[3, 40, 64\]"):
            model(np.zeros((3, 40, 64), np.float32))
        with self.assertRaisesRegex(ValueError, r"size: expects \(33, 47\) or \(64, 40\), but got"):
            model.prepare(photo, size=(40, 64))

    def test_several_outputs(self):
        model = support.compile_tiny(output="features=stem,4,embedding,logits",
                                     feature_layout="nhwc")
        described = [(o.name, o.kind, o.layout, o.stride) for o in model.info.outputs]
        self.assertEqual(described, [
            ("stem", "features", "nhwc", 2), ("stage4", "features", "nhwc", 32),
            ("embedding", "embedding", None, 0), ("logits", "logits", None, 0)])
        results = model(self.images)
        self.assertEqual([r.shape[1:] for r in results], [o.shape for o in model.info.outputs])
        self.assertEqual(results[0].shape[3], 8)
        self.assert_same(results[3], self.expected)
        np.testing.assert_allclose(results[1].mean((1, 2)), results[2], rtol=1e-5, atol=1e-6)
        for threads in [2, 3]:
            for got, expected in zip(model(self.images, threads=threads), results):
                self.assert_same(got, expected)
        for got, expected in zip(model(self.images[1]), results):
            self.assert_same(got, expected[1])
        self.assertIn("to stem 17x24x8, stage4 2x2x72, embedding 72, logits 10, ", repr(model))

    def test_several_heads(self):
        state = dict(support.make_state())
        for part in "weight", "bias":
            state[f"heads.yaw.{part}"] = state.pop(f"head.fc.{part}")
            state[f"heads.pitch.{part}"] = state[f"heads.yaw.{part}"][::-1]
        for names, flags in {("yaw", "pitch"): {},
                             ("pitch", "first"): {"heads": ["heads.pitch", "first=heads.yaw"]},
                             ("p", "y"): {"heads": {"p": "heads.pitch", "y": "heads.yaw"}}}.items():
            with self.subTest(names):
                model = mobileone.compile(state, isa="x86-64-v2", **flags, **support.FLAGS)
                self.assertEqual(tuple(o.name for o in model.info.outputs), names)
                for name, got in zip(names, model(self.images, threads=2)):
                    self.assert_same(got[:, ::-1] if name.startswith("p") else got, self.expected)
        with self.assertRaisesRegex(mobileone.CompileError, "but got 'roll'"):
            mobileone.compile(state, heads="roll", **support.FLAGS)

    def test_threads(self):
        for threads in [0, 1, 2, 3, 8]:
            self.assert_same(self.model(self.images, threads=threads), self.expected)
            self.assert_same(self.model(self.images[0], threads=np.int64(threads)),
                             self.expected[0])
        for threads in [-1, 1.5, "2", None]:
            with self.assertRaisesRegex(ValueError, "^threads: expects a number from 0 up"):
                self.model(self.images, threads=threads)

    def test_usable_cores(self):
        self.assertIn(_runtime.count_usable_cores(), range(1, os.cpu_count() + 1))

    def test_levels(self):
        model = support.compile_tiny(isa=None)
        self.assertEqual(model.info.isa, ("x86-64-v2", "x86-64-v3", "x86-64-v4"))
        for level in model.info.isa:
            if level <= model.info.isa_in_use:
                np.testing.assert_allclose(model(self.images, isa=level), self.expected,
                                           rtol=0, atol=1e-4 * np.abs(self.expected).max())
        with self.assertRaisesRegex(ValueError, "^isa: expects x86-64-v2 or .*, but got 'best'$"):
            model(self.images, isa="best")

    def test_any_float(self):
        for dtype in ["<f4", ">f4", "<f8", ">f8", np.longdouble]:
            self.assert_same(self.model(self.images.astype(dtype)), self.expected)
        half = self.images.astype(np.float16)
        self.assert_same(self.model(half), self.model(half.astype(np.float32)))
        self.assert_same(self.model(self.images.tolist()), self.expected)

    def test_nan_stays(self):
        self.images[2, 1, 7, 7] = np.nan
        got = self.model(self.images)
        self.assertTrue(np.isnan(got[2]).all())
        self.assert_same(got[3:], self.expected[3:])

    def test_refused(self):
        described = r"^expects float32 \[3, 33, 47\] or \[N, 3, 33, 47\]"
        for images in [self.images[..., :-1], self.images[0, 0], self.images[np.newaxis],
                       self.images.transpose(0, 2, 3, 1), np.zeros(()), np.zeros((0, 3))]:
            with self.assertRaisesRegex(ValueError, described + r" \(f32-nchw\), but got \["):
                self.model(images.astype(np.float32))
        for dtype in [np.uint8, np.int64, bool, complex, object, "S1"]:
            with self.assertRaisesRegex(TypeError, described + ": normalized pixels, but got"):
                self.model(np.zeros((3, 33, 47), dtype))

    def test_what_is_called_at_once(self):
        failures = []

        def call(threads):
            for _ in range(20):
                if self.model(self.images, threads=threads).tobytes() != self.expected.tobytes():
                    failures.append(threads)

        callers = [threading.Thread(target=call, args=(1 + i % 2,)) for i in range(8)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        self.assertEqual(failures, [])

    def test_other_threads_run_meanwhile(self):
        # A caller that holds the GIL would let nobody count.
        images = np.repeat(self.images, 400, axis=0)
        caller = threading.Thread(target=self.model, args=(images,))
        self.model(images)
        count = 0
        caller.start()
        while caller.is_alive():
            count += 1
        caller.join()
        self.assertGreater(count, 1000)

    def test_fork(self):
        # A child has none of the threads that its parent's pools have.
        self.model(self.images, threads=2)
        child = os.fork()
        if child == 0:
            same = self.model(self.images, threads=2).tobytes() == self.expected.tobytes()
            os._exit(0 if same else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_words(self):
        self.assertEqual(
            repr(self.model),
            "<mobileone.Model mobileone_custom: custom f32, f32-nchw 3x33x47 to logits 10, "
            f"{self.model.info.isa_in_use} of this CPU>")


class StrideTest(unittest.TestCase):
    """Views that a call reads as they are, and those that are copied."""

    def check(self, model, image, views):
        expected = model(image)
        for name, view in views.items():
            with self.subTest(name):
                self.assertTrue((view == image).all())
                self.assertEqual(model(view).tobytes(), expected.tobytes())
        batch = np.stack([image, image])
        np.testing.assert_array_equal(model(batch[::-1]), np.stack([expected, expected]))
        np.testing.assert_array_equal(model(batch[::2]), expected[np.newaxis])
        np.testing.assert_array_equal(model(np.broadcast_to(image, batch.shape)),
                                      np.stack([expected, expected]))

    def test_planes(self):
        image = support.make_images(1)[0]
        wide = np.full((3, 33, 60), np.nan, np.float32)
        wide[:, :, 5:52] = image
        tall = np.full((3, 40, 47), np.nan, np.float32)
        tall[:, 3:36] = image
        odd = np.frombuffer(b"\0" + image.tobytes(), np.float32, offset=1).reshape(image.shape)
        self.check(support.compile_tiny(), image, {
            "columns of a wider one": wide[:, :, 5:52], "rows of a taller one": tall[:, 3:36],
            "pixels first": np.ascontiguousarray(image.transpose(1, 2, 0)).transpose(2, 0, 1),
            "backwards": image[:, ::-1, ::-1].copy()[:, ::-1, ::-1], "misaligned": odd,
            "every second": np.repeat(image, 2, axis=2)[:, :, ::2],
            "fortran": np.asfortranarray(image)})

    def test_pixels(self):
        rng = np.random.default_rng(3)
        for layout, dtype in [("f32-nhwc", np.float32), ("u8-nhwc", np.uint8)]:
            photo = rng.integers(0, 256, (50, 70, 3)).astype(dtype)
            image = photo[10:43, 12:59].copy()
            rows = np.zeros((33, 47 * 3 + 1), dtype)
            rows[:, :-1] = image.reshape(33, -1)
            self.check(support.compile_tiny(input=layout), image, {
                "a crop": photo[10:43, 12:59], "a column more": rows[:, :-1].reshape(33, 47, 3),
                "channels reversed": image[:, :, ::-1].copy()[:, :, ::-1],
                "of four": np.dstack([image, image[:, :, :1]])[:, :, :3],
                "planes": np.ascontiguousarray(image.transpose(2, 0, 1)).transpose(1, 2, 0)})

    def test_a_crop_is_not_copied(self):
        from mobileone._model import _lay_out
        photo = np.zeros((50, 70, 3), np.uint8)
        info = support.compile_tiny(input="u8-nhwc").info
        crop = photo[10:43, 12:59][np.newaxis]
        laid, row_bytes = _lay_out(crop, info)
        self.assertTrue(laid is crop)
        self.assertEqual(row_bytes, 210)

    def test_bytes(self):
        model = support.compile_tiny(input="u8-nhwc", mean=(0, 0, 0), std=(1, 1, 1))
        image = np.random.default_rng(3).integers(0, 256, (33, 47, 3), np.uint8)
        floats = support.compile_tiny()(image.transpose(2, 0, 1) / 255)
        np.testing.assert_allclose(model(image), floats, rtol=0, atol=1e-4 * np.abs(floats).max())
        with self.assertRaisesRegex(TypeError, r"^expects uint8 \[33, 47, 3\] or \[N, 33, 47, 3\]: "
                                               "pixels of 0 to 255, but got float64$"):
            model(image / 255)


if __name__ == "__main__":
    unittest.main()
