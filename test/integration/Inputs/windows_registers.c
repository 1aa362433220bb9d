/* Windows' functions keep more registers than others do: rsi, rdi and xmm6 to
 * xmm15, which kernels compute in. Alone and by workers in turn, the caller
 * finds them again, and unwinding from a callback gets back to it. */
#include "test_model.h"
#include <windows.h>

/* Ten vectors, and two registers of half their size. */
enum { kKept = 11 * 4, kWorkers = 2 };
#include "in_turn.h"

/* Of windows_registers.s. */
int call_with_marks(const mobileone_call *call, const float *before,
                    float *after, int (*function)(const mobileone_call *));
/* What it calls returns to here. */
extern const char behind_the_call[];

typedef struct {
  int all, unwound;
} callbacks;

/* Walks the stack from within the network to whoever called the object. */
static void on_layer(void *user, uint32_t layer, uint32_t phase,
                     const float *data, size_t length) {
  void *frames[64];
  callbacks *seen = user;
  USHORT i, count = RtlCaptureStackBackTrace(0, 64, frames, NULL);
  (void)layer, (void)phase, (void)data, (void)length;
  ++seen->all;
  for (i = 0; i < count; ++i)
    seen->unwound += (const char *)frames[i] == behind_the_call;
}

int main(void) {
  static float before[kKept], after[kKept], output[kOutputs];
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  const size_t arena_bytes = MODEL(_arena_bytes)(1, kWorkers);
  void *arena = fenced_alloc(arena_bytes, 0);
  float *outputs[] = {output};
  mobileone_call call = new_call(input, outputs, arena);
  callbacks seen;
  uint32_t i;
  fill_input(input);
  call.arena_bytes = arena_bytes;
  call.parallel_for = in_turn;
  call.on_layer = on_layer;
  call.on_layer_user = &seen;
  for (i = 0; i < kKept; ++i)
    before[i] = (float)i;
  for (call.workers = 1; call.workers <= kWorkers; ++call.workers) {
    memset(&seen, 0, sizeof seen);
    memset(after, 0, sizeof after);
    EXPECT(call_with_marks(&call, before, after, MODEL(_run_ex)) ==
           MOBILEONE_OK);
    EXPECT(memcmp(before, after, sizeof before) == 0);
    printf("%u workers: %d of %d callbacks find the caller\n",
           (unsigned)call.workers, seen.unwound, seen.all);
  }
  return 0;
}
