/* Writes the logits that one variant under two prefixes and, with -DALL, all
 * variants have for one image, which is float [3][32][32]. */
#include "link_nets.h"
#include "left.h"
#include "right.h"
#ifdef ALL
#include "s0.h"
#include "s1.h"
#include "s2.h"
#include "s3.h"
#include "s4.h"
#endif
#include <stdlib.h>

#define RUN(P, U)                                                              \
  do {                                                                         \
    float logits[U##_OUTPUT_LEN];                                              \
    char *memory = (char *)malloc(U##_ARENA_BYTES + U##_ARENA_ALIGN);          \
    int error = !memory || P##_run(image, logits,                              \
                                   memory + U##_ARENA_ALIGN -                  \
                                       (size_t)memory % U##_ARENA_ALIGN);      \
    free(memory);                                                              \
    if (error || fwrite(logits, sizeof(logits), 1, file) != 1)                 \
      return 1;                                                                \
  } while (0)

int write_logits(const float *image, FILE *file) {
  RUN(left, LEFT);
  RUN(right, RIGHT);
#ifdef ALL
  RUN(mobileone_s0, MOBILEONE_S0);
  RUN(mobileone_s1, MOBILEONE_S1);
  RUN(mobileone_s2, MOBILEONE_S2);
  RUN(mobileone_s3, MOBILEONE_S3);
  RUN(mobileone_s4, MOBILEONE_S4);
#endif
  return 0;
}
