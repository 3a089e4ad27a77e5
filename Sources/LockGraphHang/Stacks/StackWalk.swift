import LockGraphRecording

/// Finds the functions that threads are in, from memory alone.
///
/// The system tells the stack pointer and the next instruction of a sleeping thread; the tables of
/// its files tell the rest. A function that finds its frame by another register, whose value nobody
/// saved on the way, is found by what lies on the stack: an address behind a call of the function
/// that is known to be next.
final class StackWalk {
  private let process: any ObservedProcess
  private var rows: [UInt64: FrameTable.Row?] = [:]
  private var places: [UInt64: Place] = [:]

  struct Place {
    var isExecutable = false
    var function: String?
    var lockFunction: LockFunction?
    var functionStart: UInt64?
    var module = ""
    var origin = CodeOrigin.program
    var file: String?
    var ownAddress: UInt64?
  }

  init(_ process: any ObservedProcess) { self.process = process }

  /// The frames of a thread, the innermost first.
  ///
  /// - Parameter isEnough: ends the walk after a frame.
  func frames(
    of thread: ObservedThread, limit: Int, isEnough: (StackFrame) -> Bool = { _ in false }
  ) -> [StackFrame] {
    let architecture = process.architecture
    guard let counter = thread.registers[architecture.programCounter],
      let stack = thread.registers[architecture.stackPointer]
    else { return [] }
    let window = StackWindow(process, from: stack)
    var registers = thread.registers
    var frames: [StackFrame] = []
    var (counterNow, stackNow, isCaller, isGuessed) = (counter, stack, false, false)
    while frames.count < limit {
      let address = isCaller ? counterNow &- 1 : counterNow
      let place = place(of: address)
      var frame = StackFrame(
        programCounter: counterNow, stackPointer: stackNow, end: nil, registers: registers,
        isCaller: isCaller, isGuessed: isGuessed, function: place.function,
        lockFunction: place.lockFunction, functionStart: place.functionStart, module: place.module,
        origin: place.origin, file: place.file, ownAddress: place.ownAddress)
      let step = step(from: frame, address, window)
      frame.end = step?.stackPointer
      frames.append(frame)
      guard let step, !isEnough(frame) else { break }
      // Frames lie one above the other; a signal's may be on a stack of its own.
      guard step.stackPointer > stackNow || step.wasInterrupted, step.counter > 4096 else { break }
      registers = step.registers
      counterNow = step.counter
      stackNow = step.stackPointer
      isCaller = !step.wasInterrupted
      isGuessed = step.isGuessed
      guard self.place(of: counterNow &- 1).isExecutable else { break }
    }
    return frames
  }

  /// Function and file of an address.
  func place(of address: UInt64) -> Place {
    if let known = places[address] { return known }
    var place = Place()
    if let mapping = process.mapping(at: address) {
      place.module = mapping.path
      place.origin = CodeOrigin(ofModule: mapping.path)
      place.isExecutable = mapping.isExecutable
      if let file = process.file(of: mapping), let own = file.ownAddress(address, in: mapping) {
        place.ownAddress = own
        place.file = file.openPath
        if let symbol = file.function(at: own) {
          let name = RustName.text(symbol.name) ?? symbol.name
          place.function = name
          place.lockFunction = LockFunction(name.drop { $0 == "_" })
          place.functionStart = address &- (own &- symbol.start)
        }
      }
    }
    places[address] = place
    return place
  }

  private struct Step {
    var registers: Registers
    var counter: UInt64
    var stackPointer: UInt64
    var wasInterrupted = false
    var isGuessed = false
  }

  private func step(
    from frame: StackFrame, _ address: UInt64, _ window: StackWindow
  ) -> Step? {
    if let found = row(at: address) {
      // The end of the stack says so.
      if found.row.rules[found.row.returnAddress] == .undefined { return nil }
      if let step = step(from: frame, by: found.row, found.table, window) { return step }
    }
    return guess(from: frame, window)
  }

