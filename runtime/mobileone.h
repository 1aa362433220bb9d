/* The types that every generated MobileOne header and its callers share.
 *
 * Each generated header carries this block, so that an app needs no other
 * file; the guard lets several of them live in one translation unit. */
#ifndef MOBILEONE_TYPES_1
#define MOBILEONE_TYPES_1

#include <stddef.h>
#include <stdint.h>

/* By which name the linker looks for a function: one that only the object of
 * the same compile defines. */
#if defined(__GNUC__) || defined(__clang__)
#define MOBILEONE_STRING(text) #text
#define MOBILEONE_SYMBOL(underscore, name)                                     \
  __asm__(MOBILEONE_STRING(underscore) name)
#define MOBILEONE_LABEL(name) MOBILEONE_SYMBOL(__USER_LABEL_PREFIX__, name)
#else
#define MOBILEONE_LABEL(name) /* the plain name */
#endif

/* What the functions of an object return: 0, or one of these. */
typedef enum mobileone_error {
  MOBILEONE_OK = 0,
  MOBILEONE_NULL_BUFFER = -1,       /* a required pointer is null */
  MOBILEONE_MISALIGNED_BUFFER = -2, /* arena: 64 bytes, others: one element */
  MOBILEONE_UNSUPPORTED_CPU = -3, /* the CPU lacks every level, or the wanted */
  MOBILEONE_SHORT_BUFFER = -4,    /* a buffer holds less than is needed */
  MOBILEONE_BAD_CALL = -5,        /* a field of mobileone_call is not valid */
  MOBILEONE_BAD_BATCH = -6,       /* no images, or too many to address */
  MOBILEONE_CANCELLED = -7,       /* *cancel became nonzero */
  MOBILEONE_NOT_INSTRUMENTED = -8, /* on_layer needs --instrument */
  /* parallel_for returned nonzero, or did not run each task once */
  MOBILEONE_PARALLEL_FAILED = -9,
  MOBILEONE_BAD_WEIGHTS = -10, /* damaged, or not of this object */
  MOBILEONE_IO_ERROR = -11     /* of runtime/: a file; errno says what */
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
  case MOBILEONE_SHORT_BUFFER:
    return "a buffer is too short";
  case MOBILEONE_BAD_CALL:
    return "a field of the call is not valid";
  case MOBILEONE_BAD_BATCH:
    return "the batch holds no image, or more than memory can";
  case MOBILEONE_CANCELLED:
    return "cancelled by the caller";
  case MOBILEONE_NOT_INSTRUMENTED:
    return "callbacks need an object compiled with --instrument";
  case MOBILEONE_PARALLEL_FAILED:
    return "the caller's parallel_for failed, or did not run each task once";
  case MOBILEONE_BAD_WEIGHTS:
    return "the weights are damaged, or not those of this object";
  case MOBILEONE_IO_ERROR:
    return "a file cannot be read";
  default:
    return "unknown error";
  }
}

/* Runs task(context, index, worker) once for every index below 'count', with
 * worker < workers and never one worker twice at once; returns 0 when all are
 * done.  Nonzero: not all ran; none is running any more or will run.  Tasks do
 * not throw, and none waits for another to start: they may run at once, late,
 * or one after the other.  Those that run at once wait busily for each other,
 * for microseconds as long as each has a core: give no more workers than there
 * are free cores, of one priority. */
typedef void (*mobileone_task)(void *context, uint32_t index, uint32_t worker);
typedef int (*mobileone_parallel_for)(void *user, uint32_t count,
                                      mobileone_task task, void *context);

/* When on_layer is called. */
typedef enum mobileone_phase {
  MOBILEONE_LAYER_BEGIN = 0,
  MOBILEONE_LAYER_END = 1
} mobileone_phase;

/* What was wrong with a call. */
typedef struct mobileone_error_detail {
  int32_t error;     /* mobileone_error */
  uint32_t reserved; /* zero */
  const char *field; /* of mobileone_call, a constant of the object */
  uint64_t expected; /* at least; 0 where no number is */
  uint64_t actual;
} mobileone_error_detail;

