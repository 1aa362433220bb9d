/* Measures the multiply-add peak of one core. */
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_PEAKKERNEL_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_PEAKKERNEL_H

#include "runtime/mobileone.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Does a fixed number of independent multiply-adds in registers, with the
 * instructions of 'level', which the CPU must have.  Takes well below a
 * millisecond.  Returns the number of floating-point operations, or 0 if there
 * is no kernel for the level on this kind of machine. */
double mobileone_peak_run(mobileone_isa_level level);

#ifdef __cplusplus
}
#endif

#endif /* MOBILEONE_TOOLS_MOBILEONE_RUN_PEAKKERNEL_H */
