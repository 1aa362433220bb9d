/* The types that every generated MobileOne header and its callers share.
 *
 * Each generated header carries this block, so that an app needs no other
 * file; the guard lets several of them live in one translation unit. */
#ifndef MOBILEONE_TYPES_1
#define MOBILEONE_TYPES_1

#include <stddef.h>
#include <stdint.h>

/* What the functions of an object return: 0, or one of these. */
typedef enum mobileone_error {
  MOBILEONE_OK = 0,
  MOBILEONE_NULL_BUFFER = -1,       /* a required pointer is null */
  MOBILEONE_MISALIGNED_BUFFER = -2, /* arena: 64 bytes, others: one element */
  MOBILEONE_UNSUPPORTED_CPU = -3    /* the CPU lacks the object's ISA level */
} mobileone_error;

static inline const char *mobileone_strerror(int error) {
  switch (error) {
  case MOBILEONE_OK:
    return "no error";
  case MOBILEONE_NULL_BUFFER:
    return "a required buffer is null";
  case MOBILEONE_MISALIGNED_BUFFER:
    return "a buffer is not aligned: the arena to 64 bytes, input and output "
           "to their element";
  case MOBILEONE_UNSUPPORTED_CPU:
    return "the CPU lacks the instructions that the object was compiled for";
  default:
    return "unknown error";
  }
}

/* How the caller lays an image out. */
typedef enum mobileone_input_layout {
  MOBILEONE_F32_NCHW = 0, /* float [3][H][W], normalized by the caller */
  MOBILEONE_F32_NHWC = 1, /* float [H][W][3], normalized by the caller */
  MOBILEONE_U8_NHWC = 2   /* bytes [H][W][3]; the object normalizes */
} mobileone_input_layout;

/* ISA levels, in rising order; 0 stands for none. */
typedef enum mobileone_isa_level {
  MOBILEONE_ISA_NONE = 0,
  MOBILEONE_ISA_X86_64_V2 = 2, /* SSE4.2 */
  MOBILEONE_ISA_X86_64_V3 = 3, /* AVX2 and FMA */
  MOBILEONE_ISA_X86_64_V4 = 4  /* AVX-512 F, BW, CD, DQ, VL */
} mobileone_isa_level;

/* One layer, in the order of execution. */
typedef struct mobileone_layer_info {
  char name[32];          /* "stage1.0", zero-terminated */
  uint32_t height;        /* of the layer's result */
  uint32_t width;         /* of the layer's result */
  uint32_t channels;      /* of the layer's result */
  uint32_t reserved;      /* zero */
  uint64_t multiply_adds; /* of the layer's convolutions, one image */
} mobileone_layer_info;

/* What an object knows of itself; P_info() returns it. It holds no pointers:
 * the layer table stands `layers_offset` bytes behind its start. */
typedef struct mobileone_model_info {
  uint32_t struct_size;    /* sizeof(mobileone_model_info) */
  uint32_t layer_count;    /* entries of the layer table */
  uint32_t layers_offset;  /* see mobileone_layers() */
  uint32_t input_layout;   /* mobileone_input_layout */
  uint32_t input_channels; /* 3 */
  uint32_t input_height;
  uint32_t input_width;
  uint32_t output_length; /* floats that one image gives */
  uint32_t softmax;       /* 1: probabilities, 0: logits */
  uint32_t isa_levels;    /* bit n: code for mobileone_isa_level n */
  uint64_t input_bytes;
  uint64_t arena_bytes;
  uint64_t weights_bytes;
  uint64_t parameters;     /* of the single-branch network */
  uint64_t multiply_adds;  /* of one image */
  uint64_t interface_hash; /* the number in P_abi_<hash> */
  float mean[3];           /* subtracted from u8 / 255; zero for float input */
  float std[3];            /* divided by afterwards; one for float input */
  char variant[16];        /* "s0" */
  char precision[16];      /* "f32" */
  char tool_version[32];   /* of the compiler */
  char weights_sha256[72]; /* of the packed weights, in hexadecimal */
} mobileone_model_info;

static inline const mobileone_layer_info *
mobileone_layers(const mobileone_model_info *info) {
  return (const mobileone_layer_info *)(const void *)((const char *)info +
                                                      info->layers_offset);
}

#endif /* MOBILEONE_TYPES_1 */
