// Threads take nested mutexes for ever, and say in memory that survives them what they certainly
// hold. Whoever kills the program compares that with its recording.
//
//     witness FILE SEED THREADS LOCKS
//
// FILE is mapped: for each thread u64 count of completed acquisitions, u64 depth, u64 address[14].
// A lock is noted after it was taken, and taken off before it is given back.
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_LOCKS = 1024, MOST_THREADS = 16, DEPTH = 6 };

struct thread {
  volatile uint64_t acquired, depth;
  volatile uint64_t held[14];
};

static pthread_mutex_t locks[MOST_LOCKS];
static struct thread *threads;
static unsigned lock_count, seed;

static unsigned next(unsigned *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

static void *run(void *argument) {
  long number = (long)argument;
  struct thread *thread = &threads[number];
  unsigned state = seed * 7919 + (unsigned)number;
  for (;;) {
    unsigned lock = next(&state) % lock_count;
    unsigned wanted = next(&state) % 3 == 0 ? 1 : 1 + next(&state) % DEPTH;
    pthread_mutex_t *held[DEPTH];
    unsigned depth = 0;
    while (depth < wanted && lock < lock_count) {
      pthread_mutex_lock(&locks[lock]);
      held[depth] = &locks[lock];
      thread->held[depth] = (uint64_t)&locks[lock];
      thread->depth = ++depth;
      thread->acquired++;
      lock += 1 + next(&state) % 5;
    }
    while (depth > 0) {
      thread->depth = --depth;
      pthread_mutex_unlock(held[depth]);
    }
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  int file = open(arguments[1], O_RDWR);
  if (file < 0) return 2;
  threads = mmap(
      NULL, MOST_THREADS * sizeof *threads, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (threads == MAP_FAILED) return 2;
  close(file);
  seed = (unsigned)atol(arguments[2]);
  long thread_count = atol(arguments[3]);
  lock_count = (unsigned)atoi(arguments[4]);
  if (thread_count > MOST_THREADS || lock_count > MOST_LOCKS) return 2;
  for (unsigned lock = 0; lock < lock_count; lock++) pthread_mutex_init(&locks[lock], NULL);
  pthread_t identities[MOST_THREADS];
  for (long thread = 0; thread < thread_count; thread++) {
    pthread_create(&identities[thread], NULL, run, (void *)thread);
  }
  pthread_join(identities[0], NULL);
  return 0;
}
