// Hangs with what C++ has of its own, in the way that the first argument names.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <future>
#include <mutex>
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
  } else if (!strcmp(way, "future")) {
    std::promise<int> promise;
    auto future = promise.get_future();
    ready();
    future.get();
  }
}
