/* Decodes JPEG files with stb_image into .ppm files beside each other:
 *   stb FOLDER FILE... */
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#include <stb/stb_image.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  for (int i = 2; i < argc; ++i) {
    int width, height, channels;
    unsigned char *pixels = stbi_load(argv[i], &width, &height, &channels, 3);
    if (!pixels) {
      fprintf(stderr, "%s: %s\n", argv[i], stbi_failure_reason());
      return 1;
    }
    const char *slash = strrchr(argv[i], '/');
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.ppm", argv[1],
             slash ? slash + 1 : argv[i]);
    FILE *file = fopen(path, "wb");
    if (!file) {
      perror(path);
      return 1;
    }
    fprintf(file, "P6 %d %d 255\n", width, height);
    fwrite(pixels, 3, (size_t)width * (size_t)height, file);
    if (fclose(file))
      return 1;
    stbi_image_free(pixels);
  }
  return 0;
}
