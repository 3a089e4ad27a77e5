// What hooks say of locks. Each writes its records at the thread's cursor; the end of a section
// whose repeat is known takes them back.
//
// A thread is `busy` while its cursor and sections change. A signal handler that comes in between
// puts its own records aside, and the interrupted hook adds them behind its own.
#ifndef LGR_RECORDS_H
#define LGR_RECORDS_H

#include "order.h"
#include "sites.h"
#include "state.h"

LGR_SLOW void lgr_settle(struct lgr_thread *thread);
LGR_SLOW void lgr_put_aside(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
LGR_SLOW void lgr_widen(struct lgr_thread *thread, u64 number);
LGR_SLOW void lgr_put_time(struct lgr_thread *thread);
LGR_SLOW void lgr_overflow(struct lgr_thread *thread, u64 lock, u32 flags, u32 site);
LGR_HIDDEN void lgr_number_held(struct lgr_thread *thread);
LGR_SLOW bool lgr_is_new_chain(struct lgr_thread *thread, u64 spread, u32 site);
LGR_HIDDEN void lgr_keep_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, u32 flags,
    struct lgr_place place, u32 repeats);
LGR_SLOW void lgr_release_out_of_order(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place);
LGR_HIDDEN bool lgr_is_new_shape(
    struct lgr_thread *thread, const struct lgr_held *held, struct lgr_shape *slot, u32 tag);
LGR_HIDDEN bool lgr_is_under_cap(struct lgr_thread *thread, u64 class_key);

LGR_INLINE u64 *lgr_put(struct lgr_thread *thread, u64 first, u64 second) {
  u64 *record = thread->cursor;
  __atomic_store_n(&record[1], second, __ATOMIC_RELAXED);
  __atomic_store_n(&record[0], first, __ATOMIC_RELEASE);
  thread->cursor = record + 2;
  return record;
}

/// Takes back what stands behind `begin`, last to first, so that a reader stops at the right place.
LGR_INLINE void lgr_rewind(struct lgr_thread *thread, u64 *begin) {
  u64 *record = thread->cursor;
  while (record > begin) {
    record -= 2;
    __atomic_store_n(&record[0], 0, __ATOMIC_RELEASE);
  }
  thread->cursor = begin;
}

LGR_INLINE bool lgr_has_aside(const struct lgr_thread *thread) {
  return *(const volatile u32 *)&thread->lane_put != thread->lane_taken;
}

LGR_INLINE void lgr_begin(struct lgr_thread *thread) {
  if (unlikely(lgr_has_aside(thread))) lgr_settle(thread);
  thread->busy = 1;
  lgr_barrier();
}

enum { LGR_LANE_FEW = 8 };

LGR_INLINE void lgr_end(struct lgr_thread *thread) {
  lgr_barrier();
  thread->busy = 0;
  lgr_barrier();
  // Many of them would be followed by more in the meantime: the next event takes them all.
  if (unlikely(lgr_has_aside(thread)) && thread->lane_put - thread->lane_taken <= LGR_LANE_FEW) {
    lgr_settle(thread);
  }
}

/// What tells an acquisition from others under the same locks: the lock as it is since its init,
/// how it is taken, and where.
LGR_INLINE u64 lgr_lock_key(u64 lock, u32 flags, u32 site) {
  u64 generation = __atomic_load_n(&lgr_stripe(lock)->generation, __ATOMIC_RELAXED);
  return lock * LGR_MIX ^ ((generation << 40) + ((u64)site << 16) + (flags & 7));
}

LGR_INLINE u64 lgr_join_keys(u64 outer, u64 inner) { return outer * LGR_MIX + inner; }

/// Where a key is looked up: an index in the upper bits, a tag below.
LGR_INLINE u64 lgr_spread(u64 key) { return (key ^ key >> 32) * LGR_MIX; }
LGR_INLINE u32 lgr_tag(u64 spread) { return (u32)(spread >> 8) | 1; }

