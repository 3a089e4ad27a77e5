#define _GNU_SOURCE
#include "hooks.h"

// What runs once is like a lock that its runner holds; who comes meanwhile waits for it.

/// Runs in place of the program's function, which takes no argument: the thread remembers it.
static void run_once(void) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL || thread->once_count == 0) return;
  u32 index = thread->once_count - 1;
  u64 control = (u64)thread->onces[index].control;
  void (*routine)(void) = thread->onces[index].routine;
  u32 site = thread->onces[index].site;
  thread->onces[index].has_run = true;
  lgr_acquired(thread, control, LGR_ONCE, site);
  routine();
  thread = lgr_thread();
  if (thread != NULL) {
    struct lgr_place place = {(u64)__builtin_return_address(0), (u64)__builtin_frame_address(0)};
    lgr_releasing(thread, LGR_RELEASE, control, LGR_ONCE, place);
  }
}

/// Begins a call whose routine, if it runs, is `run_once`'s. False if too many are open.
static bool begin_once(
    struct lgr_thread *thread, void *control, void (*routine)(void), u32 site) {
  if (thread->once_count >= LGR_PENDING_ONCES) return false;
  u32 index = thread->once_count;
  thread->onces[index].control = control;
  thread->onces[index].routine = routine;
  thread->onces[index].site = site;
  thread->onces[index].has_run = false;
  lgr_barrier();
  thread->once_count = index + 1;
  return true;
}

static void end_once(void *control) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL) return;
  // Also where an exception or a cancellation left the call.
  while (thread->once_count > 0) {
    thread->once_count--;
    if (thread->onces[thread->once_count].control == control) break;
  }
}

enum { LGR_ONCE_UNDER_WAY = 1, LGR_ONCE_DONE = 2 };

static bool is_done(const void *control) {
#ifdef __GLIBC__
  return (__atomic_load_n((const int *)control, __ATOMIC_ACQUIRE) & LGR_ONCE_DONE) != 0;
#else
  (void)control;
  return false;
#endif
}

static bool is_under_way(const void *control) {
#ifdef __GLIBC__
  return (__atomic_load_n((const int *)control, __ATOMIC_ACQUIRE) & LGR_ONCE_UNDER_WAY) != 0;
#else
  (void)control;
  return false;
#endif
}

/// Another thread runs it: a wait, and then as if the lock had been held for a moment.
static u64 *wait_for_once(struct lgr_thread *thread, void *control, u32 site) {
  if (!is_under_way(control)) return NULL;
  return lgr_wait(thread, LGR_WAIT, (u64)control, LGR_ONCE, site);
}

static void waited_for_once(
    void *control, u32 site, u64 *wait, struct lgr_place place) {
  struct lgr_thread *thread = lgr_thread();
  if (wait == NULL || thread == NULL) return;
  lgr_acquired_since(thread, (u64)control, LGR_ONCE, site, wait);
  lgr_releasing(thread, LGR_RELEASE, (u64)control, LGR_ONCE, place);
}

// The calls on their own, because they may be left by a jump.

__attribute__((noinline)) static int call_real(pthread_once_t *control) {
  int result;
  pthread_cleanup_push(end_once, control);
  result = lgr_real.pthread_once(control, run_once);
  pthread_cleanup_pop(0);
  return result;
}

__attribute__((noinline)) static void call_real_c11(once_flag *control) {
  pthread_cleanup_push(end_once, control);
  lgr_real.call_once(control, run_once);
  pthread_cleanup_pop(0);
}

LGR_HOOK int pthread_once(pthread_once_t *control, void (*routine)(void)) {
  LGR_ENTER(lgr_real.pthread_once(control, routine));
  if (is_done(control)) return lgr_real.pthread_once(control, routine);
  u32 site = lgr_site(thread, LGR_PLACE);
  if (!begin_once(thread, control, routine, site)) {
    return lgr_real.pthread_once(control, routine);
  }
  u32 index = thread->once_count - 1;
  u64 *wait = wait_for_once(thread, control, site);
  int result = call_real(control);
  bool has_run = thread->onces[index].has_run;
  end_once(control);
  if (wait != NULL && !has_run) {
    waited_for_once(control, site, wait, LGR_PLACE);
  } else if (wait != NULL && lgr_settings.is_steered) {
    lgr_wants_no_more(thread);
  }
  return result;
}

LGR_HOOK void call_once(once_flag *control, void (*routine)(void)) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL || is_done(control)) {
    lgr_real.call_once(control, routine);
    return;
  }
  u32 site = lgr_site(thread, LGR_PLACE);
  if (!begin_once(thread, control, routine, site)) {
    lgr_real.call_once(control, routine);
    return;
  }
  u32 index = thread->once_count - 1;
  u64 *wait = wait_for_once(thread, control, site);
  call_real_c11(control);
  bool has_run = thread->onces[index].has_run;
  end_once(control);
  if (wait != NULL && !has_run) {
    waited_for_once(control, site, wait, LGR_PLACE);
  } else if (wait != NULL && lgr_settings.is_steered) {
    lgr_wants_no_more(thread);
  }
}
