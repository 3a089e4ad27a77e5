#define _GNU_SOURCE
#include "hooks.h"

LGR_HOOK int pthread_barrier_wait(pthread_barrier_t *barrier) {
  LGR_ENTER(lgr_real.pthread_barrier_wait(barrier));
  u32 site = lgr_site(thread, LGR_PLACE);
  lgr_lasting(thread, LGR_BARRIER, (u64)barrier, LGR_IS_BARRIER, site);
  int result = lgr_real.pthread_barrier_wait(barrier);
  thread = lgr_thread();
  if (thread == NULL) return result;
  lgr_past(thread, (u64)barrier);
  lgr_lasting(thread, LGR_BARRIER_LEFT, (u64)barrier, LGR_IS_BARRIER, site);
  lgr_next_segment(thread);
  return result;
}

LGR_HOOK int pthread_barrier_init(
    pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count) {
  LGR_ENTER(lgr_real.pthread_barrier_init(barrier, attributes, count));
  int result = lgr_real.pthread_barrier_init(barrier, attributes, count);
  if (result != 0) return result;
  u32 flags = LGR_IS_BARRIER;
  int value = 0;
  if (attributes != NULL && pthread_barrierattr_getpshared(attributes, &value) == 0 && value != 0) {
    flags |= LGR_PSHARED;
  }
  lgr_generation(
      thread, LGR_INIT, (u64)barrier, flags, lgr_site(thread, LGR_PLACE), (int64_t)count);
  return result;
}

LGR_HOOK int pthread_barrier_destroy(pthread_barrier_t *barrier) {
  LGR_ENTER(lgr_real.pthread_barrier_destroy(barrier));
  int result = lgr_real.pthread_barrier_destroy(barrier);
  if (result == 0) {
    lgr_generation(
        thread, LGR_DESTROY, (u64)barrier, LGR_IS_BARRIER, lgr_site(thread, LGR_PLACE), -1);
  }
  return result;
}
