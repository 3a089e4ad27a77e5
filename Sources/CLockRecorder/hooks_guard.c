#define _GNU_SOURCE
// Guards of static variables in functions, as the C++ ABI has them. The protocol is short and laid
// down there, so it is carried out here: a library with the real functions may be loaded late, and
// looking for them inside a hook could wait for the loader.
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hooks.h"

// The states that the common C++ run-time libraries use, in the guard's first 32 bits.
enum { DONE = 1, UNDER_WAY = 0x100, AWAITED = 0x10000 };

int __cxa_guard_acquire(u32 *guard);
void __cxa_guard_release(u32 *guard);
void __cxa_guard_abort(u32 *guard);

static void finish(u32 *guard, u32 state) {
  u32 before = __atomic_exchange_n(guard, state, __ATOMIC_ACQ_REL);
  if (before & AWAITED) {
    int error = errno;
    syscall(SYS_futex, guard, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    errno = error;
  }
}

/// Takes the guard, waiting for another thread. False if the variable is there.
static bool take(u32 *guard, bool may_wait, bool *is_busy) {
  for (;;) {
    u32 state = 0;
    if (__atomic_compare_exchange_n(
            guard, &state, UNDER_WAY, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      return true;
    }
    if (state & DONE) return false;
    *is_busy = true;
    if (!may_wait) return false;
    u32 awaited = state | AWAITED;
    if (state == awaited || __atomic_compare_exchange_n(
                                guard, &state, awaited, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_ACQUIRE)) {
      int error = errno;
      syscall(SYS_futex, guard, FUTEX_WAIT, awaited, NULL, NULL, 0);
      errno = error;
    }
  }
}

LGR_HOOK int __cxa_guard_acquire(u32 *guard) {
  if (__atomic_load_n(guard, __ATOMIC_ACQUIRE) & DONE) return 0;
  struct lgr_thread *thread = lgr_thread();
  bool is_busy = false;
  bool is_mine = take(guard, thread == NULL, &is_busy);
  if (thread == NULL) return is_mine;
  if (is_busy) {
    u32 site = lgr_site(thread, LGR_PLACE);
    u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)guard, LGR_GUARD, site);
    is_mine = take(guard, true, &is_busy);
    thread = lgr_thread();
    if (thread == NULL) return is_mine;
    lgr_acquired_since(thread, (u64)guard, LGR_GUARD, site, wait);
    if (!is_mine) lgr_releasing(thread, LGR_RELEASE, (u64)guard, LGR_GUARD, LGR_PLACE);
  } else if (is_mine) {
    lgr_acquired(thread, (u64)guard, LGR_GUARD, lgr_site(thread, LGR_PLACE));
  }
  return is_mine;
}

LGR_HOOK void __cxa_guard_release(u32 *guard) {
  struct lgr_thread *thread = lgr_thread();
  if (thread != NULL) lgr_releasing(thread, LGR_RELEASE, (u64)guard, LGR_GUARD, LGR_PLACE);
  finish(guard, DONE);
}

LGR_HOOK void __cxa_guard_abort(u32 *guard) {
  struct lgr_thread *thread = lgr_thread();
  if (thread != NULL) lgr_releasing(thread, LGR_RELEASE, (u64)guard, LGR_GUARD, LGR_PLACE);
  finish(guard, 0);
}
