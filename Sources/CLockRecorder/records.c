#include "records.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "events.h"
#include "process.h"
#include "threads.h"

/// Where the thread's records lie in the file, as the watermark counts.
static u64 position(const struct lgr_thread *thread) {
  return (u64)((u8 *)thread->cursor - (u8 *)thread->chunk);
}

void lgr_settle_watermark(struct lgr_thread *thread) {
  if (thread->depth != 0 || thread->is_scratch) return;
  __atomic_store_n(&thread->chunk->watermark, position(thread), __ATOMIC_RELEASE);
}

void lgr_keep_all(struct lgr_thread *thread) {
  // An outer section learns it when this one ends.
  if (thread->depth > 0) thread->held[thread->depth].keep = LGR_KEPT;
}

void lgr_widen(struct lgr_thread *thread, u64 number) {
  thread->high = (u32)(number >> 32);
  lgr_keep_all(thread);
  lgr_put(thread, lgr_first_word(LGR_WIDE, 0, thread->high), lgr_second_word(number, 0));
}

void lgr_put_time(struct lgr_thread *thread) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  u64 now = (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
  lgr_put(
      thread, lgr_first_word(LGR_TIME, 0, now - lgr_process->header->monotonic_start),
      lgr_second_word(thread->own, 0));
}

void lgr_overflow(struct lgr_thread *thread, u64 lock, u32 flags, u32 site) {
  // It cannot get its number later: nobody remembers it.
  lgr_rewind(thread, thread->cursor - 2);
  lgr_number_held(thread);
  thread->overflow++;
  lgr_keep_all(thread);
  thread->own = lgr_take_number(thread->own, &lgr_stripe(lock)->number);
  if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
  lgr_put(thread, lgr_first_word(LGR_ACQUIRE, flags, lock), lgr_second_word(thread->own, site));
}

/// The upper half of the numbers changes: this has to be said before the records of the locks that
/// are still open, which are written once more.
static void widen_held(struct lgr_thread *thread) {
  u64 *begin = thread->held[thread->unnumbered].begin;
  lgr_rewind(thread, begin);
  lgr_widen(thread, thread->own);
  for (u32 depth = thread->unnumbered; depth <= thread->depth; depth++) {
    struct lgr_held *held = &thread->held[depth];
    held->keep = LGR_KEPT;
    held->begin = held->acquisition = lgr_put(
        thread, lgr_first_word(LGR_HELD, held->flags, held->lock), lgr_second_word(0, held->site));
  }
}

void lgr_number_held(struct lgr_thread *thread) {
  u64 numbers[LGR_HELD_MOST + 2];
  u32 first = thread->unnumbered;
  if (first > thread->depth) return;
  u64 own = thread->own;
  for (u32 depth = first; depth <= thread->depth; depth++) {
    own = lgr_take_number(own, &lgr_stripe(thread->held[depth].lock)->number);
    numbers[depth] = own;
  }
  if (unlikely((u32)(own >> 32) != thread->high)) {
    // All of them after the change.
    own = thread->own > own >> 32 << 32 ? thread->own : own >> 32 << 32;
    thread->own = own;
    widen_held(thread);
    for (u32 depth = first; depth <= thread->depth; depth++) {
      own = lgr_take_number(own, &lgr_stripe(thread->held[depth].lock)->number);
      numbers[depth] = own;
    }
  }
  thread->own = own;
  // Outermost first: a reader sees the innermost ones without a number, if any.
  for (u32 depth = first; depth <= thread->depth; depth++) {
    const struct lgr_held *held = &thread->held[depth];
    u64 *record = held->acquisition;
    __atomic_store_n(&record[1], lgr_second_word(numbers[depth], held->site), __ATOMIC_RELAXED);
    __atomic_store_n(
        &record[0], lgr_first_word(LGR_ACQUIRE, held->flags, held->lock), __ATOMIC_RELEASE);
  }
  thread->unnumbered = thread->depth + 1;
}

bool lgr_is_under_cap(struct lgr_thread *thread, u64 class_key) {
  u64 spread = lgr_spread(class_key);
  struct lgr_shape *slot = &thread->classes[spread >> 54];
  if (slot->tag != lgr_tag(spread)) *slot = (struct lgr_shape){lgr_tag(spread), 0};
  u32 count = ++slot->count;
  return count <= lgr_settings.class_cap || lgr_is_power_of_two(count);
}

