"""The C types of runtime/mobileone.h, resize.h and frame.h, field by field, for ctypes."""
from __future__ import annotations

import ctypes
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_float, c_int, c_int32,
                    c_size_t, c_uint32, c_uint64, c_void_p)

# enum mobileone_error, with the text of mobileone_strerror().
ERRORS = {
    -1: "a required buffer is null",
    -2: "a buffer is not aligned: the arena to 64 bytes, input and output to their element",
    -3: "the CPU lacks the instructions that the object was compiled for",
    -4: "a buffer is too short",
    -5: "a field of the call is not valid",
    -6: "the batch holds no image, or more than memory can",
    -7: "cancelled by the caller",
    -8: "callbacks need an object compiled with --instrument",
    -9: "the caller's parallel_for failed, or did not run each task once",
    -10: "the weights are damaged, or not those of this object",
    -11: "a file cannot be read",
}
UNSUPPORTED_CPU = -3

# enum mobileone_isa_level, by the names that --isa takes.
ISA_LEVELS = {"x86-64-v2": 2, "x86-64-v3": 3, "x86-64-v4": 4, "x86-64-v4-vnni": 5, "armv8-a": 8,
               "wasm-simd128": 12, "wasm-relaxed-simd": 13}

# enum mobileone_input_layout and enum mobileone_channel_order.
LAYOUTS = ("f32-nchw", "f32-nhwc", "u8-nhwc")
CHANNEL_ORDERS = ("rgb", "bgr", "rgba", "bgra")

# enum mobileone_output_kind, and enum mobileone_map_layout by the names that
# --feature-layout takes.
OUTPUT_KINDS = ("logits", "softmax", "embedding", "features")
MAP_LAYOUTS = ("nchw", "nhwc")

# enum mobileone_algorithm
ALGORITHMS = ("classical", "strassen", "strassen2")

ARENA_ALIGN = 64


class ErrorDetail(Structure):
    """mobileone_error_detail"""
    _fields_ = [
        ("error", c_int32),
        ("reserved", c_uint32),
        ("field", c_char_p),
        ("expected", c_uint64),
        ("actual", c_uint64),
    ]


class Call(Structure):
    """mobileone_call"""
    _fields_ = [
        ("struct_size", c_uint32),
        ("batch", c_uint32),
        ("input", c_void_p),
        ("input_bytes", c_size_t),
        ("input_row_bytes", c_size_t),
        ("outputs", POINTER(c_void_p)),
        ("output_bytes", POINTER(c_size_t)),
        ("output_count", c_uint32),
        ("workers", c_uint32),
        ("arena", c_void_p),
        ("arena_bytes", c_size_t),
        ("weights", c_void_p),
        ("weights_bytes", c_size_t),
        ("parallel_for", c_void_p),
        ("parallel_user", c_void_p),
        ("cancel", c_void_p),
        ("on_layer", c_void_p),
        ("on_layer_user", c_void_p),
        ("isa", c_uint32),
        ("flags", c_uint32),
        ("detail", POINTER(ErrorDetail)),
        ("height", c_uint32),
        ("width", c_uint32),
    ]


class LayerInfo(Structure):
    """mobileone_layer_info"""
    _fields_ = [
        ("name", c_char * 32),
        ("height", c_uint32),
        ("width", c_uint32),
        ("channels", c_uint32),
        ("algorithm", c_uint32),
        ("multiply_adds", c_uint64),
    ]


class OutputInfo(Structure):
    """mobileone_output_info"""
    _fields_ = [
        ("name", c_char * 32),
        ("kind", c_uint32),
        ("layout", c_uint32),
        ("channels", c_uint32),
        ("height", c_uint32),
        ("width", c_uint32),
        ("stride", c_uint32),
        ("length", c_uint64),
    ]


class ModelInfo(Structure):
    """mobileone_model_info"""
    _fields_ = [
        ("struct_size", c_uint32),
        ("layer_count", c_uint32),
        ("layers_offset", c_uint32),
        ("input_layout", c_uint32),
        ("input_channels", c_uint32),
        ("input_height", c_uint32),
        ("input_width", c_uint32),
        ("output_count", c_uint32),
        ("outputs_offset", c_uint32),
        ("isa_levels", c_uint32),
        ("instrument", c_uint32),
        ("batch", c_uint32),
        ("input_bytes", c_uint64),
        ("arena_bytes", c_uint64),
        ("worker_bytes", c_uint64),
        ("weights_bytes", c_uint64),
        ("parameters", c_uint64),
        ("multiply_adds", c_uint64),
        ("interface_hash", c_uint64),
        ("mean", c_float * 3),
        ("std", c_float * 3),
        ("variant", c_char * 16),
        ("precision", c_char * 16),
        ("tool_version", c_char * 32),
        ("weights_sha256", c_char * 72),
        ("channel_order", c_uint32),
        ("external_weights", c_uint32),
        ("target", c_char * 32),
        ("next_size_offset", c_uint32),
        ("sums_bytes", c_uint32),
        ("weight_sums_bytes", c_uint64),
    ]


class Crop(Structure):
    """mobileone_crop"""
    _fields_ = [
        ("resized_width", c_uint32),
        ("resized_height", c_uint32),
        ("left", c_uint32),
        ("top", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
    ]


class Frame(Structure):
    """mobileone_frame"""
    _fields_ = [
        ("format", c_uint32),
        ("colours", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("rotation", c_uint32),
        ("mirror", c_uint32),
        ("planes", c_void_p * 3),
        ("row_bytes", c_size_t * 3),
        ("plane_bytes", c_size_t * 3),
    ]


# The functions of an object, by what follows its prefix.
RunEx = CFUNCTYPE(c_int, POINTER(Call))
ArenaBytes = CFUNCTYPE(c_size_t, c_uint32, c_uint32)
Info = CFUNCTYPE(POINTER(ModelInfo))
Isa = CFUNCTYPE(c_uint32)
