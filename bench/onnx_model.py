"""Writes a deploy-form network as an ONNX file, weights as initializers."""
import network
import onnx
from onnx import TensorProto, helper, numpy_helper

# Read by every runtime of the last years.
OPSET, IR_VERSION = 17, 8


def write(path, variant, state, size):
    nodes, values = [], iter(range(1 << 20))

    def add(kind, *inputs, **attributes):
        output = f"v{next(values)}"
        nodes.append(helper.make_node(kind, inputs, [output], name=output,
                                      **attributes))
        return output

    def conv(value, key, **attributes):
        return add("Conv", value, f"{key}.weight", f"{key}.bias", **attributes)

    value = "image"
    for layer in network.layers(variant):
        value = conv(value, f"{layer.name}.reparam_conv",
                     kernel_shape=[layer.kernel] * 2,
                     strides=[layer.stride] * 2, pads=[layer.padding] * 4,
                     group=layer.groups)
        if layer.se:
            scale = add("GlobalAveragePool", value)
            scale = conv(scale, f"{layer.name}.attn.fc1", kernel_shape=[1, 1])
            scale = add("Relu", scale)
            scale = conv(scale, f"{layer.name}.attn.fc2", kernel_shape=[1, 1])
            value = add("Mul", value, add("Sigmoid", scale))
        value = add("Relu", value)
    value = add("Flatten", add("GlobalAveragePool", value))
    nodes.append(helper.make_node(
        "Gemm", [value, "head.fc.weight", "head.fc.bias"], ["logits"],
        name="logits", transB=1))

    graph = helper.make_graph(
        nodes, "main_graph",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT,
                                       [1, 3, size, size])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT,
                                       [1, network.CLASSES])],
        [numpy_helper.from_array(tensor, key) for key, tensor in state.items()])
    model = helper.make_model(graph, ir_version=IR_VERSION, opset_imports=[
        helper.make_opsetid("", OPSET)])
    onnx.checker.check_model(model)
    onnx.save(model, path)
