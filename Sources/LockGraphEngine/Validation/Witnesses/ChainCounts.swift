extension ChainCache {
  /// Adds what was counted to the edges that they stand for.
  func fold(into record: inout OrderRecord) {
    var seenFor = [UInt32](repeating: 0, count: record.table.classes.count)
    forEach { entry in
      guard entry.count > 0 else { return }
      record.table.countOrdered(entry.symbol.lockClass, times: entry.count)
      guard entry.symbol.hasIncomingDependencies else { return }
      forEachSymbol(of: entry.parent) { below in
        let from = below.lockClass
        guard seenFor[from.index] != entry.chain else { return }
        seenFor[from.index] = entry.chain
        guard from != entry.symbol.lockClass,
          let edge = record.graph.dependency(from: from, to: entry.symbol.lockClass)
        else { return }
        record.graph.count(edge, times: entry.count)
      }
    }
  }
}
