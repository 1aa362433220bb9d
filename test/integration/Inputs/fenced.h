/* Buffers between pages that nobody may touch, so that a read or write of one
 * byte too many is a crash; in WebAssembly, which has no such pages, anywhere.
 */
#ifndef MOBILEONE_TEST_FENCED_H
#define MOBILEONE_TEST_FENCED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#elif !defined(__wasm__)
#include <sys/mman.h>
#include <unistd.h>
#endif

/* Pages that nobody may touch, or null; opened, they are memory. */
#ifdef _WIN32
static inline size_t get_page_bytes(void) { return 4096; }
static inline char *reserve_pages(size_t size) {
  return (char *)VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);
}
static inline int open_pages(char *start, size_t size) {
  return VirtualAlloc(start, size, MEM_COMMIT, PAGE_READWRITE) != NULL;
}
static inline void release_pages(char *start, size_t size) {
  (void)size;
  VirtualFree(start, 0, MEM_RELEASE);
}
#elif defined(__wasm__)
static inline size_t get_page_bytes(void) { return 4096; }
static inline char *reserve_pages(size_t size) {
  return (char *)aligned_alloc(get_page_bytes(), size);
}
static inline int open_pages(char *start, size_t size) { return start && size; }
static inline void release_pages(char *start, size_t size) {
  (void)size;
  free(start);
}
#else
static inline size_t get_page_bytes(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}
static inline char *reserve_pages(size_t size) {
  void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return start == MAP_FAILED ? NULL : (char *)start;
}
static inline int open_pages(char *start, size_t size) {
  return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}
static inline void release_pages(char *start, size_t size) {
  munmap(start, size);
}
#endif

/* Memory of `size` bytes that ends right before a guard page; `at_start`: that
 * begins right behind one. A page boundary has every alignment. */
static inline void *fenced_alloc(size_t size, int at_start) {
  const size_t page = get_page_bytes();
  const size_t inner = (size + page - 1) / page * page;
  char *base = reserve_pages(inner + 2 * page);
  if (!base || !open_pages(base + page, inner)) {
    fprintf(stderr, "no memory of %zu bytes\n", size);
    exit(2);
  }
  return at_start ? base + page : base + page + inner - size;
}

static inline void fenced_free(void *memory, size_t size, int at_start) {
  const size_t page = get_page_bytes();
  const size_t inner = (size + page - 1) / page * page;
  char *start = at_start ? (char *)memory : (char *)memory + size - inner;
  release_pages(start - page, inner + 2 * page);
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
