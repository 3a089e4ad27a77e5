#define _GNU_SOURCE
#include "hooks.h"
#include "kinds.h"
#include "shared.h"

LGR_HOOK int pthread_mutex_lock(pthread_mutex_t *mutex) {
  LGR_ENTER(lgr_real.pthread_mutex_lock(mutex));
  u32 flags = lgr_mutex_kind(mutex);
  lgr_use_mutex(thread, mutex);
  LGR_STEERED(mutex, flags, lgr_real.pthread_mutex_lock(mutex));
  int result = lgr_is_free_and_alone(mutex) ? lgr_real.pthread_mutex_lock(mutex)
                                            : lgr_real.pthread_mutex_trylock(mutex);
  if (likely(result != EBUSY)) return lgr_taken(thread, (u64)mutex, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)mutex, flags, site);
  result = lgr_real.pthread_mutex_lock(mutex);
  return lgr_waited(thread, (u64)mutex, flags, site, wait, result);
}

LGR_HOOK int pthread_mutex_trylock(pthread_mutex_t *mutex) {
  LGR_ENTER(lgr_real.pthread_mutex_trylock(mutex));
  u32 flags = lgr_mutex_kind(mutex) | LGR_TRIED;
  lgr_use_mutex(thread, mutex);
  LGR_STEERED(mutex, flags, lgr_real.pthread_mutex_trylock(mutex));
  return lgr_taken(
      thread, (u64)mutex, flags, LGR_PLACE, lgr_real.pthread_mutex_trylock(mutex));
}

LGR_HOOK int pthread_mutex_timedlock(pthread_mutex_t *mutex, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_mutex_timedlock(mutex, time));
  u32 flags = lgr_mutex_kind(mutex) | LGR_TIMEOUT;
  lgr_use_mutex(thread, mutex);
  LGR_STEERED(mutex, flags, lgr_real.pthread_mutex_timedlock(mutex, time));
  int result = lgr_real.pthread_mutex_trylock(mutex);
  if (result != EBUSY) return lgr_taken(thread, (u64)mutex, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)mutex, flags, site);
  result = lgr_real.pthread_mutex_timedlock(mutex, time);
  return lgr_waited(thread, (u64)mutex, flags, site, wait, result);
}

LGR_HOOK int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_mutex_clocklock(mutex, clock, time));
  u32 flags = lgr_mutex_kind(mutex) | LGR_TIMEOUT;
  lgr_use_mutex(thread, mutex);
  LGR_STEERED(mutex, flags, lgr_real.pthread_mutex_clocklock(mutex, clock, time));
  // A clock that cannot be used is an error even where nobody has the lock.
  bool is_usable = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
  int result = is_usable ? lgr_real.pthread_mutex_trylock(mutex) : EBUSY;
  if (result != EBUSY) return lgr_taken(thread, (u64)mutex, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)mutex, flags, site);
  result = lgr_real.pthread_mutex_clocklock(mutex, clock, time);
  return lgr_waited(thread, (u64)mutex, flags, site, wait, result);
}

LGR_HOOK int pthread_mutex_unlock(pthread_mutex_t *mutex) {
  LGR_ENTER(lgr_real.pthread_mutex_unlock(mutex));
  if (unlikely(!lgr_releasing_last(thread, LGR_RELEASE, (u64)mutex, LGR_PLACE))) {
    lgr_release_out_of_order(
        thread, LGR_RELEASE, (u64)mutex, lgr_mutex_kind(mutex), LGR_PLACE);
  }
  return lgr_real.pthread_mutex_unlock(mutex);
}

LGR_HOOK int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes) {
  LGR_ENTER(lgr_real.pthread_mutex_init(mutex, attributes));
  int result = lgr_real.pthread_mutex_init(mutex, attributes);
  if (result != 0) return result;
  u32 flags = lgr_mutex_kind(mutex);
  if (attributes != NULL) {
    int value = 0;
    if (pthread_mutexattr_getpshared(attributes, &value) == 0 && value != 0) flags |= LGR_PSHARED;
    if (pthread_mutexattr_getrobust(attributes, &value) == 0 && value != 0) flags |= LGR_ROBUST;
    if (pthread_mutexattr_getprotocol(attributes, &value) == 0 && value != 0) {
      flags |= LGR_PRIORITY;
    }
  }
  if (flags & LGR_PSHARED) lgr_find_shared(thread, (u64)mutex, true);
  lgr_generation(thread, LGR_INIT, (u64)mutex, flags, lgr_site(thread, LGR_PLACE), -1);
  return result;
}

LGR_HOOK int pthread_mutex_destroy(pthread_mutex_t *mutex) {
  LGR_ENTER(lgr_real.pthread_mutex_destroy(mutex));
  u32 flags = lgr_mutex_kind(mutex);
  int result = lgr_real.pthread_mutex_destroy(mutex);
  if (result == 0) {
    lgr_generation(thread, LGR_DESTROY, (u64)mutex, flags, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}
