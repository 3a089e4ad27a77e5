// The locks of the standard library, which write what is done with them.

#pragma once

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "trace.hpp"

namespace lockgraph {

class condition_variable;

namespace detail {

// A lock of the standard library, with those of these functions that it has itself.
template <class Raw, bool is_recursive, bool is_shared>
class lock_of {
 public:
  // With the name of its class, if one is given: locks of one class are taken in one order.
  constexpr explicit lock_of(const char* name = nullptr, here made = {}) : made(made), name(name) {}
  lock_of(const lock_of&) = delete;
  ~lock_of() {
    if (known && known == trace::shared().run) emit("destroy", "", nowhere);
  }

  void lock(here at = {}) {
    take("", at, [&] { return raw.try_lock(); }, [&] { return raw.lock(), true; });
  }
  bool try_lock(here at = {}) {
    return raw.try_lock() && have(",\"try\":true", at);
  }
  template <class Time>
  bool try_lock_for(Time time, here at = {}) {
    return take(timed, at, [&] { return raw.try_lock(); }, [&] { return raw.try_lock_for(time); });
  }
  template <class Time>
  bool try_lock_until(Time time, here at = {}) {
    return take(timed, at, [&] { return raw.try_lock(); },
                [&] { return raw.try_lock_until(time); });
  }
  void unlock(here at = {}) {
    leave(at);
    raw.unlock();
  }

  void lock_shared(here at = {}) {
    take(read, at, [&] { return raw.try_lock_shared(); },
         [&] { return raw.lock_shared(), true; });
  }
  bool try_lock_shared(here at = {}) {
    return raw.try_lock_shared() && have(",\"mode\":\"read\",\"try\":true", at);
  }
  template <class Time>
  bool try_lock_shared_for(Time time, here at = {}) {
    return take(timed_read, at, [&] { return raw.try_lock_shared(); },
                [&] { return raw.try_lock_shared_for(time); });
  }
  template <class Time>
  bool try_lock_shared_until(Time time, here at = {}) {
    return take(timed_read, at, [&] { return raw.try_lock_shared(); },
                [&] { return raw.try_lock_shared_until(time); });
  }
  void unlock_shared(here at = {}) {
    leave(at);
    raw.unlock_shared();
  }

 private:
  friend class lockgraph::condition_variable;
  static constexpr here nowhere{nullptr, 0, nullptr};
  static constexpr const char* timed = ",\"timeout\":true";
  static constexpr const char* read = ",\"mode\":\"read\"";
  static constexpr const char* timed_read = ",\"mode\":\"read\",\"timeout\":true";

  Raw raw;
  here made;
  const char* name;
  std::atomic<unsigned long> number{0};
  // In which run the trace was told of it, and in which it was taken last: what a forked child has
  // from its parent its trace does not know.
  std::atomic<unsigned> known{0}, taken{0};

  std::string operand() const { return ",\"lock\":\"lock-" + std::to_string(number) + "\""; }

  void emit(const char* event, const char* more, here at, const std::string& before = "") {
    trace& out = trace::shared();
    if (!out.run) return;
    if (!number) {
      unsigned long none = 0;
      number.compare_exchange_strong(none, ++out.numbers);
    }
    out.emit(event, before + operand() + more + place_of(at, true), [&] {
      if (known.exchange(out.run) == out.run) return;
      std::string facts = is_shared ? ",\"kind\":\"rwsem\""
          : is_recursive            ? ",\"kind\":\"recursive\""
                                    : ",\"kind\":\"mutex\"";
      if (name) facts += ",\"class\":" + quoted(name);
      out.write_line("init", "\"" + operand() + facts + place_of_init() + "}\n");
    });
  }

  std::string place_of_init() const {
    placed at_its_own(made);
    return place_of(made, false);
  }

  // Takes the lock at once if that is possible, else says what it waits for.
  template <class Attempt, class Wait>
  bool take(const char* way, here at, Attempt attempt, Wait wait) {
    if (!attempt()) {
      emit("request", way, at);
      if (!wait()) {
        emit("abandon", ",\"reason\":\"timeout\"", at);
        return false;
      }
    }
    return have(way, at);
  }

  bool have(const char* way, here at) {
    emit("acquire", way, at);
    taken = trace::shared().run.load();
    return true;
  }

  void leave(here at) {
    if (taken == trace::shared().run) emit("release", "", at);
  }
};

}  // namespace detail

using mutex = detail::lock_of<std::mutex, false, false>;
using timed_mutex = detail::lock_of<std::timed_mutex, false, false>;
using recursive_mutex = detail::lock_of<std::recursive_mutex, true, false>;
using recursive_timed_mutex = detail::lock_of<std::recursive_timed_mutex, true, false>;
using shared_mutex = detail::lock_of<std::shared_mutex, false, true>;
using shared_timed_mutex = detail::lock_of<std::shared_timed_mutex, false, true>;

}  // namespace lockgraph
