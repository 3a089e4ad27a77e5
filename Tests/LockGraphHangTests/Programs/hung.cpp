// Hangs with what C++ has of its own, in the way that the first argument names.
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

static void ready() {
  puts("ready");
  fflush(stdout);
}

struct Account {
  long balance[3];
  std::mutex mutex;
};
static Account accounts[4];
static std::mutex ledger;
static std::shared_mutex table;

struct Settings {
  Settings();
};
static Settings &settings() {
  static Settings value;
  return value;
}
Settings::Settings() {
  std::thread reader([] { settings(); });
  ready();
  reader.join();
}

int main(int, char **arguments) {
  const char *way = arguments[1];
  if (!strcmp(way, "static")) {
    settings();
  } else if (!strcmp(way, "mutexes")) {
    std::thread other([] {
      std::lock_guard first(ledger);
      usleep(300000);
      std::lock_guard second(accounts[2].mutex);
    });
    std::lock_guard first(accounts[2].mutex);
    usleep(300000);
    ready();
    std::lock_guard second(ledger);
    other.join();
  } else if (!strcmp(way, "reader")) {
    std::thread reader([] {
      std::shared_lock lock(table);
      sleep(1000);
    });
    usleep(300000);
    ready();
    std::unique_lock lock(table);
    reader.join();
  } else if (!strcmp(way, "upgrade")) {
    static std::shared_mutex *lock = new std::shared_mutex;
    std::thread([] { sleep(1000); }).detach();
    std::shared_lock reading(*lock);
    ready();
    std::unique_lock writing(*lock);
  } else if (!strcmp(way, "call-once")) {
    static std::once_flag flag;
    std::call_once(flag, [] {
      std::thread other([] { std::call_once(flag, [] {}); });
      ready();
      other.join();
    });
  } else if (!strcmp(way, "shared-writers")) {
    // A lock of its own kind of each, in both orders.
    static std::shared_mutex other_table;
    static std::barrier together(2);
    std::thread other([] {
      std::unique_lock first(other_table);
      together.arrive_and_wait();
      std::shared_lock second(table);
    });
    std::unique_lock first(table);
    together.arrive_and_wait();
    ready();
    std::unique_lock second(other_table);
    other.join();
  } else if (!strcmp(way, "recursive")) {
    static std::recursive_timed_mutex first, second;
    std::thread other([] {
      std::lock_guard held(second);
      usleep(300000);
      std::lock_guard wanted(first);
    });
    std::lock_guard held(first);
    std::lock_guard again(first);
    usleep(300000);
    ready();
    (void)second.try_lock_for(std::chrono::hours(1));
    other.join();
  } else if (!strcmp(way, "join")) {
    std::unique_lock held(ledger);
    std::jthread other([] { std::lock_guard wanted(ledger); });
    ready();
    other.join();
  } else if (!strcmp(way, "condition")) {
    static std::condition_variable changed;
    std::unique_lock held(ledger);
    ready();
    changed.wait(held, [] { return false; });
  } else if (!strcmp(way, "any-condition")) {
    static std::condition_variable_any changed;
    std::unique_lock held(table);
    ready();
    changed.wait(held, [] { return false; });
  } else if (!strcmp(way, "latch")) {
    static std::latch latch(2);
    ready();
    latch.arrive_and_wait();
  } else if (!strcmp(way, "barrier")) {
    static std::barrier barrier(2);
    ready();
    barrier.arrive_and_wait();
  } else if (!strcmp(way, "semaphore")) {
    static std::counting_semaphore<10> slots(0);
    ready();
    slots.acquire();
  } else if (!strcmp(way, "atomic")) {
    static std::atomic<int> state(1);
    ready();
    state.wait(1);
  } else if (!strcmp(way, "async")) {
    // The destructor of what async returns waits for it, with the lock that it needs.
    std::lock_guard held(ledger);
    auto future = std::async(std::launch::async, [] { std::lock_guard wanted(ledger); });
    ready();
  } else if (!strcmp(way, "future")) {
    std::promise<int> promise;
    auto future = promise.get_future();
    ready();
    future.get();
  }
}
