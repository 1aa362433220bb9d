"""LiteRT (TensorFlow Lite) with the XNNPACK delegate that it applies itself.

The model is written as a flatbuffer without TensorFlow: NHWC, ReLU fused into
the convolutions. TFLite pads a stride-2 convolution on one side only, so these
get an explicit pad, which XNNPACK fuses.
"""
import numpy as np


def write_tflite(path, variant, state, size):
    import flatbuffers
    import network
    from ai_edge_litert import schema_py_generated as schema

    operators = schema.BuiltinOperator
    relu = schema.ActivationFunctionType.RELU
    none = schema.ActivationFunctionType.NONE
    graph = schema.SubGraphT()
    graph.tensors, graph.operators = [], []
    model = schema.ModelT()
    model.version, model.description = 3, f"MobileOne-{variant}"
    model.subgraphs, model.operatorCodes = [graph], []
    model.buffers = [schema.BufferT()]  # By rule, number 0 is empty.
    codes = {}

    def tensor(shape, data=None, kind=schema.TensorType.FLOAT32):
        result = schema.TensorT()
        result.name = f"t{len(graph.tensors)}"
        result.shape, result.type, result.buffer = list(shape), kind, 0
        if data is not None:
            result.buffer = len(model.buffers)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(
                np.ascontiguousarray(data).tobytes(), np.uint8)
            model.buffers.append(buffer)
        graph.tensors.append(result)
        return len(graph.tensors) - 1

    def constant(data):
        kind = (schema.TensorType.INT32 if data.dtype == np.int32
                else schema.TensorType.FLOAT32)
        return tensor(data.shape, data, kind)

    def add(kind, inputs, shape, options_name=None, **fields):
        if kind not in codes:
            code = schema.OperatorCodeT()
            code.builtinCode = code.deprecatedBuiltinCode = kind
            codes[kind] = len(model.operatorCodes)
            model.operatorCodes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = codes[kind]
        operator.inputs, operator.outputs = inputs, [tensor(shape)]
        if options_name:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions,
                                                  options_name)
            operator.builtinOptions = getattr(schema, f"{options_name}T")()
            for name, value in fields.items():
                setattr(operator.builtinOptions, name, value)
        graph.operators.append(operator)
        return operator.outputs[0]

    def mean(value, channels, keep):
        shape = [1, 1, 1, channels] if keep else [1, channels]
        return add(operators.MEAN, [value, constant(np.array([1, 2],
                                                             np.int32))],
                   shape, "ReducerOptions", keepDims=keep)

    def conv(value, key, shape, stride, padding, activation):
        filters = state[f"{key}.weight"].transpose(0, 2, 3, 1)
        return add(operators.CONV_2D,
                   [value, constant(filters), constant(state[f"{key}.bias"])],
                   shape, "Conv2DOptions", strideH=stride, strideW=stride,
                   padding=padding, fusedActivationFunction=activation)

    value = tensor([1, size, size, 3])
    graph.inputs = [value]
    for layer in network.layers(variant):
        key = f"{layer.name}.reparam_conv"
        padding = schema.Padding.SAME
        if layer.stride == 2:
            padded = [1, size + 2, size + 2, layer.inputs]
            pads = np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)
            value = add(operators.PAD, [value, constant(pads)], padded,
                        "PadOptions")
            padding = schema.Padding.VALID
        size = (size - 1) // layer.stride + 1
        shape = [1, size, size, layer.outputs]
        activation = none if layer.se else relu
        if layer.groups == 1:
            value = conv(value, key, shape, layer.stride, padding, activation)
        else:
            filters = state[f"{key}.weight"].transpose(1, 2, 3, 0)
            value = add(operators.DEPTHWISE_CONV_2D,
                        [value, constant(filters),
                         constant(state[f"{key}.bias"])],
                        shape, "DepthwiseConv2DOptions", depthMultiplier=1,
                        strideH=layer.stride, strideW=layer.stride,
                        padding=padding, fusedActivationFunction=activation)
        if layer.se:
            key = f"{layer.name}.attn"
            squeezed = [1, 1, 1, layer.outputs // 16]
            wide = [1, 1, 1, layer.outputs]
            scale = mean(value, layer.outputs, keep=True)
            scale = conv(scale, f"{key}.fc1", squeezed, 1, schema.Padding.VALID,
                         relu)
            scale = conv(scale, f"{key}.fc2", wide, 1, schema.Padding.VALID,
                         none)
            scale = add(operators.LOGISTIC, [scale], wide)
            value = add(operators.MUL, [value, scale], shape, "MulOptions",
                        fusedActivationFunction=relu)
    value = mean(value, layer.outputs, keep=False)
    value = add(operators.FULLY_CONNECTED,
                [value, constant(state["head.fc.weight"]),
                 constant(state["head.fc.bias"])],
                [1, network.CLASSES], "FullyConnectedOptions",
                fusedActivationFunction=none)
    graph.outputs = [value]

    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(builder.Output())


class LiteRt:
    TITLE = "LiteRT (XNNPACK)"
    SETTINGS = ("XNNPACK delegate, num_threads {threads}, NHWC input without "
                "a copy")

    def convert(self, model):
        path = model.folder / "litert.tflite"
        write_tflite(path, model.variant, model.weights(), model.size)
        return path

    def load(self, path, image, threads):
        from ai_edge_litert.interpreter import Interpreter
        self.interpreter = Interpreter(str(path), num_threads=threads)
        self.interpreter.allocate_tensors()
        self.interpreter.set_tensor(
            self.interpreter.get_input_details()[0]["index"],
            np.ascontiguousarray(image.transpose(0, 2, 3, 1)))
        self.run = self.interpreter.invoke

    def logits(self):
        output = self.interpreter.get_output_details()[0]["index"]
        return self.interpreter.get_tensor(output).ravel()
