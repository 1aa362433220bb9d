/* What an object exports, around the compiled network. Compiled to LLVM
 * bitcode when the compiler is built, linked to the network by the compiler,
 * which puts the prefix before the names of the public functions. */
#include "compiler/Target/Workers.h"
#include "runtime/mobileone.h"

#include <cpuid.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* Given by the compiler. */
extern HIDDEN const mobileone_model_info model_info;

/* What the network hands to its hooks: one image of a call. */
struct image {
  const mobileone_call *call;
  uint32_t callers_mode; /* MXCSR on entry */
  struct team *team;     /* who shares its layers; null: nobody */
  uint32_t worker;
};

/* One image, whose rows begin `stride` elements after each other, through the
 * code for `level`; stops where end_layer() says so. */
HIDDEN int network(uint32_t level, const void *input, size_t stride,
                   float *output, void *arena, const struct image *image);

/* A header's calls refer to it under a name that holds the interface's hash. */
const char abi = 0;

/* The best level: 0 not looked for yet, 1 none. */
static uint32_t best_level;

/* Round to nearest, denormals are zero, all exceptions masked. */
enum { kOwnMode = 0x9fc0 };

static int has_all(uint32_t word, uint32_t bits) {
  return (word & bits) == bits;
}

static uint32_t read_xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/* The highest level of the CPU and the operating system. */
static uint32_t find_host_level(void) {
  const uint32_t v2 = bit_SSE3 | bit_SSSE3 | bit_CMPXCHG16B | bit_SSE41 |
                      bit_SSE42 | bit_POPCNT;
  const uint32_t v3 = bit_FMA | bit_MOVBE | bit_OSXSAVE | bit_AVX | bit_F16C;
  const uint32_t v3_leaf7 = bit_BMI | bit_AVX2 | bit_BMI2;
  const uint32_t v4_leaf7 =
      bit_AVX512F | bit_AVX512DQ | bit_AVX512CD | bit_AVX512BW | bit_AVX512VL;
  /* XCR0: SSE and AVX; and opmask, upper halves and upper registers. */
  const uint32_t avx_state = 0x06, avx512_state = 0xe6;
  uint32_t eax, ebx, ecx, edx, leaf7, extended;

  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !has_all(ecx, v2))
    return MOBILEONE_ISA_NONE;
  /* OSXSAVE is among the bits: xgetbv is allowed. */
  if (!has_all(ecx, v3) || !has_all(read_xcr0(), avx_state) ||
      !__get_cpuid_count(7, 0, &eax, &leaf7, &ecx, &edx) ||
      !__get_cpuid(0x80000001, &eax, &ebx, &extended, &edx) ||
      !has_all(leaf7, v3_leaf7) || !has_all(extended, bit_LZCNT))
    return MOBILEONE_ISA_X86_64_V2;
  if (!has_all(leaf7, v4_leaf7) || !has_all(read_xcr0(), avx512_state))
    return MOBILEONE_ISA_X86_64_V3;
  return MOBILEONE_ISA_X86_64_V4;
}

static int has_code_for(uint32_t level) {
  return level < 32 && (model_info.isa_levels >> level & 1);
}

/* P_isa: the level of the code that runs here, 0 where the CPU lacks it. */
uint32_t isa(void) {
  uint32_t level = __atomic_load_n(&best_level, __ATOMIC_RELAXED);
  if (!level) {
    /* Threads that come here at once store the same word. */
    level = find_host_level();
    while (level > 1 && !has_code_for(level))
      --level;
    if (!level)
      level = 1;
    __atomic_store_n(&best_level, level, __ATOMIC_RELAXED);
  }
  return level == 1 ? MOBILEONE_ISA_NONE : level;
}

const mobileone_model_info *info(void) { return &model_info; }

static size_t get_output_bytes(void) {
  return model_info.output_length * sizeof(float);
}

static size_t get_element_bytes(void) {
  return model_info.input_layout == MOBILEONE_U8_NHWC ? 1 : sizeof(float);
}

/* Of one image: its planes follow each other. */
static size_t count_rows(void) {
  return (size_t)model_info.input_height *
         (model_info.input_layout == MOBILEONE_F32_NCHW
              ? model_info.input_channels
              : 1);
}

