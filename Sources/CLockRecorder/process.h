// The recording of this process: its file, tables, and what is shared between threads.
#ifndef LGR_PROCESS_H
#define LGR_PROCESS_H

#include "state.h"

enum {
  LGR_SITE_BUCKETS = 1 << 16,
  LGR_CALLER_BUCKETS = 1 << 14,
  LGR_JOIN_SLOTS = 1 << 14,
  LGR_MODULES_MOST = 1024,
  LGR_SIDES_MOST = 16,
  LGR_WANTS_MOST = 1024,
  LGR_SEMAPHORE_SLOTS = 1024,
};

struct lgr_site_bucket {
  u64 key;
  u32 site, unused;
};

struct lgr_caller_bucket {
  u64 address;
  int32_t slot;
  u32 contexts;
};

/// A thread that can be joined: from its spawn until its join or detach.
struct lgr_joinable {
  u64 pthread;
  struct lgr_thread *thread;
  u32 number;
};

/// A thread that waits, or is kept.
struct lgr_want {
  struct lgr_thread *thread;
  /// What it asks for, or the number of the thread whose end it waits for.
  u64 lock;
  /// Set to let it go; NULL if it is not kept.
  u32 *may_go;
  u32 flags, site, state, turn;
  /// Of the circle, for which it is where the first or the second lock is taken.
  u32 sides;
  /// Of a condition wait: somebody has signaled since.
  bool is_signaled;
};

struct lgr_semaphore {
  u64 address;
  bool is_lock;
};

/// Of a run that is steered.
struct lgr_steer {
  u32 lock, count, turn;
  /// Threads that are over.
  u32 ended;
  /// A circle has closed, or is about to.
  bool is_closing;
  u32 paused;
  u64 paused_since, paused_time;
  /// How often keeping threads at a side was of no use, and until when it is not done.
  u32 failures[LGR_SIDES_MOST];
  u64 backoff[LGR_SIDES_MOST];
  struct lgr_want wants[LGR_WANTS_MOST];
  u32 from[LGR_WANTS_MOST], queue[LGR_WANTS_MOST], members[LGR_WANTS_MOST];
  struct lgr_semaphore semaphores[LGR_SEMAPHORE_SLOTS];
  /// Of each site, which places of the circle it is.
  u32 places[LGR_SITE_BUCKETS];
};

enum lgr_process_state { LGR_UNSEEN = 0, LGR_OPEN = 1, LGR_OFF = 2 };

/// In memory that a fork wipes.
struct lgr_process {
  u32 state;
  u32 lock;
  u32 pid;
  u32 thread_count, site_count;
  u64 device, inode;
  struct lgr_header *header;
  /// Where the mapped file ends, and how the last piece of it lies in memory.
  u64 extent_end, extent_start;
  u8 *extent;
  struct lgr_chunk *table;
  u64 table_used;
  /// The program has taken rights from itself: which calls it may still make has to be asked.
  bool may_be_confined;
  struct lgr_thread *free_threads;
  /// Who is inside the loader, and how often.
  u32 loader_owner, loader_depth;
  u32 module_count;
  struct {
    u64 low, high, bias;
    /// Among those of the steering, from one.
    u32 steered;
  } modules[LGR_MODULES_MOST];
  char path[LGR_PATH_SIZE + 64];
  struct lgr_joinable joinable[LGR_JOIN_SLOTS];
  struct lgr_caller_bucket callers[LGR_CALLER_BUCKETS];
  struct lgr_site_bucket sites[LGR_SITE_BUCKETS];
  struct lgr_steer steer;
};

extern LGR_HIDDEN struct lgr_process *lgr_process;
/// This process was forked from one with a recorder, and has not executed anything since.
extern LGR_HIDDEN bool lgr_is_forked;
/// Where the stack of the program's first thread ends.
extern LGR_HIDDEN u64 lgr_main_stack_high;

/// Keeps signals off while the process may be locked, all but those that come from what the thread
/// itself does: their handlers' records are put aside.
struct lgr_guard {
  u64 signals;
  int error;
  u32 state;
  struct lgr_thread *self;
};
LGR_HIDDEN void lgr_block_signals(struct lgr_guard *guard);
LGR_HIDDEN void lgr_restore_signals(struct lgr_guard *guard);
LGR_HIDDEN void lgr_lock_process(void);
LGR_HIDDEN void lgr_unlock_process(void);

/// Makes the process's file. False if nothing can be recorded. Called with the process locked.
LGR_HIDDEN bool lgr_open_recording(void);
/// What the kernel does in a child already, unless it does not know how (before 4.14, emulators).
LGR_HIDDEN void lgr_wipe_after_fork(void);
/// Gives back a descriptor of the parent's file. In a child, before its own is made.
LGR_HIDDEN void lgr_forget_parents_file(void);
/// Room for what comes, as long as it can be had. Process locked.
LGR_HIDDEN void lgr_grow_ahead(void);
/// A chunk of at most that size, zero behind its header, or NULL. Process locked.
LGR_HIDDEN struct lgr_chunk *lgr_take_chunk(u64 size, u32 kind);
/// Room for an entry of the tables, or NULL; `lgr_finish_entry` makes it count. Process locked.
LGR_HIDDEN u8 *lgr_begin_entry(u64 size);
LGR_HIDDEN void lgr_finish_entry(u8 *entry, u32 kind, u64 size);
/// Gives back the room behind the last chunk, and says how it ended.
LGR_HIDDEN void lgr_close_recording(u32 end, int status);

/// Adds what is loaded and not in the tables.
LGR_HIDDEN void lgr_note_modules(void);
LGR_HIDDEN void lgr_note_label(u64 address, u32 kind, const char *text);
/// The path of a program that process is started with; 0: this process becomes it.
LGR_HIDDEN void lgr_note_program(u32 process, const char *path);
/// The label of something that is used often: written once, as far as the thread remembers.
LGR_HIDDEN void lgr_label_once(
    struct lgr_thread *thread, u64 address, u32 kind, const char *text);
LGR_HIDDEN void lgr_note_thread_name(u32 thread, const char *name);

LGR_INLINE void lgr_count(u64 *counter, u64 by) {
  __atomic_fetch_add(counter, by, __ATOMIC_RELAXED);
}

#endif
