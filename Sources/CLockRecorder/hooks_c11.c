#define _GNU_SOURCE
#include "hooks.h"
#include "kinds.h"

static int error_of(int result) { return result == thrd_timedout ? ETIMEDOUT : EINVAL; }

static int waited(
    struct lgr_thread *thread, mtx_t *mutex, u32 flags, u32 site, u64 *wait,
    int result) {
  if (result == thrd_success) {
    lgr_acquired_since(thread, (u64)mutex, flags, site, wait);
  } else {
    lgr_failed(thread, (u64)mutex, error_of(result), site, wait);
  }
  return result;
}

LGR_HOOK int mtx_lock(mtx_t *mutex) {
  LGR_ENTER(lgr_real.mtx_lock(mutex));
  u32 site = lgr_site(thread, LGR_PLACE);
  u32 flags = lgr_c11_kind(mutex);
  LGR_STEERED(mutex, flags, lgr_real.mtx_lock(mutex));
  int result = lgr_real.mtx_trylock(mutex);
  if (result == thrd_success) {
    lgr_acquired(thread, (u64)mutex, flags, site);
    return result;
  }
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)mutex, flags, site);
  return waited(thread, mutex, flags, site, wait, lgr_real.mtx_lock(mutex));
}

LGR_HOOK int mtx_trylock(mtx_t *mutex) {
  LGR_ENTER(lgr_real.mtx_trylock(mutex));
  LGR_STEERED(mutex, lgr_c11_kind(mutex) | LGR_TRIED, lgr_real.mtx_trylock(mutex));
  int result = lgr_real.mtx_trylock(mutex);
  if (result == thrd_success) {
    lgr_acquired(
        thread, (u64)mutex, lgr_c11_kind(mutex) | LGR_TRIED, lgr_site(thread, LGR_PLACE));
  }
  return result;
}

LGR_HOOK int mtx_timedlock(mtx_t *mutex, lgr_time *time) {
  LGR_ENTER(lgr_real.mtx_timedlock(mutex, time));
  u32 site = lgr_site(thread, LGR_PLACE);
  u32 flags = lgr_c11_kind(mutex) | LGR_TIMEOUT;
  LGR_STEERED(mutex, flags, lgr_real.mtx_timedlock(mutex, time));
  int result = lgr_real.mtx_trylock(mutex);
  if (result == thrd_success) {
    lgr_acquired(thread, (u64)mutex, flags, site);
    return result;
  }
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)mutex, flags, site);
  return waited(thread, mutex, flags, site, wait, lgr_real.mtx_timedlock(mutex, time));
}

LGR_HOOK int mtx_unlock(mtx_t *mutex) {
  LGR_ENTER(lgr_real.mtx_unlock(mutex));
  lgr_releasing(thread, LGR_RELEASE, (u64)mutex, lgr_c11_kind(mutex), LGR_PLACE);
  return lgr_real.mtx_unlock(mutex);
}

LGR_HOOK int mtx_init(mtx_t *mutex, int type) {
  LGR_ENTER(lgr_real.mtx_init(mutex, type));
  int result = lgr_real.mtx_init(mutex, type);
  if (result == thrd_success) {
    lgr_generation(
        thread, LGR_INIT, (u64)mutex, lgr_c11_kind(mutex), lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}

LGR_HOOK void mtx_destroy(mtx_t *mutex) {
  struct lgr_thread *thread = lgr_thread();
  u32 flags = lgr_c11_kind(mutex);
  lgr_real.mtx_destroy(mutex);
  if (thread == NULL) return;
  lgr_generation(
      thread, LGR_DESTROY, (u64)mutex, flags, lgr_site(thread, LGR_PLACE), -1);
}

LGR_HOOK int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  LGR_ENTER(lgr_real.cnd_wait(condition, mutex));
  u32 site = lgr_site(thread, LGR_PLACE);
  lgr_condition_wait(thread, (u64)condition, (u64)mutex, 0, site);
  int result = lgr_real.cnd_wait(condition, mutex);
  thread = lgr_thread();
  if (thread != NULL) {
    lgr_wake(
        thread, (u64)condition, (u64)mutex, result == thrd_success ? 0 : error_of(result), site);
  }
  return result;
}

LGR_HOOK int cnd_timedwait(cnd_t *condition, mtx_t *mutex, lgr_time *time) {
  LGR_ENTER(lgr_real.cnd_timedwait(condition, mutex, time));
  u32 site = lgr_site(thread, LGR_PLACE);
  lgr_condition_wait(thread, (u64)condition, (u64)mutex, LGR_TIMEOUT, site);
  struct timespec later;
  if (unlikely(lgr_settings.is_steered)) time = lgr_steered_limit(thread, site, time, &later);
  int result = lgr_real.cnd_timedwait(condition, mutex, time);
  thread = lgr_thread();
  if (thread != NULL) {
    lgr_wake(
        thread, (u64)condition, (u64)mutex, result == thrd_success ? 0 : error_of(result), site);
  }
  return result;
}

LGR_HOOK int cnd_signal(cnd_t *condition) {
  LGR_ENTER(lgr_real.cnd_signal(condition));
  lgr_event(
      thread, LGR_SIGNAL, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE));
  return lgr_real.cnd_signal(condition);
}

LGR_HOOK int cnd_broadcast(cnd_t *condition) {
  LGR_ENTER(lgr_real.cnd_broadcast(condition));
  lgr_event(
      thread, LGR_BROADCAST, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE));
  return lgr_real.cnd_broadcast(condition);
}

LGR_HOOK int cnd_init(cnd_t *condition) {
  LGR_ENTER(lgr_real.cnd_init(condition));
  int result = lgr_real.cnd_init(condition);
  if (result == thrd_success) {
    lgr_generation(
        thread, LGR_INIT, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}

LGR_HOOK void cnd_destroy(cnd_t *condition) {
  struct lgr_thread *thread = lgr_thread();
  lgr_real.cnd_destroy(condition);
  if (thread == NULL) return;
  lgr_generation(
      thread, LGR_DESTROY, (u64)condition, LGR_CONDITION, lgr_site(thread, LGR_PLACE), -1);
}
