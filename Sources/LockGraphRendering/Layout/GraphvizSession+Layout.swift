#if Graphviz
  import CGraphviz

  extension GraphvizSession {
    /// The font of labels in layouts: all characters have the same, known width, so a label of so
    /// many of them reserves the room that is wanted.
    private static let reserved = (
      font: "Courier", size: 16.0, width: 16.0 * 0.6, height: 16.0 * 1.2
    )

    /// Adds nodes and edges in the request's order, on which layouts depend.
    static func populate(
      _ graph: UnsafeMutablePointer<Agraph_t>, with request: LayoutRequest
    ) -> (nodes: [UnsafeMutablePointer<Agnode_t>], edges: [UnsafeMutablePointer<Agedge_t>]) {
      for (name, value) in request.arrangement.attributes {
        lockgraph_set_graph_attribute(graph, name, value)
      }
      // Overlaps are removed afterwards.
      lockgraph_set_graph_attribute(graph, "overlap", "true")
      for (name, value) in [("shape", "box"), ("fixedsize", "true"), ("label", "")] {
        lockgraph_set_node_default(graph, name, value)
      }
      lockgraph_set_edge_default(graph, "fontname", reserved.font)
      lockgraph_set_edge_default(graph, "fontsize", Decimal.text(reserved.size))

      var nodes: [UnsafeMutablePointer<Agnode_t>] = []
      for (index, extent) in request.nodes.enumerated() {
        let node = lockgraph_add_node(graph, "n\(index)")!
        lockgraph_set_node(node, "width", Decimal.text(extent.width / 72, places: 4))
        lockgraph_set_node(node, "height", Decimal.text(extent.height / 72, places: 4))
        nodes.append(node)
      }
      var edges: [UnsafeMutablePointer<Agedge_t>] = []
      for (index, request) in request.edges.enumerated() {
        let edge = lockgraph_add_edge(graph, nodes[request.from], nodes[request.to], "e\(index)")!
        if let label = request.label {
          let line = String(repeating: "0", count: Int(label.width / reserved.width) + 1)
          let lines = Int((label.height / reserved.height).rounded(.up))
          lockgraph_set_edge(
            edge, "label", Array(repeating: line, count: lines).joined(separator: "\n"))
        }
        lockgraph_set_edge(edge, "arrowsize", Decimal.text(request.arrowSize))
        lockgraph_set_edge(edge, "weight", String(request.weight))
        edges.append(edge)
      }
      return (nodes, edges)
    }

    /// Reads what Graphviz stored, turned so that y leads down.
    static func readLayout(
      of graph: UnsafeMutablePointer<Agraph_t>, nodes: [UnsafeMutablePointer<Agnode_t>],
      edges: [UnsafeMutablePointer<Agedge_t>]
    ) -> DrawingLayout {
      let bounds = lockgraph_bounds(graph)
      func place(_ point: pointf) -> Point {
        Point(x: point.x - bounds.LL.x, y: bounds.UR.y - point.y)
      }
      let curves = edges.map { edge in
        (0..<lockgraph_curve_count(edge)).map { curve in
          var tip = pointf()
          let hasTip = lockgraph_curve_tip(edge, curve, &tip)
          return DrawingLayout.Curve(
            points: (0..<lockgraph_curve_size(edge, curve)).map {
              place(lockgraph_curve_point(edge, curve, $0))
            },
            tip: hasTip ? place(tip) : nil)
        }
      }
      let labels = edges.map { edge in
        var center = pointf()
        return lockgraph_edge_label(edge, &center) ? place(center) : nil
      }
      return DrawingLayout(
        extent: Extent(width: bounds.UR.x - bounds.LL.x, height: bounds.UR.y - bounds.LL.y),
        nodeCenters: nodes.map { place(lockgraph_node_center($0)) }, edgeCurves: curves,
        labelCenters: labels)
    }
  }
#endif
