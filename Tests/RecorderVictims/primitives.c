// Every kind of lock once, with all that can become of a wait.
//
//     primitives [PART ...]       without parts: all of them
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static int failures;
#define EXPECT(condition)                                           \
  do {                                                              \
    if (!(condition)) {                                             \
      printf("line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
      failures++;                                                   \
    }                                                               \
  } while (0)

static struct timespec in(clockid_t clock, long milliseconds) {
  struct timespec time;
  clock_gettime(clock, &time);
  time.tv_nsec += milliseconds * 1000000;
  time.tv_sec += time.tv_nsec / 1000000000;
  time.tv_nsec %= 1000000000;
  return time;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready;

/// Holds the mutex (or the lock for writing) for a while.
static void *hold_mutex(void *milliseconds) {
  pthread_mutex_lock(&mutex);
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  usleep((useconds_t)(1000 * (long)milliseconds));
  pthread_mutex_unlock(&mutex);
  return NULL;
}

static void *hold_rwlock(void *milliseconds) {
  pthread_rwlock_wrlock(&rwlock);
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  usleep((useconds_t)(1000 * (long)milliseconds));
  pthread_rwlock_unlock(&rwlock);
  return NULL;
}

static pthread_t start(void *(*routine)(void *), long argument) {
  pthread_t thread;
  ready = 0;
  EXPECT(pthread_create(&thread, NULL, routine, (void *)argument) == 0);
  while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) usleep(100);
  return thread;
}

static void mutexes(void) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t recursive, checking;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  EXPECT(pthread_mutex_init(&recursive, &attributes) == 0);
  EXPECT(pthread_mutex_lock(&recursive) == 0 && pthread_mutex_lock(&recursive) == 0);
  EXPECT(pthread_mutex_unlock(&recursive) == 0 && pthread_mutex_unlock(&recursive) == 0);
  EXPECT(pthread_mutex_destroy(&recursive) == 0);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  EXPECT(pthread_mutex_init(&checking, &attributes) == 0);
  EXPECT(pthread_mutex_lock(&checking) == 0 && pthread_mutex_lock(&checking) == EDEADLK);
  EXPECT(pthread_mutex_unlock(&checking) == 0 && pthread_mutex_unlock(&checking) == EPERM);
  EXPECT(pthread_mutex_destroy(&checking) == 0);

  pthread_t thread = start(hold_mutex, 50);
  EXPECT(pthread_mutex_trylock(&mutex) == EBUSY);
  struct timespec soon = in(CLOCK_REALTIME, 5), later = in(CLOCK_REALTIME, 5000);
  EXPECT(pthread_mutex_timedlock(&mutex, &soon) == ETIMEDOUT);
  struct timespec clocked = in(CLOCK_MONOTONIC, 5);
  EXPECT(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &clocked) == ETIMEDOUT);
  EXPECT(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &clocked) == EINVAL);
  EXPECT(pthread_mutex_timedlock(&mutex, &later) == 0);
  EXPECT(pthread_mutex_unlock(&mutex) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  thread = start(hold_mutex, 20);
  EXPECT(pthread_mutex_lock(&mutex) == 0);
  EXPECT(pthread_mutex_unlock(&mutex) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
}

static pthread_mutex_t robust;
static void *die_holding(void *unused) {
  EXPECT(pthread_mutex_lock(&robust) == 0);
  return unused;
}

static void owners(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  EXPECT(pthread_mutex_init(&robust, &attributes) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, die_holding, NULL) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(pthread_mutex_lock(&robust) == EOWNERDEAD);
  EXPECT(pthread_mutex_unlock(&robust) == 0);
  EXPECT(pthread_mutex_lock(&robust) == ENOTRECOVERABLE);
  EXPECT(pthread_mutex_destroy(&robust) == 0);
  pthread_mutex_t inheriting;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  EXPECT(pthread_mutex_init(&inheriting, &attributes) == 0);
  EXPECT(pthread_mutex_lock(&inheriting) == 0 && pthread_mutex_unlock(&inheriting) == 0);
}

static void rwlocks(void) {
  EXPECT(pthread_rwlock_rdlock(&rwlock) == 0 && pthread_rwlock_rdlock(&rwlock) == 0);
  EXPECT(pthread_rwlock_trywrlock(&rwlock) == EBUSY);
  EXPECT(pthread_rwlock_unlock(&rwlock) == 0 && pthread_rwlock_unlock(&rwlock) == 0);
  pthread_t thread = start(hold_rwlock, 50);
  struct timespec soon = in(CLOCK_REALTIME, 5), later = in(CLOCK_MONOTONIC, 5000);
  EXPECT(pthread_rwlock_tryrdlock(&rwlock) == EBUSY);
  EXPECT(pthread_rwlock_timedrdlock(&rwlock, &soon) == ETIMEDOUT);
  EXPECT(pthread_rwlock_timedwrlock(&rwlock, &soon) == ETIMEDOUT);
  EXPECT(pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &later) == 0);
  EXPECT(pthread_rwlock_unlock(&rwlock) == 0);
  EXPECT(pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &later) == 0);
  EXPECT(pthread_rwlock_wrlock(&rwlock) == EDEADLK);
  EXPECT(pthread_rwlock_unlock(&rwlock) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  pthread_rwlockattr_t attributes;
  pthread_rwlock_t writers;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  EXPECT(pthread_rwlock_init(&writers, &attributes) == 0);
  EXPECT(pthread_rwlock_wrlock(&writers) == 0 && pthread_rwlock_unlock(&writers) == 0);
  EXPECT(pthread_rwlock_destroy(&writers) == 0);
}

