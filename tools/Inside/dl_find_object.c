/* What libgcc asks glibc 2.35 for when an exception is thrown: hidden, so that
 * a tool that is linked to it statically runs where glibc has none. By the
 * list of loaded objects, as libgcc did before. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#ifdef DLFO_STRUCT_HAS_EH_DBASE

typedef struct search {
  uintptr_t address;
  struct dl_find_object *result;
} search;

/* Whether the address lies in this object, whose table of unwinding is then
 * the result. */
static int visit(struct dl_phdr_info *object, size_t size, void *user) {
  search *search = user;
  const ElfW(Phdr) *table = NULL;
  int i, is_found = 0;
  (void)size;
  for (i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    uintptr_t begin = object->dlpi_addr + segment->p_vaddr;
    if (segment->p_type == PT_GNU_EH_FRAME)
      table = segment;
    if (segment->p_type != PT_LOAD || search->address < begin ||
        search->address - begin >= segment->p_memsz)
      continue;
    is_found = 1;
    search->result->dlfo_map_start = (void *)begin;
    search->result->dlfo_map_end = (void *)(begin + segment->p_memsz);
  }
  if (!is_found || !table)
    return 0;
  search->result->dlfo_flags = 0;
  search->result->dlfo_link_map = NULL;
  search->result->dlfo_eh_frame = (void *)(object->dlpi_addr + table->p_vaddr);
  return 1;
}

/* 0, or -1 if the address lies in no object that can be unwound. libgcc reads
 * dlfo_eh_frame alone. */
__attribute__((visibility("hidden"))) int
_dl_find_object(void *address, struct dl_find_object *result) {
  search search = {(uintptr_t)address, result};
  return dl_iterate_phdr(visit, &search) ? 0 : -1;
}

#endif
