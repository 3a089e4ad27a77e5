/// What a thread holds, and which nestings of locks it has seen already.
///
/// Only the thread itself writes its held stack. Others may look at it while they search for a
/// deadlock, so what they read is stored atomically, at no cost where stores are atomic anyway.
#ifndef LOCKGRAPH_THREAD_H
#define LOCKGRAPH_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockgraph_lock.h"

/// How a lock is taken: what else but the lock tells one nesting from another.
#define LG_MODE_MASK 0x3u
#define LG_TRY 0x4u
#define LG_INTERRUPTIBLE 0x8u
#define LG_KILLABLE 0x10u
#define LG_TIMEOUT 0x20u
#define LG_UNCHECKED 0x40u
#define LG_SUBCLASS_SHIFT 8
#define LG_SUBCLASS_MASK 0x700u
/// `nest` of the held lock tells which lock serialises it.
#define LG_NESTED 0x800u
/// It was taken while the validator ran on this thread, and is not part of the order.
#define LG_UNSEEN 0x1000u

/// Nobody else can reach one of the locks, as the program says.
#define LG_EXCLUSIVE 0x2000u
/// The hold knows the task that took it. Not part of what tells nestings apart.
#define LG_HAS_TASK 0x4000u

/// Where in the source a lock is taken.
typedef struct lg_site {
  const char *file;
  uint32_t line;
  uint32_t column;
} lg_site;

/// A lock that the thread holds.
typedef struct lg_held {
  lg_lock *lock;
  uint64_t number;
  /// The key of what was held before it.
  uint64_t key_before;
  lg_site site;
  uint32_t lock_class;
  uint32_t traits;
  /// The lock that serialises it, or the task that took it; the traits tell which. With a word more
  /// a hold would be no cache line any longer.
  uint64_t nest;
  uint64_t reentries;
} lg_held;

/// What a thread waits for; others read it.
typedef struct lg_waiting {
  lg_lock *lock;
  /// Odd while it waits; another number for each wait.
  uint64_t sequence;
  uint64_t number;
  uint64_t since;
  lg_site site;
  uint32_t lock_class;
  uint32_t traits;
  uint64_t nest;
  /// The number of the task that waits, or 0.
  uint64_t task;
} lg_waiting;

#define LG_SITE_WORDS 64

/// A lock that the thread made.
typedef struct lg_made {
  uint64_t number;
  /// The deepest frame that can have run all the time since; those of deeper functions have ended.
  uint64_t frame;
  uint32_t lock_class;
  /// How many of its nestings were looked at.
  uint32_t count;
} lg_made;

/// How many of those that a thread made last it remembers.
#define LG_MADE_COUNT 16
/// How many nestings of one of them are looked at each time that they come.
#define LG_MADE_LOOKS 64

/// Only what is new takes the slow way.
#define LG_FAST 0u
/// Events are recorded.
#define LG_RECORDED 1u
/// Nothing is validated: the slow way is no way at all.
#define LG_OFF 2u
/// Every acquisition is asked for, as if it were new.
#define LG_STEERED 3u
/// Holds are measured.
#define LG_TIMED 4u

