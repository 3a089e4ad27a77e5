/// Reads `/proc/lockdep`: every class of the kernel with how it was used, and below it those that
/// were asked for while it was held.
///
/// The kinds of these dependencies are not told, and the kernel has judged their cycles itself. A
/// class below itself is a nesting that it let pass.
struct LockdepReader: LineReader, ~Copyable {
  static let header = "all lock classes:"
  private static let expected = "KEY FD: n BD: n USAGE: NAME, or -> [KEY] NAME"

  private var classes = LockdepClasses()
  private var current: (number: UInt32, line: UInt64)?
  private(set) var facts: UInt64 = 0

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let first = line.first(where: { $0 != UInt8(ascii: " ") }) else { return false }
    if line.elementsEqual(Self.header.utf8) { return false }
    do throws(LockdepLine.Failure) {
      if first == UInt8(ascii: "-") {
        try readSuccessor(LockdepLine(successor: line), number, &consumer)
      } else {
        readClass(try LockdepLine(lockClass: line), number, &consumer)
      }
    } catch {
      throw LineFailure(error, expected: Self.expected)
    }
    return false
  }

  private mutating func readClass<Consumer: EventConsumer & ~Copyable>(
    _ line: LockdepLine, _ number: UInt64, _ consumer: inout Consumer
  ) {
    let lockClass = classes.number(of: line, into: &consumer)
    current = (lockClass, number)
    facts += 1
    if let operations = line.operations {
      consumer.consume(.acquisitions(number: lockClass, count: operations))
    }
    guard let usage = line.usage else { return }
    for (context, uses) in LockdepUsage.uses(usage) where !uses.isEmpty {
      consumer.consume(
        .usage(StatedUsage(number: lockClass, context: context, uses: uses, line: number)))
    }
  }

  private mutating func readSuccessor<Consumer: EventConsumer & ~Copyable>(
    _ line: LockdepLine, _ number: UInt64, _ consumer: inout Consumer
  ) throws(LockdepLine.Failure) {
    guard let current else { throw .noClass }
    let lockClass = classes.number(of: line, into: &consumer)
    facts += 1
    consumer.consume(
      .dependency(
        StatedDependency(
          from: current.number, to: lockClass,
          standing: lockClass == current.number ? .nesting : .order, heldLine: current.line,
          line: number)))
  }
}

/// The usage characters: for hardirqs and softirqs, each for writers and readers. Old kernels had
/// two more for a context that is none.
enum LockdepUsage {
  static func uses(
    _ usage: UnsafeRawBufferPointer
  ) -> [(context: InterruptContext, uses: [ContextUse])] {
    guard usage.count >= 4 else { return [] }
    return [(InterruptContext.hardirq, 0), (.softirq, 2)].map { context, start in
      var uses: [ContextUse] = []
      if isUsed(usage[start]) { uses.append(.usedNonRecursively) }
      if isEnabled(usage[start]) { uses.append(.enabledExclusive) }
      // One mark stands for both sorts of readers, and those of interrupts are recursive.
      if isUsed(usage[start + 1]) { uses.append(.usedRecursively) }
      if isEnabled(usage[start + 1]) { uses.append(.enabledShared) }
      return (context, uses)
    }
  }

  private static func isUsed(_ mark: UInt8) -> Bool {
    mark == UInt8(ascii: "-") || mark == UInt8(ascii: "?")
  }

  private static func isEnabled(_ mark: UInt8) -> Bool {
    mark == UInt8(ascii: "+") || mark == UInt8(ascii: "?")
  }
}
