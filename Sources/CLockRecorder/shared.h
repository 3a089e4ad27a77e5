// Locks in memory that processes share.
#ifndef LGR_SHARED_H
#define LGR_SHARED_H

#include <pthread.h>
#include <semaphore.h>

#include "state.h"

/// Makes sure that the tables say whose memory it is that a lock lies in. `is_new` looks at it
/// again: something else may have been there before.
LGR_SLOW void lgr_find_shared(struct lgr_thread *thread, u64 address, bool is_new);
/// A child's tables begin with what it has from its parent.
LGR_HIDDEN void lgr_note_inherited(void);

/// For each use of a lock that says that it is meant for several processes.
LGR_INLINE void lgr_use_shared(struct lgr_thread *thread, const void *lock) {
  if (unlikely((u64)lock - thread->shared_low >= thread->shared_size)) {
    lgr_find_shared(thread, (u64)lock, false);
  }
}

LGR_INLINE void lgr_use_mutex(struct lgr_thread *thread, const pthread_mutex_t *mutex) {
#ifdef __GLIBC__
  if (unlikely(mutex->__data.__kind & 128)) lgr_use_shared(thread, mutex);
#else
  (void)thread, (void)mutex;
#endif
}

LGR_INLINE void lgr_use_rwlock(struct lgr_thread *thread, const pthread_rwlock_t *lock) {
#ifdef __GLIBC__
  if (unlikely(lock->__data.__shared != 0)) lgr_use_shared(thread, lock);
#else
  (void)thread, (void)lock;
#endif
}

LGR_INLINE void lgr_use_semaphore(struct lgr_thread *thread, const sem_t *semaphore) {
#if defined(__GLIBC__) && defined(__LP64__)
  // Behind the permits and the waiters.
  if (unlikely(((const u32 *)semaphore)[2] != 0)) lgr_use_shared(thread, semaphore);
#else
  (void)thread, (void)semaphore;
#endif
}

#endif
