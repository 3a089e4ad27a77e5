// What hooks say of everything that is no acquisition or release.
#ifndef LGR_EVENTS_H
#define LGR_EVENTS_H

#include "records.h"

/// Everything that is open must stay.
LGR_HIDDEN void lgr_keep_all(struct lgr_thread *thread);
/// Publishes what no longer changes.
LGR_HIDDEN void lgr_settle_watermark(struct lgr_thread *thread);
LGR_HIDDEN u32 lgr_depth_of(const struct lgr_thread *thread, u64 lock);
/// Takes a lock off the thread's, without a record.
LGR_HIDDEN void lgr_take_off(struct lgr_thread *thread, u32 depth, u64 key);

/// The thread will wait. The record, for the acquisition that follows; NULL in a signal handler.
LGR_HIDDEN u64 *lgr_wait(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
/// The wait ended with an error.
LGR_HIDDEN void lgr_failed(struct lgr_thread *thread, u64 address, int error, u32 site, u64 *wait);
/// Something that may be left out where it repeats: a signal, a post, a wake.
LGR_HIDDEN void lgr_event(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
/// Something that stays, with the sections around it.
LGR_HIDDEN void lgr_lasting(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
/// A lasting event that begins a new generation of the lock, and its value, or -1.
LGR_HIDDEN void lgr_generation(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site, int64_t value);
/// What comes next is behind all that happened to the address.
LGR_HIDDEN void lgr_past(struct lgr_thread *thread, u64 address);
LGR_HIDDEN void lgr_past_number(struct lgr_thread *thread, u64 number);
/// What comes next is in another segment.
LGR_HIDDEN void lgr_next_segment(struct lgr_thread *thread);
/// A condition wait, from giving up the mutex to having it again.
LGR_HIDDEN void lgr_condition_wait(
    struct lgr_thread *thread, u64 condition, u64 mutex, u32 flags, u32 site);
LGR_HIDDEN void lgr_wake(
    struct lgr_thread *thread, u64 condition, u64 mutex, int error, u32 site);
/// Called before a semaphore is taken, for it may be one that nobody here gives back.
LGR_HIDDEN void lgr_before_semaphore(struct lgr_thread *thread, u64 semaphore);
LGR_HIDDEN void lgr_posting(
    struct lgr_thread *thread, u64 semaphore, u32 flags, struct lgr_place place);

#endif
