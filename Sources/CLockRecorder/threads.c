#define _GNU_SOURCE
#include "threads.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "events.h"
#include "init.h"
#include "shared.h"
#include "steer.h"

enum {
  LGR_FIRST_CHUNK = 1 << 10,
  LGR_LARGEST_CHUNK = 64 << 10,
  LGR_LARGEST_CHUNK_OF_ALL = 256 << 10,
  LGR_NEXT_TRY_MOST = 1024,
  /// `PTHREAD_DESTRUCTOR_ITERATIONS` of the C libraries that there are.
  LGR_END_ROUNDS = 4,
};

struct lgr_thread lgr_none, lgr_passing;
__thread struct lgr_thread *lgr_self = &lgr_none;

static pthread_key_t end_key;
static bool has_end_key;

static void *take_memory(u64 size) {
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  madvise(memory, size, MADV_WIPEONFORK);
  return memory;
}

/// Puts the thread's cursor into memory of its own: the file has no room.
static void park(struct lgr_thread *thread) {
  if (!thread->is_scratch) {
    // There is room for this behind the limit of the chunk that is full.
    if (thread->chunk != NULL) {
      lgr_put(thread, lgr_first_word(LGR_LOST, 0, 0), lgr_second_word(thread->own, 0));
    }
    thread->is_scratch = true;
    thread->spare.acquisitions = thread->chunk == NULL ? 0 : thread->chunk->acquisitions;
    thread->spare.lost = thread->lost;
    thread->spare.dropped = thread->chunk == NULL ? 0 : thread->chunk->dropped;
    thread->chunk = &thread->spare;
    thread->next_try = 1;
    thread->scratch_rounds = 0;
  }
  thread->cursor = thread->scratch;
  thread->limit = thread->scratch + 2 * (LGR_SCRATCH_RECORDS - LGR_SLACK);
}

static u64 lost_now(const struct lgr_thread *thread) {
  return (u64)(thread->cursor - thread->scratch) / 2;
}

/// A new chunk of the file for the thread. Process locked.
static void switch_chunk(struct lgr_thread *thread) {
  lgr_number_held(thread);
  for (u32 depth = 1; depth <= thread->depth; depth++) {
    struct lgr_held *held = &thread->held[depth];
    held->keep = LGR_KEPT;
    held->begin = held->acquisition = NULL;
  }
  if (thread->is_scratch) {
    u64 lost = lost_now(thread);
    thread->lost += lost;
    lgr_count(&lgr_process->header->lost_records, lost);
    if (++thread->scratch_rounds < thread->next_try) {
      park(thread);
      return;
    }
  }
  u64 largest =
      lgr_settings.level == LGR_ALL ? LGR_LARGEST_CHUNK_OF_ALL : LGR_LARGEST_CHUNK;
  struct lgr_chunk *chunk = lgr_take_chunk(thread->chunk_size, LGR_RECORDS);
  if (chunk == NULL) {
    u32 next = thread->is_scratch ? thread->next_try * 2 : 1;
    park(thread);
    thread->scratch_rounds = 0;
    thread->next_try = next > LGR_NEXT_TRY_MOST ? LGR_NEXT_TRY_MOST : next;
    return;
  }
  if (thread->chunk_size < largest) thread->chunk_size *= 4;
  struct lgr_chunk *before = thread->chunk;
  chunk->thread = thread->number;
  chunk->tid = thread->tid;
  chunk->order_base = thread->own >> 32 << 32;
  chunk->previous = thread->previous_chunk;
  chunk->watermark = LGR_CHUNK_HEADER;
  chunk->index = thread->chunk_index++;
  chunk->pthread = (u64)pthread_self();
  chunk->lost = thread->lost;
  if (before != NULL) {
    chunk->acquisitions = before->acquisitions;
    chunk->dropped = before->dropped;
    if (!thread->is_scratch) {
      __atomic_store_n(
          &before->watermark, (u64)((u8 *)thread->cursor - (u8 *)before), __ATOMIC_RELEASE);
    }
  }
  __atomic_store_n(&chunk->magic, LGR_CHUNK_MAGIC, __ATOMIC_RELEASE);
  u64 length = chunk->length;
  bool had_gap = thread->is_scratch;
  thread->is_scratch = false;
  thread->chunk = chunk;
  thread->previous_chunk = chunk->offset;
  thread->high = (u32)(thread->own >> 32);
  thread->cursor = (u64 *)((u8 *)chunk + LGR_CHUNK_HEADER);
  thread->limit = (u64 *)((u8 *)chunk + length) - 2 * LGR_SLACK;
  if (had_gap) {
    lgr_put(
        thread, lgr_first_word(LGR_LOST, 0, thread->lost - thread->spare.lost),
        lgr_second_word(thread->own, 0));
  }
}