/* Without what may follow a row. */
static size_t get_dense_row_bytes(void) {
  return model_info.input_bytes / count_rows();
}

static size_t get_row_bytes(const mobileone_call *call) {
  return call->input_row_bytes ? call->input_row_bytes : get_dense_row_bytes();
}

/* Bytes of the arena that are a worker's own, for all workers but the first:
 * room for an image of its own or, where there are not enough images, for its
 * shares of the layers of one. */
static size_t get_block_bytes(uint32_t batch, uint32_t workers) {
  return batch >= workers ? model_info.arena_bytes : model_info.worker_bytes;
}

/* Where in the arena the workers' own bytes end. */
static size_t get_blocks_end(uint32_t batch, uint32_t workers) {
  return model_info.arena_bytes +
         (workers > 1 ? workers - 1 : 0) * get_block_bytes(batch, workers);
}

/* Whether results wait in the arena until all is well, so that an error leaves
 * the caller's output untouched. One image on one thread writes it last. */
static int is_staged(uint32_t batch, uint32_t workers) {
  return batch > 1 || workers > 1;
}

/* P_arena_bytes */
size_t arena_bytes(uint32_t batch, uint32_t workers) {
  if (!batch)
    return 0;
  return get_blocks_end(batch, workers) +
         (is_staged(batch, workers) ? batch * get_output_bytes() : 0);
}

/* The callback runs in the caller's mode of rounding. */
static void tell(const struct image *image, uint32_t layer, uint32_t phase,
                 const float *data, size_t length) {
  __builtin_ia32_ldmxcsr(image->callers_mode);
  image->call->on_layer(image->call->on_layer_user, layer, phase, data, length);
  __builtin_ia32_ldmxcsr(kOwnMode);
}

/* Called by the network before a layer. */
HIDDEN void begin_layer(const struct image *image, uint32_t layer) {
  if (image->call->on_layer)
    tell(image, layer, MOBILEONE_LAYER_BEGIN, 0, 0);
}

/* Called by the network after a layer: nonzero stops it. With
 * --instrument=tensors the result stands at `padded` + `offset`, both rows and
 * pixels with a distance in floats, and `dense` is room for it alone. */
HIDDEN int end_layer(const struct image *image, uint32_t layer,
                     const float *padded, size_t offset, size_t row,
                     size_t pixel, float *dense) {
  const mobileone_call *call = image->call;
  if (call->on_layer) {
    const mobileone_layer_info *shape = &mobileone_layers(&model_info)[layer];
    const size_t pixels = (size_t)shape->height * shape->width;
    for (size_t i = 0; dense && i < pixels; ++i)
      __builtin_memcpy(dense + i * shape->channels,
                       padded + offset + i / shape->width * row +
                           i % shape->width * pixel,
                       shape->channels * sizeof(float));
    tell(image, layer, MOBILEONE_LAYER_END, dense,
         dense ? pixels * shape->channels : 0);
  }
  return call->cancel && *call->cancel ? MOBILEONE_CANCELLED : MOBILEONE_OK;
}

/* Called by the network for a layer that workers can share. */
HIDDEN void run_parts(const struct image *image, part_function part,
                      void *const *operands, size_t units,
                      uint32_t per_worker) {
  if (image->team)
    share_layer(image->team, image->worker, part, operands, units, per_worker);
  else
    part(operands, 0, units, 0, 0);
}

static int refuse(const mobileone_call *call, int error, const char *field,
                  uint64_t expected, uint64_t actual) {
  if (call->detail) {
    const mobileone_error_detail detail = {error, 0, field, expected, actual};
    *call->detail = detail;
  }
  return error;
}

static int is_misaligned(const void *pointer, uintptr_t alignment) {
  return ((uintptr_t)pointer & (alignment - 1)) != 0;
}

