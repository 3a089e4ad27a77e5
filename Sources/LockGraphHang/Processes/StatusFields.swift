#if os(Linux)
  /// The lines of `/proc/PID/status` that matter here.
  struct StatusFields {
    var name = ""
    var state: UInt8 = 0
    var group: Int32?
    var parent: Int32?
    var innermostIdentifier: Int32?
    /// It has the same number in all namespaces that it is seen from and in.
    var hasOneNumber = true
    var user: UInt32?
    var switches: UInt64 = 0

    var hasEnded: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }

    init(_ text: [UInt8]) {
      var start = 0
      // Read for every thread, so without a copy of each line.
      while let end = text[start...].firstIndex(of: 0x0A) {
        let line = text[start..<end]
        start = end + 1
        switch line.first {
        case UInt8(ascii: "N"):
          if let value = Self.value(of: "Name:", line) {
            name = String(decoding: value, as: UTF8.self)
          } else if let value = Self.value(of: "NSpid:", line) {
            let numbers = value.split(separator: 0x09)
            hasOneNumber = numbers.count == 1
            innermostIdentifier = numbers.last.flatMap(decimal).map(Int32.init)
          }
        case UInt8(ascii: "P"):
          if let value = Self.value(of: "PPid:", line) { parent = decimal(value).map(Int32.init) }
        case UInt8(ascii: "S"):
          if let value = Self.value(of: "State:", line) { state = value.first ?? 0 }
        case UInt8(ascii: "T"):
          if let value = Self.value(of: "Tgid:", line) { group = decimal(value).map(Int32.init) }
        case UInt8(ascii: "U"):
          if let value = Self.value(of: "Uid:", line) {
            user = value.split(separator: 0x09).first.flatMap(decimal).map(UInt32.init)
          }
        case UInt8(ascii: "v"):
          if let value = Self.value(of: "voluntary_ctxt_switches:", line) {
            switches = decimal(value).map(UInt64.init) ?? 0
          }
        default: break
        }
      }
    }

    private static func value(of key: StaticString, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>?
    {
      let isKey = key.withUTF8Buffer { key in
        line.count >= key.count && line.prefix(key.count).elementsEqual(key)
      }
      guard isKey else { return nil }
      return line.dropFirst(key.utf8CodeUnitCount).drop { $0 == 0x09 || $0 == 0x20 }
    }
  }
#endif
