// Threads take mutexes and rwlocks at random, nested, and write down what each lock's own counter
// was: the order that a recording must have.
//
//     ground_truth SEED THREADS LOCKS STEPS
//
// Prints a line an acquisition: lock (mutexes, then rwlocks, in the order of their init), counter,
// thread (0 is the first one spawned), r or w. A reader's counter is that of the last writer.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_LOCKS = 64, MOST_THREADS = 32, DEPTH = 4 };

struct entry {
  int lock;
  long counter;
  char mode;
};

static pthread_mutex_t mutexes[MOST_LOCKS];
static pthread_rwlock_t rwlocks[MOST_LOCKS];
static long counters[2 * MOST_LOCKS];
static int locks;
static long steps;
static struct entry *entries[MOST_THREADS];
static long counts[MOST_THREADS];
static unsigned seed;

static unsigned next(unsigned *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

static void note(long thread, int lock, char mode) {
  long counter = mode == 'w' ? ++counters[lock] : counters[lock];
  entries[thread][counts[thread]++] = (struct entry){lock, counter, mode};
}

/// Locks are taken in rising order, so nothing hangs; they are given back in any order.
static void section(long thread, unsigned *state) {
  int held[DEPTH];
  char modes[DEPTH];
  int depth = 0;
  int lock = -1;
  int wanted = 1 + (int)(next(state) % DEPTH);
  while (depth < wanted) {
    lock += 1 + (int)(next(state) % (unsigned)(1 + 2 * locks / 3));
    if (lock >= 2 * locks) break;
    char mode = 'w';
    if (lock < locks) {
      if (next(state) % 4 == 0) {
        if (pthread_mutex_trylock(&mutexes[lock]) != 0) continue;
      } else {
        pthread_mutex_lock(&mutexes[lock]);
      }
    } else if (next(state) % 2 == 0) {
      pthread_rwlock_wrlock(&rwlocks[lock - locks]);
    } else {
      pthread_rwlock_rdlock(&rwlocks[lock - locks]);
      mode = 'r';
    }
    note(thread, lock, mode);
    held[depth] = lock;
    modes[depth++] = mode;
  }
  while (depth > 0) {
    int index = next(state) % 4 == 0 ? (int)(next(state) % (unsigned)depth) : depth - 1;
    int given = held[index];
    if (given < locks) {
      pthread_mutex_unlock(&mutexes[given]);
    } else {
      pthread_rwlock_unlock(&rwlocks[given - locks]);
    }
    depth--;
    for (int above = index; above < depth; above++) {
      held[above] = held[above + 1];
      modes[above] = modes[above + 1];
    }
  }
  (void)modes;
}

static void *run(void *argument) {
  long thread = (long)argument;
  unsigned state = seed * 7919 + (unsigned)thread;
  for (long step = 0; step < steps; step++) section(thread, &state);
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  seed = (unsigned)atol(arguments[1]);
  long threads = atol(arguments[2]);
  locks = atoi(arguments[3]);
  steps = atol(arguments[4]);
  if (threads > MOST_THREADS || locks > MOST_LOCKS) return 2;
  for (int lock = 0; lock < locks; lock++) pthread_mutex_init(&mutexes[lock], NULL);
  for (int lock = 0; lock < locks; lock++) pthread_rwlock_init(&rwlocks[lock], NULL);
  pthread_t identities[MOST_THREADS];
  for (long thread = 0; thread < threads; thread++) {
    entries[thread] = calloc((size_t)steps * DEPTH, sizeof *entries[thread]);
    pthread_create(&identities[thread], NULL, run, (void *)thread);
  }
  for (long thread = 0; thread < threads; thread++) pthread_join(identities[thread], NULL);
  for (long thread = 0; thread < threads; thread++) {
    for (long entry = 0; entry < counts[thread]; entry++) {
      const struct entry *next_entry = &entries[thread][entry];
      printf(
          "%d %ld %ld %c\n", next_entry->lock, next_entry->counter, thread, next_entry->mode);
    }
  }
  return 0;
}
