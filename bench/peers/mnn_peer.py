"""MNN's CPU backend, by its session interface."""
import subprocess
import sys
from pathlib import Path

import MNN
import numpy as np


class Mnn:
    TITLE = "MNN"
    SETTINGS = ("mnnconvert, numThread {threads}, precision high, input copied "
                "in")

    def convert(self, model):
        path = model.folder / "mnn.mnn"
        converter = Path(sys.executable).parent / "mnnconvert"
        subprocess.run([converter, "-f", "ONNX", "--modelFile", model.onnx,
                        "--MNNModel", path, "--bizCode", "bench"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path

    def load(self, path, image, threads):
        self.net = net = MNN.Interpreter(str(path))
        session = net.createSession({"backend": "CPU", "numThread": threads,
                                     "precision": "high"})
        target = net.getSessionInput(session)
        # In the layout of the caller: the copy changes it into MNN's own.
        source = MNN.Tensor(image.shape, MNN.Halide_Type_Float,
                            np.ascontiguousarray(image),
                            MNN.Tensor_DimensionType_Caffe)
        self.session = session

        def run():
            target.copyFrom(source)
            net.runSession(session)

        self.run = run

    def logits(self):
        output = self.net.getSessionOutput(self.session)
        result = MNN.Tensor(output.getShape(), MNN.Halide_Type_Float,
                            np.zeros(output.getShape(), np.float32),
                            MNN.Tensor_DimensionType_Caffe)
        output.copyToHostTensor(result)
        return np.array(result.getNumpyData(), np.float32).ravel()