/* Checks the rows of all images; behind the last one nothing is needed. */
static int check_rows(const mobileone_call *call) {
  const size_t row = get_row_bytes(call), dense = get_dense_row_bytes();
  const size_t distances = call->batch * count_rows() - 1;
  if (row < dense)
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes", dense, row);
  if (row % get_element_bytes())
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes",
                  row - row % get_element_bytes(), row);
  if (row > (SIZE_MAX - dense) / distances)
    return refuse(call, MOBILEONE_BAD_CALL, "input_row_bytes",
                  (SIZE_MAX - dense) / distances, row);
  if (call->input_bytes < distances * row + dense)
    return refuse(call, MOBILEONE_SHORT_BUFFER, "input_bytes",
                  distances * row + dense, call->input_bytes);
  return MOBILEONE_OK;
}

/* Checks all that a call says, before any work. */
static int check(const mobileone_call *call) {
  const size_t element = get_element_bytes();
  if (!call->input)
    return refuse(call, MOBILEONE_NULL_BUFFER, "input", 0, 0);
  if (!call->outputs || !call->outputs[0])
    return refuse(call, MOBILEONE_NULL_BUFFER, "outputs", 0, 0);
  if (!call->output_bytes)
    return refuse(call, MOBILEONE_NULL_BUFFER, "output_bytes", 0, 0);
  if (!call->arena)
    return refuse(call, MOBILEONE_NULL_BUFFER, "arena", 0, 0);
  if (is_misaligned(call->input, element))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "input", element,
                  (uintptr_t)call->input);
  if (is_misaligned(call->outputs[0], sizeof(float)))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "outputs", sizeof(float),
                  (uintptr_t)call->outputs[0]);
  if (is_misaligned(call->arena, 64))
    return refuse(call, MOBILEONE_MISALIGNED_BUFFER, "arena", 64,
                  (uintptr_t)call->arena);
  /* A batch whose size in bytes cannot be counted is in no memory. */
  if (!call->batch || call->batch > SIZE_MAX / 2 / model_info.input_bytes)
    return refuse(call, MOBILEONE_BAD_BATCH, "batch", 1, call->batch);
  const int error = check_rows(call);
  if (error)
    return error;
  if (call->output_count != 1)
    return refuse(call, MOBILEONE_BAD_CALL, "output_count", 1,
                  call->output_count);
  if (call->output_bytes[0] < call->batch * get_output_bytes())
    return refuse(call, MOBILEONE_SHORT_BUFFER, "output_bytes",
                  call->batch * get_output_bytes(), call->output_bytes[0]);
  if (call->arena_bytes < arena_bytes(call->batch, call->workers))
    return refuse(call, MOBILEONE_SHORT_BUFFER, "arena_bytes",
                  arena_bytes(call->batch, call->workers), call->arena_bytes);
  if (call->weights || call->weights_bytes)
    return refuse(call, MOBILEONE_BAD_CALL, "weights", 0, call->weights_bytes);
  if (call->flags)
    return refuse(call, MOBILEONE_BAD_CALL, "flags", 0, call->flags);
  if (call->on_layer && !model_info.instrument)
    return refuse(call, MOBILEONE_NOT_INSTRUMENTED, "on_layer", 0, 0);
  if (!isa() || call->isa > isa())
    return refuse(call, MOBILEONE_UNSUPPORTED_CPU, "isa", call->isa, isa());
  if (call->isa && !has_code_for(call->isa))
    return refuse(call, MOBILEONE_BAD_CALL, "isa", isa(), call->isa);
  if (call->cancel && *call->cancel)
    return refuse(call, MOBILEONE_CANCELLED, "cancel", 0, 0);
  return MOBILEONE_OK;
}

/* A call on its way. */
struct batch {
  const mobileone_call *call;
  char *results; /* of the first image */
  uint32_t level;
  int error; /* of the last image that failed */
};

/* Runs one image under the network's own mode of rounding, unless another image
 * has failed. */
static void run_network(struct batch *batch, uint32_t index, void *arena,
                        struct team *team, uint32_t worker) {
  const mobileone_call *call = batch->call;
  if (__atomic_load_n(&batch->error, __ATOMIC_RELAXED))
    return;
  const struct image image = {call, __builtin_ia32_stmxcsr(), team, worker};
  __builtin_ia32_ldmxcsr(kOwnMode);
  const size_t row = get_row_bytes(call);
  const int error = network(
      batch->level, (const char *)call->input + index * count_rows() * row,
      row / get_element_bytes(),
      (float *)(void *)(batch->results + index * get_output_bytes()), arena,
      &image);
  __builtin_ia32_ldmxcsr(image.callers_mode);
  if (error)
    __atomic_store_n(&batch->error, error, __ATOMIC_RELAXED);
}