/// The thread has the lock. `begin` is the record of its wait, or NULL if it did not wait.
///
/// An acquisition takes its order number as late as it can: when the section is kept, or something
/// else is written; always while the lock is held. Most sections are left out before that.
LGR_INLINE void lgr_acquired_since(
    struct lgr_thread *thread, u64 lock, u32 flags, u32 site, u64 *begin) {
  if (unlikely(thread->busy)) {
    lgr_put_aside(thread, LGR_ACQUIRE, lock, flags, site);
    return;
  }
  lgr_begin(thread);
  u32 depth = thread->depth;
  struct lgr_held *held = &thread->held[depth + 1];
  u64 chain = lgr_join_keys(held[-1].chain, lgr_lock_key(lock, flags, site));
  bool is_new = false;
  if (lgr_settings.level == LGR_ORDERS) {
    u64 spread = lgr_spread(chain + thread->segment);
    is_new = unlikely(thread->shapes[spread >> 52].tag != lgr_tag(spread)) &&
             lgr_is_new_chain(thread, spread, site);
  }
  u64 *start = thread->cursor;
  if (likely(begin == NULL) || begin + 2 != start) begin = start;
  if (unlikely(lgr_settings.has_times)) lgr_put_time(thread);
  u64 *record = lgr_put(
      thread, lgr_first_word(LGR_HELD, flags, lock), lgr_second_word(0, site));
  if (unlikely(depth >= LGR_HELD_MOST)) {
    lgr_overflow(thread, lock, flags, site);
  } else {
    thread->depth = depth + 1;
    held->lock = lock;
    held->begin = begin;
    held->acquisition = record;
    held->inner = 0;
    held->chain = chain;
    held->rest = lgr_held_rest(site, flags, is_new ? LGR_KEPT : 0);
    // Only open locks at the end of the records may be without a number.
    if (unlikely(begin != record)) lgr_number_held(thread);
  }
  thread->chunk->acquisitions++;
  lgr_end(thread);
}

LGR_INLINE void lgr_acquired(struct lgr_thread *thread, u64 lock, u32 flags, u32 site) {
  lgr_acquired_since(thread, lock, flags, site, NULL);
}

/// After a lock was taken off: what comes next has no number yet.
LGR_INLINE void lgr_fit_unnumbered(struct lgr_thread *thread) {
  if (thread->unnumbered > thread->depth + 1) thread->unnumbered = thread->depth + 1;
}

LGR_INLINE bool lgr_is_power_of_two(u32 count) { return (count & (count - 1)) == 0; }

/// Whether a repeat of that number is kept. Of sections in which nothing happens the first is
/// enough.
LGR_INLINE bool lgr_is_kept_repeat(u32 count, bool is_flat) {
  return unlikely(lgr_is_power_of_two(count)) ? count >= 8 || !is_flat : count == 3 && !is_flat;
}

/// The thread is about to give the lock up.
LGR_INLINE void lgr_releasing(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place) {
  if (unlikely(thread->busy)) {
    lgr_put_aside(thread, operation, lock, flags, 0);
    return;
  }
  lgr_begin(thread);
  struct lgr_held *held = &thread->held[thread->depth];
  if (unlikely(held->lock != lock)) {
    lgr_release_out_of_order(thread, operation, lock, flags, place);
    lgr_end(thread);
    return;
  }
  u32 repeats = 0;
  bool is_kept = held->keep != 0;
  if (likely(lgr_settings.level == LGR_SHAPES)) {
    u64 key = lgr_join_keys(held->inner, held->chain);
    held[-1].inner = lgr_join_keys(held[-1].inner, key);
    u64 spread = lgr_spread(key + thread->segment);
    struct lgr_shape *slot = &thread->shapes[spread >> 52];
    if (likely(slot->tag == lgr_tag(spread))) {
      repeats = ++slot->count;
      if (unlikely(lgr_is_kept_repeat(repeats, held->acquisition + 2 == thread->cursor))) {
        is_kept = true;
      }
    } else if (lgr_is_new_shape(thread, held, slot, lgr_tag(spread))) {
      is_kept = true;
    }
  } else if (lgr_settings.level == LGR_ALL) {
    is_kept = true;
  }
  if (likely(!is_kept)) {
    lgr_rewind(thread, held->begin);
    thread->depth--;
    lgr_fit_unnumbered(thread);
    thread->chunk->dropped++;
  } else {
    lgr_keep_section(thread, held, operation, flags, place, repeats);
  }
  lgr_end(thread);
}

#endif
