import LockGraphEngine

/// A picture of an order graph in which the reported cycles stand out.
///
/// What is drawn is bounded in every direction, so that any graph has a picture in a second or two;
/// what is left out is said in the picture and in its notes. The same graph, findings and options
/// give the same bytes in `svg` and `dot`; `png` and `pdf` depend on the fonts of the machine.
///
/// Values can be shared between tasks. Renderings that need Graphviz wait for each other.
public struct GraphPicture: Sendable {
  private let graph: OrderGraphSnapshot
  private let findings: [Finding]
  private let waiting: [WaitGroup]
  private let options: PictureOptions

  /// A picture to be rendered; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - graph: The order graph.
  ///   - findings: What to point out, in the report's order: the first one gets the number #1.
  ///   - waiting: What still waits where the inputs end, to be drawn with lines of its own.
  ///   - options: What of the graph to draw.
  public init(
    graph: OrderGraphSnapshot, findings: [Finding], waiting: [WaitGroup] = [],
    options: PictureOptions = PictureOptions()
  ) {
    self.graph = graph
    self.findings = findings
    self.waiting = waiting
    self.options = options
  }

  /// The picture in a format.
  ///
  /// Blocks the calling thread, also while other tasks render.
  ///
  /// - Throws: `PictureError.unknownClass` if the class to draw around is not in the graph,
  ///   `unknownFinding` if there is none of the number; `graphvizMissing` and `graphvizFailed` for
  ///   formats other than `dot`; `converterMissing`, `fontMissing` and `converterFailed` for `png`
  ///   and `pdf`.
  /// - Complexity: O(classes + dependencies + dependencies of findings), and a bounded layout.
  public func rendered(as format: PictureFormat) throws(PictureError) -> Picture {
    let drawing = try DrawingSelection.drawing(
      of: graph, findings: findings, waiting: waiting, options: options)
    return Picture(
      bytes: try bytes(of: drawing, as: format), notes: drawing.notes,
      omittedFindings: drawing.omittedFindings)
  }

  private func bytes(
    of drawing: Drawing, as format: PictureFormat
  ) throws(PictureError) -> [UInt8] {
    if format == .dot { return Array(DotDocument(drawing).text.utf8) }
    #if Graphviz
      let picture: SVGPicture
      do throws(GraphvizFailure) {
        picture = try SVGPicture(drawing) { request throws(GraphvizFailure) in
          try GraphvizSession.layout(request)
        }
      } catch {
        throw .graphvizFailed(format: format, message: error.message)
      }
      let document = Array(picture.document.utf8)
      do throws(VectorConverter.Failure) {
        switch format {
        case .png: return try VectorConverter().png(of: document, size: picture.extent)
        case .pdf:
          return try VectorConverter().pdf(
            of: document, size: picture.extent, creationTime: options.creationTime)
        case .svg, .dot: return document
        }
      } catch {
        switch error {
        case .missing(let name): throw .converterMissing(format: format, name: name)
        case .noFont: throw .fontMissing(format: format)
        case .failed(let message): throw .converterFailed(format: format, message: message)
        }
      }
    #else
      throw .graphvizMissing(format: format)
    #endif
  }
}

/// A rendered picture.
public struct Picture: Sendable {
  /// The file's contents.
  public var bytes: [UInt8]
  /// What was left out or reduced, one sentence each, as the picture says it; empty if nothing was.
  public var notes: [String]
  /// How many findings are drawn and how another one can be; `nil` if all of them are.
  public var omittedFindings: String?
}
