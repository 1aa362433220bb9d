/* Runs one image on several threads, for peers/mobileone_peer.py.
 *
 *   cc -shared -fPIC -I. -DNAME=mobileone_s0 -DHEADER='"mobileone_s0.h"'
 *      bench/threaded_call.c runtime/thread_pool.cpp mobileone_s0.o -lstdc++
 */
#include HEADER
#include "runtime/thread_pool.h"

#define JOIN(a, b) a##b
#define SYMBOL(name, verb) JOIN(name, verb)

static float *outputs[1];
static size_t output_bytes[1];
static mobileone_call call;

/* Starts the threads, which stay until the process ends. The buffers are
 * NAME_run's, the arena one for all threads. Returns 0, or 1 if the system has
 * no more threads. */
int bench_prepare(uint32_t threads, const void *image, float *logits,
                  void *arena) {
  const mobileone_model_info *info = SYMBOL(NAME, _info)();
  outputs[0] = logits;
  output_bytes[0] = mobileone_outputs(info)->length * sizeof(float);
  call = (mobileone_call){
      .struct_size = sizeof(mobileone_call),
      .batch = 1,
      .input = image,
      .input_bytes = info->input_bytes,
      .outputs = outputs,
      .output_bytes = output_bytes,
      .output_count = 1,
      .workers = threads,
      .arena = arena,
      .arena_bytes = SYMBOL(NAME, _arena_bytes)(1, threads),
      .parallel_for = mobileone_thread_pool_run,
      .parallel_user = mobileone_thread_pool_create(threads),
  };
  return call.parallel_user ? 0 : 1;
}

/* Returns what NAME_run_ex does. */
int bench_run(void) { return SYMBOL(NAME, _run_ex)(&call); }