/// What does not depend on whether the thread was seen before.
static void reset(struct lgr_thread *thread, u32 number) {
  thread->cursor = thread->limit = NULL;
  thread->own = 0;
  thread->state = 0;
  thread->inside = thread->lane_put = thread->lane_taken = 0;
  thread->high = thread->depth = thread->overflow = 0;
  thread->unnumbered = 1;
  thread->chunk = NULL;
  thread->chunk_index = 0;
  thread->previous_chunk = thread->lost = thread->lane_own = 0;
  thread->is_scratch = thread->has_ended = thread->is_detached = false;
  thread->chunk_size = LGR_FIRST_CHUNK;
  thread->once_count = thread->end_rounds = thread->wanting = 0;
  thread->woken_site = 0;
  thread->woken_lock = 0;
  thread->shared_low = thread->shared_size = 0;
  thread->stack_high = 0;
  thread->tid = 0;
  thread->number = number;
  // Shapes that another thread left in the tables are none of this one.
  thread->segment = ((u64)number << 32 | 1) * LGR_MIX;
  thread->held[0] = (struct lgr_held){0};
  thread->held[0].chain = LGR_MIX;
  thread->is_ready = true;
}

static struct lgr_thread *take_state(void) {
  struct lgr_process *process = lgr_process;
  struct lgr_thread *thread = process->free_threads;
  if (thread != NULL) {
    process->free_threads = thread->next_free;
  } else {
    thread = take_memory(sizeof *thread);
    if (thread == NULL) return NULL;
  }
  reset(thread, ++process->thread_count);
  process->header->threads = process->thread_count;
  return thread;
}

static void free_state(struct lgr_thread *thread) {
  thread->is_ready = false;
  thread->cursor = thread->limit = NULL;
  thread->next_free = lgr_process->free_threads;
  lgr_process->free_threads = thread;
}

/// The state of a thread that was not seen to start.
static struct lgr_thread *adopt(struct lgr_thread *thread) {
  struct lgr_process *process = lgr_process;
  if (thread == &lgr_none || thread == NULL) {
    thread = take_state();
    if (thread == NULL) {
      lgr_count(&process->header->lost_thread_events, 1);
      return NULL;
    }
  } else {
    // After a fork: the memory is there, and zero.
    reset(thread, ++process->thread_count);
    process->header->threads = process->thread_count;
  }
  // Nobody joins it, as far as is known.
  thread->is_detached = true;
  thread->tid = (u32)syscall(SYS_gettid);
  u64 here = (u64)__builtin_frame_address(0);
  if (here < lgr_main_stack_high && (thread->tid == process->pid || lgr_is_forked) &&
      lgr_main_stack_high - here < 64ull << 20) {
    thread->stack_high = lgr_main_stack_high;
  }
  if (has_end_key) pthread_setspecific(end_key, thread);
  return thread;
}

static bool open_process(void) {
  struct lgr_process *process = lgr_process;
  if (lgr_is_forked) lgr_forget_parents_file();
  if ((lgr_is_forked && !lgr_settings.follows_children) || !lgr_open_recording()) {
    process->state = LGR_OFF;
    return false;
  }
  process->state = LGR_OPEN;
  return true;
}

struct lgr_thread *lgr_make_room(struct lgr_thread *thread) {
  if (thread == &lgr_passing || !lgr_initialise()) return NULL;
  // A handler that interrupted a change puts its records aside.
  if (thread->is_ready && (thread->state & LGR_BUSY)) return thread;
  struct lgr_process *process = lgr_process;
  if (process->state == LGR_OFF) return NULL;
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  bool is_new = false;
  lgr_lock_process();
  if (process->state == LGR_UNSEEN) is_new = open_process();
  if (process->state != LGR_OPEN) {
    thread = NULL;
  } else {
    if (!thread->is_ready) thread = adopt(thread);
    if (thread != NULL && thread->cursor >= thread->limit) switch_chunk(thread);
  }
  lgr_unlock_process();
  if (is_new) {
    lgr_note_modules();
    lgr_note_inherited();
  }
  if (!guard.self->is_ready || lgr_self != guard.self) {
    // Without memory for its state the thread is not asked again.
    guard.self = thread != NULL ? thread : process->state == LGR_OPEN ? &lgr_passing : &lgr_none;
  }
  lgr_restore_signals(&guard);
  return thread;
}

