// Programs whose verdict is known: scenarios NAME [NUMBER].
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t shared_a = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t shared_b = PTHREAD_RWLOCK_INITIALIZER;
static int number;

static void take(pthread_mutex_t *first, pthread_mutex_t *second) {
  pthread_mutex_lock(first);
  pthread_mutex_lock(second);
  pthread_mutex_unlock(second);
  pthread_mutex_unlock(first);
}

static void one_after_the_other(void *(*first)(void *), void *(*second)(void *)) {
  // Both threads are there at once, and nothing but time orders what they do.
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
}

static int turn;

static void await_turn(int wanted) {
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != wanted) usleep(1000);
}

static void pass_turn(void) { __atomic_add_fetch(&turn, 1, __ATOMIC_RELEASE); }

static void *ab(void *unused) {
  take(&a, &b);
  pass_turn();
  return unused;
}

static void *ba(void *unused) {
  await_turn(1);
  take(&b, &a);
  return unused;
}

static void *gated_ab(void *unused) {
  pthread_mutex_lock(&gate);
  take(&a, &b);
  pthread_mutex_unlock(&gate);
  pass_turn();
  return unused;
}

static void *gated_ba(void *unused) {
  await_turn(1);
  pthread_mutex_lock(&gate);
  take(&b, &a);
  pthread_mutex_unlock(&gate);
  return unused;
}

static void joined(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, ab, NULL);
  pthread_join(thread, NULL);
  pthread_create(&thread, NULL, ba, NULL);
  pthread_join(thread, NULL);
}

static void *hanging_ab(void *unused) {
  pthread_mutex_lock(&a);
  pass_turn();
  await_turn(2);
  pthread_mutex_lock(&b);
  return unused;
}

static void *hanging_ba(void *unused) {
  pthread_mutex_lock(&b);
  pass_turn();
  await_turn(2);
  pthread_mutex_lock(&a);
  return unused;
}

static sem_t slot_a, slot_b;

// Two that wait for what the other would post.
static void *awaiting_post(void *semaphore) {
  pass_turn();
  sem_wait(semaphore);
  sem_post(semaphore == &slot_a ? &slot_b : &slot_a);
  return semaphore;
}

static void nobody_posts(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, awaiting_post, &slot_a);
  pthread_create(&other, NULL, awaiting_post, &slot_b);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
}

