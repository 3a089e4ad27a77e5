#define _GNU_SOURCE
#include "init.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "environment.h"
#include "order.h"
#include "process.h"
#include "real.h"
#include "steering.h"
#include "text.h"
#include "threads.h"

extern char **environ;

/// For who wants to know before a program runs which format its recording will have.
__attribute__((visibility("default"), used)) const char lockgraph_recorder_version[] =
    "lockgraph-recorder 1";

struct lgr_settings lgr_settings;
struct lgr_process *lgr_process;
struct lgr_stripe lgr_stripes[LGR_STRIPES];
struct lgr_real lgr_real;
bool lgr_is_forked;
u64 lgr_main_stack_high;

enum { UNTOUCHED, UNDER_WAY, DONE };
static u32 progress;

#if defined(__x86_64__) && defined(__GLIBC__)
/// Conditions have an older version under the same name, which is another function. Whoever else
/// stands before them, a sanitizer for one, has a single version.
static void *find_condition(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  void *version = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
  Dl_info first, second;
  if (found == NULL || version == NULL) return found != NULL ? found : version;
  bool is_same = dladdr(found, &first) != 0 && dladdr(version, &second) != 0 &&
                 first.dli_fbase == second.dli_fbase;
  return is_same ? version : found;
}

static void find_conditions(void) {
  if (lgr_real.pthread_cond_wait != NULL) return;
  lgr_real.pthread_cond_signal = find_condition("pthread_cond_signal");
  lgr_real.pthread_cond_broadcast = find_condition("pthread_cond_broadcast");
  lgr_real.pthread_cond_init = find_condition("pthread_cond_init");
  lgr_real.pthread_cond_destroy = find_condition("pthread_cond_destroy");
  lgr_real.pthread_cond_timedwait = find_condition("pthread_cond_timedwait");
  lgr_real.pthread_cond_wait = find_condition("pthread_cond_wait");
}
#else
static void find_conditions(void) {}
#endif

void lgr_find_real_functions(void) {
  find_conditions();
#define LGR_FIND(result, name, parameters) \
  if (lgr_real.name == NULL) lgr_real.name = (result(*) parameters)dlsym(RTLD_NEXT, #name);
  LGR_REAL_FUNCTIONS(LGR_FIND)
#undef LGR_FIND
  lgr_real_dlopen = lgr_real.dlopen;
}

static void read_settings(void) {
  const char *place = getenv("LOCKGRAPH_RECORD");
  if (place == NULL || *place != '/' || strlen(place) >= sizeof lgr_settings.place) return;
  const char *version = getenv("LOCKGRAPH_RECORD_VERSION");
  if (version != NULL && strcmp(version, "1") != 0) return;
  strcpy(lgr_settings.place, place);
  const char *level = getenv("LOCKGRAPH_RECORD_LEVEL");
  lgr_settings.level = level != NULL && strcmp(level, "orders") == 0 ? LGR_ORDERS
                       : level != NULL && strcmp(level, "all") == 0  ? LGR_ALL
                                                                     : LGR_SHAPES;
  lgr_settings.class_cap = lgr_settings.level == LGR_ORDERS ? 64 : 256;
  const char *times = getenv("LOCKGRAPH_RECORD_TIMES");
  lgr_settings.has_times = times != NULL && strcmp(times, "1") == 0;
  const char *names = getenv("LOCKGRAPH_RECORD_NAMES");
  lgr_settings.copies_stacks = names == NULL || strcmp(names, "0") != 0;
  const char *children = getenv("LOCKGRAPH_RECORD_CHILDREN");
  lgr_settings.follows_children = children == NULL || strcmp(children, "0") != 0;
  const char *audit = getenv("LD_AUDIT");
  lgr_settings.is_audited = audit != NULL && strstr(audit, "liblockgraph_audit.so") != NULL;
  const char *size = getenv("LOCKGRAPH_RECORD_MAX_SIZE");
  u64 most = size == NULL ? 0 : lgr_number(size);
  lgr_settings.max_size = most == 0 ? ~0ull >> 1 : most;
  lgr_settings.is_on = true;
}

bool lgr_initialise(void) {
  if (__atomic_load_n(&progress, __ATOMIC_ACQUIRE) == DONE) return lgr_settings.is_on;
  u32 untouched = UNTOUCHED;
  if (!__atomic_compare_exchange_n(
          &progress, &untouched, UNDER_WAY, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    // The search for real functions came here itself; threads are not there yet.
    return false;
  }
  lgr_find_real_functions();
  read_settings();
  if (lgr_settings.is_on) {
    lgr_remember_environment();
    lgr_read_steering();
    void *memory = mmap(
        NULL, sizeof *lgr_process, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
      lgr_settings.is_on = false;
    } else {
      madvise(memory, sizeof *lgr_process, MADV_WIPEONFORK);
      lgr_process = memory;
      lgr_make_end_key();
    }
  }
  __atomic_store_n(&progress, DONE, __ATOMIC_RELEASE);
  return lgr_settings.is_on;
}

static void end(void);

/// What the program ends with. This was registered before anything else, so it comes when the
/// recording is closed already.
static void note_status(int status, void *unused) {
  (void)unused;
  struct lgr_process *process = lgr_process;
  if (process != NULL && process->state == LGR_OPEN && process->pid == (u32)getpid()) {
    process->header->exit_status = (u32)status & 0xFF;
  }
}

__attribute__((constructor)) static void construct(int count, char **arguments, char **variables) {
  (void)count;
  (void)arguments;
  // This runs before the C library's own beginning, which is what sets it.
  if (environ == NULL) environ = variables;
  lgr_main_stack_high = (u64)variables & ~7ull;
  if (!lgr_initialise()) return;
  // The program's first thread is the first that has a number, and it has a file even if it never
  // uses a lock: that tells programs that were recorded from those that were not.
  lgr_thread();
  // From here on a process without a recording is a child of this one.
  lgr_is_forked = true;
  on_exit(note_status, NULL);
  at_quick_exit(end);
}

static void end(void) { lgr_close_recording(LGR_ENDED, 0); }

// This library was the first to begin, so it is the last to end.
__attribute__((destructor)) static void destruct(void) { end(); }
