import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output of the running program under the path that it was given: a file, which is left to
/// another process of the run that was there first, or what is no file and is written to.
///
/// Used by one thread at a time.
struct ProgramOutput {
  /// What is told as its path.
  let name: String
  private let path: String
  let stamp: OutputStamp
  /// How many places others have.
  private var taken = 0
  /// Whose the first one is, until that is told.
  private var first: OutputStamp?
  private var hasFailed = false

  /// - Parameters:
  ///   - template: a path, in which `%p` is the number of the process and `%%` a percent sign.
  ///   - folder: what a relative one begins in.
  ///   - output: which output of the program it is.
  ///   - parent: the one of the process that this one was forked from, which has the first place
  ///     under one path even if it writes later.
  init(
    _ template: String, in folder: String, of output: String,
    forkedFrom parent: ProgramOutput? = nil
  ) {
    stamp = OutputStamp(of: output)
    name = Self.expanded(template, process: stamp.process)
    path = name.hasPrefix("/") ? name : OutputDestination.join(folder, name)
    if let parent, parent.path == path { (taken, first) = (1, parent.stamp) }
  }

  private static func expanded(_ template: String, process: Int32) -> String {
    var text = ""
    var rest = template[...]
    while let percent = rest.firstIndex(of: "%") {
      text += rest[..<percent]
      rest = rest[percent...].dropFirst()
      switch rest.first {
      case "p": text += "\(process)"
      case "%": text += "%"
      default:
        text += "%"
        continue
      }
      rest = rest.dropFirst()
    }
    return text + rest
  }

  /// What the path leads to now.
  var destination: OutputDestination { OutputDestination(path) }

  /// Writes all of it.
  mutating func write(_ body: (@escaping (UnsafeRawBufferPointer) -> Bool) -> Void) {
    _ = open { sink throws(OutputSink.Failure) in
      body { sink.write($0) }
      try sink.complete()
    }
  }

  /// Opens it, puts it in its place once the first bytes are written, and returns what takes the
  /// rest; `nil` if that failed, which is told once.
  mutating func open(
    _ begin: (OutputSink) throws(OutputSink.Failure) -> Void
  ) -> OutputSink? {
    let destination = destination
    do throws(OutputSink.Failure) {
      let sink = try OutputSink(destination, named: name, waiting: .briefly)
      try begin(sink)
      if case .file(let target) = destination { try commit(sink, target) }
      return sink
    } catch {
      tell(error)
      return nil
    }
  }

  /// Tells why it cannot be written, if that was not told before.
  mutating func tell(_ failure: OutputSink.Failure) {
    guard !hasFailed else { return }
    hasFailed = true
    Self.say("\(failure.name): cannot be written: \(failure.reason)")
  }

  private mutating func commit(
    _ sink: OutputSink, _ target: String
  ) throws(OutputSink.Failure) {
    let lock = FolderLock(OutputDestination.split(target).folder)
    defer { lock.release() }
    while taken < 1000, let other = Self.owner(of: target + suffix, besides: stamp) {
      first = first ?? other.stamp
      taken += 1
    }
    let replaced = taken == 0 ? OutputStamp(ofFile: target) : nil
    try sink.commit(to: target + suffix)
    if let replaced, replaced.run != stamp.run { Self.remove(replaced.run, beside: target) }
    guard let other = first else { return }
    first = nil
    let whose =
      other.run == stamp.run
      ? "is of process \(other.process) of this run"
      : "is of process \(other.process), which still runs"
    let isLink = OutputDestination.split(target).name != OutputDestination.split(name).name
    Self.say("\(name): \(whose); written to \((isLink ? target : name) + suffix)")
  }

  /// What the path ends in if others have those before it.
  private var suffix: String {
    switch taken {
    case 0: ""
    case 1: ".\(stamp.process)"
    default: ".\(stamp.process).\(taken)"
    }
  }

  private struct Owner { var stamp: OutputStamp? }

  /// Whoever has a place that must be left to them; `nil` if it can be taken.
  private static func owner(of place: String, besides ours: OutputStamp) -> Owner? {
    var status = stat()
    guard lstat(place, &status) == 0 else { return nil }
    // Beside the path that was given, only files are replaced either.
    guard status.st_mode & S_IFMT == S_IFREG else { return Owner() }
    guard let stamp = OutputStamp(ofFile: place), stamp != ours else { return nil }
    return stamp.run == ours.run || stamp.isAlive ? Owner(stamp: stamp) : nil
  }

  /// Takes away what other processes of an earlier run wrote beside a file that is now of another
  /// run.
  private static func remove(_ run: String, beside target: String) {
    let (folder, name) = OutputDestination.split(target)
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let other = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard other.hasPrefix(name + "."), ProcessSuffix.removed(from: other) == name else {
        continue
      }
      let path = OutputDestination.join(folder, other)
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let stamp = OutputStamp(ofFile: path), stamp.run == run, !stamp.isAlive
      else { continue }
      unlink(path)
    }
  }

  private static func say(_ text: String) {
    writeToStandardError("LockGraph: \(text.withVisibleControls)\n")
  }
}

/// Keeps other programs from looking at what is in a folder while its files are renamed.
private struct FolderLock {
  private let folder: Int32

  /// Waits a second at most: that a file is written matters more.
  init(_ path: String) {
    folder = open(path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    let deadline = lg_now() + 1_000_000_000
    while flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR,
      lg_now() < deadline
    {
      lg_sleep(1_000_000)
    }
  }

  func release() {
    guard folder >= 0 else { return }
    // A child that was forked meanwhile has it open too.
    flock(folder, LOCK_UN)
    close(folder)
  }
}
