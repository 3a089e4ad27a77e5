#if Graphviz
  /// What is used of librsvg and cairo, as their headers have it.
  struct VectorLibraries {
    /// Where a pointer to a `GError` goes.
    typealias Failure = UnsafeMutablePointer<UnsafeMutableRawPointer?>
    typealias Writer =
      @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> Int32

    /// Where a `GError` has its message: behind two numbers of 32 bits.
    static let messageOffset = 8

    // Functions of librsvg and of what it is made of.
    typealias NewHandle = @convention(c) (UnsafePointer<UInt8>, UInt, Failure?) -> OpaquePointer?
    typealias Render =
      @convention(c) (OpaquePointer, OpaquePointer, UnsafePointer<Double>, Failure?) -> Int32
    let newHandle: NewHandle
    let render: Render
    let unreference: @convention(c) (OpaquePointer) -> Void
    let freeError: @convention(c) (UnsafeMutableRawPointer) -> Void

    // Functions of cairo.
    typealias NewBitmap = @convention(c) (Int32, Int32, Int32) -> OpaquePointer
    typealias NewDocument =
      @convention(c) (Writer, UnsafeMutableRawPointer?, Double, Double) -> OpaquePointer
    typealias WriteBitmap =
      @convention(c) (OpaquePointer, Writer, UnsafeMutableRawPointer?) -> Int32
    typealias Make = @convention(c) (OpaquePointer) -> OpaquePointer
    typealias Act = @convention(c) (OpaquePointer) -> Void
    typealias Status = @convention(c) (OpaquePointer) -> Int32
    typealias SetMetadata = @convention(c) (OpaquePointer, Int32, UnsafePointer<CChar>) -> Void
    let newBitmap: NewBitmap
    let newDocument: NewDocument
    /// `nil` before cairo 1.16.
    let setMetadata: SetMetadata?
    let writeBitmap: WriteBitmap
    let newContext: Make
    let contextStatus: Status
    let surfaceStatus: Status
    let finish: Act
    let destroyContext: Act
    let destroySurface: Act
    let statusText: @convention(c) (Int32) -> UnsafePointer<CChar>

    /// Whether there is a font to write with.
    let hasFonts: Bool

    static let librsvg = ["librsvg-2.so.2", "librsvg-2.2.dylib"]
    static let cairo = ["libcairo.so.2", "libcairo.2.dylib"]

    /// - Throws: the library that is missing.
    init(
      librsvg: [String] = Self.librsvg, cairo: [String] = Self.cairo
    ) throws(DynamicLibrary.Missing) {
      let rsvg = try DynamicLibrary(librsvg)
      newHandle = try rsvg.function("rsvg_handle_new_from_data")
      render = try rsvg.function("rsvg_handle_render_document")
      let glib = try DynamicLibrary(["libglib-2.0.so.0", "libglib-2.0.0.dylib"])
      freeError = try glib.function("g_error_free")
      let gobject = try DynamicLibrary(["libgobject-2.0.so.0", "libgobject-2.0.0.dylib"])
      unreference = try gobject.function("g_object_unref")

      let cairo = try DynamicLibrary(cairo)
      newBitmap = try cairo.function("cairo_image_surface_create")
      newDocument = try cairo.function("cairo_pdf_surface_create_for_stream")
      setMetadata = try? cairo.function("cairo_pdf_surface_set_metadata")
      writeBitmap = try cairo.function("cairo_surface_write_to_png_stream")
      newContext = try cairo.function("cairo_create")
      contextStatus = try cairo.function("cairo_status")
      surfaceStatus = try cairo.function("cairo_surface_status")
      finish = try cairo.function("cairo_surface_finish")
      destroyContext = try cairo.function("cairo_destroy")
      destroySurface = try cairo.function("cairo_surface_destroy")
      statusText = try cairo.function("cairo_status_to_string")
      hasFonts = Self.hasFonts()
    }

    /// True as well where it cannot be told.
    private static func hasFonts() -> Bool {
      // The set begins with its count.
      typealias Fonts = @convention(c) (OpaquePointer?, Int32) -> UnsafePointer<Int32>?
      guard
        let fontconfig = try? DynamicLibrary(["libfontconfig.so.1", "libfontconfig.1.dylib"]),
        let fonts: Fonts = try? fontconfig.function("FcConfigGetFonts")
      else { return true }
      return [0, 1].contains { fonts(nil, $0)?.pointee ?? 0 > 0 }
    }
  }
#endif
