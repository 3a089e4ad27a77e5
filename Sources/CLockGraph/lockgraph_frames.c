#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/lockgraph_frames.h"

#include <dlfcn.h>
#ifdef __linux__
#include <link.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "own_symbols.h"

static bool is_on_stack(const lg_thread *thread, uintptr_t address) {
  return address >= thread->stack_low && address + 2 * sizeof(uintptr_t) <= thread->stack_high &&
         address % sizeof(uintptr_t) == 0;
}

// The chain reads what the compiler keeps there, not objects of the language.
__attribute__((no_sanitize("address"), no_sanitize("thread"), always_inline)) static inline size_t
walk(const lg_thread *thread, uintptr_t frame, uintptr_t *addresses, uintptr_t *frames, size_t limit) {
  size_t count = 0;
  while (count < limit && is_on_stack(thread, frame)) {
    uintptr_t next = ((const uintptr_t *)frame)[0];
    uintptr_t address = ((const uintptr_t *)frame)[1];
    if (address == 0) break;
    if (frames != NULL) frames[count] = next;
    addresses[count++] = address;
    if (next <= frame) break;
    frame = next;
  }
  return count;
}

__attribute__((no_sanitize("address"), no_sanitize("thread"), noinline)) size_t lg_frames(
    const lg_thread *thread, uintptr_t *addresses, size_t limit) {
  return walk(thread, (uintptr_t)__builtin_frame_address(0), addresses, NULL, limit);
}

__attribute__((no_sanitize("address"), no_sanitize("thread"), noinline)) size_t
lg_frames_with_bounds(
    const lg_thread *thread, uintptr_t *addresses, uintptr_t *frames, size_t limit) {
  return walk(thread, (uintptr_t)__builtin_frame_address(0), addresses, frames, limit);
}

#if defined(__linux__) && defined(__x86_64__)
/// What the kernel's own interface to sigaction takes.
struct kernel_action {
  void *handler;
  unsigned long flags;
  void *restorer;
  unsigned long mask;
};

static uintptr_t restorer;
static void ignore_signal(int number) { (void)number; }

/// Where signal handlers return to: the C library installs it with each of them, so one is
/// installed for a moment.
static void find_restorer(void) {
  struct kernel_action before, during;
  int number = SIGRTMAX - 1;
  struct sigaction action, old;
  if (syscall(SYS_rt_sigaction, number, NULL, &before, sizeof(unsigned long)) != 0) return;
  if (before.restorer != NULL) {
    restorer = (uintptr_t)before.restorer;
    return;
  }
  memset(&action, 0, sizeof action);
  action.sa_handler = ignore_signal;
  if (sigaction(number, &action, &old) != 0) return;
  if (syscall(SYS_rt_sigaction, number, NULL, &during, sizeof(unsigned long)) == 0) {
    restorer = (uintptr_t)during.restorer;
  }
  sigaction(number, &old, NULL);
}
#endif

bool lg_is_in_signal_handler(const lg_thread *thread) {
#if defined(__linux__) && defined(__x86_64__)
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_restorer);
  uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
  if (!is_on_stack(thread, frame)) {
    // On another stack: that of signal handlers, or a coroutine's.
    stack_t stack;
    return sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK) != 0;
  }
  if (restorer == 0) return false;
  uintptr_t addresses[64];
  size_t count = lg_frames(thread, addresses, 64);
  for (size_t index = 0; index < count; index++) {
    if (addresses[index] == restorer) return true;
  }
#else
  (void)thread;
#endif
  return false;
}

bool lg_locate(uintptr_t address, lg_location *location) {
  Dl_info info;
  if (dladdr((const void *)address, &info) == 0 || info.dli_fname == NULL) return false;
  location->path = info.dli_fname;
  location->base = (uintptr_t)info.dli_fbase;
  location->symbol = info.dli_sname;
  return true;
}

#ifdef __linux__
struct file_search {
  uintptr_t address;
  char *path;
  size_t size;
  uintptr_t base;
};

static int find_file(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct file_search *search = argument;
  uintptr_t low = UINTPTR_MAX;
  bool is_inside = false;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    if (header->p_type != PT_LOAD) continue;
    uintptr_t start = info->dlpi_addr + header->p_vaddr;
    // The first segment begins where the file does; addresses in files count from there.
    uintptr_t page = start - header->p_offset % 4096;
    if (header->p_offset < 4096 && page < low) low = page;
    is_inside |= search->address >= start && search->address - start < header->p_memsz;
  }
  if (!is_inside) return 0;
  const char *name = info->dlpi_name[0] == 0 ? "/proc/self/exe" : info->dlpi_name;
  if (strlen(name) >= search->size) return 0;
  strcpy(search->path, name);
  search->base = low;
  return 1;
}
#endif

bool lg_locate_file(uintptr_t address, char *path, size_t size, uintptr_t *base) {
#ifdef __linux__
  struct file_search search = {address, path, size, 0};
  if (dl_iterate_phdr(find_file, &search) == 0) return false;
  *base = search.base;
  return true;
#else
  (void)address, (void)path, (void)size, (void)base;
  return false;
#endif
}

void lg_handle_signal(int number, void (*handler)(int)) {
  struct sigaction action, before;
  if (sigaction(number, NULL, &before) != 0 || before.sa_handler == SIG_IGN) return;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

void lg_say(const char *text) {
  size_t length = strlen(text);
  while (length > 0) {
    ssize_t written = write(2, text, length);
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

void lg_say_number(uint32_t number) {
  char digits[11];
  size_t first = sizeof digits - 1;
  digits[first] = 0;
  do {
    digits[--first] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  lg_say(digits + first);
}
