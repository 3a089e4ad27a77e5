/// Reads `/proc/lockdep_chains`: which classes were taken inside one another, chain by chain,
/// outermost first.
///
/// A chain does not tell which of its locks were merely tried for or are exempt from the order, as
/// read-side sections of RCU are. So it tells that one was taken while another was held, and proves
/// no order.
struct LockdepChainsReader: LineReader, ~Copyable {
  static let header = "all lock chains:"
  static let chainMark = "irq_context: "
  private static let expected = "irq_context: CONTEXT, or [KEY] NAME"
  /// No kernel's chains are longer than a task can hold locks.
  private static let longestChain = 64

  private var classes = LockdepClasses()
  private var chain: [(number: UInt32, line: UInt64)] = []
  private(set) var facts: UInt64 = 0

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard !line.allSatisfy({ $0 == UInt8(ascii: " ") }) else { return false }
    if line.starts(with: Self.chainMark.utf8) {
      chain.removeAll(keepingCapacity: true)
      return false
    }
    if line.elementsEqual(Self.header.utf8) || line.starts(with: "(buggered)".utf8) { return false }
    let link: LockdepLine
    do throws(LockdepLine.Failure) {
      link = try LockdepLine(link: line)
    } catch {
      throw LineFailure(error, expected: Self.expected)
    }
    let lockClass = classes.number(of: link, into: &consumer)
    facts += 1
    for held in chain {
      consumer.consume(
        .dependency(
          StatedDependency(
            from: held.number, to: lockClass, standing: .nesting, heldLine: held.line, line: number)
        ))
    }
    if chain.count < Self.longestChain { chain.append((lockClass, number)) }
    return false
  }
}
