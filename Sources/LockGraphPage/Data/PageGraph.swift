import LockGraphEngine
import LockGraphRendering

/// The classes and their orders, with who established them.
final class PageGraph {
  /// Graphs with more orders have one witness of each, and such with many more none.
  static let orderLimits = (fourWitnesses: 2_000, oneWitness: 20_000)
  /// As many witnesses as a page has of an order.
  static let witnessLimit = 4

  private let analysis: Analysis
  private let drawn: Set<String>
  private let tables: PageTables
  private var numbers: [String: Int] = [:]
  /// Classes that findings name and the graph does not have.
  private var further: [String] = []

  init(_ analysis: Analysis, drawn: Set<String>, _ tables: PageTables) {
    self.analysis = analysis
    self.drawn = drawn
    self.tables = tables
    for (number, lockClass) in analysis.graph.classes.enumerated() {
      numbers[lockClass.name] = number
    }
  }

  /// The number of a class, which comes after the graph's if that does not have it.
  func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    let number = analysis.graph.classes.count + further.count
    numbers[name] = number
    further.append(name)
    return number
  }

  func write(to writer: inout JSONWriter) {
    writer.key("classes")
    writer.array { writer in
      for lockClass in analysis.graph.classes {
        writer.object { writer in
          writer.member("name", tables.string(lockClass.name))
          if let kind = lockClass.kind { writer.member("kind", kind.name) }
          writer.member("locks", lockClass.instances)
          writer.member("acquisitions", lockClass.acquisitions)
          if let usage = lockClass.usage { writer.member("usage", usage) }
          writeElement(lockClass.name, to: &writer)
        }
      }
      for name in further {
        writer.object { writer in
          writer.member("name", tables.string(name))
          writeElement(name, to: &writer)
        }
      }
    }
    let orders = analysis.graph.dependencies
    let limit =
      orders.count <= Self.orderLimits.fourWitnesses
      ? Self.witnessLimit : orders.count <= Self.orderLimits.oneWitness ? 1 : 0
    writer.key("dependencies")
    writer.array { writer in
      for order in orders { write(order, witnesses: limit, to: &writer) }
    }
  }

  private func writeElement(_ name: String, to writer: inout JSONWriter) {
    let element = StableIdentifiers.lockClass(name)
    if drawn.contains(element) { writer.member("element", element) }
  }

  private func write(
    _ order: OrderGraphSnapshot.Dependency, witnesses limit: Int, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.member("from", order.from)
      writer.member("to", order.to)
      if order.kinds != .en {
        writer.member("kinds", tables.string(order.kinds.names.joined(separator: " ")))
      }
      if order.count != 1 { writer.member("count", order.count) }
      if !order.isOrder {
        writer.key("maybeTry")
        writer.value(true)
      }
      guard limit > 0 else { return }
      let witnesses = analysis.graph.evidence(order.id, limit).prefix(limit)
      guard !witnesses.isEmpty else { return }
      writer.key("witnesses")
      writer.array { writer in
        for witness in witnesses { writer.value(tables.witness(witness)) }
      }
    }
  }
}
