#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "environment.h"
#include "hooks.h"
#include "process.h"
#include "text.h"

extern char **environ;

/// This process has a recording, and this is not the child of a vfork, which has its parent's
/// memory.
static bool is_recorded(void) {
  return lgr_process != NULL && lgr_process->state == LGR_OPEN && lgr_self->is_ready &&
         lgr_process->pid == (u32)getpid();
}

LGR_HOOK pid_t fork(void) {
  // A child makes a recording with its first event.
  if (lgr_real.fork == NULL) lgr_thread();
  pid_t child = lgr_real.fork();
  if (child == 0) lgr_wipe_after_fork();
  if (child > 0 && is_recorded()) {
    struct lgr_thread *thread = lgr_thread();
    if (thread != NULL) {
      lgr_lasting(thread, LGR_FORK, (u64)child, 0, lgr_site(thread, LGR_PLACE));
    }
  }
  return child;
}

LGR_HOOK void _exit(int status) {
  if (lgr_process != NULL) lgr_close_recording(LGR_ENDED, status);
  if (lgr_real._exit == NULL) lgr_thread();
  lgr_real._exit(status);
  __builtin_unreachable();
}

LGR_HOOK void _Exit(int status) {
  if (lgr_process != NULL) lgr_close_recording(LGR_ENDED, status);
  if (lgr_real._Exit == NULL) lgr_thread();
  lgr_real._Exit(status);
  __builtin_unreachable();
}

// What a call to execute a program needs: the environment with the recorder, on the stack, because
// the child of a vfork must not change anything else.
#define LGR_COMPLETED(environment, path)                                                     \
  bool is_followed = lgr_settings.is_on && lgr_settings.follows_children &&                  \
                     loader_of(path) != LGR_OTHER_LOADER;                                    \
  char *entries[lgr_settings.is_on ? lgr_environment_size(environment) : 1];                 \
  u64 preload_size = lgr_settings.is_on ? lgr_preload_size(environment) : 1;                 \
  char preload[preload_size];                                                                \
  char *const *completed =                                                                   \
      lgr_settings.is_on ? lgr_complete_environment(                                         \
                               environment, entries, preload, preload_size, is_followed)     \
                         : environment

enum loader { LGR_NO_PROGRAM, LGR_NO_LOADER, LGR_LOADER_OF_GLIBC, LGR_OTHER_LOADER };

/// Where a name without a slash leads, as the C library looks for it.
static bool find_program(const char *name, char *path) {
  if (strchr(name, '/') != NULL) return false;
  const char *list = getenv("PATH");
  while (list != NULL && *list != 0) {
    size_t length = strcspn(list, ":");
    struct lgr_text text;
    lgr_text_begin(&text, path, LGR_PATH_SIZE);
    lgr_text_add_part(&text, list, length);
    if (length > 0) lgr_text_add(&text, "/");
    lgr_text_add(&text, name);
    if (text.is_whole && access(path, X_OK) == 0) return true;
    list += length;
    if (*list == ':') list++;
  }
  return false;
}

/// What loads a program, as its own file says.
static enum loader loader_of_file(int file, char *interpreter, size_t size) {
  Elf64_Ehdr header;
  *interpreter = 0;
  ssize_t length = pread(file, &header, sizeof header, 0);
  if (length > 2 && memcmp(&header, "#!", 2) == 0) {
    length = pread(file, interpreter, size - 1, 2);
    interpreter[length < 0 ? 0 : length] = 0;
    size_t blank = strspn(interpreter, " \t");
    memmove(interpreter, interpreter + blank, strlen(interpreter + blank) + 1);
    interpreter[strcspn(interpreter, " \t\n")] = 0;
    return LGR_NO_PROGRAM;
  }
  if (length != sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return LGR_NO_PROGRAM;
  }
  for (int index = 0; index < header.e_phnum; index++) {
    Elf64_Phdr segment;
    off_t offset = (off_t)(header.e_phoff + (u64)index * sizeof segment);
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof segment ||
        pread(file, &segment, sizeof segment, offset) != sizeof segment) {
      break;
    }
    if (segment.p_type != PT_INTERP) continue;
    char loader[64] = {0};
    if (pread(file, loader, sizeof loader - 1, (off_t)segment.p_offset) < 0) break;
    return strstr(loader, "/ld-musl") != NULL ? LGR_OTHER_LOADER : LGR_LOADER_OF_GLIBC;
  }
  return LGR_NO_LOADER;
}

