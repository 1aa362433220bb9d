"""The compiler of this package, as functions."""
from __future__ import annotations

import json
import logging
import numbers
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from ._errors import CompileError
from ._model import Model
from ._modules import is_module, read_epsilon
from ._package import find_tool
from ._safetensors import iterate_bytes

_log = logging.getLogger("mobileone")

Path_ = Union[str, "os.PathLike[str]"]


def compile(source: Any, *, input: str = "f32-nchw",
            image_size: Union[str, int, Tuple[int, int], List[Tuple[int, int]], None] = None,
            variant: Union[str, Path_, Mapping[str, Any]] = "auto",
            channels: Optional[str] = None,
            mean: Optional[Sequence[float]] = None, std: Optional[Sequence[float]] = None,
            output: Union[str, Sequence[str], None] = None,
            feature_layout: Optional[str] = None,
            batch: Union[int, Sequence[int], None] = None,
            isa: Union[str, Sequence[str], None] = None,
            algorithm: Optional[str] = None,
            precision: Optional[str] = None, calibrate: Optional[Path_] = None,
            int8_budget: Optional[str] = None,
            weights: Optional[str] = None, prefix: Optional[str] = None,
            key: Optional[str] = None, strip_prefix: Optional[str] = None,
            heads: Union[str, Sequence[str], Mapping[str, str], None] = None,
            bn_epsilon: Optional[float] = None, allow_non_finite: bool = False,
            **flags: Any) -> Model:
    """Compiles a network and loads it.

    `source` is one of
      - the path of a checkpoint: safetensors, or what torch.save wrote;
      - a state dict: names and tensors, of PyTorch or numpy;
      - a PyTorch module. Epsilon of its batch norms is read, and strides, padding,
        dilation, groups, activations and pooling are checked, which no file stores.

    The other arguments are the compiler's flags, as in `mobileone-opt --help`:
      - input: "f32-nchw" or "f32-nhwc", normalized by the caller, or "u8-nhwc", bytes
        that the network normalizes by `mean` and `std` (ImageNet's where not given)
        from pixels whose order is `channels` ("rgb", "bgr", "rgba", "bgra");
      - image_size: (height, width), or one number for both (224); a list of pairs for
        a network of several sizes, which has the weights once;
      - variant: "auto", "s0" to "s4", the path of a JSON file, or a dict like it;
      - output: "logits", "softmax", "embedding" or "features" (the last map), with
        levels "features=stem,1,2,3,4", of one head "logits=yaw", or a list of several;
      - feature_layout: "nchw" or "nhwc";
      - batch: images of one P_run, of interest to C callers alone;
      - isa: levels to make code for, as "native"; all where not given;
      - weights: "embed", or "external", which keeps them in a file of their own;
      - prefix: begins the names of the C functions;
      - precision: "f32", or "int8" by the images of `calibrate`, a folder of JPEG and PNG
        files or the path of a .npy file with inputs; int8_budget: how many layers may keep
        float weights, and what percentage of the multiply-adds, as "5,15";
      - algorithm: "auto", "classical", "strassen" or "strassen2": how pointwise layers are computed;
      - key, strip_prefix: which network of a file is meant;
      - heads: keys of the linear layers behind it, or a dict of names and keys, as
        {"yaw": "fc_yaw", "pitch": "fc_pitch"}; those that are found where not given;
      - bn_epsilon: of the batch norms, where a file is compiled (1e-5);
      - allow_non_finite: accept weights that are NaN or infinite;
      - flags: any other, with _ for -.

    The compiler runs in a process of its own: whatever happens to it is a CompileError
    with its text. ValueError and TypeError are raised for what is no network at all.
    Remarks go to the logger "mobileone".
    """
    flags.update(input=input, image_size=image_size, variant=variant, channels=channels,
                 mean=mean, std=std, output=output, feature_layout=feature_layout,
                 batch=batch, isa=isa, algorithm=algorithm, precision=precision,
                 calibrate=calibrate, int8_budget=int8_budget, weights=weights, prefix=prefix, key=key,
                 strip_prefix=strip_prefix, heads=heads, bn_epsilon=bn_epsilon,
                 allow_non_finite=allow_non_finite)
    with tempfile.TemporaryDirectory(prefix="mobileone-") as folder:
        # Once loaded, it needs its files no more.
        return Model(compile_to(source, Path(folder, "net.so"), **flags))


