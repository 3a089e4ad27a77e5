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

LGR_SLOW void lgr_settle(struct lgr_thread *thread, struct lgr_held *acquired);
LGR_SLOW void lgr_put_aside(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site);
LGR_SLOW void lgr_widen(struct lgr_thread *thread, u64 number);
LGR_SLOW void lgr_put_time(struct lgr_thread *thread);
LGR_SLOW struct lgr_held *lgr_overflow(struct lgr_thread *thread);
LGR_SLOW bool lgr_number_held(struct lgr_thread *thread);
LGR_SLOW bool lgr_is_new_chain(struct lgr_thread *thread, u64 key, u32 site);
LGR_HIDDEN void lgr_keep_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, u32 flags,
    struct lgr_place place, u64 repeats);
LGR_SLOW void lgr_release_out_of_order(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place);
LGR_HIDDEN bool lgr_is_new_shape(
    struct lgr_thread *thread, struct lgr_shape *slot, u32 tag, u64 class_key);
LGR_HIDDEN bool lgr_is_under_cap(struct lgr_thread *thread, u64 class_key);
LGR_HIDDEN u64 lgr_class_of(const u64 *begin, const u64 *end);

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

LGR_INLINE void lgr_begin(struct lgr_thread *thread) {
  thread->busy = 1;
  lgr_barrier();
}

LGR_INLINE void lgr_end(struct lgr_thread *thread, struct lgr_held *acquired) {
  lgr_barrier();
  if (unlikely(*(volatile u32 *)&thread->lane_count != 0)) lgr_settle(thread, acquired);
  lgr_barrier();
  thread->busy = 0;
  lgr_barrier();
  if (unlikely(*(volatile u32 *)&thread->lane_count != 0)) lgr_settle(thread, NULL);
}

LGR_INLINE u64 lgr_lock_key(u64 lock, u32 flags, u32 site, const struct lgr_stripe *stripe) {
  u64 generation = __atomic_load_n(&stripe->generation, __ATOMIC_RELAXED);
  return (lock ^ (u64)(flags & 7) << 56 ^ (u64)site * 0xc2b2ae3d27d4eb4full ^ generation << 40) *
         LGR_MIX;
}

LGR_INLINE u64 lgr_join_keys(u64 outer, u64 inner) {
  return ((outer << 7 | outer >> 57) ^ inner) * LGR_MIX;
}

/// The thread has the lock. `begin` is the record of its wait, or NULL if it did not wait.
LGR_INLINE void lgr_acquired_since(
    struct lgr_thread *thread, u64 lock, u32 flags, u32 site, u64 *begin) {
  if (unlikely(thread->busy)) {
    lgr_put_aside(thread, LGR_ACQUIRE, lock, flags, site);
    return;
  }
  struct lgr_stripe *stripe = lgr_stripe(lock);
  thread->pending = &stripe->number;
  lgr_begin(thread);
  struct lgr_held *outer = &thread->held[thread->depth];
  u64 key = lgr_lock_key(lock, flags, site, stripe);
  u64 chain = lgr_join_keys(outer->chain, key);
  bool is_new = false;
  bool has_number = true;
  if (lgr_settings.level == LGR_ORDERS) {
    u64 place = chain ^ thread->segment;
    is_new = thread->shapes[place >> 52].tag != ((u32)place | 1) &&
             lgr_is_new_chain(thread, place, site);
    if (is_new) {
      lgr_number_held(thread);
    } else {
      has_number = begin != NULL;
    }
  }
  u64 *start = thread->cursor;
  if (begin == NULL || begin + 2 != start) begin = start;
  if (unlikely(lgr_settings.has_times)) lgr_put_time(thread);
  u64 *record;
  if (has_number) {
    u64 number = lgr_take_number(thread->own, &stripe->number);
    thread->own = number;
    if (unlikely((u32)(number >> 32) != thread->high)) lgr_widen(thread, number);
    record = lgr_put(
        thread, lgr_first_word(LGR_ACQUIRE, flags, lock), lgr_second_word(number, site));
  } else {
    record = lgr_put(thread, lgr_first_word(LGR_HELD, flags, lock), lgr_second_word(0, site));
  }
  struct lgr_held *held = outer + 1;
  if (unlikely(thread->depth >= LGR_HELD_MOST)) {
    held = lgr_overflow(thread);
  } else {
    thread->depth++;
    if (has_number) thread->unnumbered = thread->depth + 1;
  }
  held->lock = lock;
  held->begin = begin;
  held->acquisition = record;
  held->shape = key;
  held->chain = chain;
  held->site = site;
  held->flags = (u8)flags;
  held->keep = is_new;
  thread->chunk->acquisitions++;
  lgr_end(thread, held);
}

LGR_INLINE void lgr_acquired(struct lgr_thread *thread, u64 lock, u32 flags, u32 site) {
  lgr_acquired_since(thread, lock, flags, site, NULL);
}

/// After a lock was taken off: what comes next has no number yet.
LGR_INLINE void lgr_fit_unnumbered(struct lgr_thread *thread) {
  if (thread->unnumbered > thread->depth + 1) thread->unnumbered = thread->depth + 1;
}

LGR_INLINE bool lgr_is_power_of_two(u32 count) { return (count & (count - 1)) == 0; }

/// The thread is about to give the lock up.
LGR_INLINE void lgr_releasing(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place) {
  if (unlikely(thread->busy)) {
    lgr_put_aside(thread, operation, lock, flags, 0);
    return;
  }
  lgr_begin(thread);
  struct lgr_held *held = &thread->held[thread->depth];
  u64 repeats = 0;
  if (unlikely(held->lock != lock)) {
    lgr_release_out_of_order(thread, operation, lock, flags, place);
    goto end;
  }
  switch (lgr_settings.level) {
  case LGR_SHAPES: {
    u64 key = lgr_join_keys(held[-1].chain, held->shape) + thread->segment;
    struct lgr_shape *slot = &thread->shapes[key >> 52];
    bool is_flat = held->acquisition + 2 == thread->cursor;
    held[-1].shape = lgr_join_keys(held[-1].shape, held->shape);
    if (unlikely(held->keep)) break;
    if (likely(slot->tag == ((u32)key | 1))) {
      u32 count = ++slot->count;
      if (likely(count > 4 || is_flat) && likely(!lgr_is_power_of_two(count) || count < 8)) {
        goto drop;
      }
      repeats = count < 8 ? 0 : count == 8 ? (is_flat ? 6 : 3) : count / 2 - 1;
    } else if (!lgr_is_new_shape(
                   thread, slot, (u32)key | 1, lgr_class_of(held->begin, thread->cursor))) {
      goto drop;
    }
    break;
  }
  case LGR_ORDERS:
    if (!held->keep) goto drop;
    break;
  default: break;
  }
  lgr_keep_section(thread, held, operation, flags, place, repeats);
  goto end;
drop:
  lgr_rewind(thread, held->begin);
  thread->depth--;
  lgr_fit_unnumbered(thread);
  thread->chunk->dropped++;
end:
  lgr_end(thread, NULL);
}

#endif