/* One call of P_run_ex().  Set struct_size, then what is wanted; all else is
 * zero. */
typedef struct mobileone_call {
  uint32_t struct_size; /* sizeof(mobileone_call) */
  uint32_t batch;       /* images, at least 1 */
  const void *input;    /* the images, one after the other */
  size_t input_bytes;
  /* From one row to the next, of all images and planes: a multiple of the
   * element, and at least a dense row; 0: dense rows.  What lies between rows
   * is not read, and the last one has nothing behind it. */
  size_t input_row_bytes;
  /* One pointer per output of the object, each for all images, in the order of
   * mobileone_outputs(). */
  float *const *outputs;
  const size_t *output_bytes;
  uint32_t output_count; /* of the object */
  uint32_t workers;      /* tasks that may run at once, 0 means 1 */
  void *arena;
  size_t arena_bytes;
  /* With --weights=external the content of NAME.weights, 64-byte aligned; its
   * head is checked in each call, all of it by runtime/weights.h.  Else null.
   */
  const void *weights;
  size_t weights_bytes;
  mobileone_parallel_for parallel_for; /* null: the caller's thread */
  void *parallel_user;
  const volatile int *cancel; /* read between layers; null: never */
  /* Before and after each layer, on one thread for each image.  With
   * --instrument=tensors 'data' is, at the end of a layer, its result as float
   * [H][W][C] (valid during the callback), else null. */
  void (*on_layer)(void *user, uint32_t layer, uint32_t phase,
                   const float *data, size_t length);
  void *on_layer_user;
  uint32_t isa;                   /* mobileone_isa_level; 0: the best */
  uint32_t flags;                 /* none yet */
  mobileone_error_detail *detail; /* null: none */
  /* Of the images, all of one size: one that the object was compiled for; both
   * 0: the first of them. */
  uint32_t height;
  uint32_t width;
} mobileone_call;

/* How the caller lays an image out. */
typedef enum mobileone_input_layout {
  MOBILEONE_F32_NCHW = 0, /* float [3][H][W], normalized by the caller */
  MOBILEONE_F32_NHWC = 1, /* float [H][W][3], normalized by the caller */
  MOBILEONE_U8_NHWC = 2   /* bytes [H][W][3 or 4]; the object normalizes */
} mobileone_input_layout;

/* What a pixel of the caller holds, in order. Alpha is not read. */
typedef enum mobileone_channel_order {
  MOBILEONE_RGB = 0,
  MOBILEONE_BGR = 1,
  MOBILEONE_RGBA = 2,
  MOBILEONE_BGRA = 3
} mobileone_channel_order;

/* ISA levels, in rising order; 0 stands for none. */
typedef enum mobileone_isa_level {
  MOBILEONE_ISA_NONE = 0,
  MOBILEONE_ISA_X86_64_V2 = 2,         /* SSE4.2 */
  MOBILEONE_ISA_X86_64_V3 = 3,         /* AVX2 and FMA */
  MOBILEONE_ISA_X86_64_V4 = 4,         /* AVX-512 F, BW, CD, DQ, VL */
  MOBILEONE_ISA_X86_64_V4_VNNI = 5,    /* and VNNI: dot products of bytes */
  MOBILEONE_ISA_ARMV8_A = 8,           /* every 64-bit Arm */
  MOBILEONE_ISA_WASM_SIMD128 = 12,     /* WebAssembly with vectors */
  MOBILEONE_ISA_WASM_RELAXED_SIMD = 13 /* and relaxed ones */
} mobileone_isa_level;

/* What on_layer tells. */
typedef enum mobileone_instrument {
  MOBILEONE_INSTRUMENT_NONE = 0,   /* nothing: on_layer is refused */
  MOBILEONE_INSTRUMENT_LAYERS = 1, /* beginning and end of each layer */
  MOBILEONE_INSTRUMENT_TENSORS = 2 /* and each layer's result */
} mobileone_instrument;