  private func step(
    from frame: StackFrame, by row: FrameTable.Row, _ table: FrameTable, _ window: StackWindow
  ) -> Step? {
    let architecture = process.architecture
    var current = frame.registers
    current[architecture.stackPointer] = frame.stackPointer
    current[architecture.programCounter] = frame.programCounter
    let end: UInt64?
    switch row.frameAddress {
    case .register(let register, let offset):
      end = current[register].map { $0 &+ UInt64(bitPattern: offset) }
    case .expression(let range):
      end = table.value(of: range, current, first: nil, read: window.word)
    case nil: end = nil
    }
    guard let end else { return nil }
    func value(_ register: Int) -> UInt64? {
      switch row.rules[register] {
      case .undefined: nil
      case nil, .sameValue: current[register]
      case .saved(let offset): window.word(end &+ UInt64(bitPattern: offset))
      case .value(let offset): end &+ UInt64(bitPattern: offset)
      case .register(let other): current[other]
      case .savedAt(let range):
        table.value(of: range, current, first: end, read: window.word).flatMap(window.word)
      case .valueOf(let range): table.value(of: range, current, first: end, read: window.word)
      }
    }
    var registers = Registers()
    let kept = row.isSignalFrame ? Array(0..<34) : architecture.savedRegisters
    for register in kept { registers[register] = value(register) }
    guard let counter = value(row.returnAddress) else { return nil }
    let stack =
      row.rules[architecture.stackPointer] == nil ? end : value(architecture.stackPointer)
    guard let stack else { return nil }
    return Step(
      registers: registers, counter: architecture.withoutSignature(counter), stackPointer: stack,
      wasInterrupted: row.isSignalFrame)
  }

  /// The nearest address on the stack that can be the caller's: behind a call of this function, or
  /// behind one that does not say of which.
  private func guess(from frame: StackFrame, _ window: StackWindow) -> Step? {
    guard process.architecture == .x86_64 else { return nil }
    if let step = lockFunction(near: frame, window) { return step }
    var others: [Step] = []
    for index in 0..<2048 {
      let at = frame.stackPointer &+ UInt64(index) * 8
      guard let value = window.word(at) else { break }
      guard value > 4096, process.mapping(at: value)?.isExecutable == true else { continue }
      switch call(before: value) {
      case .direct(let target):
        let step = guessed(at, value, window)
        if let start = frame.functionStart {
          guard target == start || destination(of: target) == start else { continue }
          if leadsOn(step, window) { return step }
        }
        if others.count < 32 { others.append(step) }
      case .indirect:
        let step = guessed(at, value, window)
        if others.count < 32 { others.append(step) }
      case .none: continue
      }
    }
    return others.first { leadsOn($0, window) } ?? others.first
  }

  /// In libraries without tables, as musl's: the function nearby that is called to lock or wait.
  private func lockFunction(near frame: StackFrame, _ window: StackWindow) -> Step? {
    guard frame.isOfSystem, frame.lockFunction == nil, row(at: frame.programCounter &- 1) == nil
    else { return nil }
    for index in 0..<96 {
      let at = frame.stackPointer &+ UInt64(index) * 8
      guard let value = window.word(at) else { break }
      guard value > 4096, process.mapping(at: value)?.isExecutable == true,
        place(of: value &- 1).lockFunction != nil, call(before: value) != .none
      else { continue }
      return guessed(at, value, window)
    }
    return nil
  }

  /// Whether frames above fit to each other: what is left of earlier calls does not lead far.
  private func leadsOn(_ step: Step, _ window: StackWindow) -> Bool {
    var step = step
    for _ in 0..<3 {
      let address = step.counter &- 1
      guard let row = row(at: address) else { return false }
      if row.row.rules[row.row.returnAddress] == .undefined { return true }
      let frame = StackFrame(
        programCounter: step.counter, stackPointer: step.stackPointer, registers: step.registers,
        isCaller: true, isGuessed: true, module: "")
      guard let next = self.step(from: frame, by: row.row, row.table, window),
        next.stackPointer > step.stackPointer, call(before: next.counter) != .none
      else { return false }
      step = next
    }
    return true
  }

