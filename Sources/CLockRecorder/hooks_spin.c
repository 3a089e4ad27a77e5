#define _GNU_SOURCE
#include "hooks.h"
#include "shared.h"

LGR_HOOK int pthread_spin_lock(pthread_spinlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_spin_lock(lock));
  LGR_STEERED(lock, LGR_SPIN, lgr_real.pthread_spin_lock(lock));
  int result = lgr_real.pthread_spin_trylock(lock);
  if (result != EBUSY) return lgr_taken(thread, (u64)lock, LGR_SPIN, LGR_PLACE, result);
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)lock, LGR_SPIN, site);
  result = lgr_real.pthread_spin_lock(lock);
  return lgr_waited(thread, (u64)lock, LGR_SPIN, site, wait, result);
}

LGR_HOOK int pthread_spin_trylock(pthread_spinlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_spin_trylock(lock));
  LGR_STEERED(lock, LGR_SPIN | LGR_TRIED, lgr_real.pthread_spin_trylock(lock));
  return lgr_taken(
      thread, (u64)lock, LGR_SPIN | LGR_TRIED, LGR_PLACE, lgr_real.pthread_spin_trylock(lock));
}

LGR_HOOK int pthread_spin_unlock(pthread_spinlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_spin_unlock(lock));
  lgr_releasing(thread, LGR_RELEASE, (u64)lock, LGR_SPIN, LGR_PLACE);
  return lgr_real.pthread_spin_unlock(lock);
}

LGR_HOOK int pthread_spin_init(pthread_spinlock_t *lock, int is_shared) {
  LGR_ENTER(lgr_real.pthread_spin_init(lock, is_shared));
  int result = lgr_real.pthread_spin_init(lock, is_shared);
  if (result == 0) {
    u32 flags = LGR_SPIN | (is_shared == PTHREAD_PROCESS_SHARED ? LGR_PSHARED : 0);
    if (flags & LGR_PSHARED) lgr_find_shared(thread, (u64)lock, true);
    lgr_generation(thread, LGR_INIT, (u64)lock, flags, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}

LGR_HOOK int pthread_spin_destroy(pthread_spinlock_t *lock) {
  LGR_ENTER(lgr_real.pthread_spin_destroy(lock));
  int result = lgr_real.pthread_spin_destroy(lock);
  if (result == 0) {
    lgr_generation(thread, LGR_DESTROY, (u64)lock, LGR_SPIN, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}
