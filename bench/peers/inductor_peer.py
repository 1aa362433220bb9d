"""PyTorch's inductor, compiled ahead of time (AOTInductor)."""
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
    SETTINGS = ("AOTInductor, freezing, channels_last, set_num_threads "
                "{threads}")

    def convert(self, model):
        import network
        module = Network(network.layers(model.variant), network.CLASSES)
        module.fill(model.weights())
        module = module.eval().to(memory_format=torch.channels_last)
        example = torch.zeros(1, 3, model.size, model.size).to(
            memory_format=torch.channels_last)
        path = model.folder / "inductor.pt2"
        torch.set_num_threads(model.threads)  # Generated code has the number.
        with torch.no_grad():
            torch._inductor.aoti_compile_and_package(
                torch.export.export(module, (example,)),
                package_path=str(path), inductor_configs={"freezing": True})
        return path

    def load(self, path, image, threads):
        compiled = torch._inductor.aoti_load_package(str(path))
        argument = torch.from_numpy(image).to(
            memory_format=torch.channels_last)

        def run():
            if torch.get_num_threads() != threads:  # It is the process's.
                torch.set_num_threads(threads)
            with torch.no_grad():
                self.output = compiled(argument)

        self.run = run

    def logits(self):
        return self.output.numpy().ravel().copy()