bool lgr_is_new_chain(struct lgr_thread *thread, u64 spread, u32 site) {
  u64 class_key = site;
  for (u32 depth = 1; depth <= thread->depth; depth++) {
    class_key = lgr_join_keys(class_key, thread->held[depth].site);
  }
  thread->shapes[spread >> 52] = (struct lgr_shape_slot){lgr_tag(spread), 1};
  return lgr_is_under_cap(thread, class_key);
}

/// What sections have in common that differ in nothing but their locks.
static u64 class_of(const u64 *begin, const u64 *end) {
  u64 key = 1;
  for (const u64 *record = begin; record < end; record += 2) {
    u32 operation = (u32)(record[0] >> 56);
    if (operation == LGR_WAIT || operation == LGR_TIME || operation == LGR_DROPPED) continue;
    if (operation == LGR_HELD) operation = LGR_ACQUIRE;
    key = lgr_join_keys(key, operation << 8 | (record[0] >> 48 & 0xff) | record[1] >> 32 << 16);
  }
  return key;
}

/// The next count at which a shape is kept: 1, 2, 3, 4, 8, 16, …; of flat ones 1, 8, 16, ….
static u32 next_kept(u32 seen, bool is_flat) {
  if (seen >= 8) return seen > 1u << 30 ? seen : 2 * seen;
  return is_flat || seen >= 4 ? 8 : seen + 1;
}

u32 lgr_count_shape(struct lgr_thread *thread, u64 spread, bool is_flat) {
  struct lgr_shape_slot *slot = &thread->shapes[spread >> 52];
  u32 *seen = &thread->seen[spread >> 52];
  u32 count = slot->tag == lgr_tag(spread) ? next_kept(*seen, is_flat) : 1;
  *seen = count;
  *slot = (struct lgr_shape_slot){lgr_tag(spread), next_kept(count, is_flat) - count};
  return count;
}

bool lgr_is_shape_kept(
    struct lgr_thread *thread, const struct lgr_held *held, u64 spread, u32 *repeats) {
  bool is_flat = held->acquisition + 2 == thread->cursor;
  *repeats = lgr_count_shape(thread, spread, is_flat);
  return *repeats > 1 || held->keep != 0 ||
         lgr_is_under_cap(thread, class_of(held->begin, thread->cursor));
}

/// The common case of a section that is kept: nothing happened in it, and it is the only one
/// without a number.
static inline bool close_flat(struct lgr_thread *thread, struct lgr_held *held) {
  u64 *record = held->acquisition;
  if (thread->unnumbered != thread->depth || record + 2 != thread->cursor) return false;
  u64 number = lgr_take_number(thread->own, &lgr_stripe(held->lock)->number);
  if (unlikely((u32)(number >> 32) != thread->high)) return false;
  thread->own = number;
  __atomic_store_n(&record[1], lgr_second_word(number, held->site), __ATOMIC_RELAXED);
  __atomic_store_n(
      &record[0], lgr_first_word(LGR_ACQUIRE, held->flags | LGR_CLOSED, held->lock),
      __ATOMIC_RELEASE);
  return true;
}

static inline void close_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, struct lgr_place place) {
  lgr_number_held(thread);
  u64 *last = thread->cursor - 2;
  if (held->acquisition == last && !lgr_settings.has_times) {
    __atomic_store_n(&last[0], last[0] | LGR_CLOSED_BIT, __ATOMIC_RELEASE);
  } else {
    u32 site = lgr_site(thread, place);
    if (unlikely(lgr_settings.has_times)) lgr_put_time(thread);
    lgr_put(
        thread, lgr_first_word(operation, held->flags & (LGR_KIND_MASK | LGR_SHARED), held->lock),
        lgr_second_word(thread->own, site));
  }
  lgr_raise(&lgr_stripe(held->lock)->number, thread->own);
}

