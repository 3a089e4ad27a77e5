/// A thread of one input; dense, in order of first appearance.
package struct ThreadID: Hashable, Sendable {
  package var rawValue: UInt32
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }
  package var index: Int { Int(rawValue) }
}

/// A lock instance; dense. A name that comes back after `destroy` gets a new one.
package struct LockID: Hashable, Sendable {
  package var rawValue: UInt32
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }
  package var index: Int { Int(rawValue) }
}

/// A lock class, or one nesting level of it: a node of the order graph; dense.
package struct LockClassID: Hashable, Sendable {
  package var rawValue: UInt32
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }
  package var index: Int { Int(rawValue) }

  /// No class: the end of a thread, where it is treated as a lock that the thread holds.
  package static let threadEnd = LockClassID(.max)
}

/// A dependency between two classes: an edge of the order graph; dense.
package struct DependencyID: Hashable, Sendable {
  package var rawValue: UInt32
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }
  package var index: Int { Int(rawValue) }
}