static void spins(void) {
  pthread_spinlock_t spin;
  EXPECT(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE) == 0);
  EXPECT(pthread_spin_lock(&spin) == 0 && pthread_spin_trylock(&spin) == EBUSY);
  EXPECT(pthread_spin_unlock(&spin) == 0 && pthread_spin_destroy(&spin) == 0);
}

static void *wait_for_ready(void *unused) {
  pthread_mutex_lock(&mutex);
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  while (ready != 2) pthread_cond_wait(&condition, &mutex);
  pthread_mutex_unlock(&mutex);
  return unused;
}

static void unlock(void *lock) { EXPECT(pthread_mutex_unlock(lock) == 0); }

static void *wait_for_cancel(void *unused) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
  return unused;
}

static void conditions(void) {
  pthread_t thread = start(wait_for_ready, 0);
  pthread_mutex_lock(&mutex);
  ready = 2;
  EXPECT(pthread_cond_signal(&condition) == 0);
  pthread_mutex_unlock(&mutex);
  EXPECT(pthread_join(thread, NULL) == 0);
  pthread_mutex_lock(&mutex);
  struct timespec soon = in(CLOCK_REALTIME, 5);
  EXPECT(pthread_cond_timedwait(&condition, &mutex, &soon) == ETIMEDOUT);
  struct timespec clocked = in(CLOCK_MONOTONIC, 5);
  EXPECT(pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &clocked) == ETIMEDOUT);
  pthread_mutex_unlock(&mutex);
  void *value;
  thread = start(wait_for_cancel, 0);
  pthread_mutex_lock(&mutex);
  EXPECT(pthread_cancel(thread) == 0);
  pthread_mutex_unlock(&mutex);
  EXPECT(pthread_join(thread, &value) == 0 && value == PTHREAD_CANCELED);
  EXPECT(pthread_mutex_trylock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
  EXPECT(pthread_cond_broadcast(&condition) == 0);
}

static sem_t semaphore;
static void *post(void *milliseconds) {
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  usleep((useconds_t)(1000 * (long)milliseconds));
  sem_post(&semaphore);
  return NULL;
}

