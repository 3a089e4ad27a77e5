/// Where a program has to be kept so that its threads close a circle of locks: for each side of it,
/// the code that takes the first lock and the code that asks for the second under it.
package struct Steering: Equatable, Sendable {
  /// A program or library whose code is meant.
  package struct Module: Equatable, Sendable {
    /// In lower-case hexadecimal digits; empty if it has none.
    package var buildIdentifier: String
    package var path: String

    package init(buildIdentifier: String, path: String) {
      (self.buildIdentifier, self.path) = (buildIdentifier, path)
    }
  }

  /// An address that a call returns to, as its module counts.
  package struct Frame: Hashable, Sendable {
    /// The number of the module in `modules`.
    package var module: Int
    package var offset: UInt64

    package init(module: Int, offset: UInt64) {
      (self.module, self.offset) = (module, offset)
    }
  }

  /// Code that takes a lock.
  package struct Place: Equatable, Sendable {
    /// `FILE:LINE[:COLUMN]`, if that is known.
    package var at: String?
    /// The functions there, innermost first.
    package var stack: [String]
    /// The calls that lead to it, each innermost first; one of them is enough.
    package var chains: [[Frame]] = []

    package init(at: String?, stack: [String]) {
      (self.at, self.stack) = (at, stack)
    }

    /// For people.
    package var text: String { at ?? stack.first ?? "an unknown place" }
  }

  /// What one thread of the circle does.
  package struct Side: Equatable, Sendable {
    /// Where it takes the lock that the one before it asks for; `nil` if that is no lock but its
    /// end.
    package var outer: Place?
    /// Where it asks for what the next one has.
    package var inner: Place

    package init(outer: Place?, inner: Place) {
      (self.outer, self.inner) = (outer, inner)
    }
  }

  /// More threads are not steered at once.
  package static let mostSides = 16
  /// Calls of a chain; what lies further out is not told apart.
  package static let mostFrames = 8

  /// The finding that it came from.
  package var fingerprint: String
  package var title: String
  package var modules: [Module] = []
  package var sides: [Side]

  package init(fingerprint: String, title: String, sides: [Side]) {
    (self.fingerprint, self.title, self.sides) = (fingerprint, title, sides)
  }

  /// Whether the code is known at all.
  package var hasCode: Bool {
    sides.allSatisfy { !$0.inner.chains.isEmpty && $0.outer?.chains.isEmpty != true }
  }

  /// Whether the files of the modules are those whose code is meant: none was built anew, and all
  /// can be told from others.
  package var isCurrent: Bool {
    hasCode
      && modules.allSatisfy { module in
        !module.buildIdentifier.isEmpty
          && ELFFile(path: module.path)?.buildIdentifier == module.buildIdentifier
      }
  }

  /// The places that a steered run came by, of bits as the recorder has them.
  package func missed(_ reached: UInt32) -> [Place] {
    var missed: [Place] = []
    for (index, side) in sides.enumerated() {
      if let outer = side.outer, reached >> UInt32(index) & 1 == 0 { missed.append(outer) }
      if reached >> UInt32(Self.mostSides + index) & 1 == 0 { missed.append(side.inner) }
    }
    return missed.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