void lgr_keep_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, struct lgr_place place,
    u32 repeats) {
  bool is_flat = held->acquisition + 2 == thread->cursor;
  if (lgr_settings.has_times || !close_flat(thread, held)) {
    close_section(thread, held, operation, place);
  }
  thread->depth--;
  lgr_fit_unnumbered(thread);
  if (thread->depth > 0 && held->keep == LGR_KEPT) held[-1].keep = LGR_KEPT;
  if (repeats >= 8) {
    // Since the last that was kept: the fourth (or first), or half as many.
    u64 left_out = repeats == 8 ? (is_flat ? 6 : 3) : repeats / 2 - 1;
    lgr_put(
        thread, lgr_first_word(LGR_DROPPED, 0, left_out),
        lgr_second_word(thread->own, held->site));
  }
  lgr_settle_watermark(thread);
}

void lgr_take_off(struct lgr_thread *thread, u32 depth, u64 key) {
  if (depth < thread->depth) {
    // The section of the lock above begins where this one did, so that both go or stay.
    struct lgr_held *above = &thread->held[depth + 1];
    const struct lgr_held *held = &thread->held[depth];
    above->begin = held->begin;
    if (held->keep > above->keep) above->keep = held->keep;
    for (u32 next = depth + 2; next <= thread->depth; next++) {
      if (thread->held[next].keep == 0) thread->held[next].keep = LGR_KEPT_INSIDE;
    }
    above->inner = lgr_join_keys(lgr_join_keys(held->inner, above->inner), held->chain + key);
  } else if (depth > 1) {
    struct lgr_held *below = &thread->held[depth - 1];
    if (thread->held[depth].keep > below->keep) below->keep = thread->held[depth].keep;
    below->inner = lgr_join_keys(below->inner, thread->held[depth].chain + key);
  }
  for (u32 next = depth; next < thread->depth; next++) thread->held[next] = thread->held[next + 1];
  thread->depth--;
  lgr_fit_unnumbered(thread);
}

u32 lgr_depth_of(const struct lgr_thread *thread, u64 lock) {
  u32 depth = thread->depth;
  while (depth > 0 && thread->held[depth].lock != lock) depth--;
  return depth;
}

void lgr_release_out_of_order(
    struct lgr_thread *thread, u32 operation, u64 lock, u32 flags, struct lgr_place place) {
  if (thread->state & LGR_BUSY) {
    lgr_put_aside(thread, operation, lock, flags, 0);
    return;
  }
  lgr_begin(thread);
  lgr_number_held(thread);
  u32 depth = lgr_depth_of(thread, lock);
  u32 site = lgr_site(thread, place);
  if (depth > 0) flags = thread->held[depth].flags & (LGR_KIND_MASK | LGR_SHARED);
  if (lgr_settings.has_times) lgr_put_time(thread);
  lgr_put(thread, lgr_first_word(operation, flags, lock), lgr_second_word(thread->own, site));
  if (depth > 0) {
    lgr_take_off(thread, depth, (u64)operation << 32 | site);
  } else {
    if (thread->overflow > 0) thread->overflow--;
    lgr_keep_all(thread);
  }
  lgr_raise(&lgr_stripe(lock)->number, thread->own);
  lgr_settle_watermark(thread);
  lgr_end(thread);
}

// A handler's records, put aside.

enum { LGR_NEAREST = 64 };

/// Above the numbers that the locks which the interrupted hook knows of are about to get.
static u64 number_above(const struct lgr_thread *thread) {
  u64 number = thread->own;
  u32 depth = thread->depth;
  for (u32 count = 0; count <= depth && count < LGR_NEAREST; count++) {
    u64 stripe = lgr_stripe(thread->held[depth + 1 - count].lock)->number;
    if (stripe > number) number = stripe;
  }
  return number + depth + 2;
}

extern LGR_HIDDEN const u8 __ehdr_start[], _end[];

/// A lock inside the recorder's own image: the unwinder has some.
static bool is_own(u64 address) {
  return address - (u64)__ehdr_start < (u64)_end - (u64)__ehdr_start;
}

