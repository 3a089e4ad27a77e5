/// Sleeping until a word changes.
#ifndef LOCKGRAPH_WAIT_H
#define LOCKGRAPH_WAIT_H

#include <stdbool.h>
#include <stdint.h>

typedef enum lg_wait_result {
  /// Woken, or the word had changed already, or for no reason.
  LG_WOKEN = 0,
  LG_TIMED_OUT = 1,
  /// A signal handler ran.
  LG_INTERRUPTED = 2,
} lg_wait_result;

/// Sleeps while the word has a value, at most so many nanoseconds.
///
/// With a time-out Linux never restarts the call after a signal handler, whether or not that was
/// installed with SA_RESTART; so there always is one.
lg_wait_result lg_wait(const uint32_t *word, uint32_t expected, uint64_t nanoseconds);
void lg_wake(uint32_t *word, int count);
/// Nanoseconds of a clock that only goes forward.
uint64_t lg_now(void);
/// Nanoseconds for which the calling thread has run.
uint64_t lg_processor_time(void);
void lg_pause(void);
void lg_yield(void);
/// At least so many nanoseconds, whatever signals come.
void lg_sleep(uint64_t nanoseconds);

/// Says who is told of waits that take longer than so many nanoseconds, on the thread that waits;
/// with 0 nobody watches.
void lg_set_watchdog(uint64_t nanoseconds, void (*tell)(uint64_t waited));
/// 0 if nobody watches.
uint64_t lg_watchdog_interval(void);
void lg_tell_long_wait(uint64_t waited);

#endif
