#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "hooks.h"
#include "process.h"
#include "shared.h"

/// Semaphores report errors by errno; recording must not touch it.
static int taken(
    struct lgr_thread *thread, sem_t *semaphore, u32 flags, struct lgr_place place, int result) {
  if (result == 0) {
    lgr_acquired(thread, (u64)semaphore, LGR_SEMAPHORE | flags, lgr_site(thread, place));
  }
  return result;
}

static int waited(
    struct lgr_thread *thread, sem_t *semaphore, u32 flags, u32 site, u64 *wait,
    int result) {
  if (result == 0) {
    lgr_acquired_since(thread, (u64)semaphore, LGR_SEMAPHORE | flags, site, wait);
  } else {
    lgr_failed(thread, (u64)semaphore, errno, site, wait);
  }
  return result;
}

/// What all waits have in common. A semaphore that is cancelled leaves its wait open.
#define LGR_SEMAPHORE_WAIT(flags, call)                                                        \
  int before = errno;                                                                          \
  LGR_STEERED(semaphore, LGR_SEMAPHORE | (flags), call);                                       \
  lgr_use_semaphore(thread, semaphore);                                                        \
  lgr_before_semaphore(thread, (u64)semaphore);                                                \
  int result = lgr_real.sem_trywait(semaphore);                                                \
  if (result == 0 || errno != EAGAIN) return taken(thread, semaphore, flags, LGR_PLACE, result); \
  errno = before;                                                                              \
  u32 site = lgr_site(thread, LGR_PLACE);                                          \
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)semaphore, LGR_SEMAPHORE | (flags), site); \
  result = call;                                                                               \
  thread = lgr_thread();                                                                       \
  if (thread == NULL) return result;                                                           \
  return waited(thread, semaphore, flags, site, wait, result)

LGR_HOOK int sem_wait(sem_t *semaphore) {
  LGR_ENTER(lgr_real.sem_wait(semaphore));
  LGR_SEMAPHORE_WAIT(0, lgr_real.sem_wait(semaphore));
}

LGR_HOOK int sem_timedwait(sem_t *semaphore, lgr_time *time) {
  LGR_ENTER(lgr_real.sem_timedwait(semaphore, time));
  LGR_SEMAPHORE_WAIT(LGR_TIMEOUT, lgr_real.sem_timedwait(semaphore, time));
}

LGR_HOOK int sem_clockwait(sem_t *semaphore, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.sem_clockwait(semaphore, clock, time));
  LGR_SEMAPHORE_WAIT(LGR_TIMEOUT, lgr_real.sem_clockwait(semaphore, clock, time));
}

LGR_HOOK int sem_trywait(sem_t *semaphore) {
  LGR_ENTER(lgr_real.sem_trywait(semaphore));
  lgr_use_semaphore(thread, semaphore);
  LGR_STEERED(semaphore, LGR_SEMAPHORE | LGR_TRIED, lgr_real.sem_trywait(semaphore));
  lgr_before_semaphore(thread, (u64)semaphore);
  return taken(thread, semaphore, LGR_TRIED, LGR_PLACE, lgr_real.sem_trywait(semaphore));
}

LGR_HOOK int sem_post(sem_t *semaphore) {
  LGR_ENTER(lgr_real.sem_post(semaphore));
  lgr_posting(thread, (u64)semaphore, LGR_SEMAPHORE, LGR_PLACE);
  return lgr_real.sem_post(semaphore);
}

LGR_HOOK int sem_init(sem_t *semaphore, int is_shared, unsigned permits) {
  LGR_ENTER(lgr_real.sem_init(semaphore, is_shared, permits));
  int result = lgr_real.sem_init(semaphore, is_shared, permits);
  if (result == 0) {
    if (is_shared) lgr_find_shared(thread, (u64)semaphore, true);
    if (lgr_settings.is_steered) lgr_made_semaphore((u64)semaphore, is_shared ? 0 : permits);
    lgr_generation(
        thread, LGR_INIT, (u64)semaphore, LGR_SEMAPHORE | (is_shared ? LGR_PSHARED : 0),
        lgr_site(thread, LGR_PLACE), (int64_t)permits);
  }
  return result;
}

LGR_HOOK int sem_destroy(sem_t *semaphore) {
  LGR_ENTER(lgr_real.sem_destroy(semaphore));
  int result = lgr_real.sem_destroy(semaphore);
  if (result == 0) {
    lgr_generation(
        thread, LGR_DESTROY, (u64)semaphore, LGR_SEMAPHORE, lgr_site(thread, LGR_PLACE),
        -1);
  }
  return result;
}

LGR_HOOK sem_t *sem_open(const char *name, int flags, ...) {
  mode_t mode = 0;
  unsigned permits = 0;
  if (flags & O_CREAT) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    permits = va_arg(rest, unsigned);
    va_end(rest);
  }
  LGR_ENTER(lgr_real.sem_open(name, flags, mode, permits));
  sem_t *semaphore = lgr_real.sem_open(name, flags, mode, permits);
  if (semaphore == SEM_FAILED) return semaphore;
  // How many permits it has is only known to who made it.
  bool is_made = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  lgr_note_label((u64)semaphore, LGR_SEMAPHORE >> 4, name);
  lgr_find_shared(thread, (u64)semaphore, true);
  lgr_generation(
      thread, LGR_INIT, (u64)semaphore, LGR_SEMAPHORE | LGR_PSHARED,
      lgr_site(thread, LGR_PLACE), is_made ? (int64_t)permits : -1);
  return semaphore;
}

LGR_HOOK int sem_close(sem_t *semaphore) {
  LGR_ENTER(lgr_real.sem_close(semaphore));
  int result = lgr_real.sem_close(semaphore);
  if (result == 0) {
    lgr_generation(
        thread, LGR_DESTROY, (u64)semaphore, LGR_SEMAPHORE, lgr_site(thread, LGR_PLACE),
        -1);
  }
  return result;
}
