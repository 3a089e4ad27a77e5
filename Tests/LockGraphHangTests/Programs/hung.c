// Hangs in the way that the first argument names. Prints "ready" once all threads do or are about
// to; then nothing moves any more, but for a second that the timed ones renew.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

// musl has neither.
#ifndef __GLIBC__
#define PTHREAD_MUTEX_ADAPTIVE_NP PTHREAD_MUTEX_NORMAL
#define PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP 0
#define pthread_rwlockattr_setkind_np(attributes, kind) ((void)(attributes))
#endif

static pthread_mutex_t accounts, index_lock;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t journal = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t rendezvous;
static pthread_once_t first_use = PTHREAD_ONCE_INIT, other_use = PTHREAD_ONCE_INIT;
static pthread_spinlock_t spin;
static sem_t slots, answers;
static mtx_t plain;
static pthread_barrier_t together;
static pthread_t main_thread, second;
static int timed;

static void name(const char *text) { prctl(PR_SET_NAME, text); }

static struct timespec later(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_sec += 3600;
  return time;
}

__attribute__((noinline)) static void take(pthread_mutex_t *lock) {
  if (timed) {
    struct timespec time = later();
    pthread_mutex_timedlock(lock, &time);
  } else {
    pthread_mutex_lock(lock);
  }
  __asm__ volatile("");
}

static void start(pthread_t *thread, void *(*body)(void *), void *argument) {
  pthread_create(thread, NULL, body, argument);
}

static void *take_index_then_accounts(void *unused) {
  name("audit");
  take(&index_lock);
  pthread_barrier_wait(&together);
  take(&accounts);
  return unused;
}

static void *take_accounts_then_index(void *unused) {
  name("transfer");
  take(&accounts);
  pthread_barrier_wait(&together);
  take(&index_lock);
  return unused;
}

static void *wait_for_accounts(void *unused) {
  name("behind");
  take(&accounts);
  return unused;
}

static void *write_table_then_journal(void *unused) {
  name("writer");
  pthread_rwlock_wrlock(&table);
  pthread_barrier_wait(&together);
  pthread_rwlock_wrlock(&journal);
  return unused;
}

static void *read_then_write_table(void *unused) {
  name("upgrade");
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_wrlock(&table);
  return unused;
}

__attribute__((noinline)) static void update_table(void) {
  pthread_rwlock_wrlock(&table);
  __asm__ volatile("");
}

static void *read_table_and_update(void *unused) {
  name("upgrade");
  pthread_rwlock_rdlock(&table);
  update_table();
  pthread_rwlock_unlock(&table);
  return unused;
}

static void *read_table_and_pause(void *unused) {
  pthread_rwlock_rdlock(&table);
  pthread_barrier_wait(&together);
  for (;;) pause();
  return unused;
}

static void *read_unlock_write_table(void *unused) {
  name("writer");
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_unlock(&table);
  pthread_rwlock_wrlock(&table);
  return unused;
}

static void *read_or_write_table(void *reads) {
  name("writer");
  if (*(volatile int *)reads)
    pthread_rwlock_rdlock(&table);
  else
    pthread_rwlock_wrlock(&table);
  pthread_rwlock_unlock(&table);
  return reads;
}

static void *write_table(void *unused) {
  name("writer");
  pthread_rwlock_wrlock(&table);
  return unused;
}

static void *read_table_twice(void *unused) {
  name("reader");
  pthread_rwlock_rdlock(&table);
  pthread_barrier_wait(&together);
  usleep(200000);
  pthread_rwlock_rdlock(&table);
  return unused;
}

static void *read_together_then_write(void *unused) {
  name("upgrade");
  pthread_rwlock_rdlock(&table);
  pthread_barrier_wait(&together);
  pthread_rwlock_wrlock(&table);
  return unused;
}

static void prefer_writers(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&table, &attributes);
}

static void *wait_changed(void *unused) {
  name("consumer");
  pthread_mutex_lock(&index_lock);
  pthread_mutex_lock(&accounts);
  if (timed) {
    struct timespec time = later();
    pthread_cond_timedwait(&changed, &accounts, &time);
  } else {
    pthread_cond_wait(&changed, &accounts);
  }
  return unused;
}

static void *wait_slots(void *unused) {
  name("slots");
  sem_wait(&slots);
  return unused;
}

static void *wait_rendezvous(void *unused) {
  name("rendezvous");
  pthread_barrier_wait(&rendezvous);
  return unused;
}

static void *join_main(void *unused) {
  name("joiner");
  pthread_join(main_thread, NULL);
  return unused;
}

