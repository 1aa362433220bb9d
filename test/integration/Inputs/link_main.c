/* Writes to standard output what the networks make of an image in a .npy file,
 * whose header is 128 bytes. */
#include "link_nets.h"

static float image[3 * 32 * 32];

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  return !file || fseek(file, 128, SEEK_SET) ||
         fread(image, sizeof(image), 1, file) != 1 ||
         write_logits(image, stdout) || fflush(stdout);
}
