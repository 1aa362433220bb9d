# Checkpoints and state dicts give the code that the tool gives; what is refused is
# an exception with its text, and leaves nothing.
# RUN: %python %s
import logging
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import fake_torch
import numpy as np
import support
from checkpoints import read_safetensors
from same_code import read_code

import mobileone

OBJCOPY = os.environ["MOBILEONE_OBJCOPY"]
TOOL = os.path.join(os.environ["MOBILEONE_PREFIX"], "bin", "mobileone-opt")


class CompileTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def compile_object(self, source, name, **flags):
        path = mobileone.compile_to(source, self.folder / f"{name}.o", isa="x86-64-v2", **flags)
        self.assertTrue(path.with_suffix(".h").is_file())
        self.assertTrue(path.with_suffix(".json").is_file())
        return read_code(OBJCOPY, path)

    def test_file_and_state_dict_give_the_same_object(self):
        path = support.FASHION / "mobileone_s0_fashion.safetensors"
        subprocess.run([TOOL, path, "--image-size=64x64", "--isa=x86-64-v2", "-o",
                        self.folder / "tool.o"], check=True)
        expected = read_code(OBJCOPY, self.folder / "tool.o")
        self.assertEqual(self.compile_object(path, "path", image_size=64), expected)
        state = read_safetensors(path)
        self.assertEqual(self.compile_object(state, "dict", image_size=(64, 64)), expected)
        tensors = {key: fake_torch.Tensor(value) for key, value in state.items()}
        self.assertEqual(self.compile_object(tensors, "tensors", image_size="64x64"), expected)

    def test_any_array_of_the_same_numbers(self):
        state = support.make_state()
        expected = self.compile_object(state, "dense", **support.FLAGS)
        for name, change in {
                "wide": lambda a: a.astype(np.float64),
                "foreign": lambda a: a.astype(">f4"),
                "fortran": np.asfortranarray,
                "gaps": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
                "reversed": lambda a: a[::-1].copy()[::-1]}.items():
            with self.subTest(name):
                changed = {key: change(array) for key, array in state.items()}
                self.assertEqual(self.compile_object(changed, name, **support.FLAGS), expected)

    def test_what_stands_beside_the_network(self):
        state = support.make_state()
        expected = self.compile_object(state, "plain", **support.FLAGS)
        beside = {"model." + key: array for key, array in state.items()}
        beside["model.stem.conv_scale.bn.num_batches_tracked"] = np.array(7, np.int64)
        beside["loss.\u20ac \"quoted\"\n\\"] = np.zeros((2, 0, 3), np.float32)
        beside["loss.mask"] = np.ones(3, bool)
        beside["_extra_state"] = object()
        self.assertEqual(self.compile_object(beside, "beside", **support.FLAGS), expected)

    def test_flags(self):
        model = mobileone.compile(
            support.make_file(), variant=support.ROOT / "test/Inputs/tiny.json", input="u8-nhwc",
            channels="bgra", image_size=(33, 47), mean=(0.5, 0.25, 0.125), std=[0.5, 0.5, 0.25],
            output="softmax", batch=(2, 8), isa=["x86-64-v2", "x86-64-v3"], prefix="my_net",
            instrument="layers")
        info = model.info
        self.assertEqual(model.prefix, "my_net")
        self.assertEqual(info.input, mobileone.Input(
            "u8-nhwc", (33, 47, 4), "uint8", "bgra", (0.5, 0.25, 0.125), (0.5, 0.5, 0.25)))
        self.assertEqual(info.outputs, (mobileone.Output("softmax", "softmax", (10,), None, 0),))
        self.assertEqual((info.batch, info.isa), (2, ("x86-64-v2", "x86-64-v3")))
        self.assertEqual(support.compile_tiny(output="features").info.outputs,
                         (mobileone.Output("stage4", "features", (72, 2, 2), "nchw", 32),))

    def test_every_flag_is_a_parameter_or_is_taken_as_one(self):
        # What no caller of functions wants, and what compile_to's path says.
        left_out = {"emit", "o", "json", "help", "version", "save-temps", "print-schedule",
                    "print-memory-plan", "target", "overwrite", "instrument", "schedule", "tune",
                    "tensors"}
        text = subprocess.run([TOOL, "--help"], capture_output=True, text=True).stdout
        import inspect
        import re
        parameters = set(inspect.signature(mobileone.compile).parameters) - {"source", "flags"}
        flags = {flag.replace("-", "_") for flag in
                 re.findall(r"^  --?([a-z][a-z0-9-]*)", text.partition("Passes")[0], re.MULTILINE)
                 if flag not in left_out}
        self.assertLessEqual(flags - {"weights", "also", "verify"}, parameters)

    def test_refused_by_the_compiler(self):
        for source, flags, text in [
                (support.make_file(), {"image_size": (8, 8)},
                 "--image-size expects HxW from 32x32 to 16384x16384, but got 8x8"),
                (support.make_file(), {"prefix": "2"}, "--prefix expects"),
                (support.make_file(), {"no_such_flag": 1}, "no-such-flag"),
                (self.folder / "none.pth", {}, "none.pth"),
                (str(self.folder), {}, "expects a file, but got a folder")]:
            with self.subTest(text), self.assertRaises(mobileone.CompileError) as caught:
                mobileone.compile(source, **flags)
            self.assertIn(text, str(caught.exception))
            self.assertIn("error", str(caught.exception))
            self.assertIn(caught.exception.exit_code, (1, 2))

    def test_refused_numbers(self):
        state = dict(support.make_state())
        bias = state["head.fc.bias"].copy()
        bias[3] = np.nan
        state["head.fc.bias"] = bias
        with self.assertRaisesRegex(mobileone.CompileError, r"head\.fc\.bias.*(NaN|nan)"):
            mobileone.compile(state, **support.FLAGS)
        logits = mobileone.compile(state, allow_non_finite=True, **support.FLAGS)(
            support.make_images(1)[0])
        self.assertEqual(np.isnan(logits).nonzero()[0].tolist(), [3])
        with self.assertRaisesRegex(mobileone.CompileError, "stem"):
            mobileone.compile({key: value for key, value in state.items() if "stem" not in key},
                              **support.FLAGS)
        with self.assertRaises(mobileone.CompileError):
            mobileone.compile({})

    def test_refused_sources(self):
        state = support.make_state()
        for source, error, text in [
                (7, TypeError, "expects a checkpoint's path, a state dict or a module, but got int"),
                ({"state_dict": state}, TypeError,
                 "state_dict: expects a tensor, but got dict: give that dict itself"),
                ({3: state["head.fc.bias"]}, TypeError,
                 "expects names of tensors, but got the key 3"),
                ({"a": [1.0]}, TypeError, "a: expects a tensor, but got list"),
                ({"a": np.zeros(2, complex)}, TypeError,
                 "a: expects numbers or booleans, but got complex128"),
                ({"a": np.array([None])}, TypeError,
                 "a: expects numbers or booleans, but got object"),
                ({"__metadata__": state["head.fc.bias"]}, ValueError,
                 "expects names of tensors, but got __metadata__, which safetensors keeps for "
                 "itself")]:
            with self.subTest(text), self.assertRaises(error) as caught:
                mobileone.compile(source)
            self.assertEqual(str(caught.exception), text)
        with self.assertRaisesRegex(TypeError, "^o: expects no such flag"):
            mobileone.compile(state, o="x.so")

    def test_odd_names_of_files(self):
        for name in ["-", "--help", "a b\u20ac.pth"]:
            path = self.folder / name
            path.write_bytes(support.make_file().read_bytes())
            before = os.getcwd()
            os.chdir(self.folder)
            try:
                mobileone.compile_to(name, "--odd name.o", isa="x86-64-v2", **support.FLAGS)
            finally:
                os.chdir(before)
            self.assertTrue((self.folder / "--odd name.o").is_file())

    def test_failure_leaves_nothing(self):
        with self.assertRaises(mobileone.CompileError):
            mobileone.compile_to({"a": np.zeros(3)}, self.folder / "net.o")
        (self.folder / "mine.h").write_text("mine")
        with self.assertRaisesRegex(mobileone.CompileError, "mine.h"):
            mobileone.compile_to(support.make_file(), self.folder / "mine.o", **support.FLAGS)
        self.assertEqual(os.listdir(self.folder), ["mine.h"])
        mobileone.compile_to(support.make_file(), self.folder / "mine.o", overwrite=True,
                             isa="x86-64-v2", **support.FLAGS)

    def test_remarks_are_logged(self):
        state = {"model." + key: array for key, array in support.make_state().items()}
        state["loss.a"] = np.zeros(3, np.float32)
        with self.assertLogs("mobileone", logging.INFO) as logs:
            self.compile_object(state, "a", **support.FLAGS)
        self.assertIn("1 tensor", logs.output[0])

    def test_interrupt_ends_the_compiler_and_leaves_nothing(self):
        code = ("import mobileone, signal, sys\n"
                "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
                "print('begins', flush=True)\n"
                "mobileone.compile(sys.argv[1], image_size=64)\n")
        process = subprocess.Popen(
            [sys.executable, "-c", code, support.FASHION / "mobileone_s0_fashion.safetensors"],
            env={**os.environ, "TMPDIR": str(self.folder)}, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        process.stdout.readline()
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        while not pathlib.Path(children).read_text():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        child = int(pathlib.Path(children).read_text().split()[0])
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        self.assertIn(b"KeyboardInterrupt", process.communicate(timeout=100)[1])
        self.assertFalse(os.path.exists(f"/proc/{child}"))
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    unittest.main()
