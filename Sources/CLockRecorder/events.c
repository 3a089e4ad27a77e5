#include "events.h"

#include "process.h"

static u32 code(int error) { return error < 0 || error > 254 ? 255 : (u32)error; }

static u64 event_key(u32 operation, u64 address, u32 flags, u32 site) {
  return lgr_lock_key(address, flags, site) + operation;
}

/// A repeat that need not be there again.
static bool is_repeat(struct lgr_thread *thread, u64 event, u32 operation, u32 site) {
  u64 spread = lgr_spread(
      lgr_join_keys(event, thread->held[thread->depth].chain) + thread->segment);
  struct lgr_shape_slot *slot = &thread->shapes[spread >> 52];
  if (slot->tag == lgr_tag(spread) && --slot->left > 0) return true;
  u32 count = lgr_count_shape(thread, spread, false);
  return count == 1 && !lgr_is_under_cap(thread, lgr_join_keys(operation, site));
}

u64 *lgr_wait(struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  if (lgr_is_interrupting(thread)) return NULL;
  lgr_begin(thread);
  lgr_number_held(thread);
  if (lgr_settings.has_times) lgr_put_time(thread);
  u64 *record = lgr_put(
      thread, lgr_first_word(operation, flags, address), lgr_second_word(thread->own, site));
  lgr_end(thread);
  if (unlikely(lgr_settings.is_steered)) lgr_wants(thread, operation, address, flags, site);
  return record;
}

void lgr_failed(struct lgr_thread *thread, u64 address, int error, u32 site, u64 *wait) {
  if (lgr_is_interrupting(thread)) return;
  if (wait != NULL && unlikely(lgr_settings.is_steered)) lgr_wants_no_more(thread);
  lgr_begin(thread);
  lgr_number_held(thread);
  u64 key = event_key(LGR_FAILED, address, (u32)error, site);
  bool is_whole = wait != NULL && wait + 2 == thread->cursor;
  if (thread->depth > 0 && lgr_settings.level == LGR_SHAPES) {
    struct lgr_held *held = &thread->held[thread->depth];
    held->inner = lgr_join_keys(held->inner, key);
    is_whole = false;
  }
  if (is_whole && lgr_settings.level != LGR_ALL && is_repeat(thread, key, LGR_FAILED, site)) {
    lgr_rewind(thread, wait);
  } else {
    if (lgr_settings.has_times) lgr_put_time(thread);
    lgr_put(
        thread, lgr_first_word(LGR_FAILED, code(error), address),
        lgr_second_word(thread->own, site));
    if (lgr_settings.level == LGR_ORDERS) lgr_keep_all(thread);
    lgr_settle_watermark(thread);
  }
  lgr_end(thread);
}

/// Writes an event whose number is the thread's own, and lets who sees its effect have a larger
/// one.
static void put_event(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  lgr_number_held(thread);
  if (lgr_settings.has_times) lgr_put_time(thread);
  lgr_put(
      thread, lgr_first_word(operation, flags, address), lgr_second_word(thread->own, site));
  lgr_raise(&lgr_stripe(address)->number, thread->own);
}

void lgr_event(struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  if (lgr_is_interrupting(thread)) {
    lgr_put_aside(thread, operation, address, flags, site);
    return;
  }
  bool signals = operation == LGR_SIGNAL || operation == LGR_BROADCAST;
  if (unlikely(lgr_settings.is_steered) && signals) lgr_signaled(address);
  lgr_begin(thread);
  u64 key = event_key(operation, address, flags, site);
  struct lgr_held *held = &thread->held[thread->depth];
  bool is_kept = true;
  if (thread->depth > 0 && lgr_settings.level == LGR_SHAPES) {
    held->inner = lgr_join_keys(held->inner, key);
  } else if (lgr_settings.level != LGR_ALL) {
    is_kept = !is_repeat(thread, key, operation, site);
    if (is_kept && thread->depth > 0) held->keep = LGR_KEPT;
  }
  if (is_kept) {
    put_event(thread, operation, address, flags, site);
    lgr_settle_watermark(thread);
  }
  lgr_end(thread);
}

/// A lasting event and the number that belongs to it, if it is not -1.
static void put_lasting(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site, int64_t value) {
  if (lgr_is_interrupting(thread)) {
    lgr_put_aside(thread, operation, address, flags, site);
    if (value >= 0) lgr_put_aside(thread, LGR_VALUE, (u64)value, 0, 0);
    return;
  }
  lgr_begin(thread);
  lgr_keep_all(thread);
  put_event(thread, operation, address, flags, site);
  if (value >= 0) {
    lgr_put(
        thread, lgr_first_word(LGR_VALUE, 0, (u64)value), lgr_second_word(thread->own, 0));
  }
  lgr_settle_watermark(thread);
  lgr_end(thread);
}

void lgr_lasting(struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  put_lasting(thread, operation, address, flags, site, -1);
}

void lgr_generation(
    struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site, int64_t value) {
  lgr_count(&lgr_stripe(address)->generation, 1);
  put_lasting(thread, operation, address, flags, site, value);
}

