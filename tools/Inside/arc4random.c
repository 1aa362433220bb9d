/* Random numbers for libraries compiled on glibc 2.36, which has arc4random:
 * hidden, so that a tool that is linked to them runs where glibc has none. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#if __GLIBC_PREREQ(2, 36)
__attribute__((visibility("hidden"))) uint32_t arc4random(void) {
  uint32_t value;
  if (getentropy(&value, sizeof(value)))
    abort(); /* as glibc does where the system gives no random numbers */
  return value;
}
#endif
