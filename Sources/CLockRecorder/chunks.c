#define _GNU_SOURCE
// The file: made, mapped, grown by chunks. Everything here runs with the process locked.
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum {
  LGR_FIRST_EXTENT = 64 << 10,
  LGR_EXTENT = 256 << 10,
  LGR_LARGE_EXTENT = 4 << 20,
  /// Before the program confines itself.
  LGR_LAST_EXTENT = 16 << 20,
};

/// Survives a fork: the child gives back its copy of the descriptor.
static int recording_descriptor = -1;
static u64 recording_device, recording_inode;

/// The folder of recordings. Survives a fork too: a child may have changed its root since, and then
/// knows the folder by this alone.
static int folder_descriptor = -1;
static u64 folder_device, folder_inode;

/// Whether a descriptor is still that of a file, and the program has not closed it.
static bool is_same(int descriptor, u64 device, u64 inode) {
  struct stat status;
  return descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_dev == device &&
         status.st_ino == inode;
}

void lgr_forget_parents_file(void) {
  int descriptor = recording_descriptor;
  recording_descriptor = -1;
  if (is_same(descriptor, recording_device, recording_inode)) {
    syscall(SYS_close, descriptor);
  }
}

/// Out of the way of the program, which may count on the numbers that its own files get.
static int move_up(int descriptor) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return descriptor;
  int top = limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
  for (int room = 8; room <= 64; room *= 2) {
    if (top <= room) break;
    int moved = (int)syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, top - room);
    if (moved >= 0) {
      syscall(SYS_close, descriptor);
      return moved;
    }
  }
  return descriptor;
}

/// Opens the folder of recordings for later, when paths may lead elsewhere.
static void open_folder(void) {
  if (folder_descriptor >= 0) return;
  char path[LGR_PATH_SIZE];
  const char *slash = strrchr(lgr_settings.place, '/');
  struct lgr_text text;
  lgr_text_begin(&text, path, sizeof path);
  lgr_text_add_part(&text, lgr_settings.place, (size_t)(slash - lgr_settings.place) + 1);
  int descriptor =
      (int)syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  struct stat status;
  if (descriptor < 0) return;
  if (fstat(descriptor, &status) != 0) {
    syscall(SYS_close, descriptor);
    return;
  }
  folder_device = status.st_dev;
  folder_inode = status.st_ino;
  folder_descriptor = move_up(descriptor);
}

/// Opens a file of the folder: by the folder, unless the program has closed that.
static int open_in_folder(const char *path, int flags, int mode) {
  const char *slash = strrchr(path, '/');
  if (slash != NULL && is_same(folder_descriptor, folder_device, folder_inode)) {
    return (int)syscall(SYS_openat, folder_descriptor, slash + 1, flags, mode);
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/// The descriptor of the recording; opens it again if the program has closed it.
static int descriptor_of_recording(bool *is_borrowed) {
  *is_borrowed = false;
  if (is_same(recording_descriptor, lgr_process->device, lgr_process->inode)) {
    return recording_descriptor;
  }
  recording_descriptor = -1;
  int descriptor = open_in_folder(lgr_process->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  if (descriptor < 0) return -1;
  if (!is_same(descriptor, lgr_process->device, lgr_process->inode)) {
    syscall(SYS_close, descriptor);
    errno = ENOENT;
    return -1;
  }
  *is_borrowed = true;
  return descriptor;
}

/// Allocates the bytes, so that a full disk is an error here and no SIGBUS later.
static int allocate(int descriptor, u64 start, u64 size) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && start + size > limit.rlim_cur) return EFBIG;
  if (syscall(SYS_fallocate, descriptor, 0, (off_t)start, (off_t)size) == 0) return 0;
  if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EPERM) return errno;
  if (ftruncate(descriptor, (off_t)(start + size)) != 0) return errno;
  return -1;
}

/// Under a filter for system calls, the calls that a growing file takes may be deadly.
static bool is_confined(void) {
  return lgr_process->may_be_confined && syscall(SYS_prctl, PR_GET_SECCOMP) != 0;
}

