import LockGraphEngine

extension LockMode {
  /// The modes of the kernel's locks.
  public static let ofKernel: [LockMode] = [.write, .read, .recursiveRead]
}

/// Events of a thread of its own that writes some locks and is no side of any order: a writer may
/// come to wait for them.
public func writers(of locks: some Sequence<String>) -> String {
  locks.map { "writer acquire \($0) unchecked\nwriter release \($0)\n" }.joined()
}
