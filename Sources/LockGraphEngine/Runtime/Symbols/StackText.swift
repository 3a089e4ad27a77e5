import CLockGraph

/// Calls that lead to a lock, as numbers until somebody reads them.
enum StackText {
  /// More than reports show, because the innermost ones are this package's own.
  static let limit = 32

  static func addresses(of thread: UnsafeMutablePointer<lg_thread>) -> [UInt] {
    [UInt](unsafeUninitializedCapacity: limit) { buffer, count in
      count = lg_frames(thread, buffer.baseAddress, limit)
    }
  }

  /// The thread's stack now: `0x…;0x…`, innermost first.
  static func bytes(of thread: UnsafeMutablePointer<lg_thread>) -> [UInt8] {
    withUnsafeTemporaryAllocation(of: UInt.self, capacity: limit) { buffer in
      let count = lg_frames(thread, buffer.baseAddress, limit)
      return bytes(UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The thread's stack with the frames of the functions that the addresses lie in.
  static func addressesWithFrames(
    of thread: UnsafeMutablePointer<lg_thread>
  ) -> (addresses: [UInt], frames: [UInt]) {
    withUnsafeTemporaryAllocation(of: UInt.self, capacity: 2 * limit) { buffer in
      let start = buffer.baseAddress!
      let count = lg_frames_with_bounds(thread, start, start + limit, limit)
      return (
        Array(UnsafeBufferPointer(start: start, count: count)),
        Array(UnsafeBufferPointer(start: start + limit, count: count))
      )
    }
  }

  /// The addresses of such a text.
  static func addresses(in text: String) -> [UInt] {
    text.split(separator: ";").compactMap {
      $0.hasPrefix("0x") ? UInt($0.dropFirst(2), radix: 16) : nil
    }
  }

  /// The same of addresses.
  static func bytes(_ addresses: UnsafeBufferPointer<UInt>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: addresses.count * 19) { bytes, used in
      for (index, address) in addresses.enumerated() {
        if index > 0 { append(UInt8(ascii: ";"), &bytes, &used) }
        append(UInt8(ascii: "0"), &bytes, &used)
        append(UInt8(ascii: "x"), &bytes, &used)
        var shift = (UInt.bitWidth - address.leadingZeroBitCount + 3) / 4 * 4
        while shift > 0 {
          shift -= 4
          let digit = UInt8(truncatingIfNeeded: address >> UInt(shift)) & 15
          append(digit < 10 ? 48 + digit : 87 + digit, &bytes, &used)
        }
      }
    }
  }

  @inline(__always)
  private static func append(
    _ byte: UInt8, _ bytes: inout UnsafeMutableBufferPointer<UInt8>, _ used: inout Int
  ) {
    bytes.initializeElement(at: used, to: byte)
    used += 1
  }
}

extension Finding {
  /// With the names of functions in place of addresses.
  func withSymbols(_ frames: ([UInt]) -> [String]) -> Finding {
    func named(_ stack: [String]) -> [String] {
      let addresses = stack.compactMap {
        $0.hasPrefix("0x") ? UInt($0.dropFirst(2), radix: 16) : nil
      }
      return addresses.isEmpty || addresses.count != stack.count ? stack : frames(addresses)
    }
    func named(_ lock: WitnessedLock) -> WitnessedLock {
      var lock = lock
      lock.stack = named(lock.stack)
      return lock
    }
    var finding = self
    for edge in finding.edges.indices {
      for witness in finding.edges[edge].witnesses.indices {
        let old = finding.edges[edge].witnesses[witness]
        finding.edges[edge].witnesses[witness].held = named(old.held)
        finding.edges[edge].witnesses[witness].wanted = named(old.wanted)
        finding.edges[edge].witnesses[witness].alsoHeld = old.alsoHeld.map(named)
      }
    }
    for event in finding.events.indices {
      finding.events[event].stack = named(finding.events[event].stack)
      finding.events[event].lock = finding.events[event].lock.map(named)
    }
    for waiter in finding.waiters.indices {
      finding.waiters[waiter].stack = named(finding.waiters[waiter].stack)
      finding.waiters[waiter].wanted = finding.waiters[waiter].wanted.map(named)
      finding.waiters[waiter].held = finding.waiters[waiter].held.map(named)
    }
    return finding
  }
}
