import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps other commands from changing a file between its being read and its being replaced:
/// `merge all.graph x -o all.graph`, several at once, one after the other.
///
/// The lock is that of the file itself, so that nothing is left beside it. Whoever waited has the
/// lock of a file that was replaced meanwhile, and takes that of the new one.
final class OutputLock {
  private let file: Int32

  /// Waits until nobody else has the file.
  ///
  /// - Returns: `nil` if there is no such file, or it cannot be locked, which is told.
  init?(_ path: String) {
    let name = path.withVisibleControls
    var isTold = false
    while true {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      // What is wrong with it is told where it is read.
      guard file >= 0 else { return nil }
      if flock(file, LOCK_EX | LOCK_NB) != 0 {
        if errno == EWOULDBLOCK, !isTold {
          Terminal.note("\(name): note: waits for another command that writes it")
          isTold = true
        }
        var result: Int32 = 0
        repeat { result = flock(file, LOCK_EX) } while result != 0 && errno == EINTR
        if result != 0 {
          Terminal.note(
            "\(name): warning: cannot be locked (\(String(cString: strerror(errno)))); "
              + "what other commands write at the same time can be lost")
          close(file)
          return nil
        }
      }
      var (locked, present) = (stat(), stat())
      let isPresent =
        fstat(file, &locked) == 0 && stat(path, &present) == 0
        && locked.st_ino == present.st_ino && locked.st_dev == present.st_dev
      if isPresent {
        self.file = file
        return
      }
      close(file)
    }
  }

  deinit { close(file) }
}
