#define _GNU_SOURCE
#include "steer.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "events.h"
#include "steering.h"

enum {
  /// Sides of a circle are matched with threads by trying, up to this.
  LGR_MATCHES_MOST = 20000,
  LGR_BACKOFF_MOST = 6,
};

static u64 now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
}

static u32 places_of(u32 site) {
  return site < LGR_SITE_BUCKETS ? lgr_process->steer.places[site] : 0;
}

static u32 outer_of(u32 places) { return places & ((1u << LGR_SIDES_MOST) - 1); }
static u32 inner_of(u32 places) { return places >> LGR_SIDES_MOST; }

/// The sides of which a lock that the thread has is the first.
static u32 outer_at(const struct lgr_thread *thread, u32 depth) {
  const struct lgr_held *held = &thread->held[depth];
  u32 sides = outer_of(places_of(held->site));
  // Where a condition wait has given it back it was taken as well.
  if (held->lock == thread->woken_lock) sides |= outer_of(places_of(thread->woken_site));
  return sides;
}

/// The sides whose first lock the thread has while it is at the place of their second.
static u32 sides_within(const struct lgr_thread *thread, u32 places) {
  u32 without_outer;
  lgr_steered_sides(&without_outer);
  u32 inner = inner_of(places);
  u32 sides = inner & without_outer;
  for (u32 depth = thread->depth; depth > 0 && sides != inner; depth--) {
    sides |= inner & outer_at(thread, depth);
  }
  return sides;
}

/// The first lock of the side, as the thread has it or asks for it.
static u64 first_lock(const struct lgr_want *want, u32 side) {
  if (want->state == LGR_GATHERED) return want->lock;
  const struct lgr_thread *thread = want->thread;
  for (u32 depth = thread->depth; depth > 0; depth--) {
    if (outer_at(thread, depth) >> side & 1) return thread->held[depth].lock;
  }
  return 0;
}