static void initialize_other(void) { sleep(1); }
static void initialize_first(void) {
  pthread_barrier_wait(&together);
  pthread_once(&other_use, initialize_other);
}
static void initialize_other_by_first(void) {
  pthread_barrier_wait(&together);
  pthread_once(&first_use, initialize_first);
}
static void *use_other(void *unused) {
  name("initializer");
  pthread_once(&other_use, initialize_other_by_first);
  return unused;
}

static void *hold_spin_and_pause(void *unused) {
  name("spin holder");
  pthread_spin_lock(&spin);
  pthread_barrier_wait(&together);
  pause();
  return unused;
}

static void *exit_holding(void *unused) {
  name("leaver");
  pthread_mutex_lock(&accounts);
  return unused;
}

static void *plain_then_accounts(void *unused) {
  name("c11");
  mtx_lock(&plain);
  pthread_barrier_wait(&together);
  take(&accounts);
  return unused;
}

static void *hold_and_poll(void *unused) {
  name("holder");
  take(&accounts);
  pthread_barrier_wait(&together);
  for (;;) pause();
  return unused;
}

static void *hold_both_and_poll(void *unused) {
  name("holder");
  take(&index_lock);
  take(&accounts);
  pthread_barrier_wait(&together);
  for (;;) pause();
  return unused;
}

// What Swift's Mutex does from 6.4 on, with the name that it has there: a word is 0 if it is free,
// 1 if it is taken and 2 if somebody may sleep for it.
static _Atomic unsigned first_word, second_word;
static unsigned sleeps_for = 2;

void lock_slow_of_swift(_Atomic unsigned *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
void lock_slow_of_swift(_Atomic unsigned *word) {
  while (atomic_exchange(word, sleeps_for) != 0)
    syscall(SYS_futex, word, 0x80, sleeps_for, NULL, NULL, 0);
}

// Assemblers take the name for a number where it is called.
static void (*volatile lock_slow)(_Atomic unsigned *) = lock_slow_of_swift;

static void *take_second_word(void *unused) {
  name("audit");
  lock_slow(&second_word);
  pthread_barrier_wait(&together);
  lock_slow(&first_word);
  return unused;
}

static void *write_to_stream(void *unused) {
  name("printer");
  fputs("x", stderr);
  return unused;
}

static void ready(void) {
  puts("ready");
  fflush(stdout);
}

static void make(int type, int robust, int protocol, int shared) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type);
  if (robust) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setprotocol(&attributes, protocol);
  if (shared) pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&accounts, &attributes);
  pthread_mutex_init(&index_lock, &attributes);
}

static void two_orders(void) {
  pthread_barrier_init(&together, NULL, 2);
  pthread_t other, behind;
  start(&other, take_index_then_accounts, NULL);
  take(&accounts);
  pthread_barrier_wait(&together);
  start(&behind, wait_for_accounts, NULL);
  ready();
  take(&index_lock);
}

struct shared_pair {
  pthread_mutex_t first, second;
  pthread_barrier_t both;
};

static void two_processes(void) {
  struct shared_pair *pair = mmap(
      NULL, sizeof *pair, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&pair->first, &attributes);
  pthread_mutex_init(&pair->second, &attributes);
  pthread_barrierattr_t shared;
  pthread_barrierattr_init(&shared);
  pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
  pthread_barrier_init(&pair->both, &shared, 2);
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, 9);
    take(&pair->second);
    pthread_barrier_wait(&pair->both);
    take(&pair->first);
    _exit(0);
  }
  take(&pair->first);
  pthread_barrier_wait(&pair->both);
  printf("child %d\n", child);
  ready();
  take(&pair->second);
}

static void *work(void *argument) {
  unsigned seed = (unsigned)(size_t)argument;
  for (;;) {
    seed = seed * 1103515245 + 12345;
    switch (seed >> 16 & 7) {
    case 0: pthread_rwlock_rdlock(&table); pthread_rwlock_unlock(&table); break;
    case 1: pthread_rwlock_wrlock(&table); pthread_rwlock_unlock(&table); break;
    case 2: usleep(100); break;
    case 3: sem_post(&slots); break;
    case 4: if (sem_trywait(&slots) == 0) sem_post(&slots); break;
    case 5: pthread_mutex_lock(&accounts); pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&accounts); break;
    default:
      pthread_mutex_lock(&accounts);
      pthread_mutex_lock(&index_lock);
      pthread_mutex_unlock(&index_lock);
      pthread_mutex_unlock(&accounts);
    }
  }
  return NULL;
}