def compile_to(source: Any, path: Path_, **flags: Any) -> Path:
    """Compiles a network to files, for an app to link or `load` to load.

    By the suffix of `path`: an object NAME.o, archive NAME.a or shared library NAME.so,
    with NAME.h and NAME.json beside it; or what else `mobileone-opt -o` writes. `source`
    and flags are those of `compile`; `target="aarch64-linux-gnu"` compiles for another
    system, `overwrite=True` replaces files that the compiler did not write.

    Returns the path. Raises as `compile` does, and leaves no files then.
    """
    for name in ("o", "emit"):
        if name in flags:
            raise TypeError(f"{name}: expects no such flag: the path's suffix says what to write")
    weights: Iterable[memoryview] = ()
    if is_module(source):
        _take_epsilon(read_epsilon(source), flags)
        source = source.state_dict()
    if isinstance(source, Mapping):
        weights, input_name = iterate_bytes(source), "-"
    elif isinstance(source, (str, os.PathLike)):
        # A name may be "-" or begin so.
        input_name = os.path.join(os.curdir, os.fspath(source))
    else:
        raise TypeError("expects a checkpoint's path, a state dict or a module, but got "
                        f"{type(source).__name__}")
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="mobileone-") as folder:
        if isinstance(flags.get("variant"), Mapping):
            network = Path(folder, "network.json")
            network.write_text(json.dumps(flags["variant"]))
            flags["variant"] = network
        arguments = [text for name, value in flags.items() for text in _format(name, value)]
        _run([str(find_tool("mobileone-opt")), input_name, *arguments,
              f"-o={os.path.join(os.curdir, path)}"], weights)
    return path


def _take_epsilon(epsilon: Optional[float], flags: dict) -> None:
    wanted = flags.get("bn_epsilon")
    if epsilon is None:
        return
    if wanted is not None and wanted != epsilon:
        raise ValueError(f"bn_epsilon: expects {epsilon:g}, which the module's batch norms have, "
                         f"but got {wanted:g}")
    flags["bn_epsilon"] = epsilon


def _format_sizes(value: Any) -> str:
    """(64, 96), and what else is two numbers, is one size; 64 is a square."""
    if isinstance(value, numbers.Integral):
        return f"{value}x{value}"
    sides = list(value)
    if len(sides) == 2 and all(isinstance(side, numbers.Integral) for side in sides):
        return f"{sides[0]}x{sides[1]}"
    return ",".join(map(_format_sizes, sides))


def _format(name: str, value: Any) -> List[str]:
    """An argument as a flag of the tool."""
    flag = "--" + name.replace("_", "-")
    if value is None or value is False:
        return []
    if value is True:
        return [flag]
    if name == "image_size" and not isinstance(value, str):
        return [f"{flag}={_format_sizes(value)}"]
    if isinstance(value, (str, os.PathLike)):
        return [f"{flag}={os.fspath(value)}"]
    if name == "heads" and isinstance(value, Mapping):
        value = [f"{head}={key}" for head, key in value.items()]
    if isinstance(value, Iterable):
        return [f"{flag}={','.join(map(str, value))}"]
    return [f"{flag}={value}"]


def _run(command: List[str], weights: Iterable[memoryview]) -> None:
    """Runs the compiler, with `weights` on its standard input. Raises CompileError."""
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=messages,
                                   stderr=messages, env={**os.environ, "NO_COLOR": "1"})
        try:
            try:
                for piece in weights:
                    process.stdin.write(piece)
                process.stdin.close()
            except BrokenPipeError:
                pass  # its messages say why
            process.wait()
        except BaseException:
            # Then it removes what it has begun.
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise
        messages.seek(0)
        text = messages.read().decode(errors="replace").strip()
    if process.returncode < 0:
        text += f"\nmobileone-opt was ended by signal {-process.returncode}"
    if process.returncode:
        raise CompileError(text.strip(), process.returncode)
    if text:
        _log.info("%s", text)
