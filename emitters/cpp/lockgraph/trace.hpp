// The trace that the locks of `lockgraph/locks.hpp` write: JSON Lines in the file that
// LOCKGRAPH_TRACE names, where %p is the number of the process. Without it nothing is written.

#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <set>
#include <string>

namespace lockgraph {

// A place in the program: by default that of who calls what has it as its last argument.
struct here {
  const char* file;
  unsigned line;
  const char* function;
  constexpr here(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE(),
                 const char* function = __builtin_FUNCTION())
      : file(file), line(line), function(function) {}
};

namespace detail {

inline thread_local here place{nullptr, 0, nullptr};
inline thread_local char thread_name[64];
inline thread_local bool is_writing = false;
inline const pthread_t main_thread = pthread_self();

// For as long as it lives, what the standard library does with locks is done at its place.
struct placed {
  here outer = place;
  placed(here at = {}) { place = at; }
  placed(const placed&) = delete;
  ~placed() { place = outer; }
};

inline std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text.substr(0, 1000)) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result + '"';
}

inline std::string place_of(here spot, bool with_function) {
  if (place.file) spot = place;
  if (!spot.file || std::strstr(spot.file, "/c++/")) return "";  // The place is not the program's.
  std::string line = std::string(spot.file) + ":" + std::to_string(spot.line);
  std::string frame = quoted(std::string(spot.function) + " (" + line + ")");
  return ",\"at\":" + quoted(line) + (with_function ? ",\"stack\":[" + frame + "]" : "");
}

// The file. What is not written of the part that is mapped are blank lines, so that it can be read
// at any time, and nothing is lost however the process ends.
class trace {
 public:
  std::atomic<unsigned> run{0};  // Of a forked child it is another one; 0 where nothing is written.
  std::atomic<unsigned long> numbers{0};

  static trace& shared() {
    static trace* const only = new trace;
    return *only;
  }

  // `before` writes what must come first, with `write_line`.
  template <class Before>
  void emit(const char* event, const std::string& rest, Before before) {
    if (!run || is_writing) return;
    int error = errno;
    is_writing = true;  // Memory is had from allocators that may have such locks.
    {
      std::string end = "\"" + rest + "}\n";
      std::lock_guard<std::mutex> lock(guard);
      if (!*thread_name) name_thread();
      before();
      write_line(event, end);
    }
    is_writing = false;
    errno = error;
  }
  void emit(const char* event, const std::string& rest) { emit(event, rest, [] {}); }
  void write_line(const char* event, const std::string& end) {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char time[40];
    std::snprintf(time, sizeof time, "{\"time\":%lld.%09ld", (long long)now.tv_sec, now.tv_nsec);
    write(time + (",\"thread\":" + quoted(thread_name)) + ",\"event\":\"" + event + end);
  }

  std::string unique(std::string name) {
    std::string text = name;
    for (int number = 2; !names.insert(text).second; ++number)
      text = name.substr(0, 50) + "#" + std::to_string(number);
    return text;
  }

  std::string new_thread() {
    std::lock_guard<std::mutex> lock(guard);
    return unique("thread");
  }

 private:
  static constexpr size_t size = 1 << 18;
  std::mutex guard;
  std::string path;
  std::set<std::string> names;
  char* chunk = nullptr;
  size_t used = 0;
  off_t offset = 0;
  int file = -1;

  trace() {
    const char* wanted = std::getenv("LOCKGRAPH_TRACE");
    if (!wanted || !*wanted) return;
    path = wanted;
    for (size_t i; (i = path.find("%p")) != path.npos;)
      path.replace(i, 2, std::to_string(getpid()));
    open(path, 1);
    pthread_atfork([] { shared().guard.lock(); }, [] { shared().guard.unlock(); },
                   [] { shared().begin_child(); });
    std::atexit([] { shared().close(); });
  }

  void open(const std::string& name, unsigned number) {
    int low = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (low < 0) return fail();
    // Out of the way of programs that close numbers which they do not know, and have them again.
    file = fcntl(low, F_DUPFD_CLOEXEC, 500);
    file < 0 ? file = low : ::close(low);
    if (flock(file, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK && name == path) {
      ::close(file);  // It is that of a process that runs.
      return open(path + "." + std::to_string(getpid()), number);
    }
    if (ftruncate(file, 0)) return fail();
    run = number;
    write("{\"lockgraph-trace\":1}\n");
  }

  void begin_child() {
    if (chunk) munmap(chunk, size);
    chunk = nullptr, offset = 0;
    if (unsigned number = run.exchange(0))
      ::close(file), open(path + "." + std::to_string(getpid()), number + 1);
    guard.unlock();
  }

  void write(const std::string& line) {
    if (!run || line.size() > size) return;
    if ((!chunk || used + line.size() > size) && !grow()) return;
    std::memcpy(chunk + used, line.data(), line.size());
    used += line.size();
  }

  bool grow() {
    if (chunk) munmap(chunk, size), offset += size;
    chunk = nullptr, used = 0;
    // Written and not just made longer: a full disk is an error here, and no signal later.
    std::string blank(size, '\n');
    if (pwrite(file, blank.data(), size, offset) != ssize_t(size)) return fail(), false;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, offset);
    if (memory == MAP_FAILED) return fail(), false;
    chunk = static_cast<char*>(memory);
    return true;
  }

  void close() {
    std::lock_guard<std::mutex> lock(guard);
    if (run.exchange(0) && ftruncate(file, offset + used)) fail();
  }

  void fail() {
    run = 0;
    std::fprintf(stderr, "LockGraph: %s: cannot be written: %s\n", path.c_str(),
                 std::strerror(errno));
  }

  void name_thread() {
    char name[64] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    std::string text = unique(pthread_equal(pthread_self(), main_thread) ? "main" : name);
    std::snprintf(thread_name, sizeof thread_name, "%s", text.c_str());
  }
};

}  // namespace detail
}  // namespace lockgraph
