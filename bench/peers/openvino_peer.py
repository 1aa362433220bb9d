"""OpenVINO's CPU plugin."""
import openvino


class OpenVino:
    TITLE = "OpenVINO"
    SETTINGS = ("hint LATENCY, inference precision f32, "
                "INFERENCE_NUM_THREADS {threads}, 1 stream, model as IR")

    def convert(self, model):
        path = model.folder / "openvino.xml"
        openvino.save_model(openvino.convert_model(model.onnx), path,
                            compress_to_fp16=False)
        return path

    def load(self, path, image, threads):
        compiled = openvino.Core().compile_model(str(path), "CPU", {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # The bench pins the whole process, which is enough for one.
            "ENABLE_CPU_PINNING": threads > 1,
        })
        self.request = compiled.create_infer_request()
        self.request.set_input_tensor(
            openvino.Tensor(image, shared_memory=True))

        def run():
            self.request.start_async()
            self.request.wait()

        self.run = run

    def logits(self):
        return self.request.get_output_tensor().data.ravel().copy()
