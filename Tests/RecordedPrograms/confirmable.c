// Programs that deadlock once in many runs, or cannot although their orders of locks have a circle:
// confirmable NAME [FILE]. Sleeps make the deadlock rare; they order nothing. Some do something
// else in each run, and have a file that grows by a byte each time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t shared_a = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t shared_b = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t meeting;
static int turn;
static int is_ready;
static int ends[2];

typedef void *thread_function(void *);

static void run(int count, thread_function *const *functions) {
  pthread_t threads[16];
  for (int index = 0; index < count; index++) {
    pthread_create(&threads[index], NULL, functions[index], (void *)(long)index);
  }
  for (int index = 0; index < count; index++) pthread_join(threads[index], NULL);
}

static void both(thread_function *first, thread_function *second) {
  run(2, (thread_function *[]){first, second});
}

static void nap(int milliseconds) { usleep((useconds_t)milliseconds * 1000); }

// One after the other in nearly every run.

static void *a_then_b(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *b_then_a(void *unused) {
  nap(2);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *late_b_then_a(void *unused) {
  nap(100);
  return b_then_a(unused);
}

static void *later_b_then_a(void *unused) {
  nap(1200);
  return b_then_a(unused);
}

/// Needs the other's first lock just before: who has it then keeps this one away.
static void *thrashing(void *unused) {
  nap(2);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

/// And again while it has its own.
static void *thrashing_within(void *unused) {
  nap(2);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  nap(1);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *busy_ab(void *unused) {
  for (int round = 0; round < 300; round++) {
    pthread_mutex_lock(&a);
    if (round == 150) {
      pthread_mutex_lock(&b);
      pthread_mutex_unlock(&b);
    }
    pthread_mutex_unlock(&a);
  }
  return unused;
}

static void *busy_ba(void *unused) {
  nap(5);
  for (int round = 0; round < 300; round++) {
    pthread_mutex_lock(&b);
    if (round == 299) {
      pthread_mutex_lock(&a);
      pthread_mutex_unlock(&a);
    }
    pthread_mutex_unlock(&b);
  }
  return unused;
}

enum { PHILOSOPHERS = 5 };
static pthread_mutex_t forks[PHILOSOPHERS];

static void *dine(void *argument) {
  long seat = (long)argument;
  nap((int)seat * 2);
  pthread_mutex_lock(&forks[seat]);
  pthread_mutex_lock(&forks[(seat + 1) % PHILOSOPHERS]);
  pthread_mutex_unlock(&forks[(seat + 1) % PHILOSOPHERS]);
  pthread_mutex_unlock(&forks[seat]);
  return NULL;
}

static void philosophers(void) {
  for (int fork = 0; fork < PHILOSOPHERS; fork++) pthread_mutex_init(&forks[fork], NULL);
  run(PHILOSOPHERS, (thread_function *[]){dine, dine, dine, dine, dine});
}

static void *round_ab(void *unused) { return a_then_b(unused); }

static void *round_bc(void *unused) {
  nap(3);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&c);
  pthread_mutex_unlock(&c);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *round_ca(void *unused) {
  nap(6);
  pthread_mutex_lock(&c);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&c);
  return unused;
}

// Pools: which worker does what is another thing in each run.

static int tasks[64];
static int task_count, next_task;
static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static thread_function *const kinds[2] = {a_then_b, b_then_a};

static void *work(void *unused) {
  for (;;) {
    pthread_mutex_lock(&queue);
    int task = next_task < task_count ? tasks[next_task++] : -1;
    pthread_mutex_unlock(&queue);
    if (task < 0) return unused;
    kinds[task](NULL);
    nap(1);
  }
}

static void pool(void) {
  for (int index = 0; index < 12; index++) tasks[task_count++] = index == 7;
  run(3, (thread_function *[]){work, work, work});
}

enum { ACCOUNTS = 4 };
static struct account {
  pthread_mutex_t mutex;
  int balance;
} accounts[ACCOUNTS];

static void transfer(struct account *from, struct account *to) {
  pthread_mutex_lock(&from->mutex);
  pthread_mutex_lock(&to->mutex);
  from->balance--;
  to->balance++;
  pthread_mutex_unlock(&to->mutex);
  pthread_mutex_unlock(&from->mutex);
}

static void *teller(void *argument) {
  unsigned seed = (unsigned)(long)argument + 1;
  for (int round = 0; round < 40; round++) {
    int from = (int)(rand_r(&seed) % ACCOUNTS);
    int to = (from + 1 + (int)(rand_r(&seed) % (ACCOUNTS - 1))) % ACCOUNTS;
    transfer(&accounts[from], &accounts[to]);
    nap((int)(rand_r(&seed) % 3));
  }
  return NULL;
}

static void bank(void) {
  for (int index = 0; index < ACCOUNTS; index++) pthread_mutex_init(&accounts[index].mutex, NULL);
  run(4, (thread_function *[]){teller, teller, teller, teller});
}

// Other kinds of locks.

static void *readers_ab(void *unused) {
  pthread_rwlock_rdlock(&shared_a);
  pthread_rwlock_wrlock(&shared_b);
  pthread_rwlock_unlock(&shared_b);
  pthread_rwlock_unlock(&shared_a);
  return unused;
}

static void *readers_ba(void *unused) {
  nap(2);
  pthread_rwlock_rdlock(&shared_b);
  pthread_rwlock_wrlock(&shared_a);
  pthread_rwlock_unlock(&shared_a);
  pthread_rwlock_unlock(&shared_b);
  return unused;
}

static void *reader_then_mutex(void *unused) {
  pthread_rwlock_rdlock(&shared_a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_rwlock_unlock(&shared_a);
  return unused;
}

static void *mutex_then_writer(void *unused) {
  nap(2);
  pthread_mutex_lock(&b);
  pthread_rwlock_wrlock(&shared_a);
  pthread_rwlock_unlock(&shared_a);
  pthread_mutex_unlock(&b);
  return unused;
}

static pthread_spinlock_t spin_a, spin_b;

static void *spin_ab(void *unused) {
  pthread_spin_lock(&spin_a);
  pthread_spin_lock(&spin_b);
  pthread_spin_unlock(&spin_b);
  pthread_spin_unlock(&spin_a);
  return unused;
}

static void *spin_ba(void *unused) {
  nap(2);
  pthread_spin_lock(&spin_b);
  pthread_spin_lock(&spin_a);
  pthread_spin_unlock(&spin_a);
  pthread_spin_unlock(&spin_b);
  return unused;
}

static mtx_t plain_a, plain_b;

static void *c11_ab(void *unused) {
  mtx_lock(&plain_a);
  mtx_lock(&plain_b);
  mtx_unlock(&plain_b);
  mtx_unlock(&plain_a);
  return unused;
}

static void *c11_ba(void *unused) {
  nap(2);
  mtx_lock(&plain_b);
  mtx_lock(&plain_a);
  mtx_unlock(&plain_a);
  mtx_unlock(&plain_b);
  return unused;
}

static sem_t slot_a, slot_b;

static void *slots_ab(void *unused) {
  sem_wait(&slot_a);
  sem_wait(&slot_b);
  sem_post(&slot_b);
  sem_post(&slot_a);
  return unused;
}

static void *slots_ba(void *unused) {
  nap(2);
  sem_wait(&slot_b);
  sem_wait(&slot_a);
  sem_post(&slot_a);
  sem_post(&slot_b);
  return unused;
}

static pthread_mutex_t again, checking;

static void *again_then_checking(void *unused) {
  pthread_mutex_lock(&again);
  pthread_mutex_lock(&again);
  pthread_mutex_lock(&checking);
  pthread_mutex_unlock(&checking);
  pthread_mutex_unlock(&again);
  pthread_mutex_unlock(&again);
  return unused;
}

static void *checking_then_again(void *unused) {
  nap(2);
  pthread_mutex_lock(&checking);
  pthread_mutex_lock(&again);
  pthread_mutex_unlock(&again);
  pthread_mutex_unlock(&checking);
  return unused;
}

static void kinds_of_mutexes(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&again, &attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checking, &attributes);
  both(again_then_checking, checking_then_again);
}

// Conditions and joins.

static void *waiting_then_b(void *unused) {
  pthread_mutex_lock(&a);
  while (!is_ready) pthread_cond_wait(&changed, &a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *signaling_then_ba(void *unused) {
  nap(2);
  pthread_mutex_lock(&a);
  is_ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&a);
  nap(5);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

/// Has b when it wants a back; otherwise takes them in the same order.
static void *waiting_under_b(void *unused) {
  nap(2);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec += 1000000;
  soon.tv_sec += soon.tv_nsec / 1000000000;
  soon.tv_nsec %= 1000000000;
  pthread_cond_timedwait(&changed, &a, &soon);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

/// The same, with a limit that is over at once: the other has no time to take a.
static void *polling_under_b(void *unused) {
  nap(2);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  struct timespec over;
  clock_gettime(CLOCK_REALTIME, &over);
  pthread_cond_timedwait(&changed, &a, &over);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

/// Deadlocks in every run: the other takes a, for ever, as soon as this one gives it up.
static void *long_waiting_under_b(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  __atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
  struct timespec later;
  clock_gettime(CLOCK_REALTIME, &later);
  later.tv_sec += 60;
  pthread_cond_timedwait(&changed, &a, &later);
  return unused;
}

static void *following_ab(void *unused) {
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == 0) nap(1);
  return a_then_b(unused);
}

static void *using_a(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  return unused;
}

static void join_under_a(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, using_a, NULL);
  nap(20);
  pthread_mutex_lock(&a);
  pthread_join(thread, NULL);
  pthread_mutex_unlock(&a);
}

// Ways to take locks.

__attribute__((noinline)) static void enter(pthread_mutex_t *mutex) {
  pthread_mutex_lock(mutex);
  __asm__ volatile("");
}

static void *wrapped_ab(void *unused) {
  enter(&a);
  enter(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

static void *wrapped_ba(void *unused) {
  nap(2);
  enter(&b);
  enter(&a);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *trying_a_then_b(void *unused) {
  if (pthread_mutex_trylock(&a) != 0) return unused;
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  return unused;
}

enum { LINKS = 6 };
static pthread_mutex_t links[LINKS];

static void *forward(void *unused) {
  pthread_mutex_lock(&links[0]);
  for (int index = 1; index < LINKS; index++) {
    pthread_mutex_lock(&links[index]);
    pthread_mutex_unlock(&links[index - 1]);
  }
  pthread_mutex_unlock(&links[LINKS - 1]);
  return unused;
}

static void *backward(void *unused) {
  nap(3);
  pthread_mutex_lock(&links[LINKS - 1]);
  for (int index = LINKS - 1; index > 0; index--) {
    pthread_mutex_lock(&links[index - 1]);
    pthread_mutex_unlock(&links[index]);
  }
  pthread_mutex_unlock(&links[0]);
  return unused;
}

static void chain(void) {
  for (int index = 0; index < LINKS; index++) pthread_mutex_init(&links[index], NULL);
  both(forward, backward);
}

static void *rarely_ba(void *unused) {
  for (int round = 0; round < 1000; round++) {
    pthread_mutex_lock(&c);
    pthread_mutex_unlock(&c);
  }
  return b_then_a(unused);
}

static void with_main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, a_then_b, NULL);
  b_then_a(NULL);
  pthread_join(thread, NULL);
}

static void in_child(void) {
  if (fork() == 0) {
    both(a_then_b, b_then_a);
    _exit(0);
  }
  wait(NULL);
}

// What cannot deadlock.

static void *gated_ab(void *unused) {
  pthread_mutex_lock(&gate);
  a_then_b(unused);
  pthread_mutex_unlock(&gate);
  return unused;
}

static void *gated_ba(void *unused) {
  pthread_mutex_lock(&gate);
  b_then_a(unused);
  pthread_mutex_unlock(&gate);
  return unused;
}

static void joined(void) {
  run(1, (thread_function *[]){a_then_b});
  run(1, (thread_function *[]){b_then_a});
}

static void *flag_ab(void *unused) {
  a_then_b(unused);
  __atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
  return unused;
}

static void *flag_ba(void *unused) {
  while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == 0) nap(1);
  return b_then_a(unused);
}

static void *condition_ab(void *unused) {
  a_then_b(unused);
  pthread_mutex_lock(&state);
  is_ready = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&state);
  return unused;
}

static void *condition_ba(void *unused) {
  pthread_mutex_lock(&state);
  while (!is_ready) pthread_cond_wait(&changed, &state);
  pthread_mutex_unlock(&state);
  return b_then_a(unused);
}

static void *write_gated_ab(void *unused) {
  pthread_rwlock_wrlock(&shared_a);
  a_then_b(unused);
  pthread_rwlock_unlock(&shared_a);
  return unused;
}

static void *read_gated_ba(void *unused) {
  pthread_rwlock_rdlock(&shared_a);
  b_then_a(unused);
  pthread_rwlock_unlock(&shared_a);
  return unused;
}

static void *posting_ab(void *unused) {
  a_then_b(unused);
  sem_post(&slot_b);
  return unused;
}

static void *posted_ba(void *unused) {
  sem_wait(&slot_b);
  return b_then_a(unused);
}

static void *meeting_ab(void *unused) {
  a_then_b(unused);
  pthread_barrier_wait(&meeting);
  return unused;
}

static void *met_ba(void *unused) {
  pthread_barrier_wait(&meeting);
  return b_then_a(unused);
}

static void *writing_ab(void *unused) {
  a_then_b(unused);
  if (write(ends[1], "x", 1) != 1) abort();
  return unused;
}

static void *reading_ba(void *unused) {
  char byte;
  if (read(ends[0], &byte, 1) != 1) abort();
  return b_then_a(unused);
}

static void *slot_gated_ab(void *unused) {
  sem_wait(&slot_a);
  a_then_b(unused);
  sem_post(&slot_a);
  return unused;
}

static void *slot_gated_ba(void *unused) {
  sem_wait(&slot_a);
  b_then_a(unused);
  sem_post(&slot_a);
  return unused;
}

static void alone(void) {
  a_then_b(NULL);
  b_then_a(NULL);
}

static void before_spawn(void) {
  a_then_b(NULL);
  run(1, (thread_function *[]){b_then_a});
}

// What differs from run to run.

/// How many runs there were before.
static long earlier_runs(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0 || write(file, "x", 1) != 1) abort();
  long count = (long)lseek(file, 0, SEEK_END) - 1;
  close(file);
  return count;
}

static void *wrapped_flag_ab(void *unused) {
  wrapped_ab(unused);
  __atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
  return unused;
}

/// The locks are taken elsewhere in later runs than in the first; in two runs what the recorder
/// does not see keeps threads apart.
static void elsewhere(const char *path) {
  switch (earlier_runs(path)) {
    case 0: both(flag_ab, flag_ba); break;
    case 1: both(wrapped_flag_ab, flag_ba); break;
    default: both(wrapped_ab, b_then_a);
  }
}

/// In the first run one of the orders does not come.
static void nothing_first(const char *path) {
  thread_function *second = earlier_runs(path) == 0 ? a_then_b : b_then_a;
  both(a_then_b, second);
}

static void *timed_ba(void *unused) {
  pthread_mutex_lock(&b);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_sec += 1;
  if (pthread_mutex_timedlock(&a, &soon) == 0) pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "";
  const char *path = count > 2 ? arguments[2] : "/dev/null";
#define IS(text) (strcmp(name, text) == 0)
  sem_init(&slot_a, 0, 1);
  sem_init(&slot_b, 0, IS("posted") ? 0 : 1);
  pthread_spin_init(&spin_a, 0);
  pthread_spin_init(&spin_b, 0);
  mtx_init(&plain_a, mtx_plain);
  mtx_init(&plain_b, mtx_plain);
  pthread_barrier_init(&meeting, NULL, 2);
  if (pipe(ends) != 0) return 9;

  if (IS("one-shot")) both(a_then_b, b_then_a);
  if (IS("late")) both(a_then_b, late_b_then_a);
  if (IS("later")) both(a_then_b, later_b_then_a);
  if (IS("thrashing")) both(a_then_b, thrashing);
  if (IS("thrashing-within")) both(a_then_b, thrashing_within);
  if (IS("busy")) both(busy_ab, busy_ba);
  if (IS("philosophers")) philosophers();
  if (IS("three")) run(3, (thread_function *[]){round_ab, round_bc, round_ca});
  if (IS("pool")) pool();
  if (IS("bank")) bank();
  if (IS("rwlocks")) both(readers_ab, readers_ba);
  if (IS("reader-and-mutex")) both(reader_then_mutex, mutex_then_writer);
  if (IS("spins")) both(spin_ab, spin_ba);
  if (IS("c11")) both(c11_ab, c11_ba);
  if (IS("semaphores")) both(slots_ab, slots_ba);
  if (IS("kinds")) kinds_of_mutexes();
  if (IS("after-condition")) both(waiting_then_b, signaling_then_ba);
  if (IS("condition-under-lock")) both(a_then_b, waiting_under_b);
  if (IS("condition-at-once")) both(a_then_b, polling_under_b);
  if (IS("condition-happens")) both(long_waiting_under_b, following_ab);
  if (IS("join-under-lock")) join_under_a();
  if (IS("wrapped")) both(wrapped_ab, wrapped_ba);
  if (IS("tried-first")) both(trying_a_then_b, b_then_a);
  if (IS("chain")) chain();
  if (IS("rarely")) both(a_then_b, rarely_ba);
  if (IS("with-main")) with_main();
  if (IS("child")) in_child();

  if (IS("elsewhere")) elsewhere(path);
  if (IS("nothing-first")) nothing_first(path);

  if (IS("gate")) both(gated_ab, gated_ba);
  if (IS("joined")) joined();
  if (IS("flag")) both(flag_ab, flag_ba);
  if (IS("condition")) both(condition_ab, condition_ba);
  if (IS("rwlock-gate")) both(write_gated_ab, read_gated_ba);
  if (IS("posted")) both(posting_ab, posted_ba);
  if (IS("barrier")) both(meeting_ab, met_ba);
  if (IS("pipe")) both(writing_ab, reading_ba);
  if (IS("semaphore-gate")) both(slot_gated_ab, slot_gated_ba);
  if (IS("alone")) alone();
  if (IS("before-spawn")) before_spawn();
  if (IS("timed")) both(a_then_b, timed_ba);
  return 0;
}
