#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Has pages of a mapped file put in place by another thread while those before them are read.
///
/// The system does it, so a file that was cut off meanwhile does no harm.
final class PagesAhead {
  private final class Span {
    let bytes: UnsafeRawBufferPointer
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
  }

  private let work = OrderedWork<Span>(helpers: 1) {
    { span in
      #if os(Linux)
        // MADV_POPULATE_READ; older systems refuse it.
        let page = UnsafeMutableRawPointer(mutating: span.bytes.baseAddress!)
        madvise(page, span.bytes.count, 22)
      #endif
    }
  }

  /// - Parameter bytes: what is read after what is read now; begins with a page.
  func add(_ bytes: UnsafeRawBufferPointer) {
    while work.count > 0 { _ = work.next() }
    guard !bytes.isEmpty else { return }
    work.add(Span(bytes))
  }

  /// Nothing is touched any more.
  func stop() { work.end() }
}