static bool grow(u64 size) {
  struct lgr_process *process = lgr_process;
  u64 start = process->extent_end;
  u64 room = start == 0             ? LGR_FIRST_EXTENT
             : start > 64ull << 20 ? LGR_LARGE_EXTENT
                                    : LGR_EXTENT;
  if (room < size) room = (size + LGR_PAGE - 1) / LGR_PAGE * LGR_PAGE;
  int error = 0;
  bool is_borrowed = false;
  int descriptor = -1;
  if (start + room > lgr_settings.max_size) room = (size + LGR_PAGE - 1) / LGR_PAGE * LGR_PAGE;
  if (start + room > lgr_settings.max_size) {
    error = EFBIG;
  } else if (is_confined()) {
    error = EPERM;
  } else if ((descriptor = descriptor_of_recording(&is_borrowed)) < 0) {
    error = errno;
  } else {
    error = allocate(descriptor, start, room);
  }
  u8 *memory = MAP_FAILED;
  if (error <= 0) {
    memory = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, (off_t)start);
    if (memory == MAP_FAILED) {
      error = errno;
    } else if (error == -1 && madvise(memory, room, MADV_POPULATE_WRITE) != 0 &&
               errno != EINVAL) {
      error = errno;
      munmap(memory, room);
    } else {
      error = 0;
    }
  }
  if (is_borrowed) syscall(SYS_close, descriptor);
  if (error != 0) {
    if (process->header != NULL) {
      process->header->growth_error = (u32)error;
      process->header->failed_growths++;
    }
    return false;
  }
  madvise(memory, room, MADV_DONTFORK);
  process->extent = memory;
  process->extent_start = start;
  process->extent_end = start + room;
  return true;
}

struct lgr_chunk *lgr_take_chunk(u64 size, u32 kind) {
  struct lgr_process *process = lgr_process;
  // The last piece may not lie behind the one before in memory; its chunks begin with it.
  u64 offset = process->header->next_chunk;
  if (offset < process->extent_start) offset = process->extent_start;
  u64 room = process->extent_end - offset;
  // A rest that is a fair part of what was asked for will do: the next chunk is larger.
  if (room < size && room < size / 4 + LGR_GRAIN) {
    if (!grow(size)) return NULL;
    offset = process->extent_start;
    room = process->extent_end - offset;
  }
  u64 length = room < size ? room : size;
  struct lgr_chunk *chunk =
      (struct lgr_chunk *)(process->extent + (offset - process->extent_start));
  __atomic_store_n(&process->header->next_chunk, offset + length, __ATOMIC_RELEASE);
  chunk->kind = kind;
  chunk->offset = offset;
  chunk->length = length;
  return chunk;
}

void lgr_grow_ahead(void) {
  if (lgr_process->extent_end - lgr_process->header->next_chunk < LGR_LAST_EXTENT) {
    grow(LGR_LAST_EXTENT);
  }
}

u8 *lgr_begin_entry(u64 size) {
  struct lgr_process *process = lgr_process;
  u64 room = process->table == NULL ? 0 : process->table->length - process->table_used;
  if (room < size) {
    u64 wanted = process->site_count < 16 ? 16 << 10 : 64 << 10;
    if (wanted < size + LGR_CHUNK_HEADER) {
      wanted = (size + LGR_CHUNK_HEADER + LGR_GRAIN - 1) / LGR_GRAIN * LGR_GRAIN;
    }
    struct lgr_chunk *table = lgr_take_chunk(wanted, LGR_TABLES);
    if (table == NULL) return NULL;
    __atomic_store_n(&table->magic, LGR_CHUNK_MAGIC, __ATOMIC_RELEASE);
    process->table = table;
    process->table_used = LGR_CHUNK_HEADER;
    if (table->length - LGR_CHUNK_HEADER < size) return NULL;
  }
  return (u8 *)process->table + process->table_used;
}

