#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <string.h>

#include "hooks.h"
#include "process.h"

// The loader's own lock, which constructors of libraries run under. It is recorded as a lock at
// address 16. A lock of the recorder stands before it, held from before the loader is entered until
// after, which is how long the loader holds its own: so the moment is known at which it is taken.

enum { LGR_LOADER_ADDRESS = 16 };

/// In memory that a fork wipes: the child's is free.
static bool try_loader(u32 tid) {
  struct lgr_process *process = lgr_process;
  u32 owner = 0;
  if (__atomic_load_n(&process->loader_owner, __ATOMIC_RELAXED) != tid &&
      !__atomic_compare_exchange_n(
          &process->loader_owner, &owner, tid, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    return false;
  }
  process->loader_depth++;
  return true;
}

static void wait_for_loader(u32 tid) {
  while (!try_loader(tid)) {
    struct timespec pause = {0, 200000};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
  }
}

/// Set before the first event: `dlopen` jumps there.
__attribute__((used)) LGR_HIDDEN void *(*lgr_real_dlopen)(const char *, int);

static void enter_loader(struct lgr_thread *thread, u32 site) {
  u64 *wait = NULL;
  if (!try_loader(thread->tid)) {
    wait = lgr_wait(thread, LGR_WAIT, LGR_LOADER_ADDRESS, LGR_LOADER, site);
    wait_for_loader(thread->tid);
  }
  lgr_acquired_since(thread, LGR_LOADER_ADDRESS, LGR_LOADER, site, wait);
}

static void leave_loader(struct lgr_place place) {
  struct lgr_thread *thread = lgr_thread();
  if (thread != NULL) {
    lgr_releasing(thread, LGR_RELEASE, LGR_LOADER_ADDRESS, LGR_LOADER, place);
  }
  struct lgr_process *process = lgr_process;
  if (thread == NULL || process->loader_owner != thread->tid) return;
  if (--process->loader_depth == 0) {
    __atomic_store_n(&process->loader_owner, 0, __ATOMIC_RELEASE);
  }
}

/// Whether the caller has search paths of its own, which the loader finds by the address that it is
/// to return to: such a call has to reach it as it is.
struct caller {
  u64 address;
  bool has_paths;
};

static int look_for_paths(struct dl_phdr_info *info, size_t size, void *argument) {
  (void)size;
  struct caller *caller = argument;
  const ElfW(Dyn) *dynamic = NULL;
  bool is_inside = false;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[index];
    u64 start = info->dlpi_addr + header->p_vaddr;
    if (header->p_type == PT_DYNAMIC) dynamic = (const ElfW(Dyn) *)start;
    if (header->p_type == PT_LOAD && caller->address >= start &&
        caller->address - start < header->p_memsz) {
      is_inside = true;
    }
  }
  if (!is_inside) return 0;
  for (; dynamic != NULL && dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == DT_RPATH || dynamic->d_tag == DT_RUNPATH) caller->has_paths = true;
  }
  return 1;
}

__attribute__((used)) LGR_HIDDEN bool lgr_is_open_recorded(const char *path, u64 address);
bool lgr_is_open_recorded(const char *path, u64 address) {
  // The program itself: nothing is loaded.
  if (path == NULL || lgr_thread() == NULL) return false;
  if (strchr(path, '/') != NULL) return true;
  struct caller caller = {address, false};
  dl_iterate_phdr(look_for_paths, &caller);
  return !caller.has_paths;
}

/// What was loaded may be the library that functions wait for which were not there.
static void look_again(void) {
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_note_modules();
  lgr_find_real_functions();
  lgr_restore_signals(&guard);
}

// The way to the real function without a frame between: its arguments, stack and return address
// stay what they were.
#if defined(__x86_64__)
__asm__(
    ".text\n.globl dlopen\n.type dlopen,@function\ndlopen:\n.cfi_startproc\n"
    "push %rdi\n.cfi_adjust_cfa_offset 8\npush %rsi\n.cfi_adjust_cfa_offset 8\n"
    "sub $8,%rsp\n.cfi_adjust_cfa_offset 8\n"
    "mov 24(%rsp),%rsi\ncall lgr_is_open_recorded\n"
    "add $8,%rsp\n.cfi_adjust_cfa_offset -8\n"
    "pop %rsi\n.cfi_adjust_cfa_offset -8\npop %rdi\n.cfi_adjust_cfa_offset -8\n"
    "test %al,%al\njne lgr_open\njmp *lgr_real_dlopen(%rip)\n"
    ".cfi_endproc\n.size dlopen,.-dlopen\n");
#elif defined(__aarch64__)
__asm__(
    ".text\n.globl dlopen\n.type dlopen,%function\ndlopen:\n.cfi_startproc\n"
    "stp x29,x30,[sp,#-32]!\n.cfi_def_cfa_offset 32\n.cfi_offset 29,-32\n.cfi_offset 30,-24\n"
    "mov x29,sp\nstp x0,x1,[sp,#16]\nmov x1,x30\nbl lgr_is_open_recorded\nmov w9,w0\n"
    "ldp x0,x1,[sp,#16]\nldp x29,x30,[sp],#32\n"
    ".cfi_def_cfa_offset 0\n.cfi_restore 29\n.cfi_restore 30\n"
    "tbnz w9,#0,lgr_open\nadrp x9,lgr_real_dlopen\nldr x9,[x9,:lo12:lgr_real_dlopen]\nbr x9\n"
    ".cfi_endproc\n.size dlopen,.-dlopen\n");
#endif

/// A library whose calls pass the recorder by, unless an audit library leads them back.
static void count_unseen(void) {
  if (!lgr_settings.is_audited) lgr_count(&lgr_process->header->unseen_namespaces, 1);
}

__attribute__((used, noinline)) LGR_HIDDEN void *lgr_open(const char *path, int mode);
void *lgr_open(const char *path, int mode) {
  LGR_ENTER(lgr_real.dlopen(path, mode));
  if (mode & RTLD_DEEPBIND) count_unseen();
  struct lgr_place place = LGR_PLACE;
  enter_loader(thread, lgr_site(thread, place));
  void *handle = lgr_real.dlopen(path, mode);
  if (handle != NULL) look_again();
  leave_loader(place);
  return handle;
}

LGR_HOOK void *dlmopen(Lmid_t space, const char *path, int mode) {
  LGR_ENTER(lgr_real.dlmopen(space, path, mode));
  if (space != LM_ID_BASE) count_unseen();
  struct lgr_place place = LGR_PLACE;
  enter_loader(thread, lgr_site(thread, place));
  void *handle = lgr_real.dlmopen(space, path, mode);
  if (handle != NULL) look_again();
  leave_loader(place);
  return handle;
}

LGR_HOOK int dlclose(void *handle) {
  LGR_ENTER(lgr_real.dlclose(handle));
  struct lgr_place place = LGR_PLACE;
  enter_loader(thread, lgr_site(thread, place));
  int result = lgr_real.dlclose(handle);
  leave_loader(place);
  return result;
}
