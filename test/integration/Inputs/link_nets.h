/* Between a program and the networks that it is linked with, or loads. */
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

int write_logits(const float *image, FILE *file);

#ifdef __cplusplus
}
#endif
