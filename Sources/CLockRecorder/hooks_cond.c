#define _GNU_SOURCE
#include "hooks.h"

/// A wait that may be cancelled: the C library has taken the mutex back by then, and cleanup
/// handlers of the program, which come after this one, count on it.
struct waiting {
  struct lgr_thread *thread;
  u64 condition, mutex;
  u32 site;
};

static void cancelled(void *argument) {
  const struct waiting *waiting = argument;
  // The thread's state may have moved on, but it is the same thread.
  struct lgr_thread *thread = lgr_thread();
  if (thread == waiting->thread) {
    lgr_wake(thread, waiting->condition, waiting->mutex, 254, waiting->site);
  }
}

/// In a run that is steered, the limit may come later.
static lgr_time *limit(const struct waiting *waiting, lgr_time *time, struct timespec *later) {
  if (likely(!lgr_settings.is_steered)) return time;
  return lgr_steered_limit(waiting->thread, waiting->site, time, later);
}

#define LGR_WAITING(flags, call)                                                       \
  struct waiting waiting = {thread, (u64)condition, (u64)mutex, 0};                    \
  waiting.site = lgr_site(thread, LGR_PLACE);                                      \
  lgr_condition_wait(thread, (u64)condition, (u64)mutex, flags, waiting.site);         \
  int result;                                                                          \
  pthread_cleanup_push(cancelled, &waiting);                                           \
  result = call;                                                                       \
  pthread_cleanup_pop(0);                                                              \
  thread = lgr_thread();                                                               \
  if (thread != NULL) lgr_wake(thread, (u64)condition, (u64)mutex, result, waiting.site); \
  return result

LGR_HOOK int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  LGR_ENTER(lgr_real.pthread_cond_wait(condition, mutex));
  LGR_WAITING(0, lgr_real.pthread_cond_wait(condition, mutex));
}

LGR_HOOK int pthread_cond_timedwait(
    pthread_cond_t *condition, pthread_mutex_t *mutex, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_cond_timedwait(condition, mutex, time));
  struct timespec later;
  LGR_WAITING(
      LGR_TIMEOUT,
      lgr_real.pthread_cond_timedwait(condition, mutex, limit(&waiting, time, &later)));
}

LGR_HOOK int pthread_cond_clockwait(
    pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_cond_clockwait(condition, mutex, clock, time));
  struct timespec later;
  LGR_WAITING(
      LGR_TIMEOUT,
      lgr_real.pthread_cond_clockwait(condition, mutex, clock, limit(&waiting, time, &later)));
}

LGR_HOOK int pthread_cond_signal(pthread_cond_t *condition) {
  LGR_ENTER(lgr_real.pthread_cond_signal(condition));
  lgr_event(thread, LGR_SIGNAL, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE));
  return lgr_real.pthread_cond_signal(condition);
}

LGR_HOOK int pthread_cond_broadcast(pthread_cond_t *condition) {
  LGR_ENTER(lgr_real.pthread_cond_broadcast(condition));
  lgr_event(thread, LGR_BROADCAST, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE));
  return lgr_real.pthread_cond_broadcast(condition);
}

LGR_HOOK int pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes) {
  LGR_ENTER(lgr_real.pthread_cond_init(condition, attributes));
  int result = lgr_real.pthread_cond_init(condition, attributes);
  if (result != 0) return result;
  u32 flags = LGR_CONDITION;
  int value = 0;
  if (attributes != NULL && pthread_condattr_getpshared(attributes, &value) == 0 && value != 0) {
    flags |= LGR_PSHARED;
  }
  lgr_generation(thread, LGR_INIT, (u64)condition, flags, lgr_site(thread, LGR_PLACE), -1);
  return result;
}

LGR_HOOK int pthread_cond_destroy(pthread_cond_t *condition) {
  LGR_ENTER(lgr_real.pthread_cond_destroy(condition));
  int result = lgr_real.pthread_cond_destroy(condition);
  if (result == 0) {
    lgr_generation(
        thread, LGR_DESTROY, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}
