// What hooks say of locks. Each writes its records at the thread's cursor; the end of a section
// whose repeat is known takes them back.
//
// A thread is busy while its cursor and sections change. A signal handler that comes in between
// puts its own records aside, and the interrupted hook adds them behind its own.
#ifndef LGR_RECORDS_H
#define LGR_RECORDS_H

#include "order.h"
#include "sites.h"
#include "state.h"
#include "wants.h"

LGR_SLOW void lgr_settle(struct lgr_thread *thread);
/// Not if there are many: more would come in the meantime, and the next event takes them all.
LGR_SLOW void lgr_settle_few(struct lgr_thread *thread);
LGR_SLOW void lgr_put_aside(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
LGR_SLOW void lgr_widen(struct lgr_thread *thread, u64 number);
LGR_SLOW void lgr_put_time(struct lgr_thread *thread);
LGR_SLOW void lgr_overflow(struct lgr_thread *thread, u64 lock, u32 flags, u32 site);
LGR_HIDDEN void lgr_number_held(struct lgr_thread *thread);
LGR_SLOW bool lgr_is_new_chain(struct lgr_thread *thread, u64 spread, u32 site);
LGR_HIDDEN void lgr_keep_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, struct lgr_place place,
    u32 repeats);
LGR_SLOW void lgr_release_out_of_order(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place);
/// A shape that is new, or whose count is one of those that are kept: that count.
LGR_SLOW bool lgr_is_shape_kept(
    struct lgr_thread *thread, const struct lgr_held *held, u64 spread, u32 *repeats);
/// Counts a shape that is new, or whose turn to be kept it is: how often it was there by now. Of
/// flat shapes fewer are kept.
LGR_HIDDEN u32 lgr_count_shape(struct lgr_thread *thread, u64 spread, bool is_flat);
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

/// True in a signal handler that interrupted a hook: nothing may be changed then.
LGR_INLINE bool lgr_is_interrupting(struct lgr_thread *thread) {
  u32 state = *(const volatile u32 *)&thread->state;
  if (likely(state == 0)) return false;
  if (state & LGR_BUSY) return true;
  lgr_settle(thread);
  return false;
}

LGR_INLINE void lgr_begin(struct lgr_thread *thread) {
  *(volatile u32 *)&thread->state = LGR_BUSY;
  lgr_barrier();
}

/// Ends the change and tells whether something was put aside meanwhile: in one instruction, so that
/// no signal comes between.
LGR_INLINE bool lgr_end_change(struct lgr_thread *thread) {
#if defined(__x86_64__)
  bool has_aside;
  __asm__ volatile("subl %2, %0"
                   : "+m"(thread->state), "=@ccne"(has_aside)
                   : "i"(LGR_BUSY)
                   : "memory");
  return has_aside;
#else
  return __atomic_sub_fetch(&thread->state, LGR_BUSY, __ATOMIC_RELAXED) != 0;
#endif
}

LGR_INLINE void lgr_end(struct lgr_thread *thread) {
  lgr_barrier();
  if (unlikely(lgr_end_change(thread))) lgr_settle_few(thread);
}

/// What tells an acquisition from others under the same locks: the lock as it is since its init,
/// how it is taken, and where.
LGR_INLINE u64 lgr_lock_key(u64 lock, u32 flags, u32 site) {
  u64 generation = __atomic_load_n(&lgr_stripe(lock)->generation, __ATOMIC_RELAXED);
  return lock * LGR_MIX ^ ((generation << 28) + ((u64)site << 8) + (flags & 7));
}

LGR_INLINE u64 lgr_join_keys(u64 outer, u64 inner) { return outer * LGR_MIX + inner; }

/// Where a key is looked up: an index in the upper bits, a tag below.
LGR_INLINE u64 lgr_spread(u64 key) { return key * LGR_MIX; }
LGR_INLINE u32 lgr_tag(u64 spread) { return (u32)(spread >> 8) | 1; }

/// The thread has the lock. `begin` is the record of its wait, or NULL if it did not wait.
///
/// An acquisition takes its order number as late as it can: when the section is kept, or something
/// else is written; always while the lock is held. Most sections are left out before that.
LGR_INLINE void lgr_acquired_since(
    struct lgr_thread *thread, u64 lock, u32 flags, u32 site, u64 *begin) {
  if (begin != NULL && unlikely(lgr_settings.is_steered)) lgr_wants_no_more(thread);
  if (unlikely(lgr_is_interrupting(thread))) {
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

/// The thread is about to give up the lock that it took last. False if it took another one, and
/// nothing was written.
LGR_INLINE bool lgr_releasing_last(
    struct lgr_thread *thread, u32 operation, u64 lock, struct lgr_place place) {
  if (unlikely(lgr_is_interrupting(thread))) return false;
  lgr_begin(thread);
  struct lgr_held *held = &thread->held[thread->depth];
  if (unlikely(held->lock != lock)) {
    lgr_end(thread);
    return false;
  }
  u32 repeats = 0;
  bool is_kept = held->keep != 0;
  if (likely(lgr_settings.level == LGR_SHAPES)) {
    u64 key = lgr_join_keys(held->inner, held->chain);
    held[-1].inner = lgr_join_keys(held[-1].inner, key);
    u64 spread = lgr_spread(key + thread->segment);
    struct lgr_shape_slot *slot = &thread->shapes[spread >> 52];
    if (unlikely(slot->tag != lgr_tag(spread)) || unlikely(--slot->left == 0)) {
      is_kept |= lgr_is_shape_kept(thread, held, spread, &repeats);
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
    lgr_keep_section(thread, held, operation, place, repeats);
  }
  lgr_end(thread);
  return true;
}

/// The thread is about to give the lock up.
LGR_INLINE void lgr_releasing(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place) {
  if (unlikely(!lgr_releasing_last(thread, operation, lock, place))) {
    lgr_release_out_of_order(thread, operation, lock, flags, place);
  }
}

#endif
