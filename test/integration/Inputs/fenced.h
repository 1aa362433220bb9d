/* Buffers between pages that nobody may touch, so that a read or write of one
 * byte too many is a crash. */
#ifndef MOBILEONE_TEST_FENCED_H
#define MOBILEONE_TEST_FENCED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Memory of `size` bytes that ends right before a guard page; `at_start`: that
 * begins right behind one. A page boundary has every alignment. */
static inline void *fenced_alloc(size_t size, int at_start) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t inner = (size + page - 1) / page * page;
  char *base = (char *)mmap(NULL, inner + 2 * page, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == (char *)MAP_FAILED ||
      mprotect(base + page, inner, PROT_READ | PROT_WRITE) != 0) {
    perror("mmap");
    exit(2);
  }
  return at_start ? base + page : base + page + inner - size;
}

static inline void fenced_free(void *memory, size_t size, int at_start) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t inner = (size + page - 1) / page * page;
  char *start = at_start ? (char *)memory : (char *)memory + size - inner;
  munmap(start - page, inner + 2 * page);
}

/* Fills floats with a NaN of all bits set. */
static inline void fill_with_nan(void *data, size_t size) {
  memset(data, 0xff, size);
}

/* The content of a file from byte `offset` on, which must have `size` bytes. */
static inline void read_file(const char *name, long offset, void *data,
                             size_t size) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, offset, SEEK_SET) != 0 ||
      fread(data, 1, size, file) != size) {
    fprintf(stderr, "%s: expects %zu bytes from %ld on\n", name, size, offset);
    exit(2);
  }
  fclose(file);
}

#endif /* MOBILEONE_TEST_FENCED_H */
