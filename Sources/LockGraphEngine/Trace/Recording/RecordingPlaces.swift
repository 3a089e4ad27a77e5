/// What events say of where they were: the texts of a recording's sites, each made once.
struct RecordingPlaces: ~Copyable {
  /// A place, in bytes that last as long as the table.
  struct Place {
    var at: UnsafeRawBufferPointer?
    var stack: UnsafeRawBufferPointer?
    /// It is an allocator that asks.
    var isOfAllocator = false
    /// It is the runtime of a language that asks.
    var isOfRuntime = false
    /// CPython asks: it tries before it waits, whatever it was asked for.
    var isOfPython = false
    /// CPython's queue asks, whose lock nobody has: who puts something in gives it back.
    var isOfPythonQueue = false
  }

  /// CPython tries for a lock before it lets other threads run, and waits for it then. That the try
  /// succeeds says nothing of whether it would have waited.
  private static let pythonModules = ["python", "libpython"]

  private let tables: RecordingTables
  /// By sites, which are numbered from one as they are seen.
  private var places: [Place?]
  /// Those of a recording that numbers them otherwise.
  private var others: [UInt32: Place] = [:]
  private var memory: [UnsafeMutableRawBufferPointer] = []

  init(_ tables: RecordingTables) {
    self.tables = tables
    places = Array(repeating: nil, count: tables.sites.count + 1)
  }

  deinit {
    for bytes in memory { bytes.deallocate() }
  }

  /// The place of a site; nothing of one that is not known.
  @inline(__always)
  mutating func place(_ site: UInt32) -> Place {
    if Int(site) < places.count, let known = places[Int(site)] { return known }
    return find(site)
  }

  @inline(never)
  private mutating func find(_ number: UInt32) -> Place {
    if let known = others[number] { return known }
    let place = make(number)
    if Int(number) < places.count {
      places[Int(number)] = place
    } else if tables.sites[number] != nil {
      others[number] = place
    }
    return place
  }

  private mutating func make(_ number: UInt32) -> Place {
    var place = Place()
    if let site = tables.sites[number] {
      let frames = tables.frames(of: site)
      place.isOfAllocator = frames.first.map(ProgramFrames.isOfAllocator) ?? false
      let module = frames.first?.module.split(separator: "/").last ?? ""
      place.isOfRuntime = frames.first.map(ProgramFrames.isOfRuntime) ?? false
      place.isOfPython = Self.pythonModules.contains { module.hasPrefix($0) }
      place.isOfPythonQueue = place.isOfPython && frames.prefix(4).contains(where: Self.isQueue)
      let own = ProgramFrames.own(frames)
      if let first = own.first, !first.file.isEmpty, first.line > 0 {
        place.at = keep(first.position)
      }
      place.stack = keep(own.map(\.frameText).joined(separator: ";"))
    }
    return place
  }

  private static func isQueue(_ frame: RecordingTables.Function) -> Bool {
    let module = frame.module.split(separator: "/").last ?? ""
    return module.hasPrefix("_queue.") || frame.name.hasPrefix("_queue_SimpleQueue_get")
  }

  private mutating func keep(_ text: String) -> UnsafeRawBufferPointer {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, text.utf8.count), alignment: 1)
    bytes.copyBytes(from: text.utf8)
    memory.append(bytes)
    return UnsafeRawBufferPointer(rebasing: bytes[..<text.utf8.count])
  }
}

extension RecordingTables {
  /// The frames of a site, innermost first, with those that are inlined; what sealing has not named
  /// has its module and the offset in it.
  package func frames(of site: Site) -> [Function] {
    site.addresses.flatMap { address -> [Function] in
      if let known = functions[address], !known.isEmpty { return known }
      return [
        Function(name: "", file: "", line: 0, column: 0, module: location(of: address, in: site))
      ]
    }
  }

  /// Where an address is: `/usr/lib/libx.so+0x1234`.
  package func location(of address: UInt64, in site: Site) -> String {
    guard let module = module(of: address, in: site), !module.path.isEmpty else {
      return "0x" + String(address, radix: 16)
    }
    return "\(module.path)+0x\(String(address &- module.bias, radix: 16))"
  }
}

extension RecordingTables.Function {
  /// `FILE:LINE[:COLUMN]`.
  package var position: String { "\(file):\(line)" + (column > 0 ? ":\(column)" : "") }

  /// As stacks of traces have it, in which semicolons end frames: `FUNCTION (FILE:LINE)`.
  package var frameText: String {
    let base = String(module.split(separator: "/").last ?? "")
    let text: String
    if name.isEmpty {
      text = file.isEmpty ? (module.hasPrefix("0x") ? module : base) : position
    } else if file.isEmpty {
      text = base.isEmpty ? name : "\(name) (\(base.split(separator: "+").first ?? ""))"
    } else {
      text = "\(name) (\(line > 0 ? position : file))"
    }
    return String(text.map { $0 == ";" ? "," : $0 })
  }
}
