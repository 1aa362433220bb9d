"""ncnn. The model is written in ncnn's own two files, ReLU fused, as ncnn's
converter and optimizer would leave it."""
import ncnn
import numpy as np


def write_ncnn(path, variant, state, size):
    import network
    lines, blobs = [], 0
    data = path.with_suffix(".bin").open("wb")

    def add(kind, inputs, outputs, **parameters):
        nonlocal blobs
        blobs += len(outputs)
        words = [kind, f"layer{len(lines)}", len(inputs), len(outputs),
                 *inputs, *outputs]
        words += [f"{key[1:]}={value}" for key, value in parameters.items()]
        lines.append(" ".join(map(str, words)))
        return outputs[0]

    def add_weights(key):
        data.write(np.uint32(0).tobytes())  # Tag: float32.
        data.write(np.ascontiguousarray(state[f"{key}.weight"]).tobytes())
        data.write(state[f"{key}.bias"].tobytes())
        return state[f"{key}.weight"].size

    def blob():
        return f"b{blobs}"

    def full(value, key, outputs, activation=0):
        return add("InnerProduct", [value], [blob()], _0=outputs, _1=1,
                   _2=add_weights(key), _9=activation)

    def conv(value, key, outputs, kernel, stride, groups, activation):
        kind = "Convolution" if groups == 1 else "ConvolutionDepthWise"
        more = {"_7": groups} if groups > 1 else {}
        return add(kind, [value], [blob()], _0=outputs, _1=kernel, _3=stride,
                   _4=kernel // 2, _5=1, _6=add_weights(key), **more,
                   _9=activation)

    relu, sigmoid = 1, 4
    value = add("Input", [], ["image"], _0=size, _1=size, _2=3)
    for layer in network.layers(variant):
        value = conv(value, f"{layer.name}.reparam_conv", layer.outputs,
                     layer.kernel, layer.stride, layer.groups,
                     0 if layer.se else relu)
        if layer.se:
            first, second = f"b{blobs}", f"b{blobs + 1}"
            add("Split", [value], [first, second])
            scale = add("Pooling", [first], [blob()], _0=1, _4=1)
            scale = full(scale, f"{layer.name}.attn.fc1", layer.outputs // 16,
                         relu)
            scale = full(scale, f"{layer.name}.attn.fc2", layer.outputs,
                         sigmoid)
            value = add("BinaryOp", [second, scale], [blob()], _0=2)
            value = add("ReLU", [value], [blob()])
    value = add("Pooling", [value], [blob()], _0=1, _4=1)
    add("InnerProduct", [value], ["logits"], _0=network.CLASSES, _1=1,
        _2=add_weights("head.fc"))
    data.close()
    path.write_text("\n".join(["7767517", f"{len(lines)} {blobs}", *lines, ""]))


# They must outlive every net and every result.
ALLOCATORS = ncnn.UnlockedPoolAllocator(), ncnn.PoolAllocator()


class Ncnn:
    TITLE = "ncnn"
    SETTINGS = ("num_threads {threads}, pool allocators as in benchncnn, "
                "float32 storage and arithmetic")

    def convert(self, model):
        path = model.folder / "ncnn.param"
        write_ncnn(path, model.variant, model.weights(), model.size)
        return path

    def load(self, path, image, threads):
        net = ncnn.Net()
        net.opt.num_threads = threads
        net.opt.blob_allocator, net.opt.workspace_allocator = ALLOCATORS
        net.opt.use_fp16_packed = False
        net.opt.use_fp16_storage = False
        net.opt.use_fp16_arithmetic = False
        net.opt.use_bf16_storage = False
        if net.load_param(str(path)) or net.load_model(
                str(path.with_suffix(".bin"))):
            raise RuntimeError("ncnn cannot read the model")
        self.image = ncnn.Mat(np.ascontiguousarray(image[0])).clone()

        def run():
            extractor = net.create_extractor()
            extractor.input("image", self.image)
            _, self.output = extractor.extract("logits")

        self.run = run

    def logits(self):
        return np.array(self.output).ravel()
