/// Whether a thread that waits for a lock has taken it for reading before.
///
/// Two things show it: code that asks for this very lock, and goes on to where the thread is now
/// without a jump, a return, or unlocking it; or the object on its stack that unlocks it in the
/// end, marked as having it.
final class OwnReadHold {
  private struct Place: Hashable {
    var programCounter: UInt64
    var lock: UInt64
  }

  private let process: any ObservedProcess
  private let walk: StackWalk
  /// Many threads can be in the same code.
  private var known: [Place: Bool] = [:]

  init(process: any ObservedProcess, walk: StackWalk) {
    self.process = process
    self.walk = walk
  }

  /// - Parameter lock: the address of a lock that somebody reads.
  func isShown(_ thread: HungThread, _ lock: UInt64) -> Bool {
    guard process.architecture == .x86_64 else { return false }
    let own = thread.frames.filter { !$0.isOfSystem && $0.isCaller && !$0.isGuessed }
    return own.contains { frame in
      let place = Place(programCounter: frame.programCounter, lock: lock)
      if known[place] == nil { known[place] = tookIt(frame, lock) }
      return known[place]! || hasGuard(frame, lock)
    }
  }

  /// What a call in a function's code does with the lock.
  private enum Use { case reads, unlocks }

  /// Whether the code that led to where a frame is has taken the lock for reading.
  private func tookIt(_ frame: StackFrame, _ lock: UInt64) -> Bool {
    guard let start = walk.functionStart(of: frame.programCounter &- 1),
      frame.programCounter > start, frame.programCounter - start < 1 << 14
    else { return false }
    let code = process.read(start, Int(frame.programCounter - start))
    guard code.count > 12 else { return false }
    // The call that the frame is in is none of those before it.
    let end = code.count - 5
    var taken: Int?
    for at in 0..<max(0, end) where code[at] == 0xE8 {
      guard at + 5 <= end, let use = use(of: target(code, at, start)),
        asks(code, callAt: at, start, for: lock)
      else { continue }
      taken = use == .reads ? at + 5 : nil
    }
    guard let taken else { return false }
    return !leavesLine(code[taken..<end])
  }

  private func use(of target: UInt64) -> Use? {
    let function =
      walk.place(of: walk.destination(of: target) ?? target).function?.drop { $0 == "_" }
    switch function {
    case "pthread_rwlock_rdlock", "pthread_rwlock_tryrdlock", "pthread_rwlock_timedrdlock":
      return .reads
    case "pthread_rwlock_unlock": return .unlocks
    default: return nil
    }
  }

  private func target(_ code: [UInt8], _ at: Int, _ start: UInt64) -> UInt64 {
    start &+ UInt64(at + 5) &+ UInt64(bitPattern: Int64(number(code, at + 1)))
  }

  /// Whether the first argument of a call is the address of the lock: put there by one of the last
  /// instructions, or kept in a register since it was made.
  private func asks(_ code: [UInt8], callAt: Int, _ start: UInt64, for lock: UInt64) -> Bool {
    for at in max(0, callAt - 16)..<callAt {
      if let made = addressMade(code, at, start), made.end <= callAt {
        if made.register == 7 || made.register == 0, made.address == lock { return true }
      }
      // mov $imm32, %edi
      if at + 5 <= callAt, code[at] == 0xBF,
        UInt64(UInt32(bitPattern: number(code, at + 1))) == lock
      {
        return true
      }
      // mov %reg, %rdi
      guard at + 3 <= callAt, code[at] == 0x48 || code[at] == 0x4C, code[at + 1] == 0x89,
        code[at + 2] & 0xC7 == 0xC7
      else { continue }
      let register = Int(code[at + 2] >> 3 & 7) + (code[at] == 0x4C ? 8 : 0)
      let made = (0..<at).reversed().lazy.compactMap { self.addressMade(code, $0, start) }
        .first { $0.register == register && $0.end <= at }
      if made?.address == lock { return true }
    }
    return false
  }

  /// `lea disp32(%rip), %reg`
  private func addressMade(
    _ code: [UInt8], _ at: Int, _ start: UInt64
  ) -> (register: Int, address: UInt64, end: Int)? {
    guard at + 7 <= code.count, code[at] == 0x48 || code[at] == 0x4C, code[at + 1] == 0x8D,
      code[at + 2] & 0xC7 == 0x05
    else { return nil }
    let register = Int(code[at + 2] >> 3 & 7) + (code[at] == 0x4C ? 8 : 0)
    let address = start &+ UInt64(at + 7) &+ UInt64(bitPattern: Int64(number(code, at + 3)))
    return (register, address, at + 7)
  }

  private func number(_ code: [UInt8], _ at: Int) -> Int32 {
    let bits = code[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Int32(bitPattern: bits)
  }

  /// Whether there is a jump that is always taken, or a return. From an instruction on that is not
  /// known each byte may be one: then less is shown than could be.
  private func leavesLine(_ code: ArraySlice<UInt8>) -> Bool {
    var rest = code
    while !rest.isEmpty, let instruction = Instruction(rest) {
      if instruction.leaves { return true }
      rest = rest.dropFirst(instruction.length)
    }
    return rest.contains { [0xE9, 0xEB, 0xC3].contains($0) }
  }

  /// Whether `std::shared_lock` lies in a frame: the lock's address, and that it has it.
  private func hasGuard(_ frame: StackFrame, _ lock: UInt64) -> Bool {
    guard let end = frame.end, end > frame.stackPointer, end - frame.stackPointer < 1 << 14 else {
      return false
    }
    let bytes = process.read(frame.stackPointer, Int(end - frame.stackPointer))
    return bytes.withUnsafeBytes { buffer in
      var at = 0
      while at + 9 <= buffer.count {
        if buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self) == lock, buffer[at + 8] == 1 {
          return true
        }
        at += 8
      }
      return false
    }
  }
}