/* One image by one worker. A mobileone_task. */
static void run_image(void *context, uint32_t index, uint32_t worker) {
  struct batch *batch = context;
  char *arena = (char *)batch->call->arena + worker * model_info.arena_bytes;
  run_network(batch, index, arena, 0, worker);
}

/* One image by all workers. */
struct shared_image {
  struct batch *batch;
  uint32_t index;
  struct team team;
};

/* Leads or helps. A mobileone_task. */
static void share_image(void *context, uint32_t index, uint32_t worker) {
  struct shared_image *image = context;
  struct team *team = &image->team;
  (void)index;
  if (!__atomic_exchange_n(&team->has_leader, 1, __ATOMIC_RELAXED)) {
    run_network(image->batch, image->index, image->batch->call->arena, team,
                worker);
    __atomic_store_n(&team->ends, 1, __ATOMIC_RELEASE);
  } else {
    const uint32_t callers_mode = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(kOwnMode);
    help(team, worker);
    __builtin_ia32_ldmxcsr(callers_mode);
  }
}

/* As many images as can be dealt out evenly go to one worker each; those that
 * are left are shared by all, one after the other. Nonzero: parallel_for
 * failed. */
static int run_parallel(struct batch *batch) {
  const mobileone_call *call = batch->call;
  const uint32_t workers = call->workers;
  uint32_t index = call->batch - call->batch % workers;
  if (index && call->parallel_for(call->parallel_user, index, run_image, batch))
    return 1;
  for (; index < call->batch && !batch->error; ++index) {
    struct shared_image image = {
        batch,
        index,
        {.workers = workers,
         .blocks = (char *)call->arena + model_info.arena_bytes,
         .block_bytes = get_block_bytes(call->batch, workers),
         .taken = kShareMask}};
    const uint32_t tasks = workers < kMostShares ? workers : kMostShares;
    if (call->parallel_for(call->parallel_user, tasks, share_image, &image))
      return 1;
  }
  return 0;
}

static int run_images(const mobileone_call *call) {
  struct batch batch = {call, (char *)call->outputs[0],
                        call->isa ? call->isa : isa(), MOBILEONE_OK};
  const int staged = is_staged(call->batch, call->workers);
  if (staged)
    batch.results =
        (char *)call->arena + get_blocks_end(call->batch, call->workers);
  if (!call->parallel_for || call->workers < 2)
    for (uint32_t image = 0; image < call->batch; ++image)
      run_image(&batch, image, 0);
  else if (run_parallel(&batch))
    return refuse(call, MOBILEONE_PARALLEL_FAILED, "parallel_for", 0, 0);
  if (batch.error)
    return refuse(call, batch.error, "cancel", 0, 0);
  if (staged)
    __builtin_memcpy(call->outputs[0], batch.results,
                     call->batch * get_output_bytes());
  return MOBILEONE_OK;
}

int run_ex(const mobileone_call *call) {
  if (!call)
    return MOBILEONE_NULL_BUFFER;
  if (call->struct_size < sizeof(mobileone_call))
    return MOBILEONE_BAD_CALL;
  /* What a later version added must not be asked for. */
  for (size_t i = sizeof(mobileone_call); i < call->struct_size; ++i)
    if (((const char *)call)[i])
      return refuse(call, MOBILEONE_BAD_CALL, "struct_size",
                    sizeof(mobileone_call), call->struct_size);
  const int error = check(call);
  return error ? error : run_images(call);
}

int run(const void *input, float *output, void *arena) {
  const size_t output_bytes = get_output_bytes();
  const mobileone_call call = {.struct_size = sizeof(mobileone_call),
                               .batch = 1,
                               .input = input,
                               .input_bytes = model_info.input_bytes,
                               .outputs = &output,
                               .output_bytes = &output_bytes,
                               .output_count = 1,
                               .workers = 1,
                               .arena = arena,
                               .arena_bytes = model_info.arena_bytes};
  return run_ex(&call);
}