static void let_go(struct lgr_want *want) {
  if (want->may_go == NULL) return;
  __atomic_store_n(want->may_go, 1, __ATOMIC_RELEASE);
  syscall(SYS_futex, want->may_go, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

// All sides there.

/// A thread for each side, all with different first locks.
struct matching {
  u32 sides, tries, first_side;
  u32 member[LGR_SIDES_MOST];
  u64 locks[LGR_SIDES_MOST];
};

/// Chooses the threads of the sides from the given one on, going round, behind the first.
static bool match(struct matching *matching, u32 chosen) {
  const struct lgr_steer *steer = &lgr_process->steer;
  if (chosen == matching->sides) return true;
  u32 side = (matching->first_side + chosen) % matching->sides;
  for (u32 index = 0; index < steer->count; index++) {
    if (!(steer->wants[index].sides >> side & 1)) continue;
    if (++matching->tries > LGR_MATCHES_MOST) return false;
    u64 lock = first_lock(&steer->wants[index], side);
    bool is_used = false;
    for (u32 other = 0; other < chosen; other++) {
      is_used |= matching->member[other] == index || (lock != 0 && matching->locks[other] == lock);
    }
    if (is_used) continue;
    matching->member[chosen] = index;
    matching->locks[chosen] = lock;
    if (match(matching, chosen + 1)) return true;
  }
  return false;
}

/// Whether there is a thread for each side beside this one, which is at the place of a first lock.
static bool is_complete_with(u32 index, struct matching *matching) {
  const struct lgr_want *want = &lgr_process->steer.wants[index];
  u32 without_outer;
  matching->sides = lgr_steered_sides(&without_outer);
  for (u32 side = 0; side < matching->sides; side++) {
    if (!(want->sides >> side & 1)) continue;
    matching->first_side = side;
    matching->tries = 0;
    matching->member[0] = index;
    matching->locks[0] = want->lock;
    if (match(matching, 1)) return true;
  }
  return false;
}

/// Those that wait for the others go on together, if all are there.
static void gather(void) {
  struct lgr_steer *steer = &lgr_process->steer;
  for (u32 index = 0; index < steer->count; index++) {
    struct lgr_want *want = &steer->wants[index];
    bool has_gone = want->may_go != NULL && *want->may_go != 0;
    struct matching matching;
    if (want->state != LGR_GATHERED || has_gone || !is_complete_with(index, &matching)) continue;
    for (u32 member = 0; member < matching.sides; member++) {
      struct lgr_want *other = &steer->wants[matching.member[member]];
      if (other->state == LGR_GATHERED) let_go(other);
    }
    lgr_process->header->gathered++;
  }
}

void lgr_steer_on(void) {
  struct lgr_steer *steer = &lgr_process->steer;
  if (steer->is_closing) return;
  gather();
  if (!lgr_is_stuck()) return;
  // Whoever waits for others waits in vain: the one that came first goes on.
  struct lgr_want *chosen = NULL;
  for (u32 index = 0; index < steer->count; index++) {
    struct lgr_want *want = &steer->wants[index];
    if (want->may_go == NULL) continue;
    // One that was let go is about to move.
    if (*want->may_go != 0) return;
    bool is_better = chosen == NULL || want->state < chosen->state ||
                     (want->state == chosen->state && want->turn < chosen->turn);
    if (is_better) chosen = want;
  }
  if (chosen != NULL) let_go(chosen);
}

// Circles.

/// Whether each thread of the circle is at a side of the one that was asked for.
static bool is_asked(const u32 *members, u32 count) {
  const struct lgr_want *wants = lgr_process->steer.wants;
  for (u32 index = 0; index < count; index++) {
    const struct lgr_want *want = &wants[members[index]];
    const struct lgr_want *before = &wants[members[(index + count - 1) % count]];
    u32 outer = before->state == LGR_JOINING ? ~0u : 0;
    for (u32 depth = want->thread->depth; depth > 0; depth--) {
      if (want->thread->held[depth].lock == before->lock) outer |= outer_at(want->thread, depth);
    }
    if ((inner_of(places_of(want->site)) & outer) == 0) return false;
  }
  return true;
}

/// A condition wait of the circle asks for its mutex, which its own records do not say yet. Its
/// thread does nothing any more that could write a record.
static void tell_of_mutex(const struct lgr_want *want) {
  struct lgr_thread *thread = want->thread;
  u32 depth = lgr_depth_of(thread, want->lock);
  if (want->state != LGR_IN_CONDITION || depth == 0) return;
  u32 flags = thread->held[depth].flags & LGR_KIND_MASK;
  lgr_put(
      thread, lgr_first_word(LGR_WAIT, flags, want->lock),
      lgr_second_word(thread->own, want->site));
}

/// Looks for a circle through a want. One of threads that wait is the verdict; those that are kept
/// are let go, into the wait that is certain for them.
static void close_circle(struct lgr_want *want) {
  struct lgr_steer *steer = &lgr_process->steer;
  u32 *members = steer->members;
  u32 count = lgr_find_circle(want, true, members);
  if (count > 0) {
    steer->is_closing = true;
    lgr_process->header->circle_is_asked = is_asked(members, count);
    for (u32 index = 0; index < count; index++) tell_of_mutex(&steer->wants[members[index]]);
    __atomic_store_n(&lgr_process->header->circle, count, __ATOMIC_RELEASE);
    return;
  }
  count = lgr_find_circle(want, false, members);
  if (count == 0) return;
  steer->is_closing = true;
  for (u32 index = 0; index < steer->count; index++) let_go(&steer->wants[index]);
}

// Pauses.

/// What is left of the time for pauses in this run. Table locked.
static u64 time_left(u64 time) {
  const struct lgr_steer *steer = &lgr_process->steer;
  u64 used = steer->paused_time + (steer->paused > 0 ? time - steer->paused_since : 0);
  return used < lgr_settings.patience ? lgr_settings.patience - used : 0;
}

/// Keeps the thread until it is let go, or the time is over. Table locked, and so again behind it.
static bool pause_thread(
    struct lgr_thread *thread, struct lgr_want *want, struct lgr_guard *guard) {
  struct lgr_steer *steer = &lgr_process->steer;
  u32 may_go = 0;
  u64 start = now();
  u64 left = time_left(start);
  u64 end = start + (left < lgr_settings.pause ? left : lgr_settings.pause);
  want->may_go = &may_go;
  if (steer->paused++ == 0) steer->paused_since = start;
  lgr_process->header->pauses++;
  close_circle(want);
  lgr_steer_on();
  lgr_unlock_wants(guard);
  int error = errno;
  u64 time;
  while (__atomic_load_n(&may_go, __ATOMIC_ACQUIRE) == 0 && (time = now()) < end) {
    struct timespec rest = {
        (time_t)((end - time) / 1000000000), (long)((end - time) % 1000000000)};
    syscall(SYS_futex, &may_go, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, &rest, NULL, 0);
  }
  errno = error;
  lgr_lock_wants(guard);
  lgr_remove_want(thread);
  if (--steer->paused == 0) {
    steer->paused_time += now() - steer->paused_since;
    lgr_process->header->paused_time = steer->paused_time;
  }
  return may_go != 0;
}

const struct timespec *lgr_steered_limit(
    struct lgr_thread *thread, u32 site, const struct timespec *time, struct timespec *later) {
  u32 places = places_of(site);
  if (places == 0 || sides_within(thread, places) == 0) return time;
  // What the C library refuses it has to see.
  if (time == NULL || time->tv_nsec < 0 || time->tv_nsec >= 1000000000) return time;
  struct lgr_steer *steer = &lgr_process->steer;
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  u64 left = time_left(now());
  u64 more = left < lgr_settings.pause ? left : lgr_settings.pause;
  steer->paused_time += more;
  lgr_process->header->paused_time = steer->paused_time;
  lgr_unlock_wants(&guard);
  u64 nanoseconds = (u64)time->tv_nsec + more;
  later->tv_sec = time->tv_sec + (time_t)(nanoseconds / 1000000000);
  later->tv_nsec = (long)(nanoseconds % 1000000000);
  return later;
}

/// Whether pausing at the sides has been of no use so often that it is not done for a while.
static bool is_backing_off(u32 sides, u64 time) {
  const struct lgr_steer *steer = &lgr_process->steer;
  for (u32 side = 0; side < LGR_SIDES_MOST; side++) {
    if (sides >> side & 1 && steer->backoff[side] <= time) return false;
  }
  return true;
}

static void back_off(u32 sides, bool was_of_use) {
  struct lgr_steer *steer = &lgr_process->steer;
  u64 time = now();
  for (u32 side = 0; side < LGR_SIDES_MOST; side++) {
    if (!(sides >> side & 1)) continue;
    if (was_of_use) {
      steer->failures[side] = 0;
      continue;
    }
    u32 failures = steer->failures[side]++;
    u32 shift = failures < LGR_BACKOFF_MOST ? failures : LGR_BACKOFF_MOST;
    steer->backoff[side] = failures == 0 ? 0 : time + (lgr_settings.pause << shift);
  }
}

/// Whether the thread has the lock already: asking again does not wait.
static bool has(const struct lgr_thread *thread, u64 lock) {
  for (u32 depth = thread->depth; depth > 0; depth--) {
    if (thread->held[depth].lock == lock) return true;
  }
  return false;
}

void lgr_steer(struct lgr_thread *thread, u64 lock, u32 flags, struct lgr_place place) {
  if (lgr_settings.pause == 0) return;
  struct lgr_steer *steer = &lgr_process->steer;
  // A signal handler that interrupted a hook, or one that is kept.
  if (thread->state & LGR_BUSY || thread->wanting > 0 || steer->is_closing) return;
  u32 site = lgr_site(thread, place);
  u32 places = places_of(site);
  if (places == 0) return;
  __atomic_fetch_or(&lgr_process->header->reached, places, __ATOMIC_RELAXED);
  if (has(thread, lock)) return;
  u32 within = sides_within(thread, places);
  bool waits = !(flags & (LGR_TRIED | LGR_TIMEOUT));
  u32 state = within != 0 && waits ? LGR_PAUSED : outer_of(places) != 0 ? LGR_GATHERED : 0;
  if (state == 0) return;
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  u32 sides = state == LGR_PAUSED ? within : outer_of(places);
  u64 time = now();
  struct lgr_want *want = time_left(time) > 0 && !steer->is_closing ? lgr_add_want(thread) : NULL;
  if (want != NULL) {
    want->lock = lock;
    want->flags = flags;
    want->site = site;
    want->state = state;
    want->sides = sides;
    thread->wanting++;
    if (state == LGR_GATHERED && is_backing_off(sides, time)) {
      // Others may have waited for this one.
      gather();
      lgr_remove_want(thread);
    } else {
      bool was_let_go = pause_thread(thread, want, &guard);
      if (state == LGR_GATHERED) back_off(sides, was_let_go);
    }
    thread->wanting--;
  }
  lgr_unlock_wants(&guard);
}

void lgr_wants(struct lgr_thread *thread, u32 operation, u64 address, u32 flags, u32 site) {
  // A thread that waits is in the table; a signal handler there is not looked at.
  if (thread->wanting++ > 0) return;
  u32 places = places_of(site);
  __atomic_fetch_or(&lgr_process->header->reached, places, __ATOMIC_RELAXED);
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  struct lgr_want *want = lgr_add_want(thread);
  if (want != NULL) {
    want->lock = address;
    want->flags = flags;
    want->site = site;
    want->state = operation == LGR_JOIN_WAIT        ? LGR_JOINING
                  : operation == LGR_CONDITION_WAIT ? LGR_IN_CONDITION
                                                    : LGR_BLOCKED;
    want->sides = sides_within(thread, places);
    close_circle(want);
    lgr_steer_on();
  }
  lgr_unlock_wants(&guard);
}

void lgr_wants_no_more(struct lgr_thread *thread) {
  if (thread->wanting == 0 || --thread->wanting > 0) return;
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  lgr_remove_want(thread);
  lgr_unlock_wants(&guard);
}

void lgr_steered_end(struct lgr_thread *thread) {
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  lgr_remove_want(thread);
  thread->wanting = 0;
  lgr_process->steer.ended++;
  lgr_steer_on();
  lgr_unlock_wants(&guard);
}
