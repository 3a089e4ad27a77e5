#define _GNU_SOURCE
// What is loaded: where, which file, which build.
#include "process.h"
#include "steering.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <string.h>

enum { LGR_SEGMENTS_MOST = 16, LGR_BUILD_ID_MOST = 64 };

struct module {
  u64 bias, low, high;
  u64 segments[LGR_SEGMENTS_MOST][4];
  u32 segment_count, build_id_length;
  const u8 *build_id;
};

static void find_build_id(struct module *module, const ElfW(Phdr) * header) {
  const u8 *next = (const u8 *)(module->bias + header->p_vaddr);
  const u8 *end = next + header->p_memsz;
  while (end - next >= (long)sizeof(ElfW(Nhdr))) {
    const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)next;
    u64 name_size = (note->n_namesz + 3ull) & ~3ull;
    u64 size = (note->n_descsz + 3ull) & ~3ull;
    const u8 *name = next + sizeof *note;
    if (name_size + size > (u64)(end - name)) return;
    if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
        note->n_descsz <= LGR_BUILD_ID_MOST) {
      module->build_id = name + name_size;
      module->build_id_length = note->n_descsz;
      return;
    }
    next = name + name_size + size;
  }
}

static bool is_known(const struct module *module) {
  struct lgr_process *process = lgr_process;
  for (u32 index = process->module_count; index-- > 0;) {
    if (process->modules[index].low == module->low &&
        process->modules[index].high == module->high) {
      return process->modules[index].bias == module->bias;
    }
    // Something else was loaded there since.
    if (process->modules[index].low < module->high && module->low < process->modules[index].high) {
      return false;
    }
  }
  return false;
}

static void write_module(const struct module *module, const char *path, bool is_program) {
  struct lgr_process *process = lgr_process;
  u64 path_length = strlen(path);
  u64 padded_id = (module->build_id_length + 7) & ~7u;
  u64 size = 48 + 32 * module->segment_count + padded_id + ((path_length + 7) & ~7ull);
  u8 *entry = lgr_begin_entry(size);
  if (entry == NULL) return;
  memcpy(entry + 8, &module->bias, 8);
  memcpy(entry + 16, &module->low, 8);
  memcpy(entry + 24, &module->high, 8);
  u32 *words = (u32 *)entry;
  words[8] = module->build_id_length;
  words[9] = (u32)path_length;
  words[10] = module->segment_count;
  words[11] = is_program ? 1 : 0;
  u8 *next = entry + 48;
  memcpy(next, module->segments, 32 * module->segment_count);
  next += 32 * module->segment_count;
  if (module->build_id_length > 0) memcpy(next, module->build_id, module->build_id_length);
  memcpy(next + padded_id, path, path_length);
  lgr_finish_entry(entry, LGR_MODULE, size);
  if (process->module_count < LGR_MODULES_MOST) {
    u32 index = process->module_count;
    process->modules[index].low = module->low;
    process->modules[index].high = module->high;
    process->modules[index].bias = module->bias;
    process->modules[index].steered =
        lgr_settings.is_steered
            ? lgr_steered_module(path, module->build_id, module->build_id_length)
            : 0;
    __atomic_store_n(&process->module_count, index + 1, __ATOMIC_RELEASE);
  }
}

static int take_module(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  bool *is_first = argument;
  struct module module = {.bias = info->dlpi_addr, .low = ~0ull};
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    if (header->p_type == PT_NOTE && module.build_id == NULL) find_build_id(&module, header);
    if (header->p_type != PT_LOAD) continue;
    u64 start = info->dlpi_addr + header->p_vaddr;
    if (start < module.low) module.low = start;
    if (start + header->p_memsz > module.high) module.high = start + header->p_memsz;
    if (module.segment_count < LGR_SEGMENTS_MOST) {
      u64 *segment = module.segments[module.segment_count++];
      segment[0] = start;
      segment[1] = header->p_memsz;
      segment[2] = header->p_offset;
      segment[3] = header->p_flags;
    }
  }
  bool is_program = *is_first;
  *is_first = false;
  if (module.segment_count == 0) return 0;
  lgr_lock_process();
  if (!is_known(&module)) {
    const char *path = info->dlpi_name;
    if (path == NULL || *path == 0) path = is_program ? lgr_process->header->path : "[vdso]";
    write_module(&module, path, is_program);
  }
  lgr_unlock_process();
  return 0;
}

void lgr_note_modules(void) {
  bool is_first = true;
  dl_iterate_phdr(take_module, &is_first);
}

void lgr_note_label(u64 address, u32 kind, const char *text) {
  u64 length = strlen(text);
  if (length > LGR_PATH_SIZE) length = LGR_PATH_SIZE;
  u64 size = 24 + ((length + 7) & ~7ull);
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  u8 *entry = lgr_begin_entry(size);
  if (entry != NULL) {
    memcpy(entry + 8, &address, 8);
    ((u32 *)entry)[4] = kind;
    ((u32 *)entry)[5] = (u32)length;
    memcpy(entry + 24, text, length);
    lgr_finish_entry(entry, LGR_LABEL, size);
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_label_once(struct lgr_thread *thread, u64 address, u32 kind, const char *text) {
  u64 *slot = &thread->labelled[(address >> 4) % LGR_LABELS];
  if (*slot == address) return;
  *slot = address;
  lgr_note_label(address, kind, text);
}

static void note_text(u32 kind, u32 number, const char *text, u64 most) {
  u64 length = strlen(text);
  if (length > most) length = most;
  u64 size = 16 + ((length + 7) & ~7ull);
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  u8 *entry = lgr_begin_entry(size);
  if (entry != NULL) {
    ((u32 *)entry)[2] = number;
    ((u32 *)entry)[3] = (u32)length;
    memcpy(entry + 16, text, length);
    lgr_finish_entry(entry, kind, size);
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_note_thread_name(u32 thread, const char *name) {
  note_text(LGR_THREAD_NAME, thread, name, LGR_NAME_SIZE);
}

void lgr_note_program(u32 process, const char *path) {
  note_text(LGR_PROGRAM, process, path, LGR_PATH_SIZE);
}