/* How a layer's convolution is computed, by the code for the highest level of
 * `isa_levels`. */
typedef enum mobileone_algorithm {
  MOBILEONE_CLASSICAL = 0, /* with all products */
  MOBILEONE_STRASSEN = 1,  /* with seven of eight, and more sums */
  MOBILEONE_STRASSEN2 = 2  /* with 49 of 64, and still more sums */
} mobileone_algorithm;

/* As --algorithm has it. */
static inline const char *mobileone_algorithm_name(uint32_t algorithm) {
  switch (algorithm) {
  case MOBILEONE_CLASSICAL:
    return "classical";
  case MOBILEONE_STRASSEN:
    return "strassen";
  case MOBILEONE_STRASSEN2:
    return "strassen2";
  default:
    return "unknown algorithm";
  }
}

/* One layer, in the order of execution. */
typedef struct mobileone_layer_info {
  char name[32];          /* "stage1.0", zero-terminated */
  uint32_t height;        /* of the layer's result */
  uint32_t width;         /* of the layer's result */
  uint32_t channels;      /* of the layer's result */
  uint32_t algorithm;     /* mobileone_algorithm */
  uint64_t multiply_adds; /* of the layer's convolutions, one image; of all
                           * products, whatever the algorithm */
} mobileone_layer_info;

/* What an output is. */
typedef enum mobileone_output_kind {
  MOBILEONE_LOGITS = 0,    /* one number per class */
  MOBILEONE_SOFTMAX = 1,   /* their probabilities */
  MOBILEONE_EMBEDDING = 2, /* the mean of each channel of the last map */
  MOBILEONE_FEATURES = 3   /* a feature map */
} mobileone_output_kind;

/* How a feature map lies in memory. */
typedef enum mobileone_map_layout {
  MOBILEONE_CHW = 0, /* float [C][H][W], as PyTorch has it */
  MOBILEONE_HWC = 1  /* float [H][W][C], channels last */
} mobileone_map_layout;

/* One output, of one image: floats. */
typedef struct mobileone_output_info {
  char name[32];     /* "logits", "stage1", zero-terminated */
  uint32_t kind;     /* mobileone_output_kind */
  uint32_t layout;   /* mobileone_map_layout; of numbers 0 */
  uint32_t channels; /* of a map, else all numbers */
  uint32_t height;   /* of a map, else 1 */
  uint32_t width;    /* of a map, else 1 */
  uint32_t stride;   /* pixels of the image for one of a map, else 0 */
  uint64_t length;   /* floats */
} mobileone_output_info;

/* The most outputs of an object. */
#define MOBILEONE_MOST_OUTPUTS 16u

/* What an object knows of itself; P_info() returns it. It holds no pointers:
 * the tables of layers and outputs stand `layers_offset` and `outputs_offset`
 * bytes behind its start. Of an object for several image sizes this is the
 * first one's, see mobileone_next_size(). */
