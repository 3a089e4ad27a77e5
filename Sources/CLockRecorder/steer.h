// Steering a run into a deadlock: threads are kept before their first lock of the circle until
// others are at theirs, and with the first lock before the second, so that a circle can close.
// When something happens changes, never what.
#ifndef LGR_STEER_H
#define LGR_STEER_H

#include "wants.h"

/// Called before an acquisition. Returns when the thread may go on.
LGR_SLOW void lgr_steer(
    struct lgr_thread *thread, u64 lock, u32 flags, struct lgr_place place);
/// After the table has changed: lets those go on for whom there is nothing to wait for any more.
/// Table locked.
LGR_HIDDEN void lgr_steer_on(void);
/// A thread is over, or never began.
LGR_SLOW void lgr_steered_end(struct lgr_thread *thread);

#endif