typedef struct lg_thread lg_thread;
struct lg_thread {
  /// Where the next lock goes.
  lg_held *top;
  /// Where there is no more room; below `top` if every step is to take the slow way.
  lg_held *limit;
  /// The bottom of the stack; above `top` if every step is to take the slow way.
  lg_held *floor;
  /// The key of all that is held.
  uint64_t key;
  /// The keys of nestings that were seen, a table with open addressing; 0 is an empty place.
  uint64_t *known;
  uint64_t known_mask;
  /// Which places in the source took a lock with nothing held, by a hash.
  uint64_t sites[LG_SITE_WORDS];
  /// The number that locks know their owner by; from 1.
  uint32_t slot;
  /// It was seen to run a task. Asked whenever a lock is taken that is given up by another call.
  uint32_t runs_tasks;
  /// The validator runs on this thread, or a report is delivered: nothing is validated.
  uint32_t busy;
  /// It calls the handler of findings: its waits are watched, nothing else about it is looked at.
  uint32_t delivers;
  /// The thread has the validator's lock.
  uint32_t in_validator;
  /// LG_FAST, or why every step takes the slow way.
  uint32_t pace;
  uint32_t has_ended;
  lg_held *base;
  uint64_t capacity;
  uint64_t known_count;
  lg_waiting waiting;
  /// The validator's number of the thread, from 1; 0 if it has none yet.
  uint32_t validator_thread;
  int32_t system_id;
  uint64_t stack_low;
  uint64_t stack_high;
  /// Its name in reports, as pthread_getname_np tells it, or empty.
  char name[32];
  /// Which of all threads it is, in the order of their first locks.
  uint64_t serial;
  /// Whose its events are when nothing that runs on it says so; 0 is nobody.
  uint64_t scope;
  /// The numbers of locks that it gives out next.
  uint64_t number_next;
  uint64_t number_end;
  lg_made made[LG_MADE_COUNT];
  uint32_t made_next;
  /// How many times it said that nobody else can reach its locks.
  uint32_t exclusive;
  lg_thread *next_free;
  /// Since when each lock of the stack is held, where holds are measured. Nobody else looks.
  uint64_t *since;
  uint64_t since_capacity;
};

extern _Thread_local lg_thread *lg_self __attribute__((tls_model("initial-exec")));

// The thread's own marks. Set here rather than in Swift, which would take the access for one to all
// of it.
static inline void lg_set_limit(lg_thread *thread) {
  // What is taken while the validator runs or a report is delivered is marked, which is the slow
  // way.
  bool is_fast = thread->pace == LG_FAST && thread->busy == 0;
  __atomic_store_n(
      &thread->limit, is_fast ? thread->base + thread->capacity : NULL, __ATOMIC_RELAXED);
}
static inline void lg_set_busy(lg_thread *thread, uint32_t count) {
  thread->busy = count;
  lg_set_limit(thread);
}
static inline void lg_set_in_validator(lg_thread *thread, bool is) { thread->in_validator = is; }
/// Whether what the thread takes may have to be kept with the task that takes it.
static inline bool lg_runs_tasks(const lg_thread *thread) { return thread->runs_tasks != 0; }
static inline void lg_set_runs_tasks(lg_thread *thread) { thread->runs_tasks = 1; }
static inline void lg_set_delivers(lg_thread *thread) {
  __atomic_store_n(&thread->delivers, 1, __ATOMIC_RELEASE);
}
static inline bool lg_delivers(const lg_thread *thread) {
  return __atomic_load_n(&thread->delivers, __ATOMIC_ACQUIRE) != 0;
}
static inline void lg_set_scope(lg_thread *thread, uint64_t scope) { thread->scope = scope; }
static inline void lg_set_validator_thread(lg_thread *thread, uint32_t number) {
  thread->validator_thread = number;
}

static inline lg_thread *lg_current(void) { return lg_self; }

/// The key of what is held with one lock more.
static inline uint64_t lg_key(uint64_t before, uint64_t number, uint32_t traits) {
  uint64_t x = before ^ (number * 0xD6E8FEB86659FD93u) ^ ((uint64_t)traits << 17);
  x *= 0x9E3779B97F4A7C15u;
  return (x ^ (x >> 32)) | 1;
}

static inline bool lg_is_known(const lg_thread *thread, uint64_t key) {
  uint64_t mask = thread->known_mask;
  uint64_t place = (key >> 7) & mask;
  for (;;) {
    uint64_t found = thread->known[place];
    if (found == key) return true;
    if (found == 0) return false;
    place = (place + 1) & mask;
  }
}

static inline uint64_t lg_site_hash(const char *file, uint32_t line, uint32_t column) {
  return (uint64_t)(uintptr_t)file ^ ((uint64_t)line << 3) ^ column;
}

static inline bool lg_is_known_site(
    const lg_thread *thread, const char *file, uint32_t line, uint32_t column) {
  uint64_t hash = lg_site_hash(file, line, column);
  return thread->sites[(hash >> 6) % LG_SITE_WORDS] >> (hash & 63) & 1;
}

