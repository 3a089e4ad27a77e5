/// The words of a lock, and the steps that need no waiting.
#ifndef LOCKGRAPH_LOCK_H
#define LOCKGRAPH_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/// A lock as the validator knows it. Its address must not change.
typedef struct lg_lock {
  /// The futex: 0 if free, else the owner's slot, with LG_WAITERS if somebody sleeps.
  uint32_t word;
  /// The number of its class, and flags above.
  uint32_t lock_class;
  /// Which lock it is; never used again, though its memory is.
  uint64_t number;
} lg_lock;

/// A lock that counts who waits: the writers of a reader-writer lock, all of a semaphore.
typedef struct lg_wide_lock {
  lg_lock lock;
  uint32_t waiters;
} lg_wide_lock;

#define LG_WAITERS 0x80000000u
#define LG_OWNER_MASK 0x7fffffffu
/// The owner where nobody asks who it is.
#define LG_SOMEBODY 1u

/// The number of the class.
#define LG_CLASS_MASK 0x00ffffffu
/// A rank is kept beside.
#define LG_HAS_RANK 0x01000000u
/// Not part of the order.
#define LG_UNORDERED 0x02000000u
/// A recorded trace knows it.
#define LG_TRACED 0x04000000u
/// A semaphore that somebody signalled who had not taken it.
#define LG_SIGNALLED 0x08000000u
/// A thread gave it up that had it not.
#define LG_MISUSED 0x10000000u
/// What sort of lock it is.
#define LG_KIND_MASK 0xe0000000u
#define LG_KIND_MUTEX 0x00000000u
#define LG_KIND_RECURSIVE 0x20000000u
#define LG_KIND_SPIN 0x40000000u
#define LG_KIND_READ_WRITE 0x60000000u
#define LG_KIND_SEMAPHORE 0x80000000u
#define LG_KIND_QUEUE 0xa0000000u

// Steps on the word of a lock. They take the lock rather than the word, so that Swift does not take
// the access for one that excludes others.

static inline bool lg_acquire(lg_lock *lock, uint32_t owner) {
  uint32_t expected = 0;
  return __atomic_compare_exchange_n(
      &lock->word, &expected, owner, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool lg_release(lg_lock *lock, uint32_t owner) {
  uint32_t expected = owner;
  return __atomic_compare_exchange_n(
      &lock->word, &expected, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/// Replaces the word if it has a value.
static inline bool lg_replace(uint32_t *word, uint32_t expected, uint32_t value) {
  return __atomic_compare_exchange_n(
      word, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}

static inline uint32_t lg_load(const uint32_t *word) {
  return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void lg_store(uint32_t *word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

static inline uint32_t lg_exchange(uint32_t *word, uint32_t value) {
  return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

static inline uint32_t lg_add(uint32_t *word, uint32_t value) {
  return __atomic_fetch_add(word, value, __ATOMIC_SEQ_CST);
}

/// A pointer, of which Swift does not know where it comes from: it would take a change of the value
/// for one of the whole lock, and the thread sanitizer would report that.
static inline void *lg_same(void *pointer) { return pointer; }

static inline uint32_t *lg_word(lg_lock *lock) { return &lock->word; }

static inline uint32_t *lg_wide_word(lg_wide_lock *lock) { return &lock->lock.word; }
static inline uint32_t *lg_wide_waiters(lg_wide_lock *lock) { return &lock->waiters; }
static inline lg_lock *lg_wide_base(lg_wide_lock *lock) { return &lock->lock; }

static inline uint32_t lg_lock_class(const lg_lock *lock) {
  return __atomic_load_n(&lock->lock_class, __ATOMIC_RELAXED);
}

/// Flags of a lock that is known outside of its words.
#define LG_NOTED (LG_HAS_RANK | LG_TRACED | LG_SIGNALLED | LG_MISUSED)

/// Whether nobody has the lock and nothing is known of it but what its words say.
static inline bool lg_is_plain(const lg_lock *lock) {
  return __atomic_load_n(&lock->word, __ATOMIC_RELAXED) == 0 &&
         (lg_lock_class(lock) & LG_NOTED) == 0;
}

/// Sets a flag beside the class; true if it was not set.
static inline bool lg_set_flag(lg_lock *lock, uint32_t flag) {
  return (__atomic_fetch_or(&lock->lock_class, flag, __ATOMIC_RELAXED) & flag) == 0;
}

#endif