typedef struct mobileone_model_info {
  uint32_t struct_size;    /* sizeof(mobileone_model_info) */
  uint32_t layer_count;    /* entries of the layer table */
  uint32_t layers_offset;  /* see mobileone_layers() */
  uint32_t input_layout;   /* mobileone_input_layout */
  uint32_t input_channels; /* 3, with alpha 4 */
  uint32_t input_height;
  uint32_t input_width;
  uint32_t output_count;   /* entries of the table of outputs */
  uint32_t outputs_offset; /* see mobileone_outputs() */
  uint32_t isa_levels;     /* bit n: code for mobileone_isa_level n */
  uint32_t instrument;     /* mobileone_instrument */
  uint32_t batch;          /* images of one P_run(); the rest is of one image */
  uint64_t input_bytes;
  uint64_t arena_bytes;  /* of one image, of the largest size, on one thread */
  uint64_t worker_bytes; /* more for each other thread that shares it */
  uint64_t weights_bytes;
  uint64_t parameters;     /* of the single-branch network */
  uint64_t multiply_adds;  /* of one image */
  uint64_t interface_hash; /* the number in P_run_abi_<hash> */
  /* (value - mean) / std of values in 0..1, for red, green and blue, or for
   * fewer channels with zeros behind: what the object does to bytes, and what
   * is recommended to callers with floats; zeros: nothing is. */
  float mean[3];
  float std[3];
  char variant[16];           /* "s0" */
  char precision[16];         /* "f32" or, of bytes, "int8" */
  char tool_version[32];      /* of the compiler */
  char weights_sha256[72];    /* of the packed weights, in hexadecimal */
  uint32_t channel_order;     /* mobileone_channel_order */
  uint32_t external_weights;  /* 1: in NAME.weights, 0: in the object */
  char target[32];            /* "x86_64-linux-gnu" */
  uint32_t next_size_offset;  /* see mobileone_next_size() */
  uint32_t sums_bytes;        /* of arena_bytes, and of worker_bytes: at most
                               * what sums of Strassen's algorithm take, of any
                               * size and level */
  uint64_t weight_sums_bytes; /* of weights_bytes: by how much sums of weights
                               * for it make them larger */
} mobileone_model_info;

/* How NAME.weights begins, in little-endian order; `weights_bytes` of the model
 * follow. */
typedef struct mobileone_weights_head {
  char magic[16];          /* "MobileOneWeights", without a final zero */
  uint32_t version;        /* 1 */
  uint32_t head_bytes;     /* sizeof(mobileone_weights_head) */
  uint64_t weights_bytes;  /* of the model */
  char weights_sha256[72]; /* of what follows, as in mobileone_model_info */
  char reserved[24];       /* zero */
} mobileone_weights_head;

/* Whether weights that begin so are those of the model. */
static inline int mobileone_is_head_of(const mobileone_weights_head *head,
                                       const mobileone_model_info *info) {
  const char *magic = "MobileOneWeights";
  size_t i;
  for (i = 0; i < sizeof head->magic; ++i)
    if (head->magic[i] != magic[i])
      return 0;
  for (i = 0; i < sizeof head->weights_sha256; ++i)
    if (head->weights_sha256[i] != info->weights_sha256[i])
      return 0;
  return head->version == 1 && head->head_bytes == sizeof *head &&
         head->weights_bytes == info->weights_bytes;
}

/* A table of `type` that stands `offset` bytes behind the start of `info`. */
#ifdef __cplusplus
#define MOBILEONE_TABLE(type, info, offset)                                    \
  static_cast<const type *>(static_cast<const void *>(                         \
      reinterpret_cast<const char *>(info) + (offset)))
#else
#define MOBILEONE_TABLE(type, info, offset)                                    \
  ((const type *)(const void *)((const char *)(info) + (offset)))
#endif

static inline const mobileone_layer_info *
mobileone_layers(const mobileone_model_info *info) {
  return MOBILEONE_TABLE(mobileone_layer_info, info, info->layers_offset);
}

static inline const mobileone_output_info *
mobileone_outputs(const mobileone_model_info *info) {
  return MOBILEONE_TABLE(mobileone_output_info, info, info->outputs_offset);
}

/* The same network for images of another size, with layers and outputs of its
 * own; null behind the last. */
static inline const mobileone_model_info *
mobileone_next_size(const mobileone_model_info *info) {
  if (info->next_size_offset == 0)
    return NULL;
  return MOBILEONE_TABLE(mobileone_model_info, info, info->next_size_offset);
}

/* The network for images of `height` x `width`; null if there is none. Give
 * P_info(). */
static inline const mobileone_model_info *
mobileone_find_size(const mobileone_model_info *info, uint32_t height,
                    uint32_t width) {
  while (info && (info->input_height != height || info->input_width != width))
    info = mobileone_next_size(info);
  return info;
}

#endif /* MOBILEONE_TYPES_1 */