/// Whether the lock may be asked for without another look: what is held and the lock were seen
/// together before.
static inline bool lg_may_pass(
    const lg_thread *thread, uint64_t key, const char *file, uint32_t line, uint32_t column) {
  if (thread->top == thread->base) return lg_is_known_site(thread, file, line, column);
  return lg_is_known(thread, key);
}

static inline void lg_store_site(lg_site *site, const char *file, uint32_t line, uint32_t column) {
  __atomic_store_n(&site->file, file, __ATOMIC_RELAXED);
  __atomic_store_n(&site->line, line, __ATOMIC_RELAXED);
  __atomic_store_n(&site->column, column, __ATOMIC_RELAXED);
}

static inline lg_site lg_load_site(const lg_site *site) {
  lg_site copy;
  copy.file = __atomic_load_n(&site->file, __ATOMIC_RELAXED);
  copy.line = __atomic_load_n(&site->line, __ATOMIC_RELAXED);
  copy.column = __atomic_load_n(&site->column, __ATOMIC_RELAXED);
  return copy;
}

static inline void lg_put(
    lg_thread *thread, lg_held *held, lg_lock *lock, uint32_t traits, uint64_t key,
    const char *file, uint32_t line, uint32_t column) {
  __atomic_store_n(&held->lock, lock, __ATOMIC_RELAXED);
  __atomic_store_n(&held->number, lock->number, __ATOMIC_RELAXED);
  held->key_before = thread->key;
  lg_store_site(&held->site, file, line, column);
  __atomic_store_n(&held->lock_class, lg_lock_class(lock), __ATOMIC_RELAXED);
  __atomic_store_n(&held->traits, traits, __ATOMIC_RELAXED);
  thread->key = key;
  __atomic_store_n(&thread->top, held + 1, __ATOMIC_RELEASE);
}

/// Puts a lock that the thread has now on its stack; false if that takes the slow way.
static inline bool lg_push(
    lg_thread *thread, lg_lock *lock, uint32_t traits, uint64_t key, const char *file,
    uint32_t line, uint32_t column) {
  lg_held *held = thread->top;
  if (__builtin_expect(held >= __atomic_load_n(&thread->limit, __ATOMIC_RELAXED), 0)) return false;
  lg_put(thread, held, lock, traits, key, file, line, column);
  return true;
}

/// The same for any lock, where there is room.
static inline void lg_push_slow(
    lg_thread *thread, lg_lock *lock, uint32_t traits, uint64_t key, uint64_t nest, lg_site site) {
  lg_held *held = thread->top;
  // Before it is on the stack, where others may read it.
  __atomic_store_n(&held->nest, nest, __ATOMIC_RELAXED);
  __atomic_store_n(&held->reentries, 0, __ATOMIC_RELAXED);
  lg_put(thread, held, lock, traits, key, site.file, site.line, site.column);
}

/// Takes a lock off the stack if it is the last one taken; false if that takes the slow way.
static inline bool lg_pop(lg_thread *thread, const lg_lock *lock) {
  lg_held *held = thread->top;
  if (__builtin_expect(held <= __atomic_load_n(&thread->floor, __ATOMIC_RELAXED), 0)) return false;
  held -= 1;
  if (__builtin_expect(held->lock != lock, 0)) return false;
  thread->key = held->key_before;
  __atomic_store_n(&thread->top, held, __ATOMIC_RELEASE);
  return true;
}

/// The last hold of a lock, or null.
static inline lg_held *lg_find(lg_thread *thread, const lg_lock *lock) {
  for (lg_held *held = thread->top; held > thread->base;) {
    held -= 1;
    if (held->lock == lock) return held;
  }
  return NULL;
}

/// The same by the lock's number: one that goes may not be where it was.
static inline lg_held *lg_find_number(lg_thread *thread, uint64_t number) {
  for (lg_held *held = thread->top; held > thread->base;) {
    held -= 1;
    if (held->number == number) return held;
  }
  return NULL;
}

