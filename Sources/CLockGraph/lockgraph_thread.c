#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/lockgraph_copies.h"
#include "include/lockgraph_thread.h"
#include "include/lockgraph_wait.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include "own_symbols.h"

_Thread_local lg_thread *lg_self __attribute__((tls_model("initial-exec"))) = NULL;

static void (*thread_ended)(lg_thread *);

void lg_set_thread_ended(void (*ended)(lg_thread *)) {
  __atomic_store_n(&thread_ended, ended, __ATOMIC_RELEASE);
}

/// Memory straight from the system: whoever replaces malloc may use our locks there.
static void *take_pages(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

static uint32_t validator_lock;
static void lock_slots(void);
static void unlock_slots(void);

bool lg_validator_enter(void) {
  for (int tries = 0; tries < 100; tries++) {
    if (lg_replace(&validator_lock, 0, 1)) return true;
    lg_pause();
  }
  uint64_t end = lg_now() + 5000000000u;
  for (;;) {
    // Taken with the mark of a waiter, because others may sleep too.
    uint32_t before = lg_exchange(&validator_lock, 2);
    if (before == 0) return true;
    uint64_t now = lg_now();
    if (now >= end) return false;
    lg_wait(&validator_lock, 2, end - now);
  }
}

void lg_validator_leave(void) {
  if (lg_exchange(&validator_lock, 0) == 2) lg_wake(&validator_lock, 1);
}

// Classes by the places where their locks are made. Readers take no lock: a table only gains
// entries, and a larger one is filled before it takes the place of the old one, which stays where
// it is.

typedef struct class_entry {
  const char *file;
  uint64_t position;
  uint32_t lock_class;
} class_entry;

typedef struct class_table {
  uint64_t mask;
  uint64_t count;
  class_entry entries[];
} class_table;

static class_table *class_places;

static class_entry *find_place(class_table *table, const char *file, uint64_t position) {
  uint64_t place = ((uint64_t)(uintptr_t)file ^ position) * 0x9E3779B97F4A7C15u >> 32;
  for (;; place++) {
    class_entry *entry = &table->entries[place & table->mask];
    if (__atomic_load_n(&entry->lock_class, __ATOMIC_ACQUIRE) == 0) return entry;
    if (entry->file == file && entry->position == position) return entry;
  }
}

uint32_t lg_class_at(const char *file, uint32_t line, uint32_t column) {
  class_table *table = __atomic_load_n(&class_places, __ATOMIC_ACQUIRE);
  if (table == NULL) return 0;
  class_entry *entry = find_place(table, file, (uint64_t)line << 32 | column);
  return __atomic_load_n(&entry->lock_class, __ATOMIC_ACQUIRE);
}

void lg_class_set(const char *file, uint32_t line, uint32_t column, uint32_t lock_class) {
  uint64_t position = (uint64_t)line << 32 | column;
  lock_slots();
  class_table *table = class_places;
  if (table == NULL || table->count * 2 > table->mask) {
    uint64_t size = table == NULL ? 256 : (table->mask + 1) * 2;
    class_table *grown = take_pages(sizeof(class_table) + size * sizeof(class_entry));
    if (grown == NULL) {
      unlock_slots();
      return;
    }
    grown->mask = size - 1;
    for (uint64_t place = 0; table != NULL && place <= table->mask; place++) {
      class_entry *old = &table->entries[place];
      if (old->lock_class == 0) continue;
      *find_place(grown, old->file, old->position) = *old;
      grown->count += 1;
    }
    table = grown;
    __atomic_store_n(&class_places, table, __ATOMIC_RELEASE);
  }
  class_entry *entry = find_place(table, file, position);
  if (entry->lock_class == 0) {
    entry->file = file;
    entry->position = position;
    __atomic_store_n(&entry->lock_class, lock_class, __ATOMIC_RELEASE);
    table->count += 1;
  }
  unlock_slots();
}

static uint64_t class_bits[(LG_CLASS_MASK + 1) / 64];

bool lg_class_is_new(uint32_t lock_class) {
  uint64_t *word = &class_bits[(lock_class & LG_CLASS_MASK) / 64];
  uint64_t bit = (uint64_t)1 << (lock_class & 63);
  if (__atomic_load_n(word, __ATOMIC_RELAXED) & bit) return false;
  return (__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) == 0;
}

// Threads by slot: blocks that never move, so that a slot is looked up without a lock.

#define BLOCK_SIZE 1024u
#define BLOCK_COUNT 4096u

static lg_thread **blocks[BLOCK_COUNT];
static uint32_t slot_count = 1;
static lg_thread *free_threads;
/// Guards the slots; held for a few steps that neither wait nor allocate from malloc.
static uint32_t slots_lock;
static uint32_t common_pace;
static pthread_key_t end_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void lock_slots(void) {
  while (!lg_replace(&slots_lock, 0, 1)) lg_yield();
}
static void unlock_slots(void) { (void)lg_exchange(&slots_lock, 0); }

static lg_thread **slot_place(uint32_t slot) {
  lg_thread **block = __atomic_load_n(&blocks[slot / BLOCK_SIZE], __ATOMIC_ACQUIRE);
  return block == NULL ? NULL : &block[slot % BLOCK_SIZE];
}

lg_thread *lg_thread_at(uint32_t slot) {
  if (slot == 0 || slot >= BLOCK_SIZE * BLOCK_COUNT) return NULL;
  lg_thread **place = slot_place(slot);
  return place == NULL ? NULL : __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

uint32_t lg_thread_slots(void) { return __atomic_load_n(&slot_count, __ATOMIC_ACQUIRE); }

/// The key of nothing held, and of nothing held where nobody else can reach the thread's locks.
#define ROOT_KEY 1u
#define EXCLUSIVE_ROOT_KEY 3u

static void set_pace(lg_thread *thread, uint32_t pace) {
  __atomic_store_n(&thread->pace, pace, __ATOMIC_RELAXED);
  // With nothing ever on the stack, all that is asked is whether the place is known.
  if (pace == LG_OFF) memset(thread->sites, 0xff, sizeof thread->sites);
  lg_set_limit(thread);
  __atomic_store_n(
      &thread->floor, pace == LG_FAST ? thread->base : (lg_held *)UINTPTR_MAX, __ATOMIC_RELAXED);
}

static void end_thread(void *argument) {
  lg_thread *thread = argument;
  // Before anything else, so that who waits for its locks from now on knows.
  __atomic_store_n(&thread->has_ended, 1, __ATOMIC_SEQ_CST);
  void (*ended)(lg_thread *) = __atomic_load_n(&thread_ended, __ATOMIC_ACQUIRE);
  if (ended != NULL) ended(thread);
  lg_self = NULL;
  // What a thread held when it ended is held for ever, by an owner that must not come back as
  // another.
  if (thread->top != thread->base) return;
  lock_slots();
  thread->number_next = 0;
  thread->number_end = 0;
  thread->next_free = free_threads;
  free_threads = thread;
  unlock_slots();
}

#ifdef __linux__
static bool has_validator;
static void before_fork(void) {
  has_validator = lg_validator_enter();
  lock_slots();
}
static void after_fork(void) {
  unlock_slots();
  if (has_validator) lg_validator_leave();
}
/// Only the thread that forked goes on; what the others hold stays so.
static void after_fork_in_child(void) {
  for (uint32_t slot = 1; slot < slot_count; slot++) {
    lg_thread *thread = lg_thread_at(slot);
    if (thread == NULL) continue;
    if (thread == lg_self) {
      thread->system_id = (int32_t)syscall(SYS_gettid);
    } else {
      thread->has_ended = 1;
      thread->waiting.lock = NULL;
    }
  }
  unlock_slots();
  (void)lg_exchange(&validator_lock, 0);
}
#endif

static void begin_all(void) {
  lg_copy_begin();
  pthread_key_create(&end_key, end_thread);
#ifdef __linux__
  pthread_atfork(before_fork, after_fork, after_fork_in_child);
#endif
}

static void find_stack(lg_thread *thread) {
#ifdef __linux__
  pthread_attr_t attributes;
  void *low = NULL;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
  }
  thread->stack_low = (uint64_t)(uintptr_t)low;
  thread->stack_high = thread->stack_low + size;
#else
  thread->stack_high = (uint64_t)(uintptr_t)pthread_get_stackaddr_np(pthread_self());
  thread->stack_low = thread->stack_high - pthread_get_stacksize_np(pthread_self());
#endif
}

static lg_thread *new_thread(void) {
  size_t size = sizeof(lg_thread);
  lg_thread *thread = take_pages(size);
  if (thread == NULL) return NULL;
  thread->capacity = 256;
  thread->base = take_pages(thread->capacity * sizeof(lg_held));
  thread->known_mask = 511;
  thread->known = take_pages((thread->known_mask + 1) * sizeof(uint64_t));
  if (thread->base == NULL || thread->known == NULL) return NULL;
  lock_slots();
  uint32_t slot = slot_count;
  bool fits = slot < BLOCK_SIZE * BLOCK_COUNT;
  if (fits && blocks[slot / BLOCK_SIZE] == NULL) {
    lg_thread **block = take_pages(BLOCK_SIZE * sizeof(lg_thread *));
    fits = block != NULL;
    __atomic_store_n(&blocks[slot / BLOCK_SIZE], block, __ATOMIC_RELEASE);
  }
  if (fits) {
    thread->slot = slot;
    __atomic_store_n(slot_place(slot), thread, __ATOMIC_RELEASE);
    __atomic_store_n(&slot_count, slot + 1, __ATOMIC_RELEASE);
  }
  unlock_slots();
  return fits ? thread : NULL;
}

lg_thread *lg_thread_begin(void) {
  static uint64_t serials;
  pthread_once(&once, begin_all);
  lock_slots();
  lg_thread *thread = free_threads;
  if (thread != NULL) free_threads = thread->next_free;
  unlock_slots();
  if (thread == NULL) thread = new_thread();
  if (thread == NULL) return NULL;
  thread->next_free = NULL;
  // The record may be one that other threads look at, whose thread has ended.
  __atomic_store_n(&thread->top, thread->base, __ATOMIC_RELEASE);
  thread->key = ROOT_KEY;
  thread->exclusive = 0;
  memset(thread->made, 0, sizeof thread->made);
  thread->busy = 0;
  thread->delivers = 0;
  thread->scope = 0;
  thread->in_validator = 0;
  thread->validator_thread = 0;
  thread->serial = __atomic_add_fetch(&serials, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&thread->waiting.lock, NULL, __ATOMIC_RELEASE);
  lg_thread_forget(thread);
#ifdef __linux__
  thread->system_id = (int32_t)syscall(SYS_gettid);
#endif
  find_stack(thread);
  if (pthread_getname_np(pthread_self(), thread->name, sizeof thread->name) != 0) {
    thread->name[0] = 0;
  }
  lock_slots();
  set_pace(thread, common_pace);
  unlock_slots();
  __atomic_store_n(&thread->has_ended, 0, __ATOMIC_RELEASE);
  pthread_setspecific(end_key, thread);
  lg_self = thread;
  return thread;
}

static void *run_thread(void *argument) {
#ifdef __linux__
  pthread_setname_np(pthread_self(), "lockgraph");
#else
  pthread_setname_np("lockgraph");
#endif
  ((void (*)(void))(uintptr_t)argument)();
  return NULL;
}

bool lg_thread_start(void (*body)(void)) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  sigset_t all, before;
  sigfillset(&all);
  // But for those that a thread causes itself, whose handlers tell where it crashed.
  const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  for (size_t index = 0; index < sizeof own / sizeof *own; index++) sigdelset(&all, own[index]);
  pthread_t thread;
  // It inherits what is blocked.
  bool is_started = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
                    pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
  if (is_started) {
    void *argument = (void *)(uintptr_t)body;
    is_started = pthread_create(&thread, &attributes, run_thread, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  pthread_attr_destroy(&attributes);
  return is_started;
}

bool lg_thread_grow(lg_thread *thread) {
  uint64_t count = (uint64_t)(thread->top - thread->base);
  if (count < thread->capacity) return true;
  lg_held *grown = take_pages(thread->capacity * 2 * sizeof(lg_held));
  if (grown == NULL) return false;
  memcpy(grown, thread->base, count * sizeof(lg_held));
  // The old stack stays mapped: another thread may be looking at it. Without a bottom it does not
  // look.
  __atomic_store_n(&thread->base, NULL, __ATOMIC_SEQ_CST);
  __atomic_store_n(&thread->top, grown + count, __ATOMIC_SEQ_CST);
  __atomic_store_n(&thread->base, grown, __ATOMIC_SEQ_CST);
  thread->capacity *= 2;
  set_pace(thread, thread->pace);
  return true;
}

static void insert(lg_thread *thread, uint64_t key) {
  uint64_t place = (key >> 7) & thread->known_mask;
  while (thread->known[place] != 0) {
    if (thread->known[place] == key) return;
    place = (place + 1) & thread->known_mask;
  }
  thread->known[place] = key;
  thread->known_count += 1;
}

/// The most nestings that a thread remembers, half of a megabyte.
#define MOST_KNOWN (1u << 16)

void lg_thread_remember(lg_thread *thread, uint64_t key) {
  if (thread->pace == LG_STEERED) return;
  if (thread->known_count * 2 > thread->known_mask) {
    uint64_t size = thread->known_mask + 1;
    uint64_t *old = thread->known;
    uint64_t *grown = size < MOST_KNOWN ? take_pages(size * 2 * sizeof(uint64_t)) : NULL;
    if (grown == NULL) {
      memset(old, 0, size * sizeof(uint64_t));
      thread->known_count = 0;
    } else {
      thread->known = grown;
      thread->known_mask = size * 2 - 1;
      thread->known_count = 0;
      for (uint64_t place = 0; place < size; place++) {
        if (old[place] != 0) insert(thread, old[place]);
      }
      munmap(old, size * sizeof(uint64_t));
    }
  }
  insert(thread, key);
}

void lg_thread_forget(lg_thread *thread) {
  memset(thread->known, 0, (thread->known_mask + 1) * sizeof(uint64_t));
  memset(thread->sites, 0, sizeof thread->sites);
  thread->known_count = 0;
}

void lg_thread_remember_site(
    lg_thread *thread, const char *file, uint32_t line, uint32_t column) {
  if (thread->pace == LG_STEERED) return;
  uint64_t hash = lg_site_hash(file, line, column);
  thread->sites[(hash >> 6) % LG_SITE_WORDS] |= (uint64_t)1 << (hash & 63);
}

void lg_thread_forget_sites(lg_thread *thread) {
  memset(thread->sites, 0, sizeof thread->sites);
}

void lg_thread_rekey(lg_thread *thread, lg_held *from) {
  uint64_t key = from->key_before;
  for (lg_held *held = from; held < thread->top; held++) {
    held->key_before = key;
    if (!(held->traits & LG_UNSEEN)) {
      key = lg_key(key, held->number, held->traits & ~LG_HAS_TASK);
    }
  }
  thread->key = key;
}

void lg_set_exclusive(lg_thread *thread, bool is) {
  thread->exclusive += is ? 1u : -1u;
  uint64_t root = thread->exclusive > 0 ? EXCLUSIVE_ROOT_KEY : ROOT_KEY;
  if (thread->top == thread->base) {
    thread->key = root;
  } else {
    thread->base->key_before = root;
    lg_thread_rekey(thread, thread->base);
  }
}

void lg_held_begin(lg_thread *thread, const lg_held *held, uint64_t now) {
  uint64_t place = (uint64_t)(held - thread->base);
  if (place >= thread->since_capacity) {
    uint64_t *grown = take_pages(thread->capacity * sizeof(uint64_t));
    if (grown == NULL) return;
    if (thread->since != NULL) {
      memcpy(grown, thread->since, thread->since_capacity * sizeof(uint64_t));
      munmap(thread->since, thread->since_capacity * sizeof(uint64_t));
    }
    thread->since = grown;
    thread->since_capacity = thread->capacity;
  }
  thread->since[place] = now;
}

void lg_held_shift(lg_thread *thread, uint64_t nanoseconds) {
  uint64_t top = (uint64_t)(thread->top - thread->base);
  for (uint64_t place = 0; place < top && place < thread->since_capacity; place++) {
    if (thread->since[place] != 0) thread->since[place] += nanoseconds;
  }
}

/// Those above a hold go one down.
static void remove_since(lg_thread *thread, const lg_held *held) {
  uint64_t place = (uint64_t)(held - thread->base);
  uint64_t top = (uint64_t)(thread->top - thread->base);
  if (top > thread->since_capacity) top = thread->since_capacity;
  if (place >= top) return;
  memmove(
      thread->since + place, thread->since + place + 1, (top - place - 1) * sizeof(uint64_t));
  thread->since[top - 1] = 0;
}

void lg_thread_remove(lg_thread *thread, lg_held *held) {
  uint64_t key = held->key_before;
  if (thread->since != NULL) remove_since(thread, held);
  for (lg_held *next = held + 1; next < thread->top; next++) {
    lg_held *place = next - 1;
    __atomic_store_n(&place->lock, next->lock, __ATOMIC_RELAXED);
    __atomic_store_n(&place->number, next->number, __ATOMIC_RELAXED);
    __atomic_store_n(&place->lock_class, next->lock_class, __ATOMIC_RELAXED);
    __atomic_store_n(&place->traits, next->traits, __ATOMIC_RELAXED);
    lg_store_site(&place->site, next->site.file, next->site.line, next->site.column);
    __atomic_store_n(&place->nest, next->nest, __ATOMIC_RELAXED);
    __atomic_store_n(&place->reentries, next->reentries, __ATOMIC_RELAXED);
  }
  // A place above the top counts no levels of a recursive lock.
  __atomic_store_n(&thread->top[-1].reentries, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&thread->top, thread->top - 1, __ATOMIC_RELEASE);
  if (held < thread->top) {
    held->key_before = key;
    lg_thread_rekey(thread, held);
  } else {
    thread->key = key;
  }
}

void lg_threads_set_pace(uint32_t pace) {
  lock_slots();
  common_pace = pace;
  for (uint32_t slot = 1; slot < slot_count; slot++) {
    lg_thread *thread = lg_thread_at(slot);
    if (thread != NULL) set_pace(thread, pace);
  }
  unlock_slots();
}

void lg_threads_forget(void) {
  lock_slots();
  for (uint32_t slot = 1; slot < slot_count; slot++) {
    lg_thread *thread = lg_thread_at(slot);
    if (thread != NULL) {
      lg_thread_forget(thread);
      thread->validator_thread = 0;
    }
  }
  unlock_slots();
}

uint64_t lg_next_number(void) {
  static uint64_t next = 1;
  lg_thread *thread = lg_self;
  if (thread == NULL) thread = lg_thread_begin();
  if (thread == NULL) return __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
  if (thread->number_next == thread->number_end) {
    thread->number_next = __atomic_fetch_add(&next, 256, __ATOMIC_RELAXED);
    thread->number_end = thread->number_next + 256;
  }
  return thread->number_next++;
}

__attribute__((noinline)) uint64_t lg_make_lock(uint32_t lock_class) {
  uint64_t number = lg_next_number();
  lg_thread *thread = lg_self;
  if (thread == NULL) return number;
  uint64_t frame = (uint64_t)(uintptr_t)__builtin_frame_address(0);
  for (size_t index = 0; index < LG_MADE_COUNT; index++) {
    lg_made *made = &thread->made[index];
    if (made->frame > frame) continue;
    // Made anew at the same place: what was made there before is somebody's by now.
    made->frame = made->lock_class == lock_class ? UINT64_MAX : frame;
  }
  thread->made[thread->made_next++ % LG_MADE_COUNT] = (lg_made){number, frame, lock_class, 0};
  return number;
}

uint64_t lg_made_frame(const lg_thread *thread, uint64_t number) {
  for (size_t index = 0; index < LG_MADE_COUNT; index++) {
    if (thread->made[index].number == number) return thread->made[index].frame;
  }
  return 0;
}

bool lg_made_count(lg_thread *thread, uint64_t number) {
  for (size_t index = 0; index < LG_MADE_COUNT; index++) {
    lg_made *made = &thread->made[index];
    if (made->number != number || made->frame == UINT64_MAX) continue;
    if (made->count >= LG_MADE_LOOKS) return false;
    made->count += 1;
    return true;
  }
  return false;
}
