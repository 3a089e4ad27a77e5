#define _GNU_SOURCE
#include "hooks.h"
#include "process.h"

// libdispatch, where it is there. Its functions are known by name alone.

void dispatch_sync(void *queue, void *block);
void dispatch_sync_f(void *queue, void *context, void (*work)(void *));
void dispatch_barrier_sync(void *queue, void *block);
void dispatch_barrier_sync_f(void *queue, void *context, void (*work)(void *));
intptr_t dispatch_semaphore_wait(void *semaphore, u64 timeout);
intptr_t dispatch_semaphore_signal(void *semaphore);

/// What a block begins with, by the ABI of blocks.
struct block {
  void *isa;
  int flags, reserved;
  void (*invoke)(void *);
};

struct work {
  void *queue, *context;
  void (*function)(void *);
  struct lgr_place place;
  u32 site;
  u32 flags;
  u64 *wait;
};

/// Runs on the queue, in the thread that waits.
static void run(void *argument) {
  struct work *work = argument;
  struct lgr_thread *thread = lgr_thread();
  if (thread != NULL) {
    lgr_acquired_since(thread, (u64)work->queue, work->flags, work->site, work->wait);
  }
  work->function(work->context);
  thread = lgr_thread();
  if (thread != NULL) {
    lgr_releasing(thread, LGR_RELEASE, (u64)work->queue, work->flags, work->place);
  }
}

/// Whether blocks of a queue run beside each other. Where libdispatch has it in its own memory; a
/// label that is not where it is expected tells that this is another version.
static bool is_concurrent(const void *queue) {
  const char *label = *(const char *const *)((const u8 *)queue + 0x48);
  if (lgr_real.dispatch_queue_get_label == NULL ||
      label != lgr_real.dispatch_queue_get_label((void *)(uintptr_t)queue)) {
    return false;
  }
  return *(const uint16_t *)((const u8 *)queue + 0x50) > 1;
}

static void enter(
    struct lgr_thread *thread, void *queue, void *context, void (*function)(void *),
    bool is_barrier, struct lgr_place place) {
  bool is_shared = !is_barrier && is_concurrent(queue);
  struct work work = {
      .queue = queue, .context = context, .function = function, .place = place,
      .site = lgr_site(thread, place), .flags = LGR_QUEUE | (is_shared ? LGR_SHARED : 0)};
  if (lgr_real.dispatch_queue_get_label != NULL) {
    const char *label = lgr_real.dispatch_queue_get_label(queue);
    if (label != NULL && *label != 0) lgr_label_once(thread, (u64)queue, LGR_QUEUE >> 4, label);
  }
  if (unlikely(lgr_settings.is_steered)) lgr_steer(thread, (u64)queue, work.flags, place);
  work.wait = lgr_wait(thread, LGR_WAIT, (u64)queue, work.flags, work.site);
  if (is_barrier) {
    lgr_real.dispatch_barrier_sync_f(queue, &work, run);
  } else {
    lgr_real.dispatch_sync_f(queue, &work, run);
  }
}

LGR_HOOK void dispatch_sync_f(void *queue, void *context, void (*function)(void *)) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL) {
    lgr_real.dispatch_sync_f(queue, context, function);
    return;
  }
  enter(thread, queue, context, function, false, LGR_PLACE);
}

LGR_HOOK void dispatch_sync(void *queue, void *block) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL || lgr_real.dispatch_sync_f == NULL) {
    lgr_real.dispatch_sync(queue, block);
    return;
  }
  enter(thread, queue, block, ((struct block *)block)->invoke, false, LGR_PLACE);
}

LGR_HOOK void dispatch_barrier_sync_f(void *queue, void *context, void (*function)(void *)) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL) {
    lgr_real.dispatch_barrier_sync_f(queue, context, function);
    return;
  }
  enter(thread, queue, context, function, true, LGR_PLACE);
}

LGR_HOOK void dispatch_barrier_sync(void *queue, void *block) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL || lgr_real.dispatch_barrier_sync_f == NULL) {
    lgr_real.dispatch_barrier_sync(queue, block);
    return;
  }
  enter(thread, queue, block, ((struct block *)block)->invoke, true, LGR_PLACE);
}

enum { NOW = 0 };
#define FOREVER (~0ull)

LGR_HOOK intptr_t dispatch_semaphore_wait(void *semaphore, u64 timeout) {
  LGR_ENTER(lgr_real.dispatch_semaphore_wait(semaphore, timeout));
  lgr_before_semaphore(thread, (u64)semaphore);
  u32 site = lgr_site(thread, LGR_PLACE);
  u32 flags = LGR_SEMAPHORE | (timeout == NOW       ? LGR_TRIED
                               : timeout == FOREVER ? 0
                                                    : LGR_TIMEOUT);
  intptr_t result = lgr_real.dispatch_semaphore_wait(semaphore, NOW);
  if (result == 0) {
    lgr_acquired(thread, (u64)semaphore, flags, site);
    return 0;
  }
  if (timeout == NOW) return result;
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)semaphore, flags, site);
  result = lgr_real.dispatch_semaphore_wait(semaphore, timeout);
  thread = lgr_thread();
  if (thread == NULL) return result;
  if (result == 0) {
    lgr_acquired_since(thread, (u64)semaphore, flags, site, wait);
  } else {
    lgr_failed(thread, (u64)semaphore, ETIMEDOUT, site, wait);
  }
  return result;
}

LGR_HOOK intptr_t dispatch_semaphore_signal(void *semaphore) {
  LGR_ENTER(lgr_real.dispatch_semaphore_signal(semaphore));
  lgr_posting(thread, (u64)semaphore, LGR_SEMAPHORE, LGR_PLACE);
  return lgr_real.dispatch_semaphore_signal(semaphore);
}
