// Which kind a lock is, as its own memory says.
#ifndef LGR_KINDS_H
#define LGR_KINDS_H

#include <pthread.h>
#include <threads.h>

#include "state.h"

LGR_INLINE u32 lgr_mutex_kind(const pthread_mutex_t *mutex) {
#ifdef __GLIBC__
  // Normal, recursive, error-checking, adaptive.
  static const u8 kinds[4] = {LGR_MUTEX, LGR_RECURSIVE, LGR_ERROR_CHECK, LGR_MUTEX};
  return kinds[mutex->__data.__kind & 3];
#else
  (void)mutex;
  return LGR_MUTEX;
#endif
}

#ifdef __GLIBC__
extern char __libc_single_threaded __attribute__((weak));
#endif

/// A mutex that nobody has, in a program of one thread: taking it cannot wait, and the C library
/// does it without an atomic, which a try has in any case. Mutexes of other processes, robust ones
/// and those with priorities are not meant.
LGR_INLINE bool lgr_is_free_and_alone(const pthread_mutex_t *mutex) {
#ifdef __GLIBC__
  return &__libc_single_threaded != NULL && __libc_single_threaded &&
         mutex->__data.__lock == 0 && (mutex->__data.__kind & ~3) == 0;
#else
  (void)mutex;
  return false;
#endif
}

LGR_INLINE u32 lgr_c11_kind(const mtx_t *mutex) {
  return lgr_mutex_kind((const pthread_mutex_t *)mutex) == LGR_RECURSIVE ? LGR_C11_RECURSIVE
                                                                         : LGR_C11;
}

LGR_INLINE u32 lgr_rwlock_kind(const pthread_rwlock_t *lock) {
#ifdef __GLIBC__
  return lock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP ? LGR_RWLOCK_WRITERS
                                                                              : LGR_RWLOCK;
#else
  (void)lock;
  return LGR_RWLOCK;
#endif
}

#endif
