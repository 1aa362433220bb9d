/* Stands in for a generated object: small enough to check by hand.  Output n is
 * the mean of input channel n over the 4 x 6 pixels.  Each macro below changes
 * or spoils one thing. */
#include "runtime/mobileone.h"

#ifndef TOY_LAYOUT
#define TOY_LAYOUT MOBILEONE_U8_NHWC
#endif
#ifndef TOY_ORDER
#define TOY_ORDER MOBILEONE_RGB
#endif
#ifndef TOY_MEAN
#define TOY_MEAN 0
#define TOY_STD 0
#endif
#ifndef TOY_STRUCT_SIZE
#define TOY_STRUCT_SIZE sizeof(mobileone_model_info)
#endif
#ifndef TOY_INPUT_BYTES
#define TOY_INPUT_BYTES                                                        \
  (PIXELS * CHANNELS * (TOY_LAYOUT == MOBILEONE_U8_NHWC ? 1 : sizeof(float)))
#endif
#ifndef TOY_OUTPUT_LENGTH
#define TOY_OUTPUT_LENGTH CHANNELS
#endif
#ifndef TOY_ARENA_BYTES
#define TOY_ARENA_BYTES 64
#endif
#ifndef TOY_WORKERS
#define TOY_WORKERS 1
#endif
#ifndef TOY_INSTRUMENT
#define TOY_INSTRUMENT MOBILEONE_INSTRUMENT_NONE
#endif
#ifndef TOY_ISA_LEVELS
#define TOY_ISA_LEVELS (1u << MOBILEONE_ISA_X86_64_V2)
#endif
#ifndef TOY_PREFIX
#define TOY_PREFIX toy
#endif
#define PASTE(a, b) a##b
#define JOIN(a, b) PASTE(a, b)
#define P(name) JOIN(TOY_PREFIX, name)

enum {
  HEIGHT = 4,
  WIDTH = 6,
  PIXELS = HEIGHT * WIDTH,
  CHANNELS = TOY_ORDER == MOBILEONE_RGBA || TOY_ORDER == MOBILEONE_BGRA ? 4 : 3
};

/* With callbacks, the second of three layers is computed with the first. */
static const struct {
  mobileone_model_info info;
  mobileone_layer_info layers[3];
  mobileone_output_info output;
} model = {{
               .struct_size = TOY_STRUCT_SIZE,
               .layers_offset = sizeof(mobileone_model_info),
               .layer_count = 3,
               .input_layout = TOY_LAYOUT,
               .input_channels = CHANNELS,
               .input_height = HEIGHT,
               .input_width = WIDTH,
               .output_count = 1,
               .outputs_offset = sizeof(mobileone_model_info) +
                                 3 * sizeof(mobileone_layer_info),
               .instrument = TOY_INSTRUMENT,
               .isa_levels = TOY_ISA_LEVELS,
               .input_bytes = TOY_INPUT_BYTES,
               .arena_bytes = TOY_ARENA_BYTES,
               .multiply_adds = 1000,
               .mean = {TOY_MEAN, TOY_MEAN, TOY_MEAN},
               .std = {TOY_STD, TOY_STD, TOY_STD},
               .channel_order = TOY_ORDER,
               .variant = "toy",
               .precision = "f32",
           },
           {
               {.name = "a<b",
                .height = 2,
                .width = 3,
                .channels = 4,
                .multiply_adds = 500},
               {.name = "b",
                .height = 1,
                .width = 3,
                .channels = 4,
                .multiply_adds = 300},
               {.name = "c",
                .height = 1,
                .width = 1,
                .channels = 3,
                .algorithm = MOBILEONE_STRASSEN,
                .multiply_adds = 200},
           },
           {.name = "logits",
#ifdef TOY_SOFTMAX
            .kind = MOBILEONE_SOFTMAX,
#endif
            .channels = TOY_OUTPUT_LENGTH,
            .height = 1,
            .width = 1,
            .length = TOY_OUTPUT_LENGTH}};

const mobileone_model_info *P(_info)(void) {
#ifdef TOY_WITHOUT_DESCRIPTION
  return 0;
#endif
  return &model.info;
}

size_t P(_arena_bytes)(uint32_t batch, uint32_t workers) {
  return batch == 1 ? workers * TOY_ARENA_BYTES : 0;
}

#ifndef TOY_WITHOUT_ISA
uint32_t P(_isa)(void) { return MOBILEONE_ISA_X86_64_V2; }
#endif

#ifdef TOY_CALLS
int TOY_CALLS(void);
#endif

/* A mobileone_task: the mean of one channel, summed in the worker's arena. */
static void average(void *context, uint32_t channel, uint32_t worker) {
  const mobileone_call *call = context;
  const void *input = call->input;
  float *sum =
      (float *)call->arena + worker * (TOY_ARENA_BYTES / sizeof(float));
#ifndef TOY_READS_ARENA
  *sum = 0;
#endif
  for (int pixel = 0; pixel < PIXELS; ++pixel)
    *sum += TOY_LAYOUT == MOBILEONE_U8_NHWC
                ? ((const uint8_t *)input)[pixel * CHANNELS + channel]
            : TOY_LAYOUT == MOBILEONE_F32_NHWC
                ? ((const float *)input)[pixel * CHANNELS + channel]
                : ((const float *)input)[channel * PIXELS + pixel];
  call->outputs[0][channel] = *sum / PIXELS;
}

int P(_run_ex)(const mobileone_call *call) {
#ifdef TOY_CALLS
  TOY_CALLS();
#endif
#ifdef TOY_RETURNS
  return TOY_RETURNS;
#endif
  if (call->struct_size != sizeof *call || call->batch != 1 ||
      call->output_count != 1 || call->workers != TOY_WORKERS ||
      (call->isa && call->isa != MOBILEONE_ISA_X86_64_V2))
    return MOBILEONE_BAD_CALL;
  if (call->input_bytes < TOY_INPUT_BYTES ||
      call->output_bytes[0] < CHANNELS * sizeof(float) ||
      call->arena_bytes < P(_arena_bytes)(1, TOY_WORKERS))
    return MOBILEONE_SHORT_BUFFER;
  if ((uintptr_t)call->arena % 64 != 0)
    return MOBILEONE_MISALIGNED_BUFFER;
  if (call->parallel_for(call->parallel_user, CHANNELS, average, (void *)call))
    return MOBILEONE_PARALLEL_FAILED;
  for (uint32_t layer = 0; call->on_layer && layer < 3; layer += 2) {
    call->on_layer(call->on_layer_user, layer, MOBILEONE_LAYER_BEGIN, 0, 0);
    call->on_layer(call->on_layer_user, layer, MOBILEONE_LAYER_END, 0, 0);
  }
  return MOBILEONE_OK;
}