void lgr_put_aside(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  if (is_own(address)) return;
  if (thread->lane_put - thread->lane_taken >= LGR_LANE_MOST) {
    lgr_count(&lgr_process->header->lost_signal_events, 1);
    return;
  }
  u64 number = number_above(thread);
  if (thread->lane_own > number) number = thread->lane_own;
  u64 *stripe = &lgr_stripe(address)->number;
  if (operation == LGR_ACQUIRE) {
    number = lgr_take_number(number, stripe);
  } else {
    lgr_raise(stripe, number);
  }
  // A handler that interrupts this one has its records behind.
  u32 index = thread->lane_put++ % LGR_LANE_MOST;
  lgr_barrier();
  thread->lane_own = number;
  thread->lane[index] = (struct lgr_lane_record){
      address, number, site, (u8)operation, (u8)flags};
  thread->state |= LGR_ASIDE;
}

/// Adds one of them to the thread's records.
static void add_aside(struct lgr_thread *thread, const struct lgr_lane_record *aside) {
  if (thread->cursor >= thread->limit) lgr_make_more_room(thread);
  if (aside->number > thread->own) thread->own = aside->number;
  if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
  u64 *record = lgr_put(
      thread, lgr_first_word(aside->operation, aside->flags, aside->address),
      lgr_second_word(thread->own, aside->site));
  if (aside->operation == LGR_ACQUIRE) thread->chunk->acquisitions++;
  if (aside->operation == LGR_ACQUIRE && thread->depth < LGR_HELD_MOST) {
    struct lgr_held *held = &thread->held[++thread->depth];
    *held = (struct lgr_held){
        .lock = aside->address, .begin = record, .acquisition = record, .chain = held[-1].chain,
        .site = aside->site, .flags = aside->flags, .keep = LGR_KEPT};
    thread->unnumbered = thread->depth + 1;
  } else {
    u32 depth = lgr_depth_of(thread, aside->address);
    if (depth > 0) lgr_take_off(thread, depth, aside->address);
    lgr_keep_all(thread);
  }
}

/// Adds those that were put aside until now. What comes meanwhile waits for the next time.
static void add_all_aside(struct lgr_thread *thread, u32 end) {
  while (thread->lane_taken != end) {
    add_aside(thread, &thread->lane[thread->lane_taken % LGR_LANE_MOST]);
    thread->lane_taken++;
  }
}

/// The open locks that have no number yet are taken off and put on again behind what the handler
/// did: others have raised their numbers above its numbers in between.
static void settle_below(struct lgr_thread *thread, u32 end) {
  u32 first = thread->unnumbered;
  u32 open = thread->depth + 1 - first;
  struct lgr_held held[LGR_HELD_MOST];
  for (u32 index = 0; index < open; index++) held[index] = thread->held[first + index];
  lgr_rewind(thread, held[0].acquisition);
  thread->depth = first - 1;
  add_all_aside(thread, end);
  for (u32 index = 0; index < open && thread->depth < LGR_HELD_MOST; index++) {
    if (thread->cursor >= thread->limit) lgr_make_more_room(thread);
    held[index].begin = held[index].acquisition = lgr_put(
        thread, lgr_first_word(LGR_HELD, held[index].flags, held[index].lock),
        lgr_second_word(0, held[index].site));
    held[index].keep = LGR_KEPT;
    thread->held[++thread->depth] = held[index];
  }
}

void lgr_settle(struct lgr_thread *thread) {
  *(volatile u32 *)&thread->state = LGR_BUSY;
  lgr_barrier();
  u32 end = *(volatile u32 *)&thread->lane_put;
  if (end == thread->lane_taken) {
    lgr_end(thread);
    return;
  }
  u64 highest = thread->own;
  for (u32 depth = thread->unnumbered; depth <= thread->depth; depth++) {
    u64 stripe = lgr_stripe(thread->held[depth].lock)->number;
    if (stripe > highest) highest = stripe;
  }
  if (thread->unnumbered <= thread->depth &&
      highest + thread->depth + 1 > thread->lane[thread->lane_taken % LGR_LANE_MOST].number) {
    settle_below(thread, end);
  } else {
    lgr_number_held(thread);
    add_all_aside(thread, end);
  }
  lgr_settle_watermark(thread);
  lgr_end_change(thread);
}

enum { LGR_LANE_FEW = 8 };

void lgr_settle_few(struct lgr_thread *thread) {
  if (thread->lane_put - thread->lane_taken <= LGR_LANE_FEW) lgr_settle(thread);
}
