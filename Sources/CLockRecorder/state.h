// What the recorder knows of the process and of each thread.
//
// Both live in memory that a fork wipes: a child finds zeros, and begins a recording of its own.
#ifndef LGR_STATE_H
#define LGR_STATE_H

#include <pthread.h>
#include <stdbool.h>

#include "format.h"

#define LGR_HIDDEN __attribute__((visibility("hidden")))
#define LGR_HOOK __attribute__((visibility("default"), noinline))
#define LGR_INLINE static inline __attribute__((always_inline))
#if defined(__has_attribute) && __has_attribute(preserve_most)
/// Called rarely, from code that is to keep its registers.
#define LGR_SLOW LGR_HIDDEN __attribute__((noinline, cold, preserve_most))
#else
#define LGR_SLOW LGR_HIDDEN __attribute__((noinline, cold))
#endif
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

enum {
  /// Records behind a chunk's limit: what one hook may write, twice and a half, because a signal
  /// handler may use up a hook's share between its look at the limit and its first record.
  LGR_SLACK = 24,
  LGR_HELD_MOST = 512,
  LGR_SEMAPHORES_MOST = 16,
  LGR_SHAPE_SLOTS = 4096,
  LGR_CLASS_SLOTS = 1024,
  LGR_CALLER_SLOTS = 256,
  LGR_SITE_SLOTS = 512,
  LGR_LANE_MOST = 4096,
  LGR_SCRATCH_RECORDS = 1024,
  LGR_PENDING_ONCES = 8,
  LGR_LABELS = 64,
};

/// A lock that the thread holds, and the section that its acquisition began.
struct lgr_held {
  u64 lock;
  /// Where the section begins and where its acquisition stands, NULL once the chunk was left.
  u64 *begin, *acquisition;
  /// Stands for what happened in the section; and for the locks that are held, with this one.
  u64 inner, chain;
  /// Written at once.
  union {
    struct {
      /// Something in it must stay, or was not there before (level orders).
      u8 keep;
      u8 flags;
      u32 site;
    };
    u64 rest;
  };
};

/// `rest` of a lock that is held.
static inline u64 lgr_held_rest(u32 site, u32 flags, u32 keep) {
  return (u64)site << 32 | (flags & 0xff) << 8 | keep;
}

enum lgr_keep {
  /// The section ends with others, one of which begins earlier: it goes with that or not at all.
  LGR_KEPT_INSIDE = 1,
  /// It stays, and so do those around it.
  LGR_KEPT = 2,
};

struct lgr_shape {
  u32 tag, count;
};

/// A shape of sections, and how many of its repeats are left out until one is kept.
struct lgr_shape_slot {
  u32 tag, left;
};

/// How much of the stack tells the sites of one return address apart, and which one was last.
struct lgr_caller {
  u64 address;
  /// Positive: where the next return address is above the hook's frame; negative: frame pointers
  /// lead there; 0: the address alone.
  int64_t slot;
  /// What was found there (or the key of the frames), and the site that it means.
  u64 context;
  u64 site;
};

struct lgr_site_slot {
  u64 key;
  u64 site;
};

/// A record of a signal handler that interrupted a hook of its thread.
struct lgr_lane_record {
  u64 address, number;
  u32 site;
  u8 operation, flags;
};

enum lgr_thread_state { LGR_BUSY = 1, LGR_ASIDE = 2 };

struct lgr_thread {
  u64 *cursor, *limit;
  u64 own;
  /// `LGR_BUSY` while it changes, `LGR_ASIDE` if a signal handler has put records aside.
  u32 state;
  /// How many records signal handlers have put aside, and how many of these were added.
  u32 lane_put, lane_taken;
  /// Inside the recorder, where the process may be locked.
  u32 inside;
  u32 high, depth;
  u64 segment;
  struct lgr_chunk *chunk;
  u64 stack_high;
  /// Locks from this depth on have no order number yet.
  u32 unnumbered;
  u32 overflow;
  u32 number, tid, chunk_index;
  u64 previous_chunk, lost;
  bool is_ready, is_scratch, has_ended, is_detached;
  /// It waits or is kept: how deep, with what signal handlers do meanwhile.
  u32 wanting;
  /// The mutex that a condition wait has given back last, and where.
  u32 woken_site;
  u64 woken_lock;
  /// What its condition wait is for.
  u64 awaited;
  /// Memory of locks of several processes, which the tables have.
  u64 shared_low, shared_size;
  u32 scratch_rounds, next_try;
  u64 chunk_size;
  u64 lane_own;

  void *(*start)(void *);
  int (*start_c11)(void *);
  void *argument;
  u32 end_rounds;
  struct lgr_thread *next_free;
  u64 labelled[LGR_LABELS];
  u32 once_count;
  struct {
    void *control;
    void (*routine)(void);
    u32 site;
    bool has_run;
  } onces[LGR_PENDING_ONCES];

  /// held[0] stands below all; held[depth] is the innermost lock.
  struct lgr_held held[LGR_HELD_MOST + 2];
  struct lgr_caller callers[LGR_CALLER_SLOTS];
  struct lgr_site_slot sites[LGR_SITE_SLOTS];
  struct lgr_shape classes[LGR_CLASS_SLOTS];
  struct lgr_shape_slot shapes[LGR_SHAPE_SLOTS];
  /// How often a shape was there when `left` was set.
  u32 seen[LGR_SHAPE_SLOTS];
  /// Stands in for a chunk while the file cannot grow.
  struct lgr_chunk spare;
  u64 scratch[2 * LGR_SCRATCH_RECORDS];
  /// Room for what would be too much for a small stack.
  u64 numbers[LGR_HELD_MOST + 2];
  struct lgr_held moved[LGR_HELD_MOST + 2];
  struct lgr_lane_record lane[LGR_LANE_MOST];
};

/// What the environment says; read once, before the first event.
struct lgr_settings {
  bool is_on, has_times, copies_stacks, follows_children, is_audited, is_steered;
  u32 level;
  /// How long a thread is kept, and how long threads are in a run, in nanoseconds.
  u64 pause, patience;
  u64 max_size;
  u32 class_cap;
  char place[LGR_PATH_SIZE];
};

extern LGR_HIDDEN struct lgr_settings lgr_settings;
extern LGR_HIDDEN __thread struct lgr_thread *lgr_self __attribute__((tls_model("initial-exec")));
/// Stands for threads that have no state yet; and for what is not to be recorded.
extern LGR_HIDDEN struct lgr_thread lgr_none, lgr_passing;

/// The thread's state with room for what one hook writes, or NULL if nothing is recorded.
LGR_SLOW struct lgr_thread *lgr_make_room(struct lgr_thread *thread);

LGR_INLINE struct lgr_thread *lgr_thread(void) {
  struct lgr_thread *thread = lgr_self;
  if (unlikely(thread->cursor >= thread->limit)) thread = lgr_make_room(thread);
  return thread;
}

/// Where a hook was called from.
struct lgr_place {
  u64 address, frame;
};
#define LGR_PLACE                                        \
  ((struct lgr_place){(u64)__builtin_return_address(0), \
                      (u64)__builtin_frame_address(0)})

#define lgr_barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)

#endif
