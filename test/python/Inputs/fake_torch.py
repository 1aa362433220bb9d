"""Looks like PyTorch as far as the package looks: a network of timm's modules."""
import re

import numpy as np


class Tensor:
    """torch.Tensor; `kind` as str(tensor.dtype) says."""

    def __init__(self, array, kind=None):
        self.array = np.asarray(array)
        self.dtype = "torch." + (kind or self.array.dtype.name)
        self.shape = self.array.shape

    def detach(self):
        return self

    def cpu(self):
        return self

    def float(self):
        return Tensor(self.array.astype(np.float32))

    def numpy(self):
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.array


class Module:
    """torch.nn.Module: what is set on it is a child, a tensor or a plain value."""

    def __init__(self, **values):
        self.__dict__.update(values)

    def children(self):
        return [value for value in vars(self).values() if isinstance(value, Module)]

    def parameters(self):
        return [value for value in vars(self).values() if isinstance(value, Tensor)]

    def named_modules(self, prefix=""):
        yield prefix, self
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield from value.named_modules(f"{prefix}.{name}" if prefix else name)

    def state_dict(self):
        state = {}
        for name, module in self.named_modules():
            for key, value in vars(module).items():
                if isinstance(value, Tensor):
                    state[f"{name}.{key}" if name else key] = value
        return state

    def find(self, path):
        module = self
        for name in path.split("."):
            module = vars(module)[name]
        return module

    def set(self, path, value):
        parent, _, name = path.rpartition(".")
        setattr(self.find(parent) if parent else self, name, value)


def make_kind(name):
    return type(name, (Module,), {})


Conv2d, BatchNorm2d, Linear, Sequential = map(
    make_kind, ["Conv2d", "BatchNorm2d", "Linear", "Sequential"])
ReLU, SiLU, Sigmoid, Identity, Dropout = map(
    make_kind, ["ReLU", "SiLU", "Sigmoid", "Identity", "Dropout"])
AdaptiveAvgPool2d, AdaptiveMaxPool2d, SelectAdaptivePool2d = map(
    make_kind, ["AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "SelectAdaptivePool2d"])


def _make_leaf(path, tensors):
    weight = tensors.get("weight")
    if "running_var" in tensors:
        return BatchNorm2d(eps=1e-5, **tensors)
    if len(weight.shape) == 2:
        return Linear(**tensors)
    first = re.match(r"stem\.|stages\.\d+\.0\.(?!attn)", path)
    kernel = weight.shape[2]
    groups = weight.shape[0] if weight.shape[1] == 1 else 1
    return Conv2d(stride=(2, 2) if first else (1, 1), padding=(kernel // 2,) * 2, dilation=(1, 1),
                  groups=groups, padding_mode="zeros", **tensors)


def make_module(state):
    """timm's MobileOne with the tensors of `state`."""
    leaves = {}
    for key, array in state.items():
        path, _, name = key.rpartition(".")
        leaves.setdefault(path, {})[name] = Tensor(array)
    model = Module()
    for path, tensors in leaves.items():
        parent = model
        *folders, last = path.split(".")
        for folder in folders:
            if folder not in vars(parent):
                setattr(parent, folder, Sequential())
            parent = vars(parent)[folder]
        setattr(parent, last, _make_leaf(path, tensors))
    for path, module in list(model.named_modules()):
        if re.fullmatch(r"stem|stages\.\d+\.\d+", path):
            module.act = ReLU()
            module.drop = Identity()
        elif path.endswith(".attn"):
            module.act, module.gate = ReLU(), Sigmoid()
    model.head.global_pool = SelectAdaptivePool2d(
        pool_type="avg", pool=AdaptiveAvgPool2d(output_size=1), flatten=make_kind("Flatten")())
    model.head.drop = Dropout(p=0.2)
    return model