void lgr_finish_entry(u8 *entry, u32 kind, u64 size) {
  u32 *words = (u32 *)entry;
  words[1] = (u32)size;
  __atomic_store_n(&words[0], kind, __ATOMIC_RELEASE);
  lgr_process->table_used += size;
}

static u64 nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
}

static size_t read_small_file(const char *path, char *text, size_t size) {
  memset(text, 0, size);
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (descriptor < 0) return 0;
  ssize_t length = read(descriptor, text, size - 1);
  syscall(SYS_close, descriptor);
  if (length < 0) length = 0;
  text[length] = 0;
  return (size_t)length;
}

static u64 start_ticks(void) {
  char text[1024];
  if (read_small_file("/proc/self/stat", text, sizeof text) == 0) return 0;
  // The second field is the name, in brackets, and may contain anything.
  const char *field = strrchr(text, ')');
  if (field == NULL) return 0;
  for (int number = 2; number < 22; number++) {
    field = strchr(field + 1, ' ');
    if (field == NULL) return 0;
  }
  return lgr_number(field + 1);
}

static void read_boot(u8 *boot) {
  char text[64];
  read_small_file("/proc/sys/kernel/random/boot_id", text, sizeof text);
  int digits = 0;
  for (const char *next = text; *next != 0 && digits < 32; next++) {
    int value = *next >= '0' && *next <= '9'   ? *next - '0'
                : *next >= 'a' && *next <= 'f' ? *next - 'a' + 10
                                               : -1;
    if (value < 0) continue;
    boot[digits / 2] |= (u8)(value << (digits % 2 == 0 ? 4 : 0));
    digits++;
  }
}

