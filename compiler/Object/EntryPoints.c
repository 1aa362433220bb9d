/* What an object exports, around the compiled network: the entry points' side
 * of the contract (compiler/Contract/Contract.h). Compiled to LLVM
 * bitcode when the compiler is built, linked to the network by the compiler,
 * which puts the prefix before the names of the public functions. */
#include "compiler/Object/CheckCall.h"
#include "compiler/Object/Processor.h"
#include "compiler/Object/Workers.h"

/* One image of a call that is on its way. */
struct image {
  const mobileone_call *call;
  const mobileone_model_info *size;
  rounding_mode callers_mode; /* on entry */
  struct team *team;          /* who shares its layers; null: nobody */
  uint32_t worker;
};

const mobileone_model_info *info(void) { return &model_info; }

/* The callback runs in the caller's mode of rounding. */
static void tell(const struct image *image, uint32_t layer, uint32_t phase,
                 const float *data, size_t length) {
  set_mode(image->callers_mode);
  image->call->on_layer(image->call->on_layer_user, layer, phase, data, length);
  set_mode(kOwnMode);
}

void begin_layer(const struct image *image, uint32_t layer) {
  if (image->call->on_layer)
    tell(image, layer, MOBILEONE_LAYER_BEGIN, 0, 0);
}

int end_layer(const struct image *image, uint32_t layer, const float *padded,
              uint64_t offset, uint64_t row, uint64_t pixel, float *dense) {
  const mobileone_call *call = image->call;
  if (call->on_layer) {
    const mobileone_layer_info *shape = &mobileone_layers(image->size)[layer];
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

void run_parts(const struct image *image, part_function *part,
               const uint64_t *operands, uint64_t units, uint32_t per_worker) {
  if (image->team)
    share_layer(image->team, image->worker, part, operands, units, per_worker);
  else
    part(operands, 0, units, 0, 0);
}

/* A call on its way. */
struct batch {
  const mobileone_call *call;
  const mobileone_model_info *size; /* of the images */
  uint32_t size_number;
  char *results[MOBILEONE_MOST_OUTPUTS]; /* of the first image */
  uint32_t level;
  int error;      /* of whatever failed last */
  uint32_t tasks; /* that the parallel_for on its way is to run */
  uint64_t ran;   /* the sum of the marks of those that it ran */
};

/* Behind their head where the caller gives them. */
static const char *get_weights(const mobileone_call *call) {
  return model_info.external_weights
             ? (const char *)call->weights + sizeof(mobileone_weights_head)
             : weights;
}

/* Runs one image under the network's own mode of rounding, unless another image
 * has failed. */
static void run_network(struct batch *batch, uint32_t index, void *arena,
                        struct team *team, uint32_t worker) {
  const mobileone_call *call = batch->call;
  const mobileone_model_info *size = batch->size;
  if (__atomic_load_n(&batch->error, __ATOMIC_RELAXED))
    return;
  const struct image image = {call, size, get_mode(), team, worker};
  set_mode(kOwnMode);
  const size_t row = get_row_bytes(call, size);
  float *outputs[MOBILEONE_MOST_OUTPUTS];
  for (uint32_t i = 0; i < model_info.output_count; ++i)
    outputs[i] = (float *)(void *)(batch->results[i] +
                                   index * get_output_bytes(size, i));
  const int error = network(
      batch->size_number, batch->level,
      (const char *)call->input + index * count_rows(size) * row,
      row / get_element_bytes(), outputs, arena, get_weights(call), &image);
  set_mode(image.callers_mode);
  if (error)
    __atomic_store_n(&batch->error, error, __ATOMIC_RELAXED);
}

/* Whether a task is asked for, and the arena has room for `worker`; else the
 * call fails. */
static int is_known(struct batch *batch, uint32_t index, uint32_t worker) {
  if (index < batch->tasks && (worker < batch->call->workers || !worker))
    return 1;
  __atomic_store_n(&batch->error, MOBILEONE_PARALLEL_FAILED, __ATOMIC_RELAXED);
  return 0;
}

/* Bits of a task that look like chance. Only if each task ran once is the sum
 * of all marks right: one that ran twice does not make up for another. */
static uint64_t get_mark(uint32_t index) {
  uint64_t mark = (index + (uint64_t)1) * 0x9e3779b97f4a7c15;
  mark = (mark ^ mark >> 30) * 0xbf58476d1ce4e5b9;
  return mark ^ mark >> 31;
}

static void note_end(struct batch *batch, uint32_t index) {
  __atomic_fetch_add(&batch->ran, get_mark(index), __ATOMIC_RELEASE);
}

/* Has the caller run tasks, each once. Nonzero: it did not. */
static int run_tasks(struct batch *batch, uint32_t count, mobileone_task task,
                     void *context) {
  const mobileone_call *call = batch->call;
  uint64_t all = 0;
  for (uint32_t index = 0; index < count; ++index)
    all += get_mark(index);
  batch->tasks = count;
  batch->ran = 0;
  return call->parallel_for(call->parallel_user, count, task, context) ||
         __atomic_load_n(&batch->ran, __ATOMIC_ACQUIRE) != all;
}

/* One image by one worker. A mobileone_task. */
static void run_image(void *context, uint32_t index, uint32_t worker) {
  struct batch *batch = context;
  if (!is_known(batch, index, worker))
    return;
  char *arena = (char *)batch->call->arena + worker * model_info.arena_bytes;
  run_network(batch, index, arena, 0, worker);
  note_end(batch, index);
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
  if (!is_known(image->batch, index, worker))
    return;
  if (!__atomic_exchange_n(&team->has_leader, 1, __ATOMIC_RELAXED)) {
    run_network(image->batch, image->index, image->batch->call->arena, team,
                worker);
    __atomic_store_n(&team->ends, 1, __ATOMIC_RELEASE);
  } else {
    const rounding_mode callers_mode = get_mode();
    set_mode(kOwnMode);
    help(team, worker);
    set_mode(callers_mode);
  }
  note_end(image->batch, index);
}

/* As many images as can be dealt out evenly go to one worker each; those that
 * are left are shared by all, one after the other. Nonzero: parallel_for
 * failed. */
static int run_parallel(struct batch *batch) {
  const mobileone_call *call = batch->call;
  const uint32_t workers = call->workers;
  uint32_t index = call->batch - call->batch % workers;
  if (index && run_tasks(batch, index, run_image, batch))
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
    if (run_tasks(batch, tasks, share_image, &image))
      return 1;
  }
  return 0;
}

static int run_images(const mobileone_call *call,
                      const mobileone_model_info *size, uint32_t size_number) {
  struct batch batch = {.call = call,
                        .size = size,
                        .size_number = size_number,
                        .level = call->isa ? call->isa : isa(),
                        .error = MOBILEONE_OK,
                        .tasks = call->batch};
  for (uint32_t i = 0; i < model_info.output_count; ++i)
    batch.results[i] = (char *)call->outputs[i];
  const int staged = is_staged(call->batch, call->workers);
  if (staged)
    batch.results[0] =
        (char *)call->arena + get_blocks_end(call->batch, call->workers);
  if (!call->parallel_for || call->workers < 2)
    for (uint32_t image = 0; image < call->batch; ++image)
      run_image(&batch, image, 0);
  else if (run_parallel(&batch))
    return refuse(call, MOBILEONE_PARALLEL_FAILED, "parallel_for", 0, 0);
  if (batch.error)
    return refuse(
        call, batch.error,
        batch.error == MOBILEONE_CANCELLED ? "cancel" : "parallel_for", 0, 0);
  if (staged)
    __builtin_memcpy(call->outputs[0], batch.results[0],
                     call->batch * get_output_bytes(size, 0));
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
  const mobileone_model_info *size;
  const uint32_t size_number = find_size(call, &size);
  const int error = check(call, size);
  return error ? error : run_images(call, size, size_number);
}

int run(const void *input, float *output, void *arena) {
  const uint32_t batch = model_info.batch;
  const size_t output_bytes = batch * get_output_bytes(&model_info, 0);
  const mobileone_call call = {.struct_size = sizeof(mobileone_call),
                               .batch = batch,
                               .input = input,
                               .input_bytes = batch * model_info.input_bytes,
                               .outputs = &output,
                               .output_bytes = &output_bytes,
                               .output_count = 1,
                               .workers = 1,
                               .arena = arena,
                               .arena_bytes = arena_bytes(batch, 1)};
  return run_ex(&call);
}
