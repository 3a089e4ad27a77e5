#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/lockgraph_copies.h"

#ifdef __linux__
#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#endif

#include "own_symbols.h"

#ifdef __linux__

// A program need not export its symbols, so copies find each other by a note that the loader maps:
// it survives the removal of what nothing refers to, and of symbol tables.

/// What a copy says of itself.
typedef struct copy_record {
  /// Which one it is; 0 if it is not in use.
  uint32_t number;
} copy_record;

__attribute__((visibility("hidden"))) copy_record lg_this_copy;

#define NOTE_OWNER "LockGraph"
#define NOTE_TYPE 1

__asm__(
    ".pushsection .note.lockgraph,\"a\",%note\n"
    ".balign 4\n"
    ".long 10\n"
    ".long 8\n"
    ".long 1\n"
    ".asciz \"LockGraph\"\n"
    ".balign 4\n"
    ".hidden lg_this_copy\n"
    ".quad lg_this_copy - .\n"
    ".popsection\n");

/// File names of this copy and the first other one that is in use.
static char files[2][4096];

static uint64_t rounded(uint64_t size, uint64_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

/// The record that a file's notes lead to, or null.
static copy_record *find_record(const struct dl_phdr_info *info) {
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    if (header->p_type != PT_NOTE) continue;
    const char *start = (const char *)(info->dlpi_addr + header->p_vaddr);
    uint64_t alignment = header->p_align == 8 ? 8 : 4;
    uint64_t position = 0;
    while (header->p_memsz - position >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) note;
      memcpy(&note, start + position, sizeof note);
      uint64_t name = position + sizeof note;
      uint64_t content = name + rounded(note.n_namesz, alignment);
      uint64_t end = content + rounded(note.n_descsz, alignment);
      if (end > header->p_memsz) break;
      if (note.n_type == NOTE_TYPE && note.n_namesz == sizeof NOTE_OWNER &&
          note.n_descsz == sizeof(int64_t) &&
          memcmp(start + name, NOTE_OWNER, sizeof NOTE_OWNER) == 0) {
        int64_t distance;
        memcpy(&distance, start + content, sizeof distance);
        return (copy_record *)(start + content + distance);
      }
      position = end;
    }
  }
  return NULL;
}

static void keep_file(int which, const struct dl_phdr_info *info) {
  if (info->dlpi_name[0] == 0) {
    ssize_t length = readlink("/proc/self/exe", files[which], sizeof files[which] - 1);
    files[which][length < 0 ? 0 : length] = 0;
  } else if (strlen(info->dlpi_name) < sizeof files[which]) {
    strcpy(files[which], info->dlpi_name);
  }
}

struct search {
  uint32_t greatest;
  bool is_program;
};

static int look(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct search *search = argument;
  copy_record *record = find_record(info);
  if (record == NULL) return 0;
  if (record == &lg_this_copy) {
    keep_file(0, info);
    search->is_program = info->dlpi_name[0] == 0;
    return 0;
  }
  uint32_t number = __atomic_load_n(&record->number, __ATOMIC_ACQUIRE);
  if (number == 0) return 0;
  if (search->greatest == 0) keep_file(1, info);
  if (number > search->greatest) search->greatest = number;
  return 0;
}

/// The loader lets one thread look at a time, so of two copies that begin at once one sees the
/// other.
static int enter(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)info, (void)size;
  struct search *search = argument;
  dl_iterate_phdr(look, search);
  __atomic_store_n(&lg_this_copy.number, search->greatest + 1, __ATOMIC_RELEASE);
  return 1;
}

// In a program without a loader there is no such function, and no other copy.
#pragma weak dlopen

void lg_copy_begin(void) {
  struct search search = {0, true};
  dl_iterate_phdr(enter, &search);
  if (!search.is_program && dlopen != NULL) {
    (void)dlopen(files[0], RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
  }
}

uint32_t lg_copy_number(void) { return __atomic_load_n(&lg_this_copy.number, __ATOMIC_ACQUIRE); }
const char *lg_copy_file(int which) { return files[which]; }

#else

void lg_copy_begin(void) {}
uint32_t lg_copy_number(void) { return 1; }
const char *lg_copy_file(int which) { return (void)which, ""; }

#endif