static int create(const char *path) {
  return open_in_folder(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/// Makes the file that is this process's, see "Environment" in docs/recording-file.md.
static int create_recording(const char *name) {
  char *path = lgr_process->path;
  const char *place = lgr_settings.place;
  size_t length = strlen(place);
  struct lgr_text text;
  bool is_folder = length > 0 && place[length - 1] == '/';
  lgr_text_begin(&text, path, sizeof lgr_process->path);
  if (is_folder) {
    lgr_text_add(&text, place);
    lgr_text_add(&text, *name == 0 ? "program" : name);
  } else {
    int descriptor = -1;
    if (!lgr_is_forked) {
      lgr_text_add(&text, place);
      if (!text.is_whole) return -1;
      descriptor = create(path);
    } else {
      errno = EEXIST;
    }
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
    lgr_text_begin(&text, path, sizeof lgr_process->path);
    if (length > 4 && strcmp(place + length - 4, ".lgt") == 0) length -= 4;
    lgr_text_add_part(&text, place, length);
  }
  lgr_text_add(&text, ".");
  lgr_text_add_number(&text, lgr_process->pid);
  struct lgr_text stem = text;
  for (u32 attempt = 1; attempt < 10000; attempt++) {
    text = stem;
    if (attempt > 1) {
      lgr_text_add(&text, ".");
      lgr_text_add_number(&text, attempt);
    }
    lgr_text_add(&text, ".lgt");
    if (!text.is_whole) return -1;
    int descriptor = create(path);
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

bool lgr_open_recording(void) {
  struct lgr_process *process = lgr_process;
  // A child that has changed its root is still its parent's program.
  static char program[LGR_PATH_SIZE];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length >= 0) program[length] = 0;
  process->pid = (u32)getpid();
  char name[LGR_NAME_SIZE];
  size_t named = read_small_file("/proc/self/comm", name, sizeof name);
  if (named > 0 && name[named - 1] == '\n') name[named - 1] = 0;
  // Behind another root there may be no /proc; the kernel's names have 16 bytes.
  if (named == 0 && sizeof name >= 16) syscall(SYS_prctl, PR_GET_NAME, name);
  char file_name[LGR_NAME_SIZE];
  for (size_t index = 0; index < sizeof name; index++) {
    file_name[index] = name[index] == '/' ? '_' : name[index];
  }
  int descriptor = create_recording(file_name);
  if (descriptor < 0) return false;
  struct stat status;
  if (fstat(descriptor, &status) != 0) {
    syscall(SYS_close, descriptor);
    return false;
  }
  process->device = recording_device = status.st_dev;
  process->inode = recording_inode = status.st_ino;
  recording_descriptor = move_up(descriptor);
  if (!grow(LGR_FIRST_EXTENT)) {
    // Nothing can be written: no file says so better than an empty one.
    unlink(process->path);
    lgr_forget_parents_file();
    return false;
  }
  // Afterwards, if there are descriptors left.
  open_folder();
  struct lgr_header *header = (struct lgr_header *)process->extent;
  process->header = header;
  header->version = LGR_VERSION;
  header->header_size = LGR_PAGE;
  header->byte_order = LGR_BYTE_ORDER;
  header->is_steered = lgr_settings.is_steered;
  header->flags = (lgr_is_forked ? LGR_FORKED : 0) | (lgr_settings.has_times ? LGR_TIMED : 0) |
                  (lgr_settings.copies_stacks ? LGR_NAMED : 0);
#if defined(__x86_64__)
  header->machine = 62;
#elif defined(__aarch64__)
  header->machine = 183;
#else
#error "This machine is not supported."
#endif
  header->level = lgr_settings.level;
  header->pid = process->pid;
  header->parent_pid = (u32)getppid();
  header->start_ticks = start_ticks();
  read_boot(header->boot);
  header->wall_start = nanoseconds(CLOCK_REALTIME);
  header->monotonic_start = nanoseconds(CLOCK_MONOTONIC);
  header->next_chunk = LGR_PAGE;
  memcpy(header->path, program, strlen(program));
  memcpy(header->name, name, sizeof name);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  memcpy(header->magic, LGR_MAGIC, sizeof header->magic);
  return true;
}

void lgr_close_recording(u32 end, int status) {
  struct lgr_process *process = lgr_process;
  if (process == NULL || process->state != LGR_OPEN || process->pid != (u32)getpid()) return;
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  process->header->exit_status = (u32)status;
  process->header->end = end;
  u64 used = (process->header->next_chunk + LGR_PAGE - 1) / LGR_PAGE * LGR_PAGE;
  bool is_borrowed;
  int descriptor =
      used < process->extent_end && !is_confined() ? descriptor_of_recording(&is_borrowed) : -1;
  if (descriptor >= 0) {
    // Threads that still run may take the rest of this page, and grow the file again after it.
    if (ftruncate(descriptor, (off_t)used) == 0) process->extent_end = used;
    if (is_borrowed) syscall(SYS_close, descriptor);
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_lock_process(void) {
  u32 free = 0;
  // Signals are blocked and nothing is waited for inside, so this is short.
  while (!__atomic_compare_exchange_n(
      &lgr_process->lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    free = 0;
    sched_yield();
  }
}

void lgr_unlock_process(void) { __atomic_store_n(&lgr_process->lock, 0, __ATOMIC_RELEASE); }

void lgr_block_signals(struct lgr_guard *guard) {
  // Also those that the C library keeps for itself: cancellation must not come here.
  u64 blocked = ~0ull;
  static const int own[] = {SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS};
  for (unsigned index = 0; index < sizeof own / sizeof *own; index++) {
    blocked &= ~(1ull << (own[index] - 1));
  }
  guard->error = errno;
  guard->self = lgr_self;
  if (guard->self->is_ready) {
    guard->state = guard->self->state;
    guard->self->state |= LGR_BUSY;
    guard->self->inside++;
  } else {
    lgr_self = &lgr_passing;
  }
  lgr_barrier();
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, &guard->signals, sizeof blocked);
}

void lgr_restore_signals(struct lgr_guard *guard) {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &guard->signals, NULL, sizeof guard->signals);
  lgr_barrier();
  if (guard->self->is_ready && lgr_self == guard->self) {
    guard->self->inside--;
    if (!(guard->state & LGR_BUSY)) guard->self->state &= ~(u32)LGR_BUSY;
  } else {
    lgr_self = guard->self;
  }
  errno = guard->error;
}
