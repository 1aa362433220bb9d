"""PyTorch's inductor, with its cache of compiled code filled beforehand."""
import os

import numpy as np
import torch


class Block(torch.nn.Module):
    """Convolution, optional squeeze-and-excitation, ReLU."""

    def __init__(self, layer):
        super().__init__()
        self.reparam_conv = torch.nn.Conv2d(
            layer.inputs, layer.outputs, layer.kernel, layer.stride,
            layer.padding, groups=layer.groups)
        self.attn = None
        if layer.se:
            squeezed = layer.outputs // 16
            self.attn = torch.nn.ModuleDict({
                "fc1": torch.nn.Conv2d(layer.outputs, squeezed, 1),
                "fc2": torch.nn.Conv2d(squeezed, layer.outputs, 1)})

    def forward(self, value):
        value = self.reparam_conv(value)
        if self.attn is not None:
            scale = self.attn["fc1"](value.mean((2, 3), keepdim=True)).relu()
            value = value * self.attn["fc2"](scale).sigmoid()
        return value.relu()


class Network(torch.nn.Module):
    def __init__(self, layers, classes):
        super().__init__()
        self.names = [layer.name for layer in layers]
        self.blocks = torch.nn.ModuleList(map(Block, layers))
        self.head = torch.nn.Linear(layers[-1].outputs, classes)

    def fill(self, state):
        for name, block in zip(self.names, self.blocks):
            block.load_state_dict({
                key[len(name) + 1:]: torch.from_numpy(value)
                for key, value in state.items() if key.startswith(f"{name}.")})
        self.head.load_state_dict({
            "weight": torch.from_numpy(state["head.fc.weight"]),
            "bias": torch.from_numpy(state["head.fc.bias"])})

    def forward(self, value):
        for block in self.blocks:
            value = block(value)
        return self.head(value.mean((2, 3)))


class Inductor:
    TITLE = "torch inductor"
    SETTINGS = ("freezing, channels_last, cpp_wrapper, 1 thread; the compiled "
                "code comes from inductor's cache")

    def convert(self, model):
        path = model.folder / "inductor.npz"
        np.savez(path, **model.weights())
        return path

    def load(self, path, image):
        import network
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(path.parent / "inductor")
        import torch._inductor.config as config
        config.freezing = True
        config.cpp_wrapper = True
        torch.set_num_threads(1)
        module = Network(network.layers(path.parent.name), network.CLASSES)
        module.fill(dict(np.load(path)))
        module = module.eval().to(memory_format=torch.channels_last)
        compiled = torch.compile(module)
        argument = torch.from_numpy(image).to(
            memory_format=torch.channels_last)

        def run():
            with torch.no_grad():
                self.output = compiled(argument)

        self.run = run

    def logits(self):
        return self.output.numpy().ravel().copy()
