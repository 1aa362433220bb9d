"""What a PyTorch module says that its state dict does not, without PyTorch.

A state dict holds tensors alone. Whoever has the module itself can see epsilon of
the batch norms, activations, strides and pooling, and need not trust that they are
MobileOne's: what differs is refused by the module's name.
"""
from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

# The first block, and a sibling that tells it from another network's.
_STEM = re.compile(r"(?:^|\.)(stem|stage0)$")
_STAGES = {"stem": ("stages", "stages_0"), "stage0": ("stage1",)}
_BLOCK = re.compile(r"(stem|stage0|stages[._]\d+\.\d+|stage[1-9]\.\d+)(?:\.|$)")
_FIRST = re.compile(r"stem|stage0|.*\.0")
_SQUEEZE = re.compile(r"(?:^|\.)(se|attn)(?:\.|$)")

# Leaves without weights that change nothing at inference.
_IDENTITIES = {"Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout",
               "DropPath", "Flatten"}


def is_module(source: Any) -> bool:
    return callable(getattr(source, "state_dict", None)) and callable(
        getattr(source, "named_modules", None))


def _get_kind(module: Any) -> str:
    return type(module).__name__


def _refuse(name: str, rule: str, value: Any) -> ValueError:
    return ValueError(f"{name or 'the module'}: expects {rule}, but got {value}")


def _to_pair(value: Any) -> Any:
    return (value, value) if isinstance(value, (int, str)) else tuple(value)


def _find_roots(modules: Dict[str, Any]) -> List[str]:
    """The prefixes, with a dot, of the networks in a module."""
    roots = []
    for name in modules:
        match = _STEM.search(name)
        if match:
            root = name[:match.start(1)]
            if any(root + stage in modules for stage in _STAGES[match[1]]):
                roots.append(root)
    return roots


def _check_conv(name: str, local: str, conv: Any) -> None:
    """Of a convolution in a block, all that its weight's shape does not say."""
    block = _BLOCK.match(local)
    if not block:
        return
    is_inside = not _SQUEEZE.search(local)
    stride = 2 if _FIRST.fullmatch(block[1]) and is_inside else 1
    kernel = tuple(conv.weight.shape[2:])
    groups = conv.weight.shape[0] if conv.weight.shape[1] == 1 else 1
    padding = conv.padding
    if padding == "valid":
        padding = 0
    elif padding == "same" and stride == 1:
        padding = tuple(size // 2 for size in kernel)
    for what, wanted, got in [
            ("stride", (stride, stride), _to_pair(conv.stride)),
            ("padding", tuple(size // 2 for size in kernel), _to_pair(padding)),
            ("dilation", (1, 1), _to_pair(conv.dilation)),
            ("groups", groups, conv.groups),
            ("padding_mode", "zeros", getattr(conv, "padding_mode", "zeros"))]:
        if got != wanted:
            raise _refuse(name, f"{what} {wanted}", got)


def _check_leaf(name: str, local: str, module: Any) -> None:
    """Of a module without children and weights."""
    kind = _get_kind(module)
    if kind in _IDENTITIES or kind == "ReLU" or kind.endswith("Loss"):
        return
    if kind in ("Sigmoid", "Hardsigmoid"):
        if kind == "Sigmoid" and _SQUEEZE.search(local):
            return
    elif "Pool" in kind:
        size = getattr(module, "output_size", 1)
        if kind == "AdaptiveAvgPool2d" and _to_pair(size) == (1, 1):
            return
        raise _refuse(name, "the mean of all pixels (AdaptiveAvgPool2d(1))",
                      f"{kind} {size}" if kind == "AdaptiveAvgPool2d" else kind)
    place = "sigmoid at the end of a squeeze-and-excitation, and ReLU elsewhere"
    raise _refuse(name, place, kind)


def _check_pool(name: str, module: Any) -> bool:
    """Whether it is timm's choice of a pooling, of which one is taken."""
    kind = getattr(module, "pool_type", None)
    if not isinstance(kind, str):
        return False
    if kind not in ("avg", "fast", ""):
        raise _refuse(name, "pooling by the mean of all pixels ('avg')", f"'{kind}'")
    return True


def read_epsilon(model: Any) -> Optional[float]:
    """Checks a module, and returns epsilon of its batch norms; None where it has none.

    Raises ValueError, naming the module, for what is not as in MobileOne: strides,
    padding, dilation, groups, activations, pooling, batch norms without statistics,
    and differing epsilons.
    """
    modules = dict(model.named_modules())
    roots = _find_roots(modules)
    norms: Dict[float, str] = {}
    pools: Tuple[str, ...] = ()
    for name, module in modules.items():
        root = next((root for root in roots if name.startswith(root)), None)
        if root is None:
            continue
        local = name[len(root):]
        if _check_pool(name, module):
            pools += (name + ".",)
        elif hasattr(module, "running_var") and hasattr(module, "eps"):
            if module.running_var is None:
                raise _refuse(name, "a batch norm with running statistics", "none of them")
            norms.setdefault(float(module.eps), name)
        elif len(getattr(getattr(module, "weight", None), "shape", ())) == 4:
            _check_conv(name, local, module)
        elif (not any(True for _ in module.children()) and not name.startswith(pools)
              and not any(True for _ in module.parameters())):
            _check_leaf(name, local, module)
    if len(norms) > 1:
        (one, first), (other, second) = list(norms.items())[:2]
        raise ValueError(f"{first} and {second}: expects one epsilon of all batch norms, but got "
                         f"{one:g} and {other:g}")
    return next(iter(norms), None)