/// The thread's record, made at its first use; null if there is no memory.
lg_thread *lg_thread_begin(void);
/// Room for more locks; false if there is no memory.
bool lg_thread_grow(lg_thread *thread);
/// Remembers a nesting. What does not fit starts the table again.
void lg_thread_remember(lg_thread *thread, uint64_t key);
void lg_thread_forget(lg_thread *thread);
void lg_thread_remember_site(
    lg_thread *thread, const char *file, uint32_t line, uint32_t column);
/// Forgets them all: the thread holds nothing, but its task has something now.
void lg_thread_forget_sites(lg_thread *thread);
/// Notes since when a lock of the stack is held; where there is no memory that is not known.
void lg_held_begin(lg_thread *thread, const lg_held *held, uint64_t now);
/// Since when it is held; 0 if that was not noted.
static inline uint64_t lg_held_since(const lg_thread *thread, const lg_held *held) {
  uint64_t place = (uint64_t)(held - thread->base);
  return place < thread->since_capacity ? thread->since[place] : 0;
}
/// The holds of the stack have begun that much later.
void lg_held_shift(lg_thread *thread, uint64_t nanoseconds);
/// Takes a hold off the middle of the stack.
void lg_thread_remove(lg_thread *thread, lg_held *held);
/// The keys of all holds from one on, after something about it has changed.
void lg_thread_rekey(lg_thread *thread, lg_held *from);

/// The number of the Swift task that runs on this thread, never used again; 0 outside of tasks.
uint64_t lg_task(void);

/// The thread of a slot, or null.
lg_thread *lg_thread_at(uint32_t slot);
/// One more than the highest slot.
uint32_t lg_thread_slots(void);
/// How all threads go from now on: LG_FAST, LG_RECORDED, LG_OFF, LG_STEERED or LG_TIMED.
void lg_threads_set_pace(uint32_t pace);
/// Forgets what threads have seen, when a new validator begins. No lock may be in use.
void lg_threads_forget(void);

/// Starts a thread that nobody waits for and that takes no signals; false if there can be none.
bool lg_thread_start(void (*body)(void));

/// Called when a thread ends; its stack may hold locks.
void lg_set_thread_ended(void (*ended)(lg_thread *));

