extension ChainCache {
  /// Adds what was counted to the edges that they stand for.
  func fold(into record: inout OrderRecord) {
    var seenFor = [UInt32](repeating: 0, count: record.table.classes.count)
    for (number, node) in nodes.enumerated().dropFirst()
    where node.count > 0 && node.symbol.hasIncomingDependencies {
      forEachSymbol(of: node.parent) { below in
        let from = below.lockClass
        guard seenFor[from.index] != UInt32(number) else { return }
        seenFor[from.index] = UInt32(number)
        guard from != node.symbol.lockClass,
          let edge = record.graph.dependency(from: from, to: node.symbol.lockClass)
        else { return }
        record.graph.count(edge, times: node.count)
      }
    }
    for node in nodes.dropFirst() where node.count > 0 {
      record.table.countOrdered(node.symbol.lockClass, times: node.count)
    }
  }
}