void lgr_make_more_room(struct lgr_thread *thread) {
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  switch_chunk(thread);
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_wipe_after_fork(void) {
  // A handler of `pthread_atfork` may have begun the child's recording already.
  if (lgr_process == NULL || lgr_process->state != LGR_OPEN) return;
  if (lgr_process->pid == (u32)getpid()) return;
  struct lgr_thread *thread = lgr_self;
  memset(lgr_process, 0, sizeof *lgr_process);
  if (thread != &lgr_none && thread != &lgr_passing) memset(thread, 0, sizeof *thread);
}

struct lgr_thread *lgr_prepare_thread(void) {
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  struct lgr_thread *thread = take_state();
  lgr_unlock_process();
  lgr_restore_signals(&guard);
  return thread;
}

void lgr_give_back_thread(struct lgr_thread *thread) {
  if (lgr_settings.is_steered) lgr_steered_end(thread);
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  free_state(thread);
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_start_thread(struct lgr_thread *thread, u64 stack_high) {
  lgr_self = thread;
  thread->tid = (u32)syscall(SYS_gettid);
  thread->stack_high = stack_high;
  if (has_end_key) pthread_setspecific(end_key, thread);
  if (lgr_make_room(thread) == NULL) return;
  lgr_lasting(thread, LGR_START, thread->number, 0, 0);
}

/// The last thing that is seen of a thread. Other destructors may still use locks, so it comes in
/// the last of the rounds that there are.
static void end_thread(void *value) {
  struct lgr_thread *thread = value;
  if (thread != lgr_self || !thread->is_ready) return;
  if (++thread->end_rounds < LGR_END_ROUNDS) {
    pthread_setspecific(end_key, thread);
    return;
  }
  if (thread->cursor >= thread->limit && lgr_make_room(thread) == NULL) return;
  lgr_lasting(thread, LGR_END, thread->number, 0, 0);
  if (lgr_settings.is_steered) lgr_steered_end(thread);
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  if (!thread->is_scratch) {
    __atomic_store_n(
        &thread->chunk->watermark, (u64)((u8 *)thread->cursor - (u8 *)thread->chunk),
        __ATOMIC_RELEASE);
    thread->chunk->flags |= LGR_LAST_CHUNK;
  }
  lgr_process->header->acquisitions += thread->chunk->acquisitions;
  thread->has_ended = true;
  // From here on the thread has no state.
  lgr_self = &lgr_passing;
  guard.self = &lgr_none;
  if (thread->is_detached) free_state(thread);
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

void lgr_make_end_key(void) { has_end_key = pthread_key_create(&end_key, end_thread) == 0; }

static struct lgr_joinable *joinable(u64 identity) {
  u64 index = (identity >> 6) * LGR_MIX >> 50;
  for (u32 probe = 0; probe < LGR_JOIN_SLOTS; probe++) {
    struct lgr_joinable *slot = &lgr_process->joinable[(index + probe) % LGR_JOIN_SLOTS];
    if (slot->pthread == identity || slot->pthread == 0) return slot;
  }
  return NULL;
}

void lgr_add_joinable(struct lgr_thread *thread, u32 number, pthread_t identity) {
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  if (thread->number == number && !thread->is_detached) {
    struct lgr_joinable *slot = joinable((u64)identity);
    if (slot != NULL) *slot = (struct lgr_joinable){(u64)identity, thread, number};
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
}

u32 lgr_take_joinable(pthread_t identity, bool is_detached, u64 *last_number) {
  u32 number = 0;
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  struct lgr_joinable *slot = joinable((u64)identity);
  if (slot != NULL && slot->pthread != 0) {
    struct lgr_thread *thread = slot->thread;
    number = slot->number;
    if (last_number != NULL) *last_number = thread->own;
    if (thread->has_ended || !is_detached) {
      free_state(thread);
    } else {
      thread->is_detached = true;
    }
    // Backward-shift deletion keeps probes short.
    u64 hole = (u64)(slot - lgr_process->joinable);
    for (u64 next = (hole + 1) % LGR_JOIN_SLOTS;; next = (next + 1) % LGR_JOIN_SLOTS) {
      struct lgr_joinable *candidate = &lgr_process->joinable[next];
      if (candidate->pthread == 0) break;
      u64 home = (candidate->pthread >> 6) * LGR_MIX >> 50;
      if ((next - home) % LGR_JOIN_SLOTS >= (next - hole) % LGR_JOIN_SLOTS) {
        lgr_process->joinable[hole] = *candidate;
        hole = next;
      }
    }
    lgr_process->joinable[hole] = (struct lgr_joinable){0};
  } else if (is_detached && identity == pthread_self()) {
    // Before its creator had the time to remember it.
    struct lgr_thread *thread = guard.self;
    if (thread->is_ready) {
      number = thread->number;
      thread->is_detached = true;
    }
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
  return number;
}

u32 lgr_number_of(pthread_t identity) {
  struct lgr_guard guard;
  lgr_block_signals(&guard);
  lgr_lock_process();
  struct lgr_joinable *slot = joinable((u64)identity);
  u32 number = slot != NULL && slot->pthread != 0 ? slot->number : 0;
  if (number == 0 && identity == pthread_self()) number = ((struct lgr_thread *)guard.self)->number;
  lgr_unlock_process();
  lgr_restore_signals(&guard);
  return number;
}
