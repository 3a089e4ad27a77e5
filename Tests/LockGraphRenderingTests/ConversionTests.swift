import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

#if Graphviz
  @Suite struct `Bitmaps and documents` {
    private func svg(_ body: String, width: Int = 40, height: Int = 20) -> [UInt8] {
      Array(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)">\(body)</svg>
        """.utf8)
    }

    /// Width and height of a PNG.
    private func size(of png: [UInt8]) -> [Int] {
      [16, 20].map { start in png[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }
    }

    @Test func `a bitmap has two pixels a point, and fewer where it would become too large`() throws
    {
      let converter = try VectorConverter()
      let small = svg("<rect width='40' height='20' fill='#ff0000'/>")
      let one = try converter.png(of: small, size: Extent(width: 40, height: 20))
      #expect(size(of: one) == [80, 40])
      let long = try converter.png(of: small, size: Extent(width: 64_000, height: 3))
      #expect(size(of: long) == [32_000, 1])
      let large = size(of: try converter.png(of: small, size: Extent(width: 9_000, height: 9_000)))
      #expect(large[0] * large[1] <= 60_000_000 && large[0] > 7_000)
    }

    @Test func `what the picture has is in the bitmap, in its light colours`() throws {
      var fixture = GraphFixture()
      fixture.addCycle(["a", "b"])
      let with = try fixture.picture().rendered(as: .png).bytes
      fixture.findings = []
      let without = try fixture.picture().rendered(as: .png).bytes
      #expect(with != without && with.count > 4_000)
      // A style sheet for dark screens changes nothing.
      let converter = try VectorConverter()
      let size = Extent(width: 40, height: 20)
      let body = "<rect width='40' height='20' fill='#ffffff'/>"
      let style = "<style>@media screen and (prefers-color-scheme:dark){[fill]{fill:#000}}</style>"
      #expect(
        try converter.png(of: svg(style + body), size: size)
          == converter.png(of: svg(body), size: size))
    }

    @Test func `a document has one page of the picture's size`() throws {
      let converter = try VectorConverter()
      let document = svg("<rect width='40' height='20'/>")
      for (size, box) in [
        (Extent(width: 40, height: 20), "[ 0 0 40 20 ]"),
        (Extent(width: 28_800, height: 100), "[ 0 0 14400 50 ]"),
      ] {
        let text = String(decoding: try converter.pdf(of: document, size: size), as: UTF8.self)
        #expect(text.hasPrefix("%PDF-") && text.contains("/MediaBox \(box)"))
      }
    }

    @Test func `what is missing is named, with what to install`() throws {
      #expect(throws: VectorConverter.Failure.missing("libnosuch.so.1")) {
        try VectorConverter(librsvg: ["libnosuch.so.1", "libnosuch.dylib"])
      }
      #expect(throws: VectorConverter.Failure.missing("cairo_image_surface_create of libc.so.6")) {
        try VectorConverter(cairo: ["libc.so.6"])
      }
      #expect(
        "\(PictureError.fontMissing(format: .pdf))"
          == "pdf pictures need a font, and there is none: install one, as fonts-dejavu-core, or "
          + "write svg")
      #expect(
        "\(PictureError.converterMissing(format: .png, name: "librsvg-2.so.2"))"
          == "png pictures are drawn by librsvg and cairo, and librsvg-2.so.2 is missing: install "
          + "libgraphviz-dev or librsvg2-2 (brew install librsvg), or write svg")
    }

    @Test func `what librsvg says is in the error`() throws {
      let converter = try VectorConverter()
      for bad in ["<svg", "", "nothing"] {
        #expect {
          try converter.png(of: Array(bad.utf8), size: Extent(width: 10, height: 10))
        } throws: {
          if case .failed(let message)? = $0 as? VectorConverter.Failure {
            return bad.isEmpty || !message.isEmpty
          }
          return false
        }
        #expect(throws: VectorConverter.Failure.self) {
          try converter.pdf(of: Array(bad.utf8), size: Extent(width: 10, height: 10))
        }
      }
      #expect(
        "\(PictureError.converterFailed(format: .pdf, message: "no <svg>"))"
          == "librsvg and cairo could not make the pdf picture: no <svg>")
    }
  }
#endif