void lgr_past_number(struct lgr_thread *thread, u64 number) {
  if (lgr_is_interrupting(thread)) return;
  lgr_begin(thread);
  // Open locks get theirs first: numbers of a thread do not fall.
  lgr_number_held(thread);
  thread->own = (number > thread->own ? number : thread->own) + 1;
  if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
  lgr_end(thread);
}

void lgr_past(struct lgr_thread *thread, u64 address) {
  lgr_past_number(thread, __atomic_load_n(&lgr_stripe(address)->number, __ATOMIC_ACQUIRE));
}

void lgr_next_segment(struct lgr_thread *thread) { thread->segment += LGR_MIX; }

void lgr_condition_wait(
    struct lgr_thread *thread, u64 condition, u64 mutex, u32 flags, u32 site) {
  if (lgr_is_interrupting(thread)) return;
  lgr_begin(thread);
  lgr_number_held(thread);
  if (lgr_settings.has_times) lgr_put_time(thread);
  lgr_put(
      thread, lgr_first_word(LGR_WAIT_MUTEX, 0, mutex), lgr_second_word(thread->own, site));
  lgr_put(
      thread, lgr_first_word(LGR_CONDITION_WAIT, flags, condition),
      lgr_second_word(thread->own, site));
  lgr_raise(&lgr_stripe(mutex)->number, thread->own);
  lgr_raise(&lgr_stripe(condition)->number, thread->own);
  struct lgr_held *held = &thread->held[thread->depth];
  u64 key = event_key(LGR_CONDITION_WAIT, condition ^ mutex << 1, flags, site);
  if (thread->depth > 0) held->inner = lgr_join_keys(held->inner, key);
  if (lgr_settings.level == LGR_ORDERS &&
      !is_repeat(thread, key, LGR_CONDITION_WAIT, site)) {
    lgr_keep_all(thread);
  }
  lgr_end(thread);
  if (unlikely(lgr_settings.is_steered)) {
    thread->awaited = condition;
    lgr_wants(thread, LGR_CONDITION_WAIT, mutex, flags, site);
  }
}

void lgr_wake(struct lgr_thread *thread, u64 condition, u64 mutex, int error, u32 site) {
  if (lgr_is_interrupting(thread)) return;
  if (unlikely(lgr_settings.is_steered)) {
    thread->woken_lock = mutex;
    thread->woken_site = site;
    lgr_wants_no_more(thread);
  }
  lgr_begin(thread);
  if (lgr_settings.has_times) lgr_put_time(thread);
  u64 seen = __atomic_load_n(&lgr_stripe(condition)->number, __ATOMIC_ACQUIRE);
  if (seen > thread->own) thread->own = seen;
  thread->own = lgr_take_number(thread->own, &lgr_stripe(mutex)->number);
  if ((u32)(thread->own >> 32) != thread->high) lgr_widen(thread, thread->own);
  lgr_put(
      thread, lgr_first_word(LGR_WAKE, code(error), condition),
      lgr_second_word(thread->own, site));
  lgr_next_segment(thread);
  lgr_end(thread);
}

void lgr_before_semaphore(struct lgr_thread *thread, u64 semaphore) {
  if (lgr_is_interrupting(thread)) return;
  // Semaphores that others post would be held for ever: of one semaphore the last acquisition
  // counts, and of many the last ones.
  u32 depth = 0, count = 0, oldest = 0;
  for (u32 index = thread->depth; index > 0; index--) {
    if ((thread->held[index].flags & LGR_KIND_MASK) != LGR_SEMAPHORE) continue;
    if (thread->held[index].lock == semaphore) depth = index;
    count++;
    oldest = index;
  }
  if (depth == 0 && count >= LGR_SEMAPHORES_MOST) depth = oldest;
  if (depth == 0) return;
  lgr_begin(thread);
  struct lgr_held *held = &thread->held[depth];
  bool is_dropped = false;
  if (depth == thread->depth && held->keep == 0) {
    is_dropped = lgr_settings.level == LGR_ORDERS ||
                 (lgr_settings.level == LGR_SHAPES &&
                  is_repeat(thread, held->inner + held->chain, LGR_POST, held->site));
  }
  if (is_dropped) {
    lgr_rewind(thread, held->begin);
    thread->chunk->dropped++;
    thread->depth--;
    lgr_fit_unnumbered(thread);
  } else {
    lgr_number_held(thread);
    held->keep = LGR_KEPT;
    lgr_take_off(thread, depth, semaphore);
    lgr_settle_watermark(thread);
  }
  lgr_end(thread);
}

void lgr_posting(
    struct lgr_thread *thread, u64 semaphore, u32 flags, struct lgr_place place) {
  if (lgr_depth_of(thread, semaphore) > 0) {
    lgr_releasing(thread, LGR_POST, semaphore, flags, place);
  } else {
    if (unlikely(lgr_settings.is_steered)) lgr_posted_by_other(semaphore);
    lgr_event(thread, LGR_POST, semaphore, flags, lgr_site(thread, place));
  }
}
