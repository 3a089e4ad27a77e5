// The order graph for drawing and for comparing.

extension CanonicalOrder {
  func snapshot(
    of record: OrderRecord, resolver: EvidenceResolver
  ) -> OrderGraphSnapshot {
    let (table, graph, marks) = (record.table, record.graph, record.contextMarks)
    let hasInterrupts = classes.contains {
      marks.marks(of: $0).isUsed(in: .hardirq) || marks.marks(of: $0).isUsed(in: .softirq)
    }
    let nodes = zip(classes, names).map { id, name in
      OrderGraphSnapshot.LockClass(
        name: name, kind: table.kind(of: id),
        instances: table.classes[id.index].instances,
        acquisitions: table.classes[id.index].acquisitions,
        usage: hasInterrupts ? marks.marks(of: id).usageCharacters : nil,
        origin: table.origin(of: id))
    }
    var edges = (dependencies.map(\.id) + loops + nestings).map { id in
      OrderGraphSnapshot.Dependency(
        from: rank[graph[id].from.index], to: rank[graph[id].to.index],
        kinds: graph[id].areKindsAssumed ? [] : graph[id].kinds,
        count: graph[id].count, isOrder: graph[id].basis != .statedNesting, id: id.rawValue)
    }
    edges.sort { ($0.from, $0.to) < ($1.from, $1.to) }
    var snapshot = OrderGraphSnapshot(classes: nodes, dependencies: edges) { number, limit in
      resolver.evidence.entries(of: graph[DependencyID(number)], limit: limit)
        .map(resolver.witness)
    }
    snapshot.firstEvent = { number in
      let entry = resolver.evidence.entries(of: graph[DependencyID(number)], limit: 1).first
      return entry.map {
        let event = resolver.evidence.records[Int($0.record)]
        return (event.input, event.line)
      }
    }
    return snapshot
  }
}
