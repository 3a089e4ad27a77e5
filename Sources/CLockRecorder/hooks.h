// What hooks of locks have in common: try first, so that a wait is in the file before it begins.
//
// Hooks call the functions of the program's own libraries, mmap, munmap, fallocate, ftruncate,
// madvise, gettid, rt_sigprocmask, clock_gettime and the unwinder, and nothing else: no dladdr,
// dlsym, dlopen or malloc, whose locks another thread may have while it waits for the program's.
#ifndef LGR_HOOKS_H
#define LGR_HOOKS_H

#include <errno.h>

#include "events.h"
#include "real.h"
#include "steer.h"

/// The thread, or the plain call where nothing is recorded.
#define LGR_ENTER(plain)                     \
  struct lgr_thread *thread = lgr_thread();  \
  if (unlikely(thread == NULL)) return plain

/// In a run that is steered: keeps the thread before it takes the lock.
#define LGR_STEERED(lock, flags, plain)                      \
  if (unlikely(lgr_settings.is_steered)) {                   \
    lgr_steer(thread, (u64)(lock), flags, LGR_PLACE);        \
    thread = lgr_thread();                                   \
    if (thread == NULL) return plain;                        \
  }

static inline bool lgr_has_lock(int result) { return result == 0 || result == EOWNERDEAD; }

/// A lock that was taken at once, or that cannot be taken at all.
LGR_INLINE int lgr_taken(
    struct lgr_thread *thread, u64 lock, u32 flags, struct lgr_place place, int result) {
  if (likely(result == 0)) {
    // The place is looked up while the lock is held: the processor does both at once, what comes
    // before it waits for the lock's atomic.
    lgr_acquired(thread, lock, flags, lgr_site(thread, place));
  } else if (result == EOWNERDEAD) {
    u32 site = lgr_site(thread, place);
    lgr_acquired(thread, lock, flags, site);
    lgr_lasting(thread, LGR_OWNER_DIED, lock, flags & LGR_KIND_MASK, site);
  }
  return result;
}

/// A wait that is over.
LGR_INLINE int lgr_waited(
    struct lgr_thread *thread, u64 lock, u32 flags, u32 site, u64 *wait, int result) {
  if (lgr_has_lock(result)) {
    lgr_acquired_since(thread, lock, flags, site, wait);
    if (result == EOWNERDEAD) {
      lgr_lasting(thread, LGR_OWNER_DIED, lock, flags & LGR_KIND_MASK, site);
    }
  } else {
    lgr_failed(thread, lock, result, site, wait);
  }
  return result;
}

#endif
