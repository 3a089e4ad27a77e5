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
  if (thread->depth > 0) thread->held[thread->depth].keep = true;
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

struct lgr_held *lgr_overflow(struct lgr_thread *thread) {
  thread->overflow++;
  lgr_keep_all(thread);
  // Behind the last that counts: written, never read.
  return &thread->held[LGR_HELD_MOST + 1];
}

bool lgr_number_held(struct lgr_thread *thread) {
  for (u32 depth = thread->unnumbered; depth <= thread->depth; depth++) {
    struct lgr_held *held = &thread->held[depth];
    u64 number = lgr_take_number(thread->own, &lgr_stripe(held->lock)->number);
    thread->own = number;
    u64 *record = held->acquisition;
    __atomic_store_n(&record[1], lgr_second_word(number, held->site), __ATOMIC_RELAXED);
    __atomic_store_n(
        &record[0], lgr_first_word(LGR_ACQUIRE, held->flags, held->lock), __ATOMIC_RELEASE);
  }
  thread->unnumbered = thread->depth + 1;
  return true;
}

/// Counts a class of sections: what is the same but for locks. True for the first ones, and then
/// ever more rarely.
bool lgr_is_under_cap(struct lgr_thread *thread, u64 key) {
  struct lgr_shape *slot = &thread->classes[key >> 54];
  u32 tag = (u32)key | 1;
  if (slot->tag != tag) *slot = (struct lgr_shape){tag, 0};
  u32 count = ++slot->count;
  return count <= lgr_settings.class_cap || lgr_is_power_of_two(count);
}

bool lgr_is_new_chain(struct lgr_thread *thread, u64 key, u32 site) {
  struct lgr_shape *slot = &thread->shapes[key >> 52];
  u64 class_key = site;
  for (u32 depth = 1; depth <= thread->depth; depth++) {
    class_key = lgr_join_keys(class_key, thread->held[depth].site);
  }
  *slot = (struct lgr_shape){(u32)key | 1, 1};
  return lgr_is_under_cap(thread, class_key * LGR_MIX);
}

bool lgr_is_new_shape(
    struct lgr_thread *thread, struct lgr_shape *slot, u32 tag, u64 class_key) {
  *slot = (struct lgr_shape){tag, 1};
  return lgr_is_under_cap(thread, class_key);
}

u64 lgr_class_of(const u64 *begin, const u64 *end) {
  u64 key = 1;
  for (const u64 *record = begin; record < end; record += 2) {
    u32 operation = (u32)(record[0] >> 56);
    if (operation == LGR_WAIT || operation == LGR_TIME || operation == LGR_DROPPED) continue;
    key = lgr_join_keys(key, record[0] >> 48 ^ record[1] >> 32 << 16);
  }
  return key * LGR_MIX;
}

void lgr_keep_section(
    struct lgr_thread *thread, struct lgr_held *held, u32 operation, u32 flags,
    struct lgr_place place, u64 repeats) {
  u64 *last = thread->cursor - 2;
  if (held->acquisition == last && !lgr_settings.has_times) {
    __atomic_store_n(&last[0], last[0] | LGR_CLOSED_BIT, __ATOMIC_RELEASE);
  } else {
    u32 site = lgr_site(thread, place);
    if (unlikely(lgr_settings.has_times)) lgr_put_time(thread);
    lgr_put(
        thread, lgr_first_word(operation, flags & (LGR_KIND_MASK | LGR_SHARED), held->lock),
        lgr_second_word(thread->own, site));
  }
  thread->depth--;
  lgr_fit_unnumbered(thread);
  if (thread->depth > 0 && (held->keep || lgr_settings.level == LGR_ORDERS)) held[-1].keep = true;
  if (repeats > 0) {
    lgr_put(
        thread, lgr_first_word(LGR_DROPPED, 0, repeats), lgr_second_word(thread->own, held->site));
  }
  u64 *stripe = &lgr_stripe(held->lock)->number;
  if (*stripe < thread->own) lgr_raise(stripe, thread->own);
  lgr_settle_watermark(thread);
}

