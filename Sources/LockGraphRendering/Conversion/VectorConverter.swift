#if Graphviz
  /// SVG as a bitmap or a document, through librsvg and cairo: the same lines, colours and texts
  /// that a browser shows of it.
  ///
  /// Every object that the libraries make is released before the conversion ends.
  struct VectorConverter {
    /// Why there is no bitmap or document.
    enum Failure: Error, Equatable {
      /// The library.
      case missing(String)
      case noFont
      /// What was said.
      case failed(String)
    }

    private let libraries: VectorLibraries

    /// Pixels a point, if the bitmap does not become too large.
    private static let scale = 2.0
    /// What cairo can hold on a side, and what memory should hold in all.
    private static let (longestSide, mostPixels) = (32_000.0, 60_000_000.0)
    /// The longest side that readers of PDF can show.
    private static let longestPage = 14_400.0

    init(
      librsvg: [String] = VectorLibraries.librsvg, cairo: [String] = VectorLibraries.cairo
    ) throws(Failure) {
      do throws(DynamicLibrary.Missing) {
        libraries = try VectorLibraries(librsvg: librsvg, cairo: cairo)
      } catch {
        throw .missing(error.name)
      }
      guard libraries.hasFonts else { throw .noFont }
    }

    /// A bitmap as PNG.
    func png(of document: [UInt8], size: Extent) throws(Failure) -> [UInt8] {
      let area = max(1, size.width * size.height)
      let scale = min(
        Self.scale, Self.longestSide / max(size.width, size.height, 1),
        (Self.mostPixels / area).squareRoot())
      let (width, height) = (
        max(1, (size.width * scale).rounded(.down)), max(1, (size.height * scale).rounded(.down))
      )
      let argb32: Int32 = 0
      let surface = libraries.newBitmap(argb32, Int32(width), Int32(height))
      defer { libraries.destroySurface(surface) }
      try draw(document, on: surface, Extent(width: width, height: height))
      let sink = Sink()
      try check(libraries.writeBitmap(surface, Sink.write, sink.pointer))
      return sink.bytes
    }

    /// A document of one page as PDF.
    ///
    /// - Parameter creationTime: when it says that it was made, in seconds since 1970; `nil` is
    ///   now.
    func pdf(
      of document: [UInt8], size: Extent, creationTime: Int64? = nil
    ) throws(Failure) -> [UInt8] {
      let scale = min(1, Self.longestPage / max(size.width, size.height, 1))
      let page = Extent(width: size.width * scale, height: size.height * scale)
      let sink = Sink()
      let surface = libraries.newDocument(Sink.write, sink.pointer, page.width, page.height)
      // What is not finished yet is written then.
      defer { withExtendedLifetime(sink) { libraries.destroySurface(surface) } }
      if let time = creationTime.flatMap(UTCTime.text) {
        let creationDate: Int32 = 5
        libraries.setMetadata?(surface, creationDate, time)
      }
      try draw(document, on: surface, page)
      libraries.finish(surface)
      try check(libraries.surfaceStatus(surface))
      return sink.bytes
    }

    private func draw(
      _ document: [UInt8], on surface: OpaquePointer, _ size: Extent
    ) throws(Failure) {
      try check(libraries.surfaceStatus(surface))
      let context = libraries.newContext(surface)
      defer { libraries.destroyContext(context) }
      try check(libraries.contextStatus(context))
      var error: UnsafeMutableRawPointer?
      let handle = document.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { libraries.newHandle($0, UInt(bytes.count), &error) }
      }
      guard let handle else { throw failure(error) }
      defer { libraries.unreference(handle) }
      let isDrawn = [0, 0, size.width, size.height].withUnsafeBufferPointer { viewport in
        libraries.render(handle, context, viewport.baseAddress!, &error) != 0
      }
      guard isDrawn else { throw failure(error) }
      try check(libraries.contextStatus(context))
    }

    private func failure(_ error: UnsafeMutableRawPointer?) -> Failure {
      guard let error else { return .failed("") }
      defer { libraries.freeError(error) }
      let message = error.load(
        fromByteOffset: VectorLibraries.messageOffset, as: UnsafePointer<CChar>?.self)
      return .failed(message.map { String(cString: $0) } ?? "")
    }

    private func check(_ status: Int32) throws(Failure) {
      if status != 0 { throw .failed(String(cString: libraries.statusText(status))) }
    }

    /// Where cairo writes to, which has to outlive the surface's last use.
    private final class Sink {
      var bytes: [UInt8] = []

      var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

      static let write: VectorLibraries.Writer = { sink, bytes, count in
        guard let sink else { return 11 }
        Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().bytes.append(
          contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
        return 0
      }
    }
  }
#endif
