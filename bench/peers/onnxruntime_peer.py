"""ONNX Runtime's CPU provider."""
import onnxruntime


class OnnxRuntime:
    TITLE = "ONNX Runtime"
    SETTINGS = ("graph optimization ALL, sequential, "
                "intra_op_num_threads {threads}, buffers bound once")

    def convert(self, model):
        return model.onnx

    def load(self, path, image, threads):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = (
            onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL)
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"])
        self.binding = session.io_binding()
        self.binding.bind_ortvalue_input(
            "image", onnxruntime.OrtValue.ortvalue_from_numpy(image))
        self.binding.bind_output("logits")
        self.run = lambda: session.run_with_iobinding(self.binding)

    def logits(self):
        return self.binding.copy_outputs_to_cpu()[0].ravel()
