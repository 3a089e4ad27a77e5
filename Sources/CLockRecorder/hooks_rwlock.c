#define _GNU_SOURCE
#include "hooks.h"
#include "kinds.h"
#include "shared.h"

LGR_HOOK int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_rdlock(lock));
  u32 flags = lgr_rwlock_kind(lock) | LGR_SHARED;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_rdlock(lock));
  int result = lgr_real.pthread_rwlock_tryrdlock(lock);
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_rdlock(lock);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_tryrdlock(lock));
  u32 flags = lgr_rwlock_kind(lock) | LGR_SHARED | LGR_TRIED;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_tryrdlock(lock));
  return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, lgr_real.pthread_rwlock_tryrdlock(lock));
}

LGR_HOOK int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_rwlock_timedrdlock(lock, time));
  u32 flags = lgr_rwlock_kind(lock) | LGR_SHARED | LGR_TIMEOUT;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_timedrdlock(lock, time));
  int result = lgr_real.pthread_rwlock_tryrdlock(lock);
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_timedrdlock(lock, time);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_rwlock_clockrdlock(lock, clock, time));
  u32 flags = lgr_rwlock_kind(lock) | LGR_SHARED | LGR_TIMEOUT;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_clockrdlock(lock, clock, time));
  bool is_usable = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
  int result = is_usable ? lgr_real.pthread_rwlock_tryrdlock(lock) : EBUSY;
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_clockrdlock(lock, clock, time);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_wrlock(lock));
  u32 flags = lgr_rwlock_kind(lock);
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_wrlock(lock));
  int result = lgr_real.pthread_rwlock_trywrlock(lock);
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_wrlock(lock);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_trywrlock(lock));
  u32 flags = lgr_rwlock_kind(lock) | LGR_TRIED;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_trywrlock(lock));
  return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, lgr_real.pthread_rwlock_trywrlock(lock));
}

LGR_HOOK int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_rwlock_timedwrlock(lock, time));
  u32 flags = lgr_rwlock_kind(lock) | LGR_TIMEOUT;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_timedwrlock(lock, time));
  int result = lgr_real.pthread_rwlock_trywrlock(lock);
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_timedwrlock(lock, time);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_rwlock_clockwrlock(lock, clock, time));
  u32 flags = lgr_rwlock_kind(lock) | LGR_TIMEOUT;
  lgr_use_rwlock(thread, lock);
  LGR_STEERED(lock, flags, lgr_real.pthread_rwlock_clockwrlock(lock, clock, time));
  bool is_usable = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
  int result = is_usable ? lgr_real.pthread_rwlock_trywrlock(lock) : EBUSY;
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, flags, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, flags, site);
  result = lgr_real.pthread_rwlock_clockwrlock(lock, clock, time);
  return lgr_waited(thread, (u64)lock, flags, site, wait, result);
}

LGR_HOOK int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_unlock(lock));
  lgr_releasing(thread, LGR_RELEASE, (u64)lock, lgr_rwlock_kind(lock), LGR_PLACE);
  return lgr_real.pthread_rwlock_unlock(lock);
}

LGR_HOOK int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes) {
  LGR_ENTER(lgr_real.pthread_rwlock_init(lock, attributes));
  int result = lgr_real.pthread_rwlock_init(lock, attributes);
  if (result != 0) return result;
  u32 flags = lgr_rwlock_kind(lock);
  int value = 0;
  if (attributes != NULL && pthread_rwlockattr_getpshared(attributes, &value) == 0 && value != 0) {
    flags |= LGR_PSHARED;
  }
  if (flags & LGR_PSHARED) lgr_find_shared(thread, (u64)lock, true);
  lgr_generation(thread, LGR_INIT, (u64)lock, flags, lgr_site(thread, LGR_PLACE), -1);
  return result;
}

LGR_HOOK int pthread_rwlock_destroy(pthread_rwlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_rwlock_destroy(lock));
  u32 flags = lgr_rwlock_kind(lock);
  int result = lgr_real.pthread_rwlock_destroy(lock);
  if (result == 0) {
    lgr_generation(thread, LGR_DESTROY, (u64)lock, flags, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}
