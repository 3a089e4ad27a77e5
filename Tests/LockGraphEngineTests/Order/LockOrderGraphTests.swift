import TestSupport
import Testing

@testable import LockGraphEngine

/// The graph against a dictionary; its invariants hold after every change.
@Suite struct LockOrderGraphTests {
  private struct Model {
    var kinds: DependencyKinds
    var basis: LockOrderGraph.Basis
    var areAssumed = false
    var count: UInt64 = 0

    mutating func learn(_ known: DependencyKinds) {
      if areAssumed { kinds = [] }
      areAssumed = false
      kinds.formUnion(known)
    }
  }

  @Test func `It keeps what was added, stated and counted`() {
    withSeeds(0..<100) { generator in
      var graph = LockOrderGraph()
      var model: [[UInt32]: Model] = [:]
      for _ in 0..<60 {
        let pair = (0..<2).map { _ in UInt32.random(in: 0..<5, using: &generator) }
        let (from, to) = (LockClassID(pair[0]), LockClassID(pair[1]))
        let kind = DependencyKinds.all.randomElement(using: &generator)!
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
          let added = graph.add(from: from, to: to, kind: kind)
          let isKnown = model[pair].map { !$0.areAssumed && $0.kinds.contains(kind) } ?? false
          // A new edge and known kinds in place of assumed ones are news as well.
          if !isKnown { #expect(added?.isNewKind == true, "\(TestContext.description)") }
          model[pair, default: Model(kinds: [], basis: .events)].learn(kind)
          model[pair]!.basis = .events
        case 1:
          let basis: LockOrderGraph.Basis =
            Bool.random(using: &generator) ? .statedNesting : .statedOrder
          _ = graph.state(from: from, to: to, kinds: kind, basis: basis)
          model[pair, default: Model(kinds: [], basis: basis)].learn(kind)
          model[pair]!.basis = max(model[pair]!.basis, basis)
        case 2:
          _ = graph.state(from: from, to: to, kinds: nil, basis: .statedNesting)
          if model[pair] == nil {
            model[pair] = Model(kinds: .en, basis: .statedNesting, areAssumed: true)
          }
        default:
          guard let id = graph.dependency(from: from, to: to) else { continue }
          graph.count(id, times: 3)
          model[pair]!.count += 3
        }
        graph.checkInvariants()
      }
      #expect(graph.dependencies.count == model.count)
      for (pair, expected) in model {
        let id = graph.dependency(from: LockClassID(pair[0]), to: LockClassID(pair[1]))!
        #expect(graph[id].kinds == expected.kinds, "\(TestContext.description)")
        #expect(graph[id].basis == expected.basis, "\(TestContext.description)")
        #expect(graph[id].areKindsAssumed == expected.areAssumed, "\(TestContext.description)")
        #expect(graph[id].count == expected.count, "\(TestContext.description)")
      }
    }
  }
}
