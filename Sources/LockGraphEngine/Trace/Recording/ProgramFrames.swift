/// Which frames of a stack are the program's own, and which lie between it and the lock.
package enum ProgramFrames {
  /// Libraries of languages and systems, by how the names of their files begin.
  private static let systemLibraries = [
    "libc.so", "libc-2.", "libpthread", "ld-linux", "ld-musl", "libstdc++", "libc++", "libgcc_s",
    "libm.so", "librt.so", "libdl", "liblockgraph_recorder", "libdispatch", "libBlocksRuntime",
    "libswift", "libFoundation", "lib_Foundation", "libtsan", "libasan", "libubsan",
  ]
  /// Libraries that only hand out memory.
  private static let allocators = [
    "libjemalloc", "libtcmalloc", "libmimalloc", "libhoard", "libsnmalloc",
  ]
  /// How functions of allocators begin that are linked into programs.
  private static let allocatorFunctions = [
    "je_", "jemalloc", "tcmalloc", "mi_malloc", "_mi_", "mi_heap",
  ]
  /// Libraries of Swift whose locks are those of the language's runtime, and no program's.
  private static let runtimes = ["libswiftCore.so", "libswift_Concurrency.so"]
  private static let wrapperSpaces = [
    "std::", "__gthread", "__gnu_cxx::", "pthread_", "__pthread", "boost::", "absl::", "folly::",
    "mtx_", "cnd_", "thrd_", "sem_", "g_mutex_", "g_rw_lock_", "g_rec_mutex_", "g_cond_", "NSLock",
    "NSRecursiveLock", "Foundation.NS", "dispatch_", "_dispatch_", "PyThread_",
  ]
  private static let wrapperEndings = [
    "mutex_lock", "mutex_trylock", "mutex_timedlock", "mutex_unlock", "mutex_enter", "mutex_exit",
    "mutex_acquire", "mutex_release", "mutex_init", "mutex_create", "mutex_destroy", "mutex_new",
    "rwlock_rdlock", "rwlock_wrlock", "rwlock_unlock", "rwlock_init", "rwlock_read_lock",
    "rwlock_write_lock", "spin_lock", "spin_unlock", "spin_init", "lock_acquire", "lock_release",
    "cond_wait", "cond_timedwait", "cond_signal", "cond_broadcast", "sem_wait", "sem_post",
  ]
  private static let wrapperMethods: Set<String> = [
    "lock", "Lock", "unlock", "Unlock", "acquire", "Acquire", "release", "Release", "enter",
    "leave",
    "lock_shared", "unlock_shared", "try_lock", "lockForRead", "lockForWrite", "ReaderLock",
    "WriterLock", "withLock", "withLockVoid",
  ]

  /// Whether a frame is neither of a system's library nor a wrapper round a lock.
  package static func isOwn(_ frame: RecordingTables.Function) -> Bool {
    guard !isOfSystem(module: frame.module) else { return false }
    if frame.file.hasPrefix("/usr/include/") || frame.file.contains("/include/c++/") {
      return false
    }
    return !isWrapper(frame.name)
  }

  /// Whether a module is a library of the system or of a language.
  package static func isOfSystem(module: String) -> Bool {
    let name = module.split(separator: "/").last ?? ""
    return systemLibraries.contains { name.hasPrefix($0) }
      || allocators.contains { name.hasPrefix($0) }
  }

  /// Whether a frame belongs to an allocator.
  package static func isOfAllocator(_ frame: RecordingTables.Function) -> Bool {
    let name = frame.module.split(separator: "/").last ?? ""
    return allocators.contains { name.hasPrefix($0) }
      || allocatorFunctions.contains { frame.name.hasPrefix($0) }
  }

  /// Whether a frame belongs to what a language's programs run on.
  package static func isOfRuntime(_ frame: RecordingTables.Function) -> Bool {
    let name = frame.module.split(separator: "/").last ?? ""
    return runtimes.contains { name.hasPrefix($0) }
  }

  /// Whether a function does nothing but lock, by its name.
  static func isWrapper(_ function: String) -> Bool {
    if wrapperSpaces.contains(where: { function.hasPrefix($0) }) { return true }
    let name = withoutArguments(function)
    if wrapperEndings.contains(where: { name.hasSuffix($0) }) { return true }
    let parts = name.split(separator: "::").flatMap { $0.split(separator: ".") }
    guard parts.count > 1, let method = parts.last else { return false }
    guard isNamedLock(parts[parts.count - 2]) else { return false }
    return wrapperMethods.contains(String(method)) || method.hasPrefix("~")
      || method == parts[parts.count - 2]
  }

  /// Whether a type is one of locks by a word of its name: `MutexLock`, and not `Block`.
  private static func isNamedLock(_ type: Substring) -> Bool {
    var words: [String] = []
    var last: Character = "_"
    for character in type {
      if character == "_" || character.isUppercase && !last.isUppercase { words.append("") }
      if character != "_" {
        if words.isEmpty { words.append("") }
        words[words.count - 1].append(character)
      }
      last = character
    }
    let locks: Set = ["mutex", "lock", "guard", "rwlock", "spinlock", "locker"]
    return words.contains { locks.contains($0.lowercased()) }
  }

  /// `Pool::take` of `Pool<int>::take(int) const`.
  private static func withoutArguments(_ function: String) -> String {
    var text = ""
    var depth = 0
    for character in function {
      switch character {
      case "<": depth += 1
      case ">": depth = max(0, depth - 1)
      case "(" where depth == 0: return text
      default: if depth == 0 { text.append(character) }
      }
    }
    return text
  }

  /// The frames from the first that is the program's own, without what starts programs and threads
  /// at the other end; all of them if none is.
  package static func own(_ frames: [RecordingTables.Function]) -> [RecordingTables.Function] {
    guard let first = frames.firstIndex(where: isOwn) else { return frames }
    // Before `main` comes what calls it, in a program without names too.
    let start = frames[first...].firstIndex { $0.name.hasPrefix("__libc_start") }
    let last =
      frames[first...].lastIndex { $0.name == "main" } ?? start.map { $0 - 1 }
      ?? frames.lastIndex(where: isOwn) ?? first
    return Array(frames[first...max(first, last)])
  }
}
