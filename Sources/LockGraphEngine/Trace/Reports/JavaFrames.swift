/// Frames, classes and objects as Java's virtual machines print them.
enum JavaText {
  /// `com.example.Ledger.append (Ledger.java:41)` of
  /// `app//com.example.Ledger.append(java.base@17.0.9/Ledger.java:41)`, without what differs
  /// between runs: loaders, modules, addresses and numbers of classes that were made up.
  static func frame(_ text: UnsafeRawBufferPointer) -> String {
    let text = text.trimmed
    guard let open = text.offset(of: "("), text.last == UInt8(ascii: ")") else {
      return function(text.text)
    }
    let inside = UnsafeRawBufferPointer(rebasing: text[(open + 1)..<(text.count - 1)])
    let file = afterSlash(inside.text)
    let name = function(text.upTo(open).trimmed.text)
    return file.isEmpty || file == "Unknown Source" ? name : "\(name) (\(file))"
  }

  private static func afterSlash(_ text: String) -> String {
    text.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(text[text.index(after: $0)...]) }
      ?? text
  }

  private static func function(_ text: String) -> String {
    var name = Substring(text)
    // A hidden class: `Bank$$Lambda/0x00007f10.run`; a module or loader stands before the name.
    if let address = name.utf8.firstRange(ofText: "/0x") {
      let end = name[address.upperBound...].utf8.firstIndex { !isHexadecimalDigit($0) }
      name = name[..<address.lowerBound] + (end.map { name[$0...] } ?? "")
    }
    if let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) {
      name = name[name.index(after: slash)...]
    }
    guard let lambda = name.utf8.firstRange(ofText: "$$Lambda$") else { return String(name) }
    let end = name[lambda.upperBound...].utf8.firstIndex { !isDigit($0) }
    return String(name[..<lambda.upperBound].dropLast()) + String(end.map { name[$0...] } ?? "")
  }

  /// Whether a class says what its locks are for. Those of the platform are used for everything.
  static func isTelling(_ lockClass: String) -> Bool {
    !lockClass.isEmpty && !isOfPlatform(lockClass) && lockClass != "byte[]"
  }

  /// Whether a class or a function is Java's own.
  static func isOfPlatform(_ name: String) -> Bool {
    ["java.", "javax.", "jdk.", "sun.", "com.sun.", "dalvik.", "libcore.", "android.os."]
      .contains { name.hasPrefix($0) }
  }

  /// A lock of a class, by what identifies it there.
  static func lock(_ lockClass: String, _ identity: String, kind: LockKind) -> DumpedLock {
    let isClass = lockClass.hasPrefix("java.lang.Class for ")
    let name = isClass ? "class " + lockClass.dropFirst(20) : lockClass
    let isOne = isClass || isTelling(name)
    return DumpedLock(
      name: name.isEmpty ? identity : "\(name) \(identity)", lockClass: isOne ? name : nil,
      kind: kind)
  }

  /// What the class of something that a thread parks for says of it.
  static func parked(_ lockClass: String) -> LockKind? {
    if lockClass.contains("ReentrantReadWriteLock") { return .reentrantRwlock }
    if lockClass.contains("ReentrantLock") { return .recursive }
    if lockClass.contains("StampedLock") { return .rwlock }
    return nil
  }

  /// The place, from the first frame that is not Java's own on; all of it if there is none.
  static func place(_ frames: ArraySlice<String>) -> ToldPlace {
    let own = frames.firstIndex { !isOfPlatform($0) } ?? frames.startIndex
    var place = ToldPlace()
    for frame in frames[own...] { place.append(frame) }
    return place
  }

  /// Whether frames ask for the read side of a lock.
  static func reads(_ frames: [String]) -> Bool {
    frames.prefix(12).contains {
      $0.hasPrefix("java.util.concurrent.locks.") && $0.contains("$ReadLock.lock")
        || $0.contains("StampedLock.readLock") || $0.contains("StampedLock.acquireRead")
    }
  }
}

extension Substring.UTF8View {
  fileprivate func firstRange(ofText text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      var (position, isThere) = (start, true)
      for byte in text.utf8 {
        guard position < endIndex, self[position] == byte else {
          isThere = false
          break
        }
        position = index(after: position)
      }
      if isThere { return start..<position }
      start = index(after: start)
    }
    return nil
  }
}
