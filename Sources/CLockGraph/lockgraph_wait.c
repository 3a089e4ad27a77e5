#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/lockgraph_wait.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <time.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__APPLE__)
#include <os/os_sync_wait_on_address.h>
#include <os/clock.h>
#endif

#include "own_symbols.h"

#ifdef __linux__
// Of linux/futex.h, which comes with the kernel and not with every C library.
#define FUTEX_WAIT_PRIVATE 128
#define FUTEX_WAKE_PRIVATE 129
#endif

lg_wait_result lg_wait(const uint32_t *word, uint32_t expected, uint64_t nanoseconds) {
#ifdef __linux__
  struct timespec timeout = {
      .tv_sec = (time_t)(nanoseconds / 1000000000u), .tv_nsec = (long)(nanoseconds % 1000000000u)};
  long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, &timeout, NULL, 0);
#elif defined(__APPLE__)
  int result = os_sync_wait_on_address_with_timeout(
      (void *)(uintptr_t)word, expected, sizeof *word, OS_SYNC_WAIT_ON_ADDRESS_NONE,
      OS_CLOCK_MACH_ABSOLUTE_TIME, nanoseconds);
#endif
  if (result >= 0) return LG_WOKEN;
  if (errno == ETIMEDOUT) return LG_TIMED_OUT;
  return errno == EINTR ? LG_INTERRUPTED : LG_WOKEN;
}

void lg_wake(uint32_t *word, int count) {
#ifdef __linux__
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
#elif defined(__APPLE__)
  if (count == 1) {
    os_sync_wake_by_address_any(word, sizeof *word, OS_SYNC_WAKE_BY_ADDRESS_NONE);
  } else {
    os_sync_wake_by_address_all(word, sizeof *word, OS_SYNC_WAKE_BY_ADDRESS_NONE);
  }
#endif
}

static uint64_t clock_nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t lg_now(void) { return clock_nanoseconds(CLOCK_MONOTONIC); }

uint64_t lg_processor_time(void) { return clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

void lg_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");
#endif
}

void lg_yield(void) { sched_yield(); }

void lg_sleep(uint64_t nanoseconds) {
  struct timespec rest = {
      .tv_sec = (time_t)(nanoseconds / 1000000000u), .tv_nsec = (long)(nanoseconds % 1000000000u)};
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
}

static void (*watchdog)(uint64_t);
static uint64_t watchdog_interval;

void lg_set_watchdog(uint64_t nanoseconds, void (*tell)(uint64_t waited)) {
  __atomic_store_n(&watchdog, tell, __ATOMIC_RELAXED);
  __atomic_store_n(&watchdog_interval, nanoseconds, __ATOMIC_RELEASE);
}

uint64_t lg_watchdog_interval(void) { return __atomic_load_n(&watchdog_interval, __ATOMIC_ACQUIRE); }

void lg_tell_long_wait(uint64_t waited) {
  void (*tell)(uint64_t) = __atomic_load_n(&watchdog, __ATOMIC_RELAXED);
  if (tell != NULL) tell(waited);
}