/// Others' fields, read while they may change.
static inline lg_held *lg_thread_top(const lg_thread *thread) {
  return __atomic_load_n(&thread->top, __ATOMIC_ACQUIRE);
}
static inline uint64_t lg_waiting_sequence(const lg_thread *thread) {
  return __atomic_load_n(&thread->waiting.sequence, __ATOMIC_SEQ_CST);
}
static inline lg_lock *lg_waiting_lock(const lg_thread *thread) {
  return __atomic_load_n(&thread->waiting.lock, __ATOMIC_ACQUIRE);
}
/// The waiting thread itself begins and ends its wait.
static inline void lg_waiting_begin(
    lg_thread *thread, lg_lock *lock, uint32_t traits, uint64_t nest, uint64_t task, lg_site site,
    uint64_t now) {
  lg_waiting *waiting = &thread->waiting;
  __atomic_store_n(&waiting->number, lock->number, __ATOMIC_RELAXED);
  __atomic_store_n(&waiting->lock_class, lg_lock_class(lock), __ATOMIC_RELAXED);
  __atomic_store_n(&waiting->traits, traits, __ATOMIC_RELAXED);
  __atomic_store_n(&waiting->nest, nest, __ATOMIC_RELAXED);
  __atomic_store_n(&waiting->task, task, __ATOMIC_RELAXED);
  lg_store_site(&waiting->site, site.file, site.line, site.column);
  __atomic_store_n(&waiting->since, now, __ATOMIC_RELAXED);
  __atomic_store_n(&waiting->lock, lock, __ATOMIC_RELAXED);
  __atomic_fetch_add(&waiting->sequence, 1, __ATOMIC_SEQ_CST);
}
static inline lg_waiting lg_waiting_copy(const lg_thread *thread) {
  const lg_waiting *waiting = &thread->waiting;
  lg_waiting copy;
  copy.lock = __atomic_load_n(&waiting->lock, __ATOMIC_RELAXED);
  copy.sequence = 0;
  copy.since = __atomic_load_n(&waiting->since, __ATOMIC_RELAXED);
  copy.number = __atomic_load_n(&waiting->number, __ATOMIC_RELAXED);
  copy.lock_class = __atomic_load_n(&waiting->lock_class, __ATOMIC_RELAXED);
  copy.traits = __atomic_load_n(&waiting->traits, __ATOMIC_RELAXED);
  copy.nest = __atomic_load_n(&waiting->nest, __ATOMIC_RELAXED);
  copy.task = __atomic_load_n(&waiting->task, __ATOMIC_RELAXED);
  copy.site = lg_load_site(&waiting->site);
  return copy;
}
static inline void lg_waiting_end(lg_thread *thread) {
  __atomic_fetch_add(&thread->waiting.sequence, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&thread->waiting.lock, NULL, __ATOMIC_RELAXED);
}
static inline void lg_held_set_traits(lg_held *held, uint32_t traits) {
  __atomic_store_n(&held->traits, traits, __ATOMIC_RELAXED);
}
static inline void lg_held_set_reentries(lg_held *held, uint64_t count) {
  __atomic_store_n(&held->reentries, count, __ATOMIC_RELAXED);
}
/// Says which task took it. Others may read the hold: its traits tell of the task when it is there.
static inline void lg_held_set_task(lg_held *held, uint64_t task) {
  __atomic_store_n(&held->nest, task, __ATOMIC_RELAXED);
  __atomic_store_n(&held->traits, held->traits | LG_HAS_TASK, __ATOMIC_RELEASE);
}
static inline void lg_held_forget_task(lg_held *held) {
  __atomic_store_n(&held->traits, held->traits & ~LG_HAS_TASK, __ATOMIC_RELAXED);
}
static inline lg_held lg_held_copy(const lg_held *held) {
  lg_held copy;
  copy.key_before = 0;
  copy.lock = __atomic_load_n(&held->lock, __ATOMIC_RELAXED);
  copy.number = __atomic_load_n(&held->number, __ATOMIC_RELAXED);
  copy.lock_class = __atomic_load_n(&held->lock_class, __ATOMIC_RELAXED);
  copy.traits = __atomic_load_n(&held->traits, __ATOMIC_ACQUIRE);
  copy.site = lg_load_site(&held->site);
  copy.nest = __atomic_load_n(&held->nest, __ATOMIC_RELAXED);
  copy.reentries = __atomic_load_n(&held->reentries, __ATOMIC_RELAXED);
  return copy;
}
static inline lg_held *lg_thread_base(const lg_thread *thread) {
  return __atomic_load_n(&thread->base, __ATOMIC_ACQUIRE);
}
static inline bool lg_thread_has_ended(const lg_thread *thread) {
  return __atomic_load_n(&thread->has_ended, __ATOMIC_SEQ_CST) != 0;
}

/// The class of locks that are made at a place in the source; 0 if none is known yet.
uint32_t lg_class_at(const char *file, uint32_t line, uint32_t column);
/// Remembers it.
void lg_class_set(const char *file, uint32_t line, uint32_t column, uint32_t lock_class);
/// True the first time that it is asked of a class.
bool lg_class_is_new(uint32_t lock_class);

/// The one lock that guards the validator. Waits a while and no longer: what a lock is guarded by
/// in the middle of an allocation may be waiting for this one. Also taken over a fork.
bool lg_validator_enter(void);
void lg_validator_leave(void);

/// Counts locks; every thread takes a block of numbers at a time.
uint64_t lg_next_number(void);
/// The number of a new lock of a class, which the thread remembers for a while.
uint64_t lg_make_lock(uint32_t lock_class);
/// The frame since which the thread has the lock that it made, or 0 if it does not remember.
uint64_t lg_made_frame(const lg_thread *thread, uint64_t number);
/// Counts a nesting of such a lock; false if there were many, or the thread does not remember it.
bool lg_made_count(lg_thread *thread, uint64_t number);
/// Says that nobody else can reach the thread's locks, or takes that back. Nestings are others
/// then.
void lg_set_exclusive(lg_thread *thread, bool is);

#endif