static void semaphores(void) {
  EXPECT(sem_init(&semaphore, 0, 2) == 0);
  EXPECT(sem_wait(&semaphore) == 0 && sem_trywait(&semaphore) == 0);
  EXPECT(sem_trywait(&semaphore) == -1 && errno == EAGAIN);
  struct timespec soon = in(CLOCK_REALTIME, 5);
  errno = 0;
  EXPECT(sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT);
  pthread_t thread = start(post, 20);
  EXPECT(sem_wait(&semaphore) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(sem_post(&semaphore) == 0 && sem_destroy(&semaphore) == 0);
  char name[64];
  snprintf(name, sizeof name, "/lockgraph-%d", (int)getpid());
  sem_t *named = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
  EXPECT(named != SEM_FAILED && sem_wait(named) == 0 && sem_post(named) == 0);
  EXPECT(sem_close(named) == 0 && sem_unlink(name) == 0);
}

static pthread_barrier_t barrier;
static void *arrive(void *unused) {
  pthread_barrier_wait(&barrier);
  return unused;
}

static void barriers(void) {
  pthread_t thread;
  EXPECT(pthread_barrier_init(&barrier, NULL, 2) == 0);
  EXPECT(pthread_create(&thread, NULL, arrive, NULL) == 0);
  pthread_barrier_wait(&barrier);
  EXPECT(pthread_join(thread, NULL) == 0 && pthread_barrier_destroy(&barrier) == 0);
}

static pthread_once_t once = PTHREAD_ONCE_INIT, inner_once = PTHREAD_ONCE_INIT;
static int initialised;
static void initialise_inner(void) { initialised++; }
static void initialise(void) {
  pthread_once(&inner_once, initialise_inner);
  usleep(10000);
  initialised++;
}
static void *run_once(void *unused) {
  pthread_once(&once, initialise);
  return unused;
}

static once_flag flag = ONCE_FLAG_INIT;
static mtx_t c11;
static cnd_t c11_condition;
static int run_c11(void *unused) {
  (void)unused;
  mtx_lock(&c11);
  cnd_signal(&c11_condition);
  mtx_unlock(&c11);
  return 7;
}

static void onces(void) {
  pthread_t threads[2];
  for (int thread = 0; thread < 2; thread++) {
    pthread_create(&threads[thread], NULL, run_once, NULL);
  }
  for (int thread = 0; thread < 2; thread++) pthread_join(threads[thread], NULL);
  EXPECT(pthread_once(&once, initialise) == 0 && initialised == 2);
  call_once(&flag, initialise_inner);
  EXPECT(initialised == 3);
}

static void c11s(void) {
  thrd_t thread;
  int value = 0;
  EXPECT(mtx_init(&c11, mtx_plain) == thrd_success && cnd_init(&c11_condition) == thrd_success);
  EXPECT(mtx_lock(&c11) == thrd_success && mtx_trylock(&c11) == thrd_busy);
  EXPECT(thrd_create(&thread, run_c11, NULL) == thrd_success);
  EXPECT(cnd_wait(&c11_condition, &c11) == thrd_success);
  struct timespec soon = in(CLOCK_REALTIME, 5);
  EXPECT(cnd_timedwait(&c11_condition, &c11, &soon) == thrd_timedout);
  EXPECT(mtx_unlock(&c11) == thrd_success);
  EXPECT(thrd_join(thread, &value) == thrd_success && value == 7);
  mtx_destroy(&c11);
  cnd_destroy(&c11_condition);
}

static void *idle(void *unused) {
  usleep(20000);
  return unused;
}

static void thread_forms(void) {
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, idle, NULL) == 0);
  EXPECT(pthread_setname_np(thread, "idler") == 0);
  EXPECT(pthread_tryjoin_np(thread, NULL) == EBUSY);
  struct timespec soon = in(CLOCK_REALTIME, 1), later = in(CLOCK_REALTIME, 5000);
  EXPECT(pthread_timedjoin_np(thread, NULL, &soon) == ETIMEDOUT);
  EXPECT(pthread_timedjoin_np(thread, NULL, &later) == 0);
  EXPECT(pthread_create(&thread, NULL, idle, NULL) == 0 && pthread_detach(thread) == 0);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  EXPECT(pthread_create(&thread, &attributes, idle, NULL) == 0);
  EXPECT(pthread_join(pthread_self(), NULL) == EDEADLK);
  pthread_attr_setstacksize(&attributes, 1ull << 46);
  EXPECT(pthread_create(&thread, &attributes, idle, NULL) == EAGAIN);
  usleep(40000);
}

static void streams(void) {
  flockfile(stdout);
  EXPECT(ftrylockfile(stdout) == 0);
  funlockfile(stdout);
  funlockfile(stdout);
}

static void two_hundred(void) {
  static pthread_mutex_t locks[600];
  for (int lock = 0; lock < 600; lock++) {
    pthread_mutex_init(&locks[lock], NULL);
    pthread_mutex_lock(&locks[lock]);
  }
  for (int lock = 0; lock < 600; lock++) pthread_mutex_unlock(&locks[(lock * 7) % 600]);
  for (int lock = 0; lock < 600; lock++) pthread_mutex_destroy(&locks[lock]);
}

static void reuse(void) {
  for (int round = 0; round < 3; round++) {
    pthread_mutex_t *locks = malloc(2 * sizeof *locks);
    pthread_mutex_init(&locks[0], NULL);
    pthread_mutex_init(&locks[1], NULL);
    pthread_mutex_lock(&locks[round & 1]);
    pthread_mutex_lock(&locks[!(round & 1)]);
    pthread_mutex_unlock(&locks[0]);
    pthread_mutex_unlock(&locks[1]);
    pthread_mutex_destroy(&locks[0]);
    pthread_mutex_destroy(&locks[1]);
    free(locks);
  }
}

static const struct {
  const char *name;
  void (*run)(void);
} parts[] = {
    {"mutexes", mutexes}, {"owners", owners},         {"rwlocks", rwlocks},
    {"spins", spins},     {"conditions", conditions}, {"semaphores", semaphores},
    {"barriers", barriers}, {"onces", onces},         {"c11", c11s},
    {"threads", thread_forms}, {"streams", streams},  {"two-hundred", two_hundred},
    {"reuse", reuse},
};

int main(int count, char **arguments) {
  for (unsigned part = 0; part < sizeof parts / sizeof *parts; part++) {
    int is_wanted = count == 1;
    for (int argument = 1; argument < count; argument++) {
      is_wanted |= strcmp(arguments[argument], parts[part].name) == 0;
    }
    if (is_wanted) parts[part].run();
  }
  if (failures == 0) puts("as expected");
  return failures == 0 ? 0 : 1;
}
