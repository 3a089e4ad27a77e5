// A library for `LD_AUDIT`: gives calls to the recorder that symbol search alone would take past
// it, of libraries that are loaded with `RTLD_DEEPBIND` or into a namespace of their own, and
// functions that are looked up in the C library's handle.
//
// The loader asks it at each binding. It lives in a namespace of its own, with a C library of its
// own, and calls nothing of it.
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK __attribute__((visibility("default"), used))

static const char recorder_name[] = "liblockgraph_recorder.so";

/// The recorder's exported functions, as its own tables in memory have them.
static struct {
  uintptr_t *cookie;
  uintptr_t base;
  const ElfW(Sym) *symbols;
  const char *names;
  uint32_t count;
} recorder;

static int is_equal(const char *left, const char *right) {
  while (*left != 0 && *left == *right) {
    left++;
    right++;
  }
  return *left == *right;
}

static const char *last_part(const char *path) {
  const char *part = path;
  for (; *path != 0; path++) {
    if (*path == '/') part = path + 1;
  }
  return part;
}

/// How many symbols there are: one more than the highest in the hash table.
static uint32_t count_symbols(const uint32_t *table) {
  uint32_t buckets = table[0], first = table[1], bloom = table[2];
  const uint32_t *bucket = table + 4 + bloom * (sizeof(ElfW(Addr)) / 4);
  const uint32_t *chain = bucket + buckets;
  uint32_t last = 0;
  for (uint32_t index = 0; index < buckets; index++) {
    if (bucket[index] > last) last = bucket[index];
  }
  if (last < first) return first;
  while ((chain[last - first] & 1) == 0) last++;
  return last + 1;
}

static void find_functions(const struct link_map *map, uintptr_t *cookie) {
  const uint32_t *hash = NULL;
  for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
    // The loader has not made these addresses absolute yet.
    uintptr_t address = entry->d_un.d_ptr;
    if (address < map->l_addr) address += map->l_addr;
    if (entry->d_tag == DT_SYMTAB) recorder.symbols = (const ElfW(Sym) *)address;
    if (entry->d_tag == DT_STRTAB) recorder.names = (const char *)address;
    if (entry->d_tag == DT_GNU_HASH) hash = (const uint32_t *)address;
  }
  if (recorder.symbols == NULL || recorder.names == NULL || hash == NULL) return;
  recorder.base = map->l_addr;
  recorder.cookie = cookie;
  recorder.count = count_symbols(hash);
}

HOOK unsigned la_version(unsigned version) { return version < LAV_CURRENT ? version : LAV_CURRENT; }

HOOK unsigned la_objopen(struct link_map *map, Lmid_t space, uintptr_t *cookie) {
  if (space == LM_ID_BASE && recorder.count == 0 && map->l_name != NULL &&
      is_equal(last_part(map->l_name), recorder_name)) {
    find_functions(map, cookie);
  }
  return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

static uintptr_t replaced(
    const ElfW(Sym) *symbol, const uintptr_t *from, const uintptr_t *to, const char *name) {
  // What the recorder looks up are the functions that it stands before.
  if (from == recorder.cookie || to == recorder.cookie) return symbol->st_value;
  for (uint32_t index = 1; index < recorder.count; index++) {
    const ElfW(Sym) *candidate = &recorder.symbols[index];
    if (candidate->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(candidate->st_info) == STT_FUNC &&
        is_equal(recorder.names + candidate->st_name, name)) {
      return recorder.base + candidate->st_value;
    }
  }
  return symbol->st_value;
}

HOOK uintptr_t la_symbind64(
    ElfW(Sym) * symbol, unsigned index, uintptr_t *from, uintptr_t *to, unsigned *flags,
    const char *name) {
  (void)index;
  // Nothing is to be told when the function is called.
  *flags |= LA_SYMB_NOPLTENTER | LA_SYMB_NOPLTEXIT;
  return recorder.count == 0 ? symbol->st_value : replaced(symbol, from, to, name);
}
