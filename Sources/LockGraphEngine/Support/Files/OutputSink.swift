import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the bytes of an output go: a file that is there whole or not at all, or what is no regular
/// file and is written to as it is.
///
/// A file has no name until it is in its place, where the file system has such files; elsewhere it
/// is written beside its place and renamed.
///
/// Not thread-safe.
package final class OutputSink {
  /// An output cannot be written.
  package struct Failure: Error {
    /// Its path.
    package var name: String
    /// Why, for people.
    package var reason: String
    /// Whoever read it reads no more.
    package var isUnread = false
  }

  /// Whether a FIFO that nobody reads, and a reader that has stopped, are waited for.
  package enum Waiting {
    /// As long as it takes: for a command, which can be interrupted.
    case forEver
    /// A second for a reader, two for it to go on: for a program that has something else to do.
    case briefly
  }

  /// What is told as its path.
  private let name: String
  /// The descriptor.
  let file: Int32
  private let isOwned: Bool
  private let isFile: Bool
  private let patience: UInt64?
  private let target: String
  /// Where a file is until it is in its place, null-terminated; `nil` for what is no file, or has
  /// no name until then.
  package private(set) var temporary: [CChar]?
  /// It is a file without a name.
  private var isNameless = false
  private var isOpen = true
  private var isComplete = false
  /// How many bytes it has.
  private(set) var count = 0
  /// What went wrong with bytes that were to be written.
  package private(set) var failure: Failure?

  /// Opens an output.
  ///
  /// - Parameter name: what it is called in messages.
  package init(
    _ destination: OutputDestination, named name: String, waiting: Waiting
  ) throws(Failure) {
    self.name = name
    isFile = destination.isFile
    switch destination {
    case .descriptor(let number):
      (file, isOwned, target) = (number, false, "")
      patience = waiting == .forEver ? nil : DescriptorWriting.patience
    case .stream(let path):
      file = try Self.open(path, name, waiting)
      (isOwned, target) = (true, "")
      patience = waiting == .forEver ? nil : DescriptorWriting.patience
    case .file(let path):
      (isOwned, target, patience) = (true, path, nil)
      var temporary: [CChar]?
      file = try Self.create(beside: path, name, &temporary)
      self.temporary = temporary
      isNameless = temporary == nil
    case .folder:
      throw Failure(name: name, code: EISDIR)
    }
  }

  deinit { discard() }

  /// Writes bytes; false if that failed, now or before.
  package func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard failure == nil else { return false }
    let written = DescriptorWriting.write(bytes, to: file, patience: patience)
    if written == bytes.count {
      count += written
      return true
    }
    let code = errno
    failure =
      code == EAGAIN
      ? Failure(name: name, reason: "nobody reads on") : Failure(name: name, code: code)
    return false
  }

  /// Takes off what is beyond a number of bytes, if it is a file.
  func shorten(to count: Int) {
    if isFile { ftruncate(file, off_t(count)) }
  }

  /// Nothing more comes, and all is where it is written.
  package func complete() throws(Failure) {
    if let failure { throw failure }
    isComplete = true
    // Nothing but the descriptor knows a file without a name.
    if !isNameless { try end() }
  }

  private func end() throws(Failure) {
    guard isOpen else { return }
    isOpen = false
    if isOwned, close(file) != 0 { throw Failure(name: name, code: errno) }
  }

  /// Puts a file in its place, or in another one beside it; it may be written on there.
  ///
  /// - Parameter place: its path; `nil` is that for which it was opened.
  package func commit(to place: String? = nil) throws(Failure) {
    guard isNameless || temporary != nil else { return }
    if let failure { throw failure }
    let place = place ?? target
    if isNameless {
      if !link(to: place) {
        guard errno == EEXIST else { throw Failure(name: name, code: errno) }
        // A link takes nobody's place; a name does.
        temporary = try Self.hiddenName(beside: place, name, link(to:))
      }
      isNameless = false
    }
    if let temporary {
      guard rename(temporary, place) == 0 else { throw Failure(name: name, code: errno) }
    }
    self.temporary = nil
    if isComplete { try end() }
  }

  private func link(to path: UnsafePointer<CChar>) -> Bool {
    linkat(AT_FDCWD, Self.descriptorPath(file), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  }

  /// Closes it, and takes away what is not in its place.
  package func discard() {
    if isOpen, isOwned { close(file) }
    isOpen = false
    if let temporary { unlink(temporary) }
    temporary = nil
  }

  /// Opens a new file that is to take the place of another, with its rights, or those that a new
  /// file has. It is hidden, so that nobody takes it for an output.
  private static func create(
    beside target: String, _ name: String, _ path: inout [CChar]?
  ) throws(Failure) -> Int32 {
    var status = stat()
    let exists = stat(target, &status) == 0
    // Renaming asks for no right to what is replaced.
    if exists, faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0 {
      throw Failure(name: name, code: errno)
    }
    guard !OutputDestination.split(target).name.isEmpty else {
      throw Failure(name: name, code: ENOENT)
    }
    // The system takes off what the mask of the process forbids to new files.
    let mode = exists ? status.st_mode & 0o777 : 0o666
    var number = createNameless(for: target, mode)
    if number < 0 {
      path = try hiddenName(beside: target, name) {
        number = raised(openFile($0, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, mode))
        return number >= 0
      }
    }
    if exists {
      if status.st_uid != geteuid() || status.st_gid != getegid() {
        _ = fchown(number, status.st_uid, status.st_gid)
      }
      fchmod(number, mode)
    }
    return number
  }

  /// Makes a file without a name in the folder of another, which is gone if the process is killed.
  ///
  /// - Returns: a negative number where there are none, or none that can get a name.
  private static func createNameless(for target: String, _ mode: mode_t) -> Int32 {
    #if os(Linux)
      // O_TMPFILE, which Swift does not see.
      let number = raised(
        openFile(
          OutputDestination.split(target).folder,
          O_WRONLY | O_APPEND | O_CLOEXEC | O_DIRECTORY | 0o20000000, mode))
      guard number >= 0 else { return number }
      if access(descriptorPath(number), F_OK) == 0 { return number }
      close(number)
    #endif
    return -1
  }

  private static func descriptorPath(_ number: Int32) -> String { "/proc/self/fd/\(number)" }

  /// Makes a file with a name that nothing has yet, beside another.
  ///
  /// - Parameter make: makes it, or returns false with what went wrong in `errno`.
  /// - Returns: its name, null-terminated.
  private static func hiddenName(
    beside target: String, _ name: String, _ make: (UnsafePointer<CChar>) -> Bool
  ) throws(Failure) -> [CChar] {
    let (folder, last) = OutputDestination.split(target)
    for _ in 0..<100 {
      let ending = String(UInt32.random(in: .min ... .max), radix: 36)
      let path = Array(OutputDestination.join(folder, ".\(last).\(ending)").utf8CString)
      if make(path) { return path }
      guard errno == EEXIST else { throw Failure(name: name, code: errno) }
    }
    throw Failure(name: name, code: EEXIST)
  }

  /// Opens what is no regular file.
  private static func open(
    _ path: String, _ name: String, _ waiting: Waiting
  ) throws(Failure) -> Int32 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure(name: name, code: errno) }
    if status.st_mode & S_IFMT == S_IFSOCK { return try connect(path, name) }
    let isFIFO = status.st_mode & S_IFMT == S_IFIFO
    let flags = O_WRONLY | O_NOCTTY | O_CLOEXEC | (waiting == .briefly ? O_NONBLOCK : 0)
    let deadline = lg_now() + 1_000_000_000
    while true {
      let file = raised(openFile(path, flags, 0))
      if file >= 0 { return file }
      let code = errno
      if code == EINTR { continue }
      guard isFIFO, code == ENXIO else { throw Failure(name: name, code: code) }
      // Its reader may be about to begin.
      guard lg_now() < deadline else {
        throw Failure(name: name, reason: "nobody reads it")
      }
      lg_sleep(10_000_000)
    }
  }

  /// Connects to a socket, whose listener is given what a file would be.
  private static func connect(_ path: String, _ name: String) throws(Failure) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isShort = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard bytes.count < room.count else { return false }
      room.copyBytes(from: bytes)
      return true
    }
    guard isShort else { throw Failure(name: name, code: ENAMETOOLONG) }
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let file = raised(socket(AF_UNIX, kind, 0))
    guard file >= 0 else { throw Failure(name: name, code: errno) }
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connectSocket(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(file)
      throw Failure(name: name, code: code)
    }
    return file
  }

  /// A number that is not one of the standard streams': where they are closed, what is meant for
  /// them must not go into a file. No program that is started inherits it.
  private static func raised(_ file: Int32) -> Int32 {
    guard (0...2).contains(file) else {
      if file > 2 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
      return file
    }
    let higher = fcntl(file, F_DUPFD_CLOEXEC, 3)
    let code = errno
    close(file)
    errno = code
    return higher
  }
}

extension OutputSink.Failure {
  fileprivate init(name: String, code: Int32) {
    self.init(name: name, reason: systemErrorText(code), isUnread: code == EPIPE)
  }
}

/// `open` and `connect`, by names that are not also methods'.
private func openFile(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}

private func connectSocket(
  _ file: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
) -> Int32 {
  connect(file, address, length)
}
