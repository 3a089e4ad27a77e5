import Testing

@testable import LockGraphEngine

@Suite("Frames of programs")
struct ProgramFramesTests {
  private func frame(
    _ name: String, _ file: String = "main.c", _ module: String = "/bin/program+0x10"
  ) -> RecordingTables.Function {
    RecordingTables.Function(name: name, file: file, line: 1, column: 0, module: module)
  }

  @Test(
    "Functions that do nothing but lock are told by their names",
    arguments: [
      "std::mutex::lock()", "__gthread_mutex_lock", "inline_mysql_mutex_lock",
      "apr_thread_mutex_lock",
      "MutexLock::MutexLock(Mutex*)", "port::Mutex::Lock()", "leveldb::MutexLock::~MutexLock()",
      "g_mutex_lock",
    ])
  func wrappers(name: String) {
    #expect(ProgramFrames.isWrapper(name))
  }

  @Test(
    "Others are the program's own",
    arguments: [
      "main", "lock_and_count", "Account::deposit(long)", "Bank::transfer(Account&, Account&)",
      "Locker::run()", "take", "Deadlock::Deadlock()", "block::write(int)",
    ])
  func own(name: String) {
    #expect(!ProgramFrames.isWrapper(name))
  }

  @Test("A place is the first frame that is neither a wrapper nor a system's")
  func place() {
    let frames = [
      frame("pthread_mutex_lock", "", "/lib/libc.so.6+0x1"),
      frame("std::mutex::lock()", "/usr/include/c++/12/mutex"),
      frame("deposit"), frame("main"), frame("__libc_start_main", "", "/lib/libc.so.6+0x2"),
      frame("_start"),
    ]
    #expect(ProgramFrames.own(frames).map(\.name) == ["deposit", "main"])
    let wrappers = Array(frames.prefix(2))
    #expect(ProgramFrames.own(wrappers).map(\.name) == wrappers.map(\.name))
  }

  @Test("Threads end with the last frame of the program's own")
  func threads() {
    let frames = [
      frame("work"),
      frame("std::thread::_Invoker<int>::operator()()", "/usr/include/c++/12/thread"),
      frame("execute_native_thread_routine", "", "/lib/libstdc++.so.6+0x1"),
    ]
    #expect(ProgramFrames.own(frames).map(\.name) == ["work"])
  }
}
