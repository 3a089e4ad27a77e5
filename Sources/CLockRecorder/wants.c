#define _GNU_SOURCE
#include "wants.h"

#include <sched.h>

#include "order.h"

void lgr_lock_wants(struct lgr_guard *guard) {
  lgr_block_signals(guard);
  u32 *lock = &lgr_process->steer.lock;
  u32 free = 0;
  while (!__atomic_compare_exchange_n(
      lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    free = 0;
    sched_yield();
  }
}

void lgr_unlock_wants(struct lgr_guard *guard) {
  __atomic_store_n(&lgr_process->steer.lock, 0, __ATOMIC_RELEASE);
  lgr_restore_signals(guard);
}

struct lgr_want *lgr_want_of(const struct lgr_thread *thread) {
  struct lgr_steer *steer = &lgr_process->steer;
  for (u32 index = 0; index < steer->count; index++) {
    if (steer->wants[index].thread == thread) return &steer->wants[index];
  }
  return NULL;
}

struct lgr_want *lgr_add_want(struct lgr_thread *thread) {
  struct lgr_steer *steer = &lgr_process->steer;
  if (steer->count == LGR_WANTS_MOST) return NULL;
  struct lgr_want *want = &steer->wants[steer->count++];
  *want = (struct lgr_want){.thread = thread, .turn = ++steer->turn};
  return want;
}

void lgr_remove_want(struct lgr_thread *thread) {
  struct lgr_steer *steer = &lgr_process->steer;
  struct lgr_want *want = lgr_want_of(thread);
  if (want != NULL) *want = steer->wants[--steer->count];
}

void lgr_signaled(u64 condition) {
  struct lgr_steer *steer = &lgr_process->steer;
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  for (u32 index = 0; index < steer->count; index++) {
    struct lgr_want *want = &steer->wants[index];
    want->is_signaled |= want->state == LGR_IN_CONDITION && want->thread->awaited == condition;
  }
  lgr_unlock_wants(&guard);
}

static struct lgr_semaphore *semaphore(u64 address) {
  struct lgr_semaphore *slots = lgr_process->steer.semaphores;
  u64 first = address * LGR_MIX >> 54;
  for (u64 probe = 0; probe < LGR_SEMAPHORE_SLOTS; probe++) {
    struct lgr_semaphore *slot = &slots[(first + probe) % LGR_SEMAPHORE_SLOTS];
    if (slot->address == address || slot->address == 0) return slot;
  }
  return NULL;
}

void lgr_made_semaphore(u64 address, u64 permits) {
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  struct lgr_semaphore *slot = semaphore(address);
  if (slot != NULL) *slot = (struct lgr_semaphore){address, permits == 1};
  lgr_unlock_wants(&guard);
}

void lgr_posted_by_other(u64 address) {
  struct lgr_guard guard;
  lgr_lock_wants(&guard);
  struct lgr_semaphore *slot = semaphore(address);
  if (slot != NULL) *slot = (struct lgr_semaphore){address, false};
  lgr_unlock_wants(&guard);
}

static bool is_lock(u64 address, u32 flags) {
  if ((flags & LGR_KIND_MASK) != LGR_SEMAPHORE) return true;
  const struct lgr_semaphore *slot = semaphore(address);
  return slot != NULL && slot->address == address && slot->is_lock;
}

/// Whether the thread has what the want asks for, in a way that keeps it from being had.
static bool is_held_by(const struct lgr_want *holder, const struct lgr_want *want) {
  if (want->state == LGR_JOINING) return holder->thread->number == want->lock;
  // A condition wait has given its mutex up.
  if (holder->state == LGR_IN_CONDITION && holder->lock == want->lock) return false;
  const struct lgr_thread *thread = holder->thread;
  for (u32 depth = thread->depth; depth > 0; depth--) {
    const struct lgr_held *held = &thread->held[depth];
    if (held->lock != want->lock) continue;
    bool is_shared = held->flags & LGR_SHARED && want->flags & LGR_SHARED;
    return !is_shared && is_lock(held->lock, want->flags);
  }
  return false;
}

static bool is_kept(const struct lgr_want *want) { return want->state <= LGR_PAUSED; }

/// Whether the thread itself may take it again, or is told that it cannot.
static bool may_be_own(u32 flags) {
  switch (flags & LGR_KIND_MASK) {
    case LGR_MUTEX:
    case LGR_C11:
    case LGR_SPIN: return false;
    default: return true;
  }
}

u32 lgr_find_circle(const struct lgr_want *want, bool of_waits, u32 *members) {
  struct lgr_steer *steer = &lgr_process->steer;
  u32 start = (u32)(want - steer->wants);
  u32 *from = steer->from, *queue = steer->queue;
  for (u32 index = 0; index < steer->count; index++) from[index] = ~0u;
  u32 first = 0, last = 0;
  queue[last++] = start;
  while (first < last) {
    u32 at = queue[first++];
    const struct lgr_want *asking = &steer->wants[at];
    // One that gives up in time, or does not wait at all, is no side of a deadlock.
    if (asking->flags & (LGR_TRIED | LGR_TIMEOUT) && asking->state != LGR_IN_CONDITION) continue;
    for (u32 next = 0; next < steer->count; next++) {
      const struct lgr_want *holder = &steer->wants[next];
      if ((next != start && from[next] != ~0u) || (of_waits && is_kept(holder))) continue;
      if (next == at && (is_kept(holder) || may_be_own(asking->flags))) continue;
      if (!is_held_by(holder, asking)) continue;
      if (next == start) {
        u32 count = 0;
        for (u32 member = at; member != start; member = from[member]) count++;
        u32 length = count + 1;
        members[0] = start;
        for (u32 member = at; member != start; member = from[member]) members[count--] = member;
        return length;
      }
      from[next] = at;
      queue[last++] = next;
    }
  }
  return 0;
}

bool lgr_is_stuck(void) {
  struct lgr_steer *steer = &lgr_process->steer;
  if (steer->count < lgr_process->thread_count - steer->ended) return false;
  for (u32 index = 0; index < steer->count; index++) {
    const struct lgr_want *want = &steer->wants[index];
    if (is_kept(want)) continue;
    if (want->flags & (LGR_TIMEOUT | LGR_TRIED) || want->is_signaled) return false;
    if (want->state == LGR_IN_CONDITION || (want->flags & LGR_KIND_MASK) == LGR_SEMAPHORE) continue;
    bool is_held = false;
    for (u32 other = 0; other < steer->count && !is_held; other++) {
      is_held = is_held_by(&steer->wants[other], want);
    }
    if (!is_held) return false;
  }
  return true;
}
