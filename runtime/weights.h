/* The weights of an object that was compiled with --weights=external: maps the
 * file NAME.weights and checks it.
 *
 *   mobileone_weights weights;
 *   int error = mobileone_weights_open("net.weights", net_info(), &weights);
 *   ...
 *   call.weights = weights.data;
 *   call.weights_bytes = weights.bytes;
 *
 * C99 for POSIX systems. The pages are those of the file: processes that map it
 * share them, and the system reads them when they are used and takes them back
 * when memory is short. While it is mapped, the file must not be cut short or
 * written to: replace it by another (rename), which an open mapping does not
 * see. */
#ifndef MOBILEONE_RUNTIME_WEIGHTS_H
#define MOBILEONE_RUNTIME_WEIGHTS_H

#include "mobileone.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mobileone_weights {
  const void *data; /* for mobileone_call */
  size_t bytes;
} mobileone_weights;

/* Maps the file at 'path' and checks that it holds the weights of the model
 * 'info' and nothing else. Reads all of it once. Returns 0, or with 'weights'
 * zero:
 *   MOBILEONE_NULL_BUFFER   an argument is null
 *   MOBILEONE_IO_ERROR      the file cannot be opened or mapped; errno says why
 *   MOBILEONE_SHORT_BUFFER  it is shorter than the model's weights
 *   MOBILEONE_BAD_WEIGHTS   it is damaged, or of another object, or the object
 *                           holds its weights itself */
int mobileone_weights_open(const char *path, const mobileone_model_info *info,
                           mobileone_weights *weights);

/* Ends the mapping; no call may use it any more. Zero is allowed. */
void mobileone_weights_close(mobileone_weights *weights);

/* The same checks for a file's content that is in memory by other means,
 * 64-byte aligned (MOBILEONE_MISALIGNED_BUFFER). */
int mobileone_weights_check(const void *data, size_t bytes,
                            const mobileone_model_info *info);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_RUNTIME_WEIGHTS_H */
