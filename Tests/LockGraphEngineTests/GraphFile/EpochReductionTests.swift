import TestSupport
import Testing

@testable import LockGraphEngine

/// The fork and join order that a graph file keeps, against the whole one.
@Suite struct EpochReductionTests {
  private struct Program {
    var epochs: [GraphContent.Epoch] = []
    var order = ForkJoinOrder()

    init(_ count: Int, using generator: inout SeededGenerator) {
      for number in 0..<UInt32(count) {
        func earlier() -> UInt32 {
          guard number > 0, Int.random(in: 0..<8, using: &generator) > 0 else {
            return ForkJoinOrder.none
          }
          return UInt32.random(in: (number > 6 ? number - 6 : 0)..<number, using: &generator)
        }
        let (one, other) = (earlier(), earlier())
        _ = order.add(after: one, and: other)
        let known = Set([one, other]).subtracting([ForkJoinOrder.none]).sorted(by: >)
        guard let first = known.first else { continue }
        epochs.append(
          GraphContent.Epoch(
            source: 0, input: 0, number: number, first: first,
            second: known.count > 1 ? known[1] : GraphContent.none))
      }
    }
  }

  private func reduced(_ epochs: [GraphContent.Epoch], keeping kept: [UInt32]) -> GraphContent {
    var content = GraphContent()
    content.threads = [GraphContent.Thread(input: 0, life: ThreadLife(), name: 0)]
    content.records = kept.map { number in
      GraphContent.Record(
        thread: 0, wanted: 0, wantedClass: 0, place: 0, stack: 0, epoch: number, held: RowSpan(),
        line: 1, mode: .write, options: [], endings: [], isNested: false)
    }
    content.epochs = epochs
    content.reduceEpochs()
    return content
  }

  /// The order that rows give, between two numbers.
  private func isBefore(_ early: UInt32, _ late: UInt32, _ epochs: [GraphContent.Epoch]) -> Bool {
    guard let row = epochs.first(where: { $0.number == late }) else { return false }
    return [row.first, row.second].contains { before in
      before != GraphContent.none && (before == early || isBefore(early, before, epochs))
    }
  }

  @Test func `What is kept is in the same order, and can be reduced step by step`() {
    var smaller = 0
    withSeeds(0..<300) { generator in
      let program = Program(Int.random(in: 1...40, using: &generator), using: &generator)
      let numbers = (0..<UInt32(40)).filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
      let once = reduced(program.epochs, keeping: numbers).epochs
      for early in numbers {
        for late in numbers where early < late && late < 40 {
          var steps = 1_000_000
          let isOrdered = program.epochs.last.map { late <= $0.number } ?? false
          #expect(
            isBefore(early, late, once)
              == (isOrdered && program.order.isBefore(early, late, steps: &steps)),
            "\(TestContext.description): \(early) and \(late)")
        }
      }
      let fewer = numbers.filter { _ in Bool.random(using: &generator) }
      let twice = reduced(once, keeping: fewer).epochs
      let atOnce = reduced(program.epochs, keeping: fewer).epochs
      #expect(rows(twice) == rows(atOnce), "\(TestContext.description)")
      if once.count < program.epochs.count { smaller += 1 }
    }
    #expect(smaller > 200)
  }

  private func rows(_ epochs: [GraphContent.Epoch]) -> [[UInt32]] {
    epochs.map { [$0.number, $0.first, $0.second] }
  }
}
