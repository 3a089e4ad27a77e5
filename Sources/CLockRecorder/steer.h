// Steering a run into a deadlock: threads are kept before their first lock of the circle until
// others are at theirs, and with the first lock before the second, so that a circle can close.
// When something happens changes, never what.
#ifndef LGR_STEER_H
#define LGR_STEER_H

#include <time.h>

#include "wants.h"

/// Called before an acquisition. Returns when the thread may go on.
LGR_SLOW void lgr_steer(
    struct lgr_thread *thread, u64 lock, u32 flags, struct lgr_place place);
/// The time limit of a condition wait: as much later, where the circle needs it, as a thread wakes
/// that is kept. `later` is room for it.
LGR_SLOW const struct timespec *lgr_steered_limit(
    struct lgr_thread *thread, u32 site, const struct timespec *time, struct timespec *later);
/// After the table has changed: lets those go on for whom there is nothing to wait for any more.
/// Table locked.
LGR_HIDDEN void lgr_steer_on(void);
/// A thread is over, or never began.
LGR_SLOW void lgr_steered_end(struct lgr_thread *thread);

#endif