/// The same for a script, by what interprets it. Musl's loader ends a program to which it cannot
/// add the recorder.
static enum loader loader_of(const char *path) {
  // A program that has confined itself may not open files.
  if (lgr_process != NULL && lgr_process->may_be_confined) return LGR_NO_PROGRAM;
  int error = errno;
  char found[LGR_PATH_SIZE], interpreter[LGR_PATH_SIZE / 4];
  enum loader loader = LGR_NO_PROGRAM;
  if (path != NULL && find_program(path, found)) path = found;
  for (int depth = 0; depth < 2 && path != NULL && loader == LGR_NO_PROGRAM; depth++) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) break;
    loader = loader_of_file(file, interpreter, sizeof interpreter);
    syscall(SYS_close, file);
    path = *interpreter == '/' ? interpreter : NULL;
  }
  errno = error;
  return loader;
}

/// Whether a program is one that is there and that the loader gives no recorder: it has no loader,
/// another C library's, or gets rights by its file.
static bool leaves_no_recording(const char *path) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || access(path, X_OK) != 0) return false;
  if ((status.st_mode & S_ISUID) != 0 && status.st_uid != getuid()) return true;
  mode_t group = S_ISGID | S_IXGRP;
  if ((status.st_mode & group) == group && status.st_gid != getgid()) return true;
  enum loader loader = loader_of(path);
  return loader == LGR_NO_LOADER || loader == LGR_OTHER_LOADER;
}

/// A child that has done nothing but begin, and becomes a program of which nothing would be known:
/// it is noted in a recording of its own, or while it has its parent's memory in that.
static void note_unseen(const char *path) {
  int error = errno;
  if (lgr_process != NULL && path != NULL && leaves_no_recording(path)) {
    bool is_open = lgr_process->state == LGR_OPEN;
    if (is_open && lgr_process->pid != (u32)getpid()) {
      lgr_note_program((u32)getpid(), path);
    } else if (!is_open) {
      lgr_thread();
    }
  }
  errno = error;
}

/// Says that the program is about to be another.
static bool before_execution(const char *path, struct lgr_place place) {
  if (lgr_settings.is_on && !is_recorded() && lgr_settings.follows_children) note_unseen(path);
  if (!lgr_settings.is_on || !is_recorded()) return false;
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL) return false;
  if (path != NULL) lgr_note_program(0, path);
  lgr_lasting(thread, LGR_EXEC, 0, 0, lgr_site(thread, place));
  lgr_close_recording(LGR_EXECUTED, 0);
  return true;
}

static int not_executed(bool was_recorded, int result) {
  if (was_recorded) __atomic_store_n(&lgr_process->header->end, LGR_RUNS, __ATOMIC_RELEASE);
  return result;
}

static void find_functions(void) {
  if (lgr_real.execve == NULL) lgr_thread();
}

LGR_HOOK int execve(const char *path, char *const arguments[], char *const environment[]) {
  find_functions();
  LGR_COMPLETED(environment, path);
  bool was_recorded = before_execution(path, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execve(path, arguments, completed));
}

LGR_HOOK int execvpe(const char *file, char *const arguments[], char *const environment[]) {
  find_functions();
  LGR_COMPLETED(environment, file);
  bool was_recorded = before_execution(file, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execvpe(file, arguments, completed));
}

LGR_HOOK int execv(const char *path, char *const arguments[]) {
  find_functions();
  LGR_COMPLETED(environ, path);
  bool was_recorded = before_execution(path, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execve(path, arguments, completed));
}

LGR_HOOK int execvp(const char *file, char *const arguments[]) {
  find_functions();
  LGR_COMPLETED(environ, file);
  bool was_recorded = before_execution(file, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execvpe(file, arguments, completed));
}

LGR_HOOK int fexecve(int file, char *const arguments[], char *const environment[]) {
  find_functions();
  LGR_COMPLETED(environment, NULL);
  bool was_recorded = before_execution(NULL, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.fexecve(file, arguments, completed));
}

LGR_HOOK int execveat(
    int folder, const char *path, char *const arguments[], char *const environment[], int flags) {
  find_functions();
  if (lgr_real.execveat == NULL) {
    errno = ENOSYS;
    return -1;
  }
  LGR_COMPLETED(environment, path);
  bool was_recorded = before_execution(path, LGR_PLACE);
  return not_executed(
      was_recorded, lgr_real.execveat(folder, path, arguments, completed, flags));
}

/// How many arguments there are up to the NULL, with it.
static u64 count_arguments(va_list *rest) {
  u64 count = 1;
  while (va_arg(*rest, char *) != NULL) count++;
  return count + 1;
}