static void *answer(void *unused) {
  name("answer");
  for (;;) {
    sem_wait(&slots);
    usleep(1000);
    sem_post(&answers);
  }
  return unused;
}

// Comes and goes, with a lock of its own in memory that is used again.
static void *work_and_end(void *argument) {
  pthread_mutex_t *own = malloc(sizeof *own);
  pthread_mutex_init(own, NULL);
  for (int i = 0; i < 50; i++) {
    pthread_mutex_lock(&accounts);
    pthread_mutex_lock(own);
    pthread_mutex_unlock(&accounts);
    pthread_mutex_unlock(own);
  }
  pthread_mutex_destroy(own);
  free(own);
  return argument;
}

static void *start_and_join(void *argument) {
  for (;;) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) start(&threads[i], work_and_end, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  }
  return argument;
}

static void *map_and_unmap(void *unused) {
  for (;;) {
    char *bytes = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(bytes, 1, 1 << 20);
    munmap(bytes, 1 << 20);
  }
  return unused;
}

int main(int count, char **arguments) {
  const char *way = count > 1 ? arguments[1] : "";
  pthread_t thread, others[1000];
  main_thread = pthread_self();
  sem_init(&slots, 0, 0);
  make(PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_NONE, 0);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  if (strcmp(way, "normal") == 0) {
    two_orders();
  } else if (strcmp(way, "recursive") == 0) {
    make(PTHREAD_MUTEX_RECURSIVE, 0, PTHREAD_PRIO_NONE, 0);
    two_orders();
  } else if (strcmp(way, "errorcheck") == 0) {
    make(PTHREAD_MUTEX_ERRORCHECK, 0, PTHREAD_PRIO_NONE, 0);
    two_orders();
  } else if (strcmp(way, "adaptive") == 0) {
    make(PTHREAD_MUTEX_ADAPTIVE_NP, 0, PTHREAD_PRIO_NONE, 0);
    two_orders();
  } else if (strcmp(way, "robust") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_NONE, 0);
    two_orders();
  } else if (strcmp(way, "shared") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_NONE, 1);
    two_orders();
  } else if (strcmp(way, "inheriting") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_INHERIT, 0);
    two_orders();
  } else if (strcmp(way, "robust-inheriting") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_INHERIT, 0);
    two_orders();
  } else if (strcmp(way, "timed") == 0) {
    timed = 1;
    two_orders();
  } else if (strcmp(way, "self") == 0) {
    take(&accounts);
    ready();
    take(&accounts);
  } else if (strcmp(way, "writers") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, write_table_then_journal, NULL);
    pthread_rwlock_wrlock(&journal);
    pthread_barrier_wait(&together);
    ready();
    pthread_rwlock_rdlock(&table);
  } else if (strcmp(way, "upgrade") == 0) {
    start(&thread, read_then_write_table, NULL);
    ready();
    pthread_join(thread, NULL);
  } else if (strcmp(way, "upgrade-beside") == 0) {
    start(&thread, read_then_write_table, NULL);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "upgrade-in-call") == 0) {
    start(&thread, read_table_and_update, NULL);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "writer-after-reading") == 0 || strcmp(way, "either") == 0 ||
             strcmp(way, "writer-waits") == 0) {
    static int reads = 0;
    pthread_barrier_init(&together, NULL, 2);
    start(&second, read_table_and_pause, NULL);
    pthread_barrier_wait(&together);
    start(&thread,
          strcmp(way, "either") == 0         ? read_or_write_table
          : strcmp(way, "writer-waits") == 0 ? write_table
                                             : read_unlock_write_table,
          &reads);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "reader-behind-writer") == 0) {
    prefer_writers();
    pthread_rwlock_rdlock(&table);
    start(&thread, write_table, NULL);
    usleep(200000);
    ready();
    pthread_rwlock_rdlock(&table);
  } else if (strcmp(way, "read-twice") == 0) {
    prefer_writers();
    pthread_barrier_init(&together, NULL, 2);
    start(&second, read_table_twice, NULL);
    pthread_barrier_wait(&together);
    start(&thread, write_table, NULL);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "upgrade-two") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, read_together_then_write, NULL);
    start(&second, read_together_then_write, NULL);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "condition") == 0 || strcmp(way, "timed-condition") == 0) {
    // Nobody signals; who waits holds the other lock, which a third thread wants.
    timed = strcmp(way, "timed-condition") == 0;
    start(&thread, wait_changed, NULL);
    usleep(100000);
    ready();
    take(&index_lock);
  } else if (strcmp(way, "semaphore") == 0) {
    start(&thread, wait_slots, NULL);
    ready();
    pthread_join(thread, NULL);
  } else if (strcmp(way, "barrier") == 0) {
    pthread_barrier_init(&rendezvous, NULL, 3);
    start(&thread, wait_rendezvous, NULL);
    ready();
    pthread_barrier_wait(&rendezvous);
  } else if (strcmp(way, "join") == 0) {
    take(&accounts);
    start(&thread, wait_for_accounts, NULL);
    ready();
    pthread_join(thread, NULL);
  } else if (strcmp(way, "join-circle") == 0) {
    start(&thread, join_main, NULL);
    ready();
    usleep(100000);
    pthread_join(thread, NULL);
  } else if (strcmp(way, "once") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, use_other, NULL);
    ready();
    pthread_once(&first_use, initialize_first);
  } else if (strcmp(way, "spin") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    pthread_spin_init(&spin, 0);
    start(&thread, hold_spin_and_pause, NULL);
    pthread_barrier_wait(&together);
    ready();
    pthread_spin_lock(&spin);
  } else if (strcmp(way, "c11") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    mtx_init(&plain, mtx_plain);
    start(&thread, plain_then_accounts, NULL);
    take(&accounts);
    pthread_barrier_wait(&together);
    ready();
    mtx_lock(&plain);
  } else if (strcmp(way, "gone") == 0) {
    start(&thread, exit_holding, NULL);
    pthread_join(thread, NULL);
    ready();
    take(&accounts);
  } else if (strcmp(way, "held") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, hold_and_poll, NULL);
    pthread_barrier_wait(&together);
    ready();
    take(&accounts);
  } else if (strcmp(way, "robust-held") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_NONE, 0);
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, hold_both_and_poll, NULL);
    pthread_barrier_wait(&together);
    ready();
    take(&accounts);
  } else if (strcmp(way, "robust-taken-over") == 0) {
    make(PTHREAD_MUTEX_NORMAL, 1, PTHREAD_PRIO_NONE, 0);
    start(&thread, exit_holding, NULL);
    pthread_join(thread, NULL);
    // The owner has died, and nothing is made consistent.
    take(&accounts);
    start(&thread, wait_for_accounts, NULL);
    ready();
    pthread_join(thread, NULL);
  } else if (strcmp(way, "words") == 0 || strcmp(way, "other-words") == 0) {
    if (strcmp(way, "other-words") == 0) sleeps_for = 5;
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, take_second_word, NULL);
    lock_slow(&first_word);
    pthread_barrier_wait(&together);
    ready();
    lock_slow(&second_word);
  } else if (strcmp(way, "lost") == 0) {
    pthread_mutex_lock(&accounts);
    ready();
    pthread_cond_wait(&changed, &accounts);
  } else if (strcmp(way, "first-ended") == 0) {
    pthread_barrier_init(&together, NULL, 2);
    start(&thread, take_index_then_accounts, NULL);
    start(&second, take_accounts_then_index, NULL);
    ready();
    pthread_exit(NULL);
  } else if (strcmp(way, "stream") == 0) {
    flockfile(stderr);
    start(&thread, write_to_stream, NULL);
    ready();
    pthread_join(thread, NULL);
  } else if (strcmp(way, "word") == 0) {
    // No lock of any library: FUTEX_WAIT, private.
    static unsigned words[4] = {2, 77, 0xFFFFFFFF, 5};
    ready();
    syscall(SYS_futex, words, 0x80, 2, NULL, NULL, 0);
  } else if (strcmp(way, "processes") == 0) {
    two_processes();
  } else if (strcmp(way, "many") == 0) {
    take(&accounts);
    for (int i = 0; i < 499; i++) start(&others[i], wait_for_accounts, NULL);
    usleep(300000);
    ready();
    for (;;) pause();
  } else if (strcmp(way, "ping") == 0) {
    sem_init(&answers, 0, 0);
    start(&thread, answer, NULL);
    ready();
    for (;;) {
      sem_post(&slots);
      sem_wait(&answers);
    }
  } else if (strcmp(way, "busy") == 0) {
    for (size_t i = 0; i < 6; i++) start(&others[i], work, (void *)(i + 1));
    ready();
    for (;;) pause();
  } else if (strcmp(way, "churn") == 0) {
    for (size_t i = 0; i < 3; i++) start(&others[i], start_and_join, NULL);
    ready();
    start_and_join(NULL);
  } else if (strcmp(way, "unmapping") == 0) {
    start(&others[0], map_and_unmap, NULL);
    start(&others[1], map_and_unmap, NULL);
    two_orders();
  } else {
    fprintf(stderr, "no such way to hang: %s\n", way);
    return 64;
  }
  return 0;
}
