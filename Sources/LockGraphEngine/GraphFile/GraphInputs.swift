/// What the graph files among some inputs hold, put together.
final class GraphInputs: GraphFileTaker {
  private var fold = GraphFold()
  private var decoder: GraphFileDecoder?

  var isEmpty: Bool { fold.isEmpty }
  var facts: UInt64 { decoder?.facts ?? 0 }

  func beginInput(named name: String) { decoder = GraphFileDecoder(name: name) }

  func take(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(TraceError) {
    try decoder?.decode(bytes, isLast: isLast) { fold.add($0, isCanonical: true) }
  }

  /// Hands the content over; then there is none here.
  func takeContent() -> GraphContent {
    let content = fold
    fold = GraphFold()
    decoder = nil
    return content.result()
  }
}
