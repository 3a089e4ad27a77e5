#define _GNU_SOURCE
// Memory that processes share: which file's it is, so that a lock in it is known in all of them.
#include "shared.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process.h"

enum { LGR_MEMORIES_MOST = 64, LGR_LINE_SIZE = 512 };

struct memory {
  u64 low, high, device, inode, offset;
  char path[LGR_PATH_SIZE / 4];
  bool is_shared;
};

/// Survives a fork: what is mapped does, too. Changed with the process locked.
static struct memory memories[LGR_MEMORIES_MOST];
static u32 memory_count;

static struct memory *known_memory(u64 address) {
  for (u32 index = memory_count; index-- > 0;) {
    if (address >= memories[index].low && address < memories[index].high) return &memories[index];
  }
  return NULL;
}

static u64 hexadecimal(const char **next) {
  u64 number = 0;
  for (;; (*next)++) {
    char digit = **next;
    int value = digit >= '0' && digit <= '9'   ? digit - '0'
                : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                               : -1;
    if (value < 0) return number;
    number = number << 4 | (u64)value;
  }
}

/// A line of /proc/self/maps: `LOW-HIGH rw-s OFFSET MAJOR:MINOR INODE   PATH`.
static bool take_line(const char *next, u64 address, struct memory *memory) {
  memory->low = hexadecimal(&next);
  if (*next++ != '-') return false;
  memory->high = hexadecimal(&next);
  if (address < memory->low || address >= memory->high || strlen(next) < 6) return false;
  memory->is_shared = next[4] == 's';
  next += 6;
  memory->offset = hexadecimal(&next);
  if (*next++ != ' ') return false;
  u64 major = hexadecimal(&next);
  if (*next++ != ':') return false;
  memory->device = major << 32 | hexadecimal(&next);
  if (*next++ != ' ') return false;
  memory->inode = 0;
  for (; *next >= '0' && *next <= '9'; next++) {
    memory->inode = memory->inode * 10 + (u64)(*next - '0');
  }
  while (*next == ' ') next++;
  // A path without its end would be another file's.
  size_t length = strlen(next);
  if (length >= sizeof memory->path) length = 0;
  memcpy(memory->path, next, length);
  memory->path[length] = 0;
  return true;
}

static bool find_memory(u64 address, struct memory *memory) {
  static char text[LGR_PAGE], line[LGR_LINE_SIZE];
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
  if (descriptor < 0) return false;
  bool is_found = false;
  size_t length = 0;
  for (ssize_t size; !is_found && (size = syscall(SYS_read, descriptor, text, sizeof text)) > 0;) {
    for (ssize_t at = 0; at < size && !is_found; at++) {
      if (text[at] != '\n') {
        if (length < sizeof line - 1) line[length++] = text[at];
        continue;
      }
      line[length] = 0;
      length = 0;
      is_found = take_line(line, address, memory);
    }
  }
  syscall(SYS_close, descriptor);
  return is_found;
}

static void write_memory(const struct memory *memory) {
  if (!memory->is_shared) return;
  u64 path_length = strlen(memory->path);
  u64 size = 56 + ((path_length + 7) & ~7ull);
  u8 *entry = lgr_begin_entry(size);
  if (entry == NULL) return;
  u64 *words = (u64 *)entry;
  words[1] = memory->low;
  words[2] = memory->high - memory->low;
  words[3] = memory->device;
  words[4] = memory->inode;
  words[5] = memory->offset;
  ((u32 *)entry)[12] = (u32)path_length;
  memcpy(entry + 56, memory->path, path_length);
  lgr_finish_entry(entry, LGR_SHARED_MEMORY, size);
}

static bool is_same(const struct memory *one, const struct memory *other) {
  return one->low == other->low && one->high == other->high && one->device == other->device &&
         one->inode == other->inode && one->offset == other->offset &&
         one->is_shared == other->is_shared;
}

/// What lies at an address now, in the tables; NULL if that cannot be found out.
static const struct memory *look_up(u64 address) {
  // A program that has confined itself may not open files.
  if (memory_count == LGR_MEMORIES_MOST || lgr_process->may_be_confined) return NULL;
  struct memory *memory = &memories[memory_count];
  if (!find_memory(address, memory)) return NULL;
  const struct memory *known = known_memory(address);
  if (known != NULL && is_same(known, memory)) return known;
  write_memory(memory);
  __atomic_store_n(&memory_count, memory_count + 1, __ATOMIC_RELEASE);
  return memory;
}

void lgr_find_shared(struct lgr_thread *thread, u64 address, bool is_new) {
  if (thread->inside > 0) return;
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  const struct memory *memory = is_new ? NULL : known_memory(address);
  if (memory == NULL) memory = look_up(address);
  // What cannot be found out is not asked for again.
  thread->shared_low = memory == NULL ? 0 : memory->low;
  thread->shared_size = memory == NULL ? ~0ull : memory->high - memory->low;
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_note_inherited(void) {
  lgr_lock_process();
  for (u32 index = 0; index < memory_count; index++) write_memory(&memories[index]);
  lgr_unlock_process();
}
