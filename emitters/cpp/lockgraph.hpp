// The standard library's locks, guards, condition variables and threads, which write what is done
// with them, for `lockdep-check`: `lockgraph::mutex` for `std::mutex`, and so on. C++17 and POSIX.
//
//     LOCKGRAPH_TRACE=app.jsonl ./app;  lockdep-check analyze app.jsonl
//
// Guards of the standard library will do as well, but do not know where they are.

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <utility>

#include "lockgraph/locks.hpp"
#include "lockgraph/trace.hpp"

namespace lockgraph {

template <class Lock>
struct lock_guard : std::lock_guard<Lock> {
  explicit lock_guard(Lock& lock, detail::placed = {}) : std::lock_guard<Lock>(lock) {}
  lock_guard(Lock& lock, std::adopt_lock_t mode) : std::lock_guard<Lock>(lock, mode) {}
};
template <class Lock, class... Mode>
lock_guard(Lock&, Mode...) -> lock_guard<Lock>;

template <class... Locks>
struct scoped_lock : std::scoped_lock<Locks...> {
  explicit scoped_lock(Locks&... locks, detail::placed = {})
      : std::scoped_lock<Locks...>(locks...) {}
  explicit scoped_lock(std::adopt_lock_t mode, Locks&... locks)
      : std::scoped_lock<Locks...>(mode, locks...) {}
};
template <class... Locks>
scoped_lock(Locks&...) -> scoped_lock<Locks...>;
template <class... Locks>
scoped_lock(std::adopt_lock_t, Locks&...) -> scoped_lock<Locks...>;

namespace detail {

// What may be locked and unlocked while it lives. A mode is one of the library's, or a time.
template <class Guard>
struct guard_of : Guard {
  using lock_type = typename Guard::mutex_type;
  guard_of() = default;
  explicit guard_of(lock_type& lock, placed = {}) : Guard(lock) {}
  template <class Mode>
  guard_of(lock_type& lock, Mode mode, placed = {}) : Guard(lock, mode) {}

  void lock(placed = {}) { Guard::lock(); }
  void unlock(placed = {}) { Guard::unlock(); }
  bool try_lock(placed = {}) { return Guard::try_lock(); }
  template <class Time>
  bool try_lock_for(Time time, placed = {}) { return Guard::try_lock_for(time); }
  template <class Time>
  bool try_lock_until(Time time, placed = {}) { return Guard::try_lock_until(time); }
};

}  // namespace detail

template <class Lock>
struct unique_lock : detail::guard_of<std::unique_lock<Lock>> {
  unique_lock() = default;
  explicit unique_lock(Lock& lock, detail::placed = {})
      : detail::guard_of<std::unique_lock<Lock>>(lock) {}
  template <class Mode>
  unique_lock(Lock& lock, Mode mode, detail::placed = {})
      : detail::guard_of<std::unique_lock<Lock>>(lock, mode) {}
};
template <class Lock, class... Mode>
unique_lock(Lock&, Mode...) -> unique_lock<Lock>;

template <class Lock>
struct shared_lock : detail::guard_of<std::shared_lock<Lock>> {
  shared_lock() = default;
  explicit shared_lock(Lock& lock, detail::placed = {})
      : detail::guard_of<std::shared_lock<Lock>>(lock) {}
  template <class Mode>
  shared_lock(Lock& lock, Mode mode, detail::placed = {})
      : detail::guard_of<std::shared_lock<Lock>>(lock, mode) {}
};
template <class Lock, class... Mode>
shared_lock(Lock&, Mode...) -> shared_lock<Lock>;

// For every guard that has such a lock, of either library.
class condition_variable {
 public:
  void notify_one(here at = {}) { emit("signal", at), raw.notify_one(); }
  void notify_all(here at = {}) { emit("broadcast", at), raw.notify_all(); }

  template <class Guard>
  void wait(Guard& guard, here at = {}) {
    wait(guard, "", at, [&](auto& lock) { return raw.wait(lock), true; });
  }
  template <class Guard, class Predicate>
  void wait(Guard& guard, Predicate until, here at = {}) {
    while (!until()) wait(guard, at);
  }
  template <class Guard, class Time>
  std::cv_status wait_until(Guard& guard, Time time, here at = {}) {
    return wait(guard, ",\"timeout\":true", at,
                [&](auto& lock) { return raw.wait_until(lock, time); });
  }
  template <class Guard, class Time, class Predicate>
  bool wait_until(Guard& guard, Time time, Predicate until, here at = {}) {
    while (!until())
      if (wait_until(guard, time, at) == std::cv_status::timeout) return until();
    return true;
  }
  template <class Guard, class Time>
  std::cv_status wait_for(Guard& guard, Time time, here at = {}) {
    return wait_until(guard, std::chrono::steady_clock::now() + time, at);
  }
  template <class Guard, class Time, class Predicate>
  bool wait_for(Guard& guard, Time time, Predicate until, here at = {}) {
    return wait_until(guard, std::chrono::steady_clock::now() + time, until, at);
  }

 private:
  std::condition_variable_any raw;
  const std::string operand =
      ",\"condition\":\"condition-" + std::to_string(++detail::trace::shared().numbers) + "\"";

  void emit(const char* event, here at) {
    detail::trace::shared().emit(event, operand + detail::place_of(at, true));
  }

  template <class Guard, class Wait>
  auto wait(Guard& guard, const char* way, here at, Wait wait) {
    auto& lock = *guard.mutex();
    lock.emit("wait", way, at, operand);
    auto result = wait(lock.raw);
    lock.taken = detail::trace::shared().run.load();
    lock.emit("wake", "", at, operand);
    return result;
  }
};

// Its beginning and end are in the trace: what was done before and after cannot meet it.
class thread : public std::thread {
 public:
  thread() = default;
  template <class Function, class... Arguments,
            class = std::enable_if_t<!std::is_same_v<std::decay_t<Function>, thread>>>
  explicit thread(Function&& function, Arguments&&... arguments)
      : thread(std::string(detail::trace::shared().new_thread()), std::in_place,
               std::forward<Function>(function), std::forward<Arguments>(arguments)...) {}

  void join(here at = {}) {
    detail::trace::shared().emit("join", other(name) + detail::place_of(at, true));
    std::thread::join();
  }

 private:
  std::string name;

  static std::string other(const std::string& name) {
    return ",\"other\":" + detail::quoted(name);
  }

  struct named {
    std::string name;
    template <class Function, class... Arguments>
    void operator()(Function&& function, Arguments&&... arguments) {
      std::snprintf(detail::thread_name, sizeof detail::thread_name, "%s", name.c_str());
      std::invoke(std::forward<Function>(function), std::forward<Arguments>(arguments)...);
      detail::trace::shared().emit("exit", "");
    }
  };

  template <class... Call>
  thread(std::string name, std::in_place_t, Call&&... call)
      : std::thread((detail::trace::shared().emit("spawn", other(name)), named{name}),
                    std::forward<Call>(call)...),
        name(name) {}
};

}  // namespace lockgraph
