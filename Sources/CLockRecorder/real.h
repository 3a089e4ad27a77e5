// The functions that the hooks stand before.
#ifndef LGR_REAL_H
#define LGR_REAL_H

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/types.h>
#include <threads.h>
#include <time.h>

#include "state.h"

typedef const struct timespec lgr_time;

// RESULT, NAME, PARAMETERS. Those of the C library come first: finding them needs no memory.
#define LGR_REAL_FUNCTIONS(F)                                                                   \
  F(int, pthread_mutex_lock, (pthread_mutex_t *))                                               \
  F(int, pthread_mutex_trylock, (pthread_mutex_t *))                                            \
  F(int, pthread_mutex_unlock, (pthread_mutex_t *))                                             \
  F(int, pthread_mutex_timedlock, (pthread_mutex_t *, lgr_time *))                              \
  F(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, lgr_time *))                   \
  F(int, pthread_mutex_init, (pthread_mutex_t *, const pthread_mutexattr_t *))                  \
  F(int, pthread_mutex_destroy, (pthread_mutex_t *))                                            \
  F(int, pthread_rwlock_rdlock, (pthread_rwlock_t *))                                           \
  F(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t *))                                        \
  F(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, lgr_time *))                          \
  F(int, pthread_rwlock_clockrdlock, (pthread_rwlock_t *, clockid_t, lgr_time *))               \
  F(int, pthread_rwlock_wrlock, (pthread_rwlock_t *))                                           \
  F(int, pthread_rwlock_trywrlock, (pthread_rwlock_t *))                                        \
  F(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, lgr_time *))                          \
  F(int, pthread_rwlock_clockwrlock, (pthread_rwlock_t *, clockid_t, lgr_time *))               \
  F(int, pthread_rwlock_unlock, (pthread_rwlock_t *))                                           \
  F(int, pthread_rwlock_init, (pthread_rwlock_t *, const pthread_rwlockattr_t *))               \
  F(int, pthread_rwlock_destroy, (pthread_rwlock_t *))                                          \
  F(int, pthread_spin_lock, (pthread_spinlock_t *))                                             \
  F(int, pthread_spin_trylock, (pthread_spinlock_t *))                                          \
  F(int, pthread_spin_unlock, (pthread_spinlock_t *))                                           \
  F(int, pthread_spin_init, (pthread_spinlock_t *, int))                                        \
  F(int, pthread_spin_destroy, (pthread_spinlock_t *))                                          \
  F(int, pthread_cond_wait, (pthread_cond_t *, pthread_mutex_t *))                              \
  F(int, pthread_cond_timedwait, (pthread_cond_t *, pthread_mutex_t *, lgr_time *))             \
  F(int, pthread_cond_clockwait, (pthread_cond_t *, pthread_mutex_t *, clockid_t, lgr_time *))  \
  F(int, pthread_cond_signal, (pthread_cond_t *))                                               \
  F(int, pthread_cond_broadcast, (pthread_cond_t *))                                            \
  F(int, pthread_cond_init, (pthread_cond_t *, const pthread_condattr_t *))                     \
  F(int, pthread_cond_destroy, (pthread_cond_t *))                                              \
  F(int, pthread_barrier_init, (pthread_barrier_t *, const pthread_barrierattr_t *, unsigned))  \
  F(int, pthread_barrier_wait, (pthread_barrier_t *))                                           \
  F(int, pthread_barrier_destroy, (pthread_barrier_t *))                                        \
  F(int, pthread_once, (pthread_once_t *, void (*)(void)))                                      \
  F(int, pthread_create,                                                                        \
    (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))                           \
  F(int, pthread_join, (pthread_t, void **))                                                    \
  F(int, pthread_tryjoin_np, (pthread_t, void **))                                              \
  F(int, pthread_timedjoin_np, (pthread_t, void **, lgr_time *))                                \
  F(int, pthread_clockjoin_np, (pthread_t, void **, clockid_t, lgr_time *))                     \
  F(int, pthread_detach, (pthread_t))                                                           \
  F(int, pthread_setname_np, (pthread_t, const char *))                                         \
  F(int, sem_init, (sem_t *, int, unsigned))                                                    \
  F(int, sem_destroy, (sem_t *))                                                                \
  F(sem_t *, sem_open, (const char *, int, ...))                                                \
  F(int, sem_close, (sem_t *))                                                                  \
  F(int, sem_wait, (sem_t *))                                                                   \
  F(int, sem_trywait, (sem_t *))                                                                \
  F(int, sem_timedwait, (sem_t *, lgr_time *))                                                  \
  F(int, sem_clockwait, (sem_t *, clockid_t, lgr_time *))                                       \
  F(int, sem_post, (sem_t *))                                                                   \
  F(int, mtx_init, (mtx_t *, int))                                                              \
  F(int, mtx_lock, (mtx_t *))                                                                   \
  F(int, mtx_trylock, (mtx_t *))                                                                \
  F(int, mtx_timedlock, (mtx_t *, lgr_time *))                                                  \
  F(int, mtx_unlock, (mtx_t *))                                                                 \
  F(void, mtx_destroy, (mtx_t *))                                                               \
  F(int, cnd_init, (cnd_t *))                                                                   \
  F(int, cnd_wait, (cnd_t *, mtx_t *))                                                          \
  F(int, cnd_timedwait, (cnd_t *, mtx_t *, lgr_time *))                                         \
  F(int, cnd_signal, (cnd_t *))                                                                 \
  F(int, cnd_broadcast, (cnd_t *))                                                              \
  F(void, cnd_destroy, (cnd_t *))                                                               \
  F(int, thrd_create, (thrd_t *, thrd_start_t, void *))                                         \
  F(int, thrd_join, (thrd_t, int *))                                                            \
  F(int, thrd_detach, (thrd_t))                                                                 \
  F(void, call_once, (once_flag *, void (*)(void)))                                             \
  F(void, flockfile, (FILE *))                                                                  \
  F(int, ftrylockfile, (FILE *))                                                                \
  F(void, funlockfile, (FILE *))                                                                \
  F(pid_t, fork, (void))                                                                        \
  F(void, _exit, (int))                                                                         \
  F(void, _Exit, (int))                                                                         \
  F(int, execve, (const char *, char *const *, char *const *))                                  \
  F(int, execvpe, (const char *, char *const *, char *const *))                                 \
  F(int, fexecve, (int, char *const *, char *const *))                                          \
  F(int, posix_spawn,                                                                           \
    (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,      \
     char *const *, char *const *))                                                             \
  F(int, posix_spawnp,                                                                          \
    (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,      \
     char *const *, char *const *))                                                             \
  F(void *, dlopen, (const char *, int))                                                        \
  F(void *, dlmopen, (long, const char *, int))                                                 \
  F(int, dlclose, (void *))                                                                     \
  F(int, setuid, (uid_t))                                                                       \
  F(int, seteuid, (uid_t))                                                                      \
  F(int, setreuid, (uid_t, uid_t))                                                              \
  F(int, setresuid, (uid_t, uid_t, uid_t))                                                      \
  F(int, prctl, (int, unsigned long, unsigned long, unsigned long, unsigned long))              \
  F(int, chroot, (const char *))                                                                \
  F(int, execveat, (int, const char *, char *const *, char *const *, int))                      \
  F(void, dispatch_sync, (void *, void *))                                                      \
  F(void, dispatch_sync_f, (void *, void *, void (*)(void *)))                                  \
  F(void, dispatch_barrier_sync, (void *, void *))                                              \
  F(void, dispatch_barrier_sync_f, (void *, void *, void (*)(void *)))                          \
  F(intptr_t, dispatch_semaphore_wait, (void *, u64))                                           \
  F(intptr_t, dispatch_semaphore_signal, (void *))                                              \
  F(const char *, dispatch_queue_get_label, (void *))

#define LGR_DECLARE(result, name, parameters) result(*name) parameters;
struct lgr_real {
  LGR_REAL_FUNCTIONS(LGR_DECLARE)
};
#undef LGR_DECLARE

extern LGR_HIDDEN struct lgr_real lgr_real;
/// Its own, for the assembly before it.
extern LGR_HIDDEN void *(*lgr_real_dlopen)(const char *, int);

/// Finds what was not found yet: a library that was loaded since may have it.
LGR_HIDDEN void lgr_find_real_functions(void);

#endif
