#if Graphviz
  import CGraphviz
  import Synchronization

  /// One use of Graphviz, which keeps global state and is not safe for threads: sessions of the
  /// process wait for each other.
  ///
  /// With its layout extension and `GraphvizContext` this is all unsafe code of the module. Every
  /// pointer is owned by the session that made it and freed before the session ends; names and
  /// texts of the graph do not go into layouts at all.
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

    /// A picture of DOT text in a format that Graphviz makes by itself.
    ///
    /// - Throws: Graphviz's message if the text or the format is not understood.
    static func rendered(
      dot: String, format: String, arrangement: Drawing.Arrangement
    ) throws(GraphvizFailure) -> [UInt8] {
      try session { () throws(GraphvizFailure) in
        guard let context = gvContext() else { throw failure() }
        defer { close(context) }
        guard let graph = lockgraph_read_text(dot) else { throw failure() }
        defer { agclose(graph) }
        guard gvLayout(context, graph, engine(arrangement)) == 0 else {
          throw failure()
        }
        defer { gvFreeLayout(context, graph) }
        var bytes: UnsafeMutablePointer<CChar>?
        var length = 0
        guard lockgraph_render(context, graph, format, &bytes, &length) == 0, let bytes else {
          throw failure()
        }
        defer { gvFreeRenderData(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
      }
    }

    private static func session<Result: Sendable>(
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

    private static func failure() -> GraphvizFailure {
      let message = messages.withLock { $0 }
      return GraphvizFailure(message: message.split(separator: "\n").joined(separator: "; "))
    }

    private static func close(_ context: OpaquePointer) {
      gvFinalize(context)
      gvFreeContext(context)
    }
  }
#endif
