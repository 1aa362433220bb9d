# The package's structs and numbers are those of runtime/mobileone.h, resize.h and frame.h.
# RUN: %python %s %clang
import ctypes
import re
import subprocess
import sys
import tempfile

import support

from mobileone import _abi

header, resize, frame = ((support.ROOT / "runtime" / name).read_text()
                         for name in ["mobileone.h", "resize.h", "frame.h"])
structs = {"mobileone_error_detail": _abi.ErrorDetail, "mobileone_call": _abi.Call,
           "mobileone_layer_info": _abi.LayerInfo,
           "mobileone_output_info": _abi.OutputInfo, "mobileone_model_info": _abi.ModelInfo,
           "mobileone_crop": _abi.Crop, "mobileone_frame": _abi.Frame}

# Each field's offset, and the size: fields that only the header has change the size
# or leave a gap.
facts = []
for name, struct in structs.items():
    facts += [(f"sizeof({name})", ctypes.sizeof(struct))]
    for field, *_ in struct._fields_:
        facts += [(f"offsetof({name}, {field})", getattr(struct, field).offset),
                  (f"sizeof((({name} *)0)->{field})", getattr(struct, field).size)]
code = '#include "runtime/frame.h"\n'
for expression, value in facts:
    code += f'_Static_assert({expression} == {value}, "{expression}");\n'
subprocess.run([sys.argv[1], "-std=c11", "-fsyntax-only", f"-I{support.ROOT}", "-x", "c", "-"],
               input=code, text=True, check=True)

for name, struct in structs.items():
    body = re.search(r"\{([^}]*)\} " + name + ";", header + resize + frame)[1]
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    body = re.sub(r"\(\*(\w+)\)\([^)]*\)", r"\1", body)
    fields = re.findall(r"(\w+)(?:\[\d+\])?;", body)
    assert fields == [field for field, *_ in struct._fields_], (name, fields)

numbers = dict(re.findall(r"(MOBILEONE_\w+) = (-?\d+)", header))
levels = {name.replace("MOBILEONE_ISA_", "").lower().replace("_", "-"):
          int(number) for name, number in numbers.items()
          if name.startswith("MOBILEONE_ISA_") and number != "0"}
assert {name.replace("-", "") for name in levels} == \
    {name.replace("-", "") for name in _abi.ISA_LEVELS}, levels
assert sorted(levels.values()) == sorted(_abi.ISA_LEVELS.values())
for name, number in levels.items():
    assert {key.replace("-", ""): value for key, value in _abi.ISA_LEVELS.items()}[
        name.replace("-", "")] == number
for names, values in [(_abi.LAYOUTS, ["F32_NCHW", "F32_NHWC", "U8_NHWC"]),
                      (_abi.CHANNEL_ORDERS, ["RGB", "BGR", "RGBA", "BGRA"]),
                      (_abi.OUTPUT_KINDS, ["LOGITS", "SOFTMAX", "EMBEDDING", "FEATURES"])]:
    for index, value in enumerate(values):
        assert numbers["MOBILEONE_" + value] == str(index)
        assert names[index] == value.lower().replace("_", "-")
    enum = re.search(r"\{[^}]*MOBILEONE_" + values[0] + r"[^}]*\}", header)[0]
    assert len(re.findall(r"MOBILEONE_\w+ =", enum)) == len(values)

# Each error has the text of mobileone_strerror().
errors = {int(number): name for name, number in numbers.items() if number.startswith("-")}
assert errors.keys() == _abi.ERRORS.keys(), errors
for number, name in errors.items():
    text = re.search(r"case " + name + r":\s*return ((?:\"[^\"]*\"\s*)+);", header)[1]
    assert "".join(re.findall(r'"([^"]*)"', text)) == _abi.ERRORS[number], name
print(len(facts), "facts")
