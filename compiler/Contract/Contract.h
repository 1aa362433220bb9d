/* The contract between a compiled network and the entry points of its object:
 * what one side defines and the other uses. Plain C that knows nothing of the
 * compiler. The entry points (compiler/Object/EntryPoints.c) include it and
 * define most of it; passes take names and types from it by Prototype.h. */
#ifndef MOBILEONE_COMPILER_CONTRACT_CONTRACT_H
#define MOBILEONE_COMPILER_CONTRACT_CONTRACT_H

#include "runtime/mobileone.h"

#ifdef __cplusplus
/* `run`, `info` and `isa` are words of C++ programs, too. */
namespace mobileone::contract {
extern "C" {
#endif

/* Public functions, each with the model's prefix before its name: P_run. What
 * they do is said in the header of each object (compiler/Object/Header.cpp). */

int run(const void *input, float *output, void *arena);
int run_ex(const mobileone_call *call);
size_t arena_bytes(uint32_t batch, uint32_t workers);
const mobileone_model_info *info(void);
uint32_t isa(void);

/* All else stays inside of the object. Networks count in 64 bits on every
 * machine, so sizes between both sides are uint64_t, not size_t. */
#pragma GCC visibility push(hidden)

/* What the compiler gives: the description of the network, for each image size
 * its own, one behind the other with its tables; and what kernels read, once
 * for all levels and sizes, from a page's beginning on. It is empty with
 * --weights=external. */
extern const mobileone_model_info model_info;
extern const char weights[];

/* One image of a call that is on its way. The network hands it on. */
struct image;

/* The network, made by the compiler. It computes one image, whose rows begin
 * `stride` elements after each other, by the code for the size of that number,
 * counted from 0, and `level`, and by the weights, which are 64-byte aligned,
 * into one buffer per output, and stops with the status of end_layer() where
 * that is not 0. The code of each size and level has the same type without
 * these two. */
int network(uint32_t size, uint32_t level, const void *input, uint64_t stride,
            float *const *outputs, void *arena, const char *weights,
            const struct image *image);

/* The network calls it before a layer. */
void begin_layer(const struct image *image, uint32_t layer);

/* The network calls it after a layer: nonzero stops it. With
 * --instrument=tensors the result stands at `padded` + `offset`, both rows and
 * pixels with a distance in floats, and `dense` is room for it alone; else
 * these are null and 0. */
int end_layer(const struct image *image, uint32_t layer, const float *padded,
              uint64_t offset, uint64_t row, uint64_t pixel, float *dense);

/* Computes the units from `begin` to `end` of a layer; made by the compiler.
 * An operand is an address or a number, in 8 bytes. Buffers that a worker or a
 * share needs for itself are in the blocks or, where a block is null, among the
 * operands.
 */
typedef void part_function(const uint64_t *operands, uint64_t begin,
                           uint64_t end, char *worker_block, char *share_block);

/* The network calls it for a layer that workers can share: all units from 0 to
 * `units`, in `per_worker` shares for each worker if there are so many. */
void run_parts(const struct image *image, part_function *part,
               const uint64_t *operands, uint64_t units, uint32_t per_worker);

#pragma GCC visibility pop

#ifdef __cplusplus
} /* extern "C" */
} /* namespace mobileone::contract */
#endif

#endif /* MOBILEONE_COMPILER_CONTRACT_CONTRACT_H */
