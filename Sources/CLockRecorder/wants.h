// Who wants which lock: the threads that wait or are about to, with what they hold, and the
// circles among them. Only in runs that are steered.
//
// What a thread holds does not change while it is in the table, so that a circle in it is one of
// the program: each of its threads has a lock that the one before it asks for, and asks for one
// that it does not get before it lets go of its own.
#ifndef LGR_WANTS_H
#define LGR_WANTS_H

#include "process.h"

/// Why a thread is in the table.
enum lgr_want_state {
  /// Kept before its first lock until others are there, or before its second while it has that.
  LGR_GATHERED = 1,
  LGR_PAUSED = 2,
  /// Waiting for a lock, in a condition wait that has to have the mutex back, for a thread's end.
  LGR_BLOCKED = 3,
  LGR_IN_CONDITION = 4,
  LGR_JOINING = 5,
};

LGR_HIDDEN void lgr_lock_wants(struct lgr_guard *guard);
LGR_HIDDEN void lgr_unlock_wants(struct lgr_guard *guard);
/// The following ones are called with the table locked.
LGR_HIDDEN struct lgr_want *lgr_add_want(struct lgr_thread *thread);
LGR_HIDDEN struct lgr_want *lgr_want_of(const struct lgr_thread *thread);
LGR_HIDDEN void lgr_remove_want(struct lgr_thread *thread);
/// A circle through the want, as indices of the table, each asking for what the next one has; 0 if
/// there is none. `of_waits` asks for one of threads that wait, not of those that are kept.
LGR_HIDDEN u32 lgr_find_circle(const struct lgr_want *want, bool of_waits, u32 *members);
/// Nothing moves any more unless a thread that is kept does.
LGR_HIDDEN bool lgr_is_stuck(void);

/// The thread waits, or does not any more. Does what has to be done about it.
LGR_SLOW void lgr_wants(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
LGR_SLOW void lgr_wants_no_more(struct lgr_thread *thread);
/// Who waits on the condition is about to move, or may be.
LGR_SLOW void lgr_signaled(u64 condition);
/// Semaphores are locks as long as those give them back who took them.
LGR_SLOW void lgr_made_semaphore(u64 semaphore, u64 permits);
LGR_SLOW void lgr_posted_by_other(u64 semaphore);

#endif
