// What tests of C++'s emitter run: `victim correct 300`, `hang` or `fork`.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>

#include "lockgraph.hpp"

using lockgraph::lock_guard;
using lockgraph::scoped_lock;
using lockgraph::shared_lock;
using lockgraph::unique_lock;
using std::chrono::microseconds;

static lockgraph::mutex row[4];
static lockgraph::mutex gate, left{"Victim.left"}, right{"Victim.right"}, first, second, monitor;
static lockgraph::recursive_mutex again;
static lockgraph::timed_mutex limited;
static lockgraph::shared_timed_mutex shared;
static lockgraph::condition_variable condition;

// Uses every lock as it may be used; the only circle is behind a gate.
static void step(std::mt19937& numbers) {
  bool swaps = numbers() % 2;
  switch (numbers() % 12) {
    case 0: {
      unsigned low = numbers() % 3, high = low + 1 + numbers() % (3 - low);
      lock_guard a(row[low]);
      std::lock_guard b(row[high]);
      break;
    }
    case 1: {
      lock_guard a(gate);
      lock_guard b(swaps ? left : right);
      unique_lock c(swaps ? right : left);
      break;
    }
    case 2: {
      unique_lock a(swaps ? first : second);
      unique_lock b(swaps ? second : first, std::try_to_lock);
      break;
    }
    case 3: {
      scoped_lock both(first, second);
      break;
    }
    case 4: {
      scoped_lock all(second, first, row[0]);
      break;
    }
    case 5: {
      lock_guard a(again);
      lock_guard b(again);
      break;
    }
    case 6: {
      unique_lock a(monitor);
      condition.notify_one();
      condition.wait_for(a, microseconds(200));
      break;
    }
    case 7: {
      std::unique_lock a(monitor);
      condition.notify_all();
      condition.wait_for(a, microseconds(200), [] { return false; });
      break;
    }
    case 8: {
      unique_lock a(limited, microseconds(50));
      break;
    }
    case 9: {
      shared_lock a(shared);
      break;
    }
    case 10: {
      unique_lock a(shared);
      break;
    }
    default: {
      shared_lock a(shared, microseconds(50));
      lockgraph::mutex local;
      lock_guard b(local);
    }
  }
}

static void correct(int times) {
  std::deque<lockgraph::thread> threads;
  for (unsigned seed = 0; seed < 8; ++seed)
    threads.emplace_back([=] {
      std::mt19937 numbers(seed);
      for (int done = 0; done < times; ++done) step(numbers);
    });
  for (auto& thread : threads) thread.join();
}

static std::atomic<int> held{0};

static void take(lockgraph::mutex& one, lockgraph::mutex& other) {
  lock_guard a(one);
  for (++held; held < 2;) std::this_thread::yield();
  lock_guard b(other);
}

int main(int, char** arguments) {
  if (!std::strcmp(arguments[1], "correct")) {
    correct(std::atoi(arguments[2]));
  } else if (!std::strcmp(arguments[1], "hang")) {
    lockgraph::thread teller([] { take(left, right); });
    lockgraph::thread auditor([] { take(right, left); });
    teller.join();
    auditor.join();
  } else {
    lock_guard a(left);
    if (pid_t child = fork()) {
      waitpid(child, nullptr, 0);
    } else {
      { lock_guard b(right); }
      std::exit(0);
    }
  }
}
