import LockGraphEngine
import Testing

/// Who keeps whom out, by the table of the kernel's design document; everything that the self-tests
/// expect of readers follows from it.
enum BlockMatrix {
  /// Rows hold, columns ask, both in the order of `LockMode.ofKernel`: writer, reader, recursive
  /// reader. A reader keeps the next one out because a writer may wait between the two, which only
  /// a recursive reader passes.
  private static let rows = ["YYY", "YYN", "YYN"]

  static func blocks(_ holder: LockMode, _ asking: LockMode) -> Bool {
    Array(rows[Int(holder.rawValue)])[Int(asking.rawValue)] == "Y"
  }

  /// Whether everybody in a ring waits: each holds one lock and asks for the one that the next
  /// holds.
  static func isDeadlock(_ ring: [(holds: LockMode, asks: LockMode)]) -> Bool {
    ring.indices.allSatisfy { index in
      blocks(ring[(index + 1) % ring.count].holds, ring[index].asks)
    }
  }
}

/// A sort of lock and a way to take it, as the columns of the kernel's self-test have them.
struct Flavour: CustomTestStringConvertible, Sendable {
  var kind: LockKind
  var mode: LockMode

  /// All that are tried, in the order of the self-test's columns and then those it leaves out.
  static let all = [
    Flavour(.spin), Flavour(.rwlock), Flavour(.rwlock, .recursiveRead), Flavour(.mutex),
    Flavour(.rwsem), Flavour(.rwsem, .read), Flavour(.rtMutex), Flavour(.rawSpin),
    Flavour(.rwlock, .read), Flavour(.wwMutex), Flavour(.local), Flavour(.queue),
  ]
  /// Those that interrupts can use, in the order of the self-test's columns.
  static let spinning = [
    Flavour(.spin), Flavour(.rwlock), Flavour(.rwlock, .recursiveRead), Flavour(.rawSpin),
    Flavour(.rwlock, .read),
  ]

  init(_ kind: LockKind, _ mode: LockMode = .write) {
    self.kind = kind
    self.mode = mode
  }

  /// Whether one such lock keeps out whoever asks for it in the same way.
  var blocksItself: Bool { BlockMatrix.blocks(mode, mode) }
  var testDescription: String { "\(kind.name) \(mode.name)" }

  func use(_ lock: String, _ options: String = "") -> Use { Use(lock, mode, options) }

  /// The events that make locks of this kind.
  func making(_ locks: some Sequence<String>, lockClass: String? = nil) -> [String] {
    locks.map { "init \($0) kind=\(kind.name)" + (lockClass.map { " class=\($0)" } ?? "") }
  }
}