// The list of arguments becomes an array; `execle` has the environment behind it.
#define LGR_LISTED(first)                                  \
  va_list rest;                                            \
  va_start(rest, first);                                   \
  u64 count = count_arguments(&rest);                     \
  va_end(rest);                                            \
  char *arguments[count];                                  \
  arguments[0] = (char *)(uintptr_t)first;                 \
  va_start(rest, first);                                   \
  for (u64 index = 1; index < count; index++) arguments[index] = va_arg(rest, char *)

LGR_HOOK int execl(const char *path, const char *first, ...) {
  LGR_LISTED(first);
  va_end(rest);
  find_functions();
  LGR_COMPLETED(environ, path);
  bool was_recorded = before_execution(path, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execve(path, arguments, completed));
}

LGR_HOOK int execlp(const char *file, const char *first, ...) {
  LGR_LISTED(first);
  va_end(rest);
  find_functions();
  LGR_COMPLETED(environ, file);
  bool was_recorded = before_execution(file, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execvpe(file, arguments, completed));
}

LGR_HOOK int execle(const char *path, const char *first, ...) {
  LGR_LISTED(first);
  char *const *environment = va_arg(rest, char *const *);
  va_end(rest);
  find_functions();
  LGR_COMPLETED(environment, path);
  bool was_recorded = before_execution(path, LGR_PLACE);
  return not_executed(was_recorded, lgr_real.execve(path, arguments, completed));
}

static int spawned(int result, pid_t child, const char *path, struct lgr_place place) {
  if (result == 0 && lgr_settings.is_on && is_recorded()) {
    struct lgr_thread *thread = lgr_thread();
    if (thread != NULL) {
      if (path != NULL) lgr_note_program((u32)child, path);
      lgr_lasting(thread, LGR_PROCESS, (u64)child, 0, lgr_site(thread, place));
    }
  }
  return result;
}

LGR_HOOK int posix_spawn(
    pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
  find_functions();
  LGR_COMPLETED(environment, path);
  pid_t identity = 0;
  int result =
      lgr_real.posix_spawn(&identity, path, actions, attributes, arguments, completed);
  if (result == 0 && child != NULL) *child = identity;
  return spawned(result, identity, path, LGR_PLACE);
}

LGR_HOOK int posix_spawnp(
    pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
  find_functions();
  LGR_COMPLETED(environment, file);
  pid_t identity = 0;
  int result =
      lgr_real.posix_spawnp(&identity, file, actions, attributes, arguments, completed);
  if (result == 0 && child != NULL) *child = identity;
  return spawned(result, identity, file, LGR_PLACE);
}

// A process that gives up its privileges, or its view of the files, could not make a recording
// afterwards: a forked one makes it before.

LGR_HOOK int setuid(uid_t user) {
  lgr_thread();
  return lgr_real.setuid(user);
}

LGR_HOOK int seteuid(uid_t user) {
  lgr_thread();
  return lgr_real.seteuid(user);
}

LGR_HOOK int setreuid(uid_t real, uid_t effective) {
  lgr_thread();
  return lgr_real.setreuid(real, effective);
}

LGR_HOOK int setresuid(uid_t real, uid_t effective, uid_t saved) {
  lgr_thread();
  return lgr_real.setresuid(real, effective, saved);
}

LGR_HOOK int chroot(const char *path) {
  lgr_thread();
  return lgr_real.chroot(path);
}

// A program that is about to confine itself: room is taken while that can be done. Filters for
// system calls come behind the loss of new privileges, unless the program has all of them.

LGR_HOOK int prctl(int option, ...) {
  va_list rest;
  va_start(rest, option);
  unsigned long values[4];
  for (int index = 0; index < 4; index++) values[index] = va_arg(rest, unsigned long);
  va_end(rest);
  struct lgr_thread *thread = NULL;
  if (option == PR_SET_SECCOMP || option == PR_SET_NO_NEW_PRIVS) thread = lgr_thread();
  if (thread != NULL && is_recorded()) {
    struct lgr_guard guard;
    lgr_block_signals(&guard);
    lgr_lock_process();
    if (!lgr_process->may_be_confined) lgr_grow_ahead();
    lgr_process->may_be_confined = true;
    lgr_unlock_process();
    lgr_restore_signals(&guard);
  }
  if (lgr_real.prctl == NULL) lgr_thread();
  return lgr_real.prctl(option, values[0], values[1], values[2], values[3]);
}
