#if Graphviz
  import CGraphviz
  import Synchronization

  /// One use of Graphviz, which keeps global state and is not safe for threads: sessions of the
  /// process wait for each other.
  ///
  /// With its layout extension, `GraphvizContext` and what converts pictures this is all unsafe
  /// code of the module. Every pointer is owned by the session that made it and freed before the
  /// session ends; names and texts of the graph do not go into layouts at all.
  enum GraphvizSession {
    private static let turn = Mutex(())
    /// What Graphviz said in the current session; it reports errors in pieces.
    private static let messages = Mutex("")

    /// Arranges nodes and edges.
    ///
    /// - Throws: Graphviz's message if there is no arrangement.
    static func layout(_ request: LayoutRequest) throws(GraphvizFailure) -> DrawingLayout {
      try session { () throws(GraphvizFailure) in
        let context = try GraphvizContext.withoutFonts()
        defer { close(context) }
        guard let graph = lockgraph_open_directed("order") else { throw failure() }
        defer { agclose(graph) }
        let (nodes, edges) = populate(graph, with: request)
        guard gvLayout(context, graph, engine(request.arrangement)) == 0 else { throw failure() }
        defer { gvFreeLayout(context, graph) }
        let layout = readLayout(of: graph, nodes: nodes, edges: edges)
        return
          (request.arrangement == .forces
          ? ForcesLayout(request, centers: layout.nodeCenters).layout : layout)
          .separatingLoops(request)
      }
    }

    static func session<Result: Sendable>(
      _ body: () throws(GraphvizFailure) -> Result
    ) throws(GraphvizFailure) -> Result {
      try turn.withLock { (_: inout sending Void) throws(GraphvizFailure) -> Result in
        messages.withLock { $0 = "" }
        lockgraph_seed_random_numbers()
        let earlier = lockgraph_set_message_handler { piece in
          if let piece { GraphvizSession.messages.withLock { $0 += String(cString: piece) } }
          return 0
        }
        defer { _ = lockgraph_set_message_handler(earlier) }
        return try body()
      }
    }

    private static func engine(_ arrangement: Drawing.Arrangement) -> String {
      arrangement == .forces ? "sfdp" : "dot"
    }

    static func failure() -> GraphvizFailure {
      let message = messages.withLock { $0 }
      return GraphvizFailure(message: message.split(separator: "\n").joined(separator: "; "))
    }

    private static func close(_ context: OpaquePointer) {
      gvFinalize(context)
      gvFreeContext(context)
    }
  }
#endif
