/// What another validator found out: no event of a thread, but what follows from events that nobody
/// kept.
///
/// Classes are dense numbers that the reader gave out for its input, from zero and in their order.
package enum GraphFact {
  case lockClass(StatedClass)
  /// How often locks of a class were taken.
  case acquisitions(number: UInt32, count: UInt64)
  case dependency(StatedDependency)
  case usage(StatedUsage)
  /// What the other validator reported. The reader does not know the name of its input, so it is
  /// missing in the evidence.
  case finding(Finding)
}

/// A lock class exists.
package struct StatedClass {
  /// The next number of the input.
  package var number: UInt32
  /// Its printed name, valid during the call.
  package var name: UnsafeRawBufferPointer
  /// Tells classes of one name apart; those of another key are printed `name#2`, `name#3`, …
  package var key: UInt64?

  package init(number: UInt32, name: UnsafeRawBufferPointer, key: UInt64? = nil) {
    self.number = number
    self.name = name
    self.key = key
  }
}

/// A lock of one class was taken while one of another was held.
package struct StatedDependency {
  /// What is known of how it was taken.
  package enum Standing: UInt8, Sendable {
    /// It may have been tried for, or be exempt from the order: it proves no order.
    case nesting
    /// It could block, and the other validator took it into its order graph.
    case order
  }

  package var from: UInt32
  package var to: UInt32
  /// `nil` if it is not known how the locks were held and asked for.
  package var kinds: DependencyKinds?
  package var standing: Standing
  /// Where the class that is held is named.
  package var heldLine: UInt64
  package var line: UInt64

  package init(
    from: UInt32, to: UInt32, kinds: DependencyKinds? = nil, standing: Standing, heldLine: UInt64,
    line: UInt64
  ) {
    self.from = from
    self.to = to
    self.kinds = kinds
    self.standing = standing
    self.heldLine = heldLine
    self.line = line
  }
}

/// How a class was used with respect to a context [semantics 11].
package struct StatedUsage {
  package var number: UInt32
  package var context: InterruptContext
  package var uses: [ContextUse]
  package var line: UInt64

  package init(number: UInt32, context: InterruptContext, uses: [ContextUse], line: UInt64) {
    self.number = number
    self.context = context
    self.uses = uses
    self.line = line
  }
}
