# Networks as files: saved, loaded, pickled; what is no network for this machine is
# refused before it is loaded.
# RUN: %python %s
import concurrent.futures
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import support

import mobileone


class LoadTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.model = support.compile_tiny()
        self.images = support.make_images(3)
        self.expected = self.model(self.images)

    def assert_same(self, model):
        self.assertEqual(model(self.images).tobytes(), self.expected.tobytes())
        self.assertEqual(model.info, self.model.info)

    def test_save_and_load(self):
        path = self.model.save(self.folder / "net.so")
        self.assertEqual(sorted(os.listdir(self.folder)), ["net.h", "net.json", "net.so"])
        self.assert_same(mobileone.load(str(path)))
        # The library knows all itself, and may have any name.
        path.rename(self.folder / "other.so")
        self.assert_same(mobileone.load(self.folder / "other.so"))

    def test_one_process_has_several(self):
        other = support.compile_tiny(output="features")
        self.assertEqual(other(self.images).shape, (3, 72, 2, 2))
        self.assert_same(self.model)

    def test_replaced_while_in_use(self):
        path = self.model.save(self.folder / "net.so")
        loaded = mobileone.load(path)
        support.compile_tiny(output="softmax").save(path)
        self.assert_same(loaded)
        self.assertEqual(mobileone.load(path).info.outputs[0].kind, "softmax")
        path.unlink()
        self.assert_same(mobileone.load(loaded.save(self.folder / "again.so")))

    def test_external_weights(self):
        outside = support.compile_tiny(weights="external")
        self.assertEqual(outside(self.images).tobytes(), self.expected.tobytes())
        path = outside.save(self.folder / "net.so")
        self.assertTrue((self.folder / "net.weights").is_file())
        self.assertEqual(mobileone.load(path)(self.images).tobytes(), self.expected.tobytes())
        self.assertEqual(pickle.loads(pickle.dumps(outside))(self.images).tobytes(),
                         self.expected.tobytes())
        other = support.folder / "other.so"
        mobileone.compile_to({key: 2 * value for key, value in support.make_state().items()},
                             other, weights="external", **support.FLAGS)
        for content in [other.with_suffix(".weights").read_bytes(), b"short", b"x" * 10000000]:
            (self.folder / "net.weights").write_bytes(content)
            with self.assertRaisesRegex(mobileone.RunError, "net.weights"):
                mobileone.load(path)
        (self.folder / "net.weights").unlink()
        with self.assertRaisesRegex(mobileone.RunError, "net.weights"):
            mobileone.load(path)

    def test_saved_elsewhere_only(self):
        with self.assertRaisesRegex(ValueError, r"net\.o: expects the suffix \.so"):
            self.model.save(self.folder / "net.o")
        with self.assertRaises(FileNotFoundError):
            self.model.save(self.folder / "none" / "net.so")
        self.assertEqual(os.listdir(self.folder), [])

    def test_pickle(self):
        self.assert_same(pickle.loads(pickle.dumps(self.model)))
        self.assertEqual(str(pickle.loads(pickle.dumps(mobileone.CompileError("a", 2)))), "a")
        self.assertEqual(pickle.loads(pickle.dumps(mobileone.RunError("a", -3))).code, -3)

    def test_processes(self):
        for method in ["fork", "spawn"]:
            with concurrent.futures.ProcessPoolExecutor(
                    2, mp_context=multiprocessing.get_context(method)) as workers:
                got = np.stack(list(workers.map(self.model, self.images)))
            self.assertEqual(got.tobytes(), self.expected.tobytes())

    def test_nothing_stays(self):
        code = ("import support, pickle, mobileone\n"
                "model = support.compile_tiny()\n"
                "model = pickle.loads(pickle.dumps(model))\n"
                "model(support.make_images(1), threads=2)\n")
        subprocess.run([sys.executable, "-X", "dev", "-W", "error", "-c", code],
                       env={**os.environ, "TMPDIR": str(self.folder)}, check=True)
        self.assertEqual(os.listdir(self.folder), [])

    def test_unloaded_with_the_model(self):
        path = self.model.save(self.folder / "net.so").resolve()
        loaded = mobileone.load(path)

        def is_mapped():
            return str(path) in pathlib.Path("/proc/self/maps").read_text()
        self.assertTrue(is_mapped())
        del loaded
        self.assertFalse(is_mapped())

    def test_refused(self):
        whole = self.model.save(self.folder / "net.so").read_bytes()
        foreign = bytearray(whole)
        foreign[18] = 183  # e_machine: 64-bit Arm
        object_file = mobileone.compile_to(support.make_file(), self.folder / "object.o",
                                           isa="x86-64-v2", **support.FLAGS).read_bytes()
        maps = pathlib.Path("/proc/self/maps").read_text().splitlines()
        libc = pathlib.Path(next(line.split()[-1] for line in maps if "/libc.so" in line)).read_bytes()
        for name, content, text in [
                ("empty", b"", "expects content, but got an empty file"),
                ("text", b"hello" * 100, "expects a shared library"),
                ("cut", whole[:len(whole) // 2], "expects a whole ELF file"),
                ("start", whole[:30], "expects a whole ELF file"),
                ("foreign", bytes(foreign), "for x86_64, but got one for aarch64"),
                ("object", object_file, "expects a shared library, but got an object file"),
                ("libc", libc, "of one network, but got none")]:
            path = self.folder / f"{name}.so"
            path.write_bytes(content)
            with self.subTest(name), self.assertRaises(mobileone.RunError) as caught:
                mobileone.load(path)
            self.assertIn(str(path), str(caught.exception))
            self.assertIn(text, str(caught.exception))
        with self.assertRaises(FileNotFoundError):
            mobileone.load(self.folder / "none.so")

    def test_another_version(self):
        # mobileone_model_info begins with its size.
        import ctypes
        from mobileone import _abi
        whole = bytearray(self.model.save(self.folder / "net.so").read_bytes())
        start = whole.index(self.model.info.weights_sha256.encode())
        start -= _abi.ModelInfo.weights_sha256.offset
        size = ctypes.sizeof(_abi.ModelInfo)
        self.assertEqual(whole[start:start + 4], size.to_bytes(4, "little"))
        whole[start:start + 4] = (size + 8).to_bytes(4, "little")
        # What stands elsewhere in it says nothing.
        following = start + _abi.ModelInfo.next_size_offset.offset
        whole[following:following + 4] = (1 << 30).to_bytes(4, "little")
        (self.folder / "new.so").write_bytes(whole)
        with self.assertRaisesRegex(mobileone.RunError, f"of {size} bytes, but got {size + 8}"):
            mobileone.load(self.folder / "new.so")


if __name__ == "__main__":
    unittest.main()
