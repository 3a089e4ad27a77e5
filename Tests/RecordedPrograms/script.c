// Plays what threads do with locks, one step after the other: script FILE.
//
// A line is `THREAD OPERATION [NUMBER]`. The steps come in the order of the file whatever threads
// do them: each waits for its turn without any lock. Threads are 0 to 15; who spawns 0 is the main
// thread, which does nothing else.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 16, MOST_LOCKS = 8, MOST_STEPS = 4096 };

struct step {
  int thread;
  char operation[16];
  int number;
};

pthread_mutex_t mutexes[MOST_LOCKS];
pthread_mutex_t recursives[MOST_LOCKS];
pthread_rwlock_t rwlocks[MOST_LOCKS];
sem_t semaphores[MOST_LOCKS];
static pthread_t threads[MOST_THREADS];
static struct step steps[MOST_STEPS];
static int step_count;
static int turn;

static void *play(void *argument);

static void __attribute__((noinline)) perform(const struct step *step) {
  int number = step->number;
  const char *operation = step->operation;
  if (strcmp(operation, "lock") == 0) {
    pthread_mutex_lock(&mutexes[number]);
  } else if (strcmp(operation, "try") == 0) {
    if (pthread_mutex_trylock(&mutexes[number]) != 0) exit(9);
  } else if (strcmp(operation, "unlock") == 0) {
    pthread_mutex_unlock(&mutexes[number]);
  } else if (strcmp(operation, "relock") == 0) {
    pthread_mutex_lock(&recursives[number]);
  } else if (strcmp(operation, "reunlock") == 0) {
    pthread_mutex_unlock(&recursives[number]);
  } else if (strcmp(operation, "read") == 0) {
    pthread_rwlock_rdlock(&rwlocks[number]);
  } else if (strcmp(operation, "write") == 0) {
    pthread_rwlock_wrlock(&rwlocks[number]);
  } else if (strcmp(operation, "give") == 0) {
    pthread_rwlock_unlock(&rwlocks[number]);
  } else if (strcmp(operation, "wait") == 0) {
    sem_wait(&semaphores[number]);
  } else if (strcmp(operation, "post") == 0) {
    sem_post(&semaphores[number]);
  } else if (strcmp(operation, "spawn") == 0) {
    pthread_create(&threads[number], NULL, play, (void *)(long)number);
  } else if (strcmp(operation, "join") == 0) {
    pthread_join(threads[number], NULL);
  } else {
    exit(8);
  }
}

static void *play(void *argument) {
  int thread = (int)(long)argument;
  for (int index = 0; index < step_count; index++) {
    if (steps[index].thread != thread) continue;
    while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != index) sched_yield();
    int ends = strcmp(steps[index].operation, "exit") == 0;
    if (!ends) perform(&steps[index]);
    __atomic_store_n(&turn, index + 1, __ATOMIC_RELEASE);
    if (ends) return NULL;
  }
  return NULL;
}

int main(int count, char **arguments) {
  FILE *file = count > 1 ? fopen(arguments[1], "r") : NULL;
  if (file == NULL) return 7;
  char line[128];
  while (step_count < MOST_STEPS && fgets(line, sizeof line, file) != NULL) {
    struct step *step = &steps[step_count];
    if (sscanf(line, "%d %15s %d", &step->thread, step->operation, &step->number) >= 2) {
      step_count++;
    }
  }
  fclose(file);
  pthread_mutexattr_t recursive;
  pthread_mutexattr_init(&recursive);
  pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
  for (int index = 0; index < MOST_LOCKS; index++) {
    pthread_mutex_init(&mutexes[index], NULL);
    pthread_mutex_init(&recursives[index], &recursive);
    pthread_rwlock_init(&rwlocks[index], NULL);
    sem_init(&semaphores[index], 0, 1);
  }
  pthread_create(&threads[0], NULL, play, (void *)0);
  pthread_join(threads[0], NULL);
  return 0;
}