void lgr_take_off(struct lgr_thread *thread, u32 depth, u64 key) {
  if (depth < thread->depth) {
    // The section of the lock above begins where this one did, so that both go or stay.
    struct lgr_held *above = &thread->held[depth + 1];
    const struct lgr_held *held = &thread->held[depth];
    above->begin = held->begin;
    above->keep |= held->keep;
    above->shape = lgr_join_keys(lgr_join_keys(held->shape, above->shape), key);
  } else if (depth > 1) {
    struct lgr_held *below = &thread->held[depth - 1];
    below->keep |= thread->held[depth].keep;
    below->shape = lgr_join_keys(below->shape, thread->held[depth].shape ^ key);
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
  if (lgr_settings.level == LGR_ORDERS) lgr_number_held(thread);
  u32 depth = lgr_depth_of(thread, lock);
  u32 site = lgr_site(thread, place);
  u64 *stripe = &lgr_stripe(lock)->number;
  if (unlikely(lgr_settings.has_times)) lgr_put_time(thread);
  lgr_put(
      thread, lgr_first_word(operation, flags, lock), lgr_second_word(thread->own, site));
  if (depth > 0) {
    lgr_take_off(thread, depth, (u64)operation << 32 | site);
  } else {
    if (thread->overflow > 0) thread->overflow--;
    lgr_keep_all(thread);
  }
  lgr_raise(stripe, thread->own);
  lgr_settle_watermark(thread);
}

// A handler's records, put aside.

void lgr_put_aside(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  u32 index = __atomic_fetch_add(&thread->lane_count, 1, __ATOMIC_RELAXED);
  if (index >= LGR_LANE_MOST) {
    lgr_count(&lgr_process->header->lost_signal_events, 1);
    return;
  }
  u64 *stripe = &lgr_stripe(address)->number;
  // Above what the interrupted hook has, or is about to have.
  u64 base = thread->own;
  if (thread->pending != NULL && *thread->pending > base) base = *thread->pending;
  if (thread->lane_own > base) base = thread->lane_own;
  if (operation == LGR_ACQUIRE) {
    base = lgr_take_number(base, stripe);
  } else {
    lgr_raise(stripe, base);
  }
  thread->lane_own = base;
  thread->lane[index] = (struct lgr_lane_record){
      address, base, site, (u8)operation, (u8)flags};
}

/// Adds one of them to the thread's records.
static void add_aside(struct lgr_thread *thread, const struct lgr_lane_record *aside) {
  if (aside->number > thread->own) thread->own = aside->number;
  if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
  u64 *record = lgr_put(
      thread, lgr_first_word(aside->operation, aside->flags, aside->address),
      lgr_second_word(thread->own, aside->site));
  if (aside->operation == LGR_ACQUIRE && thread->depth < LGR_HELD_MOST) {
    struct lgr_held *held = &thread->held[++thread->depth];
    *held = (struct lgr_held){
        aside->address, record, record, aside->number, held[-1].chain, aside->site, aside->flags,
        true};
    thread->unnumbered = thread->depth + 1;
  } else {
    u32 depth = lgr_depth_of(thread, aside->address);
    if (depth > 0) lgr_take_off(thread, depth, aside->address);
    lgr_keep_all(thread);
  }
}

void lgr_settle(struct lgr_thread *thread, struct lgr_held *acquired) {
  thread->busy = 1;
  lgr_barrier();
  if (lgr_settings.level == LGR_ORDERS) lgr_number_held(thread);
  if (acquired != NULL && acquired == &thread->held[thread->depth] &&
      acquired->acquisition == thread->cursor - 2 &&
      thread->lane[0].number <= thread->own) {
    // The handler ran before the lock had its number: its records come first.
    struct lgr_held interrupted = *acquired;
    lgr_rewind(thread, acquired->acquisition);
    thread->depth--;
    lgr_keep_all(thread);
    u32 next = 0;
    for (; next < thread->lane_count && next < LGR_LANE_MOST; next++) {
      if (thread->cursor >= thread->limit) lgr_make_room(thread);
      add_aside(thread, &thread->lane[next]);
    }
    thread->lane_count = 0;
    if (thread->cursor >= thread->limit) lgr_make_room(thread);
    thread->own =
        lgr_take_number(thread->own, &lgr_stripe(interrupted.lock)->number);
    if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
    interrupted.begin = interrupted.acquisition = lgr_put(
        thread, lgr_first_word(LGR_ACQUIRE, interrupted.flags, interrupted.lock),
        lgr_second_word(thread->own, interrupted.site));
    interrupted.keep = true;
    thread->held[++thread->depth] = interrupted;
    thread->unnumbered = thread->depth + 1;
  } else {
    u32 next = 0;
    for (; next < thread->lane_count && next < LGR_LANE_MOST; next++) {
      if (thread->cursor >= thread->limit) lgr_make_room(thread);
      add_aside(thread, &thread->lane[next]);
    }
    thread->lane_count = 0;
  }
  lgr_settle_watermark(thread);
  lgr_barrier();
  thread->busy = 0;
}
