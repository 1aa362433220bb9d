/* Windows' functions keep more registers than others do: xmm6 to xmm15, which
 * kernels compute in. At each level, alone and by workers in turn, the caller
 * finds them again, and unwinding from a callback gets back to it. */
#include "test_model.h"
#include <windows.h>

enum { kKept = 10, kWorkers = 2 };

/* Of windows_registers.s. */
int call_with_marks(const mobileone_call *call, const float *before,
                    float *after, int (*function)(const mobileone_call *));

static int in_turn(void *user, uint32_t count, mobileone_task task,
                   void *context) {
  uint32_t i;
  (void)user;
  for (i = 0; i < count; ++i)
    task(context, i, i % kWorkers);
  return 0;
}

/* Walks the stack from within the network to whoever called the object. */
static void on_layer(void *user, uint32_t layer, uint32_t phase,
                     const float *data, size_t length) {
  void *frames[32];
  USHORT i, count = RtlCaptureStackBackTrace(0, 32, frames, NULL);
  const uintptr_t caller = (uintptr_t)call_with_marks;
  (void)layer, (void)phase, (void)data, (void)length;
  for (i = 0; i < count; ++i)
    if ((uintptr_t)frames[i] - caller < 400)
      ++*(int *)user;
}

int main(void) {
  static float before[4 * kKept], after[4 * kKept], output[kOutputs];
  void *input = fenced_alloc(SIZE(_INPUT_BYTES), 0);
  const size_t arena_bytes = MODEL(_arena_bytes)(1, kWorkers);
  void *arena = fenced_alloc(arena_bytes, 0);
  float *outputs[] = {output};
  mobileone_call call = new_call(input, outputs, arena);
  int unwound = 0;
  uint32_t level, i;
  fill_input(input);
  call.arena_bytes = arena_bytes;
  call.parallel_for = in_turn;
  call.on_layer = on_layer;
  call.on_layer_user = &unwound;
  for (i = 0; i < 4 * kKept; ++i)
    before[i] = (float)i;
  for (level = 1; level <= MODEL(_isa)(); ++level)
    for (call.workers = 1; call.workers <= kWorkers; ++call.workers) {
      if (!(MODEL(_info)()->isa_levels >> level & 1))
        continue;
      call.isa = level;
      unwound = 0;
      memset(after, 0, sizeof after);
      EXPECT(call_with_marks(&call, before, after, MODEL(_run_ex)) ==
             MOBILEONE_OK);
      EXPECT(memcmp(before, after, sizeof before) == 0);
      printf("level %u, %u workers: %s\n", (unsigned)level,
             (unsigned)call.workers, unwound ? "unwound" : "lost");
    }
  return 0;
}
