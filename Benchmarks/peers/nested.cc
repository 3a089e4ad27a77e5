// Takes locks in known orders and in new ones, and prints nanoseconds of processor time for each column.
//
//   nested TIMES STEP     measure; of the new dependencies in column f every STEP-th is made
//   nested inversion N    nest N locks in a chain, then the first two the other way round, for the detector to find
//
// Columns: a one lock; b two, c five nested; d two threads on their own locks; e a walk over 1,000 locks in pairs, each
// for taking a lock and giving it up; f two locks nested that were not nested before, of 10,000 that form a chain; f1 the
// same of 1,000.
// Built as it is with pthread_mutex_t, with -DABSEIL with absl::Mutex.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <initializer_list>
#include <thread>

#ifdef ABSEIL
#include "absl/synchronization/mutex.h"

struct Lock {
  absl::Mutex mutex;
  long value = 0;
  void lock() { mutex.Lock(); }
  void unlock() { mutex.Unlock(); }
};
#else
struct Lock {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  long value = 0;
  void lock() { pthread_mutex_lock(&mutex); }
  void unlock() { pthread_mutex_unlock(&mutex); }
};
#endif

static double now(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

template <typename Body>
static double nanoseconds(Body body) {
  double start = now(CLOCK_PROCESS_CPUTIME_ID);
  long count = body();
  return (now(CLOCK_PROCESS_CPUTIME_ID) - start) / count;
}

__attribute__((noinline)) static long take_one(Lock *lock, long times) {
  for (long time = 0; time < times; time++) {
    lock->lock();
    lock->value += 1;
    lock->unlock();
  }
  return times;
}

/// Each lock within the one before.
__attribute__((noinline)) static long take_two(Lock *locks, long times) {
  for (long time = 0; time < times / 2; time++) {
    locks[0].lock();
    locks[0].value += 1;
    locks[1].lock();
    locks[1].value += 1;
    locks[1].unlock();
    locks[0].unlock();
  }
  return times / 2 * 2;
}

__attribute__((noinline)) static long take_five(Lock *locks, long times) {
  for (long time = 0; time < times / 5; time++) {
    locks[0].lock();
    locks[0].value += 1;
    locks[1].lock();
    locks[1].value += 1;
    locks[2].lock();
    locks[2].value += 1;
    locks[3].lock();
    locks[3].value += 1;
    locks[4].lock();
    locks[4].value += 1;
    locks[4].unlock();
    locks[3].unlock();
    locks[2].unlock();
    locks[1].unlock();
    locks[0].unlock();
  }
  return times / 5 * 5;
}

__attribute__((noinline)) static long walk(Lock *locks, long count, long stride, long step) {
  long taken = 0;
  for (long index = 0; index < count - stride; index += step) {
    locks[index].lock();
    locks[index].value += 1;
    locks[index + stride].lock();
    locks[index + stride].value += 1;
    locks[index + stride].unlock();
    locks[index].unlock();
    taken += 2;
  }
  return taken;
}

template <typename Loop>
static void column(const char *name, int count, long times, Loop loop) {
  Lock *locks = new Lock[count];
  loop(locks, times / 10);
  printf("%s %f\n", name, nanoseconds([&] { return loop(locks, times); }));
}

/// Where the machine has other work, threads take turns on one processor and are not in each other's way; so it is tried
/// again until they run side by side. How many ran at a time is printed beside.
static void threads(long times) {
  const int distance = 64;
  Lock *locks = new Lock[2 * distance];
  double best = 0, most = 0;
  times /= 10;  // Short, so that other work has little time to step between.
  for (int attempt = 0; attempt < 100 && most < 1.8; attempt++) {
    std::atomic<int> waiting{2};
    double used[2], begin[2], end[2];
    auto run = [&](int number) {
      Lock *lock = locks + number * distance;
      take_one(lock, times / 10);
      waiting -= 1;
      while (waiting > 0) std::this_thread::yield();
      begin[number] = now(CLOCK_MONOTONIC);
      used[number] = now(CLOCK_THREAD_CPUTIME_ID);
      take_one(lock, times);
      used[number] = now(CLOCK_THREAD_CPUTIME_ID) - used[number];
      end[number] = now(CLOCK_MONOTONIC);
    };
    std::thread first(run, 0), second(run, 1);
    first.join();
    second.join();
    double total = used[0] + used[1];
    double running = total / (std::max(end[0], end[1]) - std::min(begin[0], begin[1]));
    if (running <= most) continue;
    most = running;
    best = total / 2 / times;
  }
  printf("d %f %f\n", best, most);
}

static void dependencies(const char *name, long classes, long step) {
  Lock *locks = new Lock[classes];
  walk(locks, classes, 1, 1);
  printf("%s %f\n", name, nanoseconds([&] {
    long taken = 0;
    for (long stride : {2, 3, 5, 8, 13, 21, 34, 55}) taken += walk(locks, classes, stride, step);
    return taken / 2;
  }));
}

int main(int count, char **words) {
#ifdef ABSEIL
  const char *mode = getenv("ABSEIL_DEADLOCKS");
  absl::SetMutexDeadlockDetectionMode(
      mode != nullptr && strcmp(mode, "report") == 0 ? absl::OnDeadlockCycle::kReport
                                                     : absl::OnDeadlockCycle::kIgnore);
#endif
  if (count != 3) return 64;
  if (strcmp(words[1], "inversion") == 0) {
    long length = atol(words[2]);
    Lock *locks = new Lock[length];
    walk(locks, length, 1, 1);
    locks[1].lock();
    locks[0].lock();
    locks[0].unlock();
    locks[1].unlock();
    return 0;
  }
  long times = atol(words[1]), step = atol(words[2]);

  column("a", 1, times, take_one);
  column("b", 2, times, take_two);
  column("c", 5, times, take_five);
  threads(times);
  column("e", 1000, times, [](Lock *locks, long times) {
    long taken = 0;
    do taken += walk(locks, 1000, 1, 1);
    while (taken < times);
    return taken;
  });

  dependencies("f1", 1000, 1);
  dependencies("f", 10000, step);
  return 0;
}