static void *trying_ba(void *unused) {
  await_turn(1);
  pthread_mutex_lock(&b);
  if (pthread_mutex_trylock(&a) == 0) pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static int is_ready;

static void *waiting(void *unused) {
  pthread_mutex_lock(&a);
  pass_turn();
  while (!is_ready) pthread_cond_wait(&changed, &a);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *signaling(void *unused) {
  await_turn(1);
  pthread_mutex_lock(&a);
  is_ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *waiting_under_b(void *unused) {
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pass_turn();
  while (!is_ready) pthread_cond_wait(&changed, &a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *shared_ab(void *unused) {
  pthread_rwlock_rdlock(&shared_a);
  pthread_rwlock_wrlock(&shared_b);
  pthread_rwlock_unlock(&shared_b);
  pthread_rwlock_unlock(&shared_a);
  pass_turn();
  return unused;
}

static void *shared_ba(void *unused) {
  await_turn(1);
  pthread_rwlock_rdlock(&shared_b);
  pthread_rwlock_wrlock(&shared_a);
  pthread_rwlock_unlock(&shared_a);
  pthread_rwlock_unlock(&shared_b);
  return unused;
}

static void *readers_ab(void *unused) {
  pthread_rwlock_rdlock(&shared_a);
  pthread_rwlock_rdlock(&shared_b);
  pthread_rwlock_unlock(&shared_b);
  pthread_rwlock_unlock(&shared_a);
  pass_turn();
  return unused;
}

static void *readers_ba(void *unused) {
  await_turn(1);
  pthread_rwlock_rdlock(&shared_b);
  pthread_rwlock_rdlock(&shared_a);
  pthread_rwlock_unlock(&shared_a);
  pthread_rwlock_unlock(&shared_b);
  return unused;
}

static pthread_spinlock_t spin_a, spin_b;

static void *spinning_ab(void *unused) {
  pthread_spin_lock(&spin_a);
  pthread_spin_lock(&spin_b);
  pthread_spin_unlock(&spin_b);
  pthread_spin_unlock(&spin_a);
  pass_turn();
  return unused;
}

static void *spinning_ba(void *unused) {
  await_turn(1);
  pthread_spin_lock(&spin_b);
  pthread_spin_lock(&spin_a);
  pthread_spin_unlock(&spin_a);
  pthread_spin_unlock(&spin_b);
  return unused;
}

static mtx_t plain_a, plain_b;

static int c11_ab(void *unused) {
  mtx_lock(&plain_a);
  mtx_lock(&plain_b);
  mtx_unlock(&plain_b);
  mtx_unlock(&plain_a);
  pass_turn();
  return unused != NULL;
}

static int c11_ba(void *unused) {
  await_turn(1);
  mtx_lock(&plain_b);
  mtx_lock(&plain_a);
  mtx_unlock(&plain_a);
  mtx_unlock(&plain_b);
  return unused != NULL;
}

static void c11(void) {
  thrd_t threads[2];
  mtx_init(&plain_a, mtx_plain);
  mtx_init(&plain_b, mtx_plain);
  thrd_create(&threads[0], c11_ab, NULL);
  thrd_create(&threads[1], c11_ba, NULL);
  thrd_join(threads[0], NULL);
  thrd_join(threads[1], NULL);
}


static void *semaphores_ab(void *unused) {
  sem_wait(&slot_a);
  sem_wait(&slot_b);
  sem_post(&slot_b);
  sem_post(&slot_a);
  pass_turn();
  return unused;
}

static void *semaphores_ba(void *unused) {
  await_turn(1);
  sem_wait(&slot_b);
  sem_wait(&slot_a);
  sem_post(&slot_a);
  sem_post(&slot_b);
  return unused;
}

static void *producing(void *unused) {
  pthread_mutex_lock(&a);
  sem_post(&slot_a);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *consuming(void *unused) {
  sem_wait(&slot_a);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  return unused;
}

// One address is two locks, one after the other: their orders are no circle.
static void reuse(void) {
  pthread_mutex_t *lock = malloc(sizeof *lock);
  pthread_mutex_init(lock, NULL);
  take(lock, &b);
  pthread_mutex_destroy(lock);
  pthread_mutex_init(lock, NULL);
  take(&b, lock);
  pthread_mutex_destroy(lock);
  free(lock);
}

static void hold_200(void) {
  static pthread_mutex_t locks[200];
  for (int index = 0; index < 200; index++) pthread_mutex_init(&locks[index], NULL);
  for (int index = 0; index < 200; index++) pthread_mutex_lock(&locks[index]);
  for (int index = 200; index-- > 0;) pthread_mutex_unlock(&locks[index]);
}

static void fork_both(void) {
  for (int child = 0; child < 2; child++) {
    if (fork() == 0) {
      if (child == 0) one_after_the_other(ab, ba);
      _exit(0);
    }
  }
  while (wait(NULL) > 0) {
  }
}

static void *locking_twice(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&a);
  return unused;
}

static pthread_mutex_t *map_shared(int file) {
  void *memory = mmap(
      NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | (file < 0 ? MAP_ANONYMOUS : 0), file, 0);
  if (memory == MAP_FAILED) _exit(9);
  return memory;
}

/// Two locks in one order here, in the other one in a child; which finds them by a file, at another
/// address, or has them from here.
static void share(const char *file) {
  int descriptor = *file == 0 ? -1 : open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (descriptor >= 0 && ftruncate(descriptor, 4096) != 0) _exit(9);
  pthread_mutex_t *locks = map_shared(descriptor);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&locks[0], &attributes);
  pthread_mutex_init(&locks[1], &attributes);
  take(&locks[0], &locks[1]);
  pid_t child = fork();
  if (child == 0 && descriptor >= 0) {
    execl("/proc/self/exe", "scenarios", "sharing", file, NULL);
  }
  if (child == 0) {
    take(&locks[1], &locks[0]);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

static void find_shared(const char *file) {
  if (mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) _exit(9);
  pthread_mutex_t *locks = map_shared(open(file, O_RDWR));
  take(&locks[1], &locks[0]);
}

static void interrupted(int unused) {
  static const char text[] = "interrupted\n";
  if (write(1, text, sizeof text - 1) < 0) _exit(9);
  _exit(number + unused - unused);
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "";
  number = count > 2 && arguments[2][0] != '/' ? atoi(arguments[2]) : 0;
  int is_signalled = strcmp(name, "signal-semaphore") == 0 || strcmp(name, "nobody-posts") == 0;
  sem_init(&slot_a, 0, is_signalled ? 0 : 1);
  sem_init(&slot_b, 0, is_signalled ? 0 : 1);
  pthread_spin_init(&spin_a, 0);
  pthread_spin_init(&spin_b, 0);
  if (strcmp(name, "abba") == 0) one_after_the_other(ab, ba);
  if (strcmp(name, "abba-and-sleep") == 0) {
    one_after_the_other(ab, ba);
    for (;;) pause();
  }
  if (strcmp(name, "gate") == 0) one_after_the_other(gated_ab, gated_ba);
  if (strcmp(name, "joined") == 0) joined();
  if (strcmp(name, "alone") == 0) {
    take(&a, &b);
    take(&b, &a);
  }
  if (strcmp(name, "clean") == 0) one_after_the_other(ab, ab);
  if (strcmp(name, "trying") == 0) one_after_the_other(ab, trying_ba);
  if (strcmp(name, "condition") == 0) one_after_the_other(waiting, signaling);
  if (strcmp(name, "condition-under-lock") == 0) one_after_the_other(waiting_under_b, signaling);
  if (strcmp(name, "rwlocks") == 0) one_after_the_other(shared_ab, shared_ba);
  if (strcmp(name, "readers") == 0) one_after_the_other(readers_ab, readers_ba);
  if (strcmp(name, "spins") == 0) one_after_the_other(spinning_ab, spinning_ba);
  if (strcmp(name, "c11") == 0) c11();
  if (strcmp(name, "semaphores") == 0) one_after_the_other(semaphores_ab, semaphores_ba);
  if (strcmp(name, "signal-semaphore") == 0) one_after_the_other(producing, consuming);
  if (strcmp(name, "reuse") == 0) reuse();
  if (strcmp(name, "held-200") == 0) hold_200();
  if (strcmp(name, "fork") == 0) fork_both();
  if (strcmp(name, "share") == 0) share("");
  if (strcmp(name, "share-file") == 0) {
    char file[64];
    snprintf(file, sizeof file, "/dev/shm/lockgraph-scenario-%d", (int)getpid());
    share(file);
    unlink(file);
  }
  if (strcmp(name, "sharing") == 0) find_shared(arguments[2]);
  if (strcmp(name, "twice") == 0) one_after_the_other(locking_twice, signaling);
  if (strcmp(name, "hang") == 0) one_after_the_other(hanging_ab, hanging_ba);
  if (strcmp(name, "nobody-posts") == 0) nobody_posts();
  if (strcmp(name, "exec") == 0) {
    char *next[] = {arguments[0], "abba", NULL};
    char *cleared[] = {"PATH=/usr/bin:/bin", NULL};
    execve("/proc/self/exe", next, cleared);
  }
  if (strcmp(name, "raise") == 0) raise(number);
  if (strcmp(name, "stubborn") == 0) signal(SIGTERM, SIG_IGN);
  if (strcmp(name, "interrupt") == 0) signal(SIGINT, interrupted);
  if (strcmp(name, "interrupt") == 0 || strcmp(name, "stubborn") == 0 ||
      strcmp(name, "sleep") == 0) {
    take(&a, &b);
    puts("ready");
    fflush(stdout);
    for (;;) pause();
  }
  return number;
}