  /// Where the function at an address begins, by the tables, which stripped programs have, too.
  func functionStart(of address: UInt64) -> UInt64? {
    guard let mapping = process.mapping(at: address), let file = process.file(of: mapping),
      let own = file.ownAddress(address, in: mapping), let row = row(at: address)?.row
    else { return nil }
    return address &- (own &- row.functionStart)
  }

  /// What the tables say of an address, and the tables.
  private func row(at address: UInt64) -> (row: FrameTable.Row, table: FrameTable)? {
    guard let mapping = process.mapping(at: address), let file = process.file(of: mapping) else {
      return nil
    }
    let row: FrameTable.Row?
    if let known = rows[address] {
      row = known
    } else {
      row = file.ownAddress(address, in: mapping).flatMap { file.frames.row(at: $0) }
      rows[address] = row
    }
    return row.map { ($0, file.frames) }
  }

  private func guessed(_ at: UInt64, _ counter: UInt64, _ window: StackWindow) -> Step {
    var registers = Registers()
    // Where functions keep the frame pointer, the caller's is below the return address.
    if let pointer = window.word(at &- 8), pointer > at, pointer &- at < 1 << 23 {
      registers[process.architecture.framePointer] = pointer
    }
    return Step(registers: registers, counter: counter, stackPointer: at &+ 8, isGuessed: true)
  }

  /// Where a jump leads through the table of a library's functions, which calls between libraries
  /// are made by.
  func destination(of address: UInt64) -> UInt64? {
    var bytes = process.read(address, 16)[...]
    // Marks of what may be jumped to and of bounds.
    if bytes.starts(with: [0xF3, 0x0F, 0x1E, 0xFA]) { bytes = bytes.dropFirst(4) }
    if bytes.first == 0xF2 { bytes = bytes.dropFirst() }
    guard bytes.count >= 6, bytes.starts(with: [0xFF, 0x25]) else { return nil }
    let next = address &+ UInt64(bytes.startIndex) &+ 6
    let offset = bytes.dropFirst(2).prefix(4).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    return process.word(next &+ UInt64(bitPattern: Int64(Int32(bitPattern: offset))))
  }

  private enum Call: Equatable { case direct(UInt64), indirect, none }

  /// What kind of call stands before an address, in x86-64's encoding.
  private func call(before address: UInt64) -> Call {
    let bytes = process.read(address &- 7, 7)
    guard bytes.count == 7 else { return .none }
    if bytes[2] == 0xE8 {
      let delta = bytes[3...6].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return .direct(address &+ UInt64(bitPattern: Int64(Int32(bitPattern: delta))))
    }
    // call *%reg, call *d8(%reg), call *d32(%rip) and *d32(%reg), with a prefix or without.
    func isCall(_ opcode: Int) -> Bool { bytes[opcode] == 0xFF && bytes[opcode + 1] & 0x38 == 0x10 }
    return isCall(5) || isCall(4) || isCall(3) || isCall(1) || isCall(0) ? .indirect : .none
  }
}

extension Architecture {
  /// An address of code without what aarch64 signs return addresses with.
  func withoutSignature(_ address: UInt64) -> UInt64 {
    self == .arm64 ? address & 0x0000_FFFF_FFFF_FFFF : address
  }
}

/// The part of a stack that is looked at, read in pieces.
final class StackWindow {
  private static let pieceSize: UInt64 = 2048

  private let process: any ObservedProcess
  private let start: UInt64
  private var pieces: [UInt64: [UInt8]] = [:]

  init(_ process: any ObservedProcess, from start: UInt64) {
    self.process = process
    self.start = start & ~7
  }

  /// Eight bytes of the stack, or of other memory.
  func word(_ address: UInt64) -> UInt64? {
    guard address >= start, address - start < 1 << 23, address & 7 == 0 else {
      return process.word(address)
    }
    let piece = (address - start) / Self.pieceSize
    if pieces[piece] == nil {
      pieces[piece] = process.read(start + piece * Self.pieceSize, Int(Self.pieceSize))
    }
    let bytes = pieces[piece]!
    let offset = Int((address - start) % Self.pieceSize)
    guard offset + 8 <= bytes.count else { return nil }
    return bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}
