// What a lock and its unlock cost: nanoseconds of processor time a pair, in four patterns.
//
//     pairs PATTERN PAIRS [alone]       PATTERN: flat, nested, threads, many
//
// Another thread sleeps meanwhile, because the C library locks without atomics in a program that
// has one thread; `alone` leaves it out.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DEPTH = 5, MANY = 1000 };

static pthread_mutex_t locks[MANY];
static long pairs;

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void flat(pthread_mutex_t *lock) {
  for (long pair = 0; pair < pairs; pair++) {
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
  }
}

static void nested(void) {
  for (long pair = 0; pair < pairs; pair += DEPTH) {
    for (int lock = 0; lock < DEPTH; lock++) pthread_mutex_lock(&locks[lock]);
    for (int lock = DEPTH - 1; lock >= 0; lock--) pthread_mutex_unlock(&locks[lock]);
  }
}

static void many(void) {
  unsigned seed = 1;
  for (long pair = 0; pair < pairs; pair++) {
    seed = seed * 1103515245 + 12345;
    pthread_mutex_t *lock = &locks[(seed >> 12) % MANY];
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
  }
}

/// Each thread has locks of its own: what is measured is what threads share in the recorder.
static void *run(void *lock) {
  flat(lock);
  return NULL;
}

static void *rest(void *unused) {
  pause();
  return unused;
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  pairs = atol(arguments[2]);
  for (int lock = 0; lock < MANY; lock++) pthread_mutex_init(&locks[lock], NULL);
  const char *pattern = arguments[1];
  pthread_t resting;
  if (count == 3) pthread_create(&resting, NULL, rest, NULL);
  double start = now(CLOCK_PROCESS_CPUTIME_ID);
  long done = pairs;
  if (strcmp(pattern, "flat") == 0) {
    flat(&locks[0]);
  } else if (strcmp(pattern, "nested") == 0) {
    nested();
  } else if (strcmp(pattern, "many") == 0) {
    many();
  } else if (strcmp(pattern, "threads") == 0) {
    pthread_t threads[2];
    for (int thread = 0; thread < 2; thread++) {
      pthread_create(&threads[thread], NULL, run, &locks[100 + 100 * thread]);
    }
    for (int thread = 0; thread < 2; thread++) pthread_join(threads[thread], NULL);
    done = 2 * pairs;
  } else {
    return 2;
  }
  printf("%.3f\n", (now(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)done);
  return 0;
}
