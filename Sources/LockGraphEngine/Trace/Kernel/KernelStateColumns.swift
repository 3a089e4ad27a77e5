/// Two of the columns of flags that the tracer prints before the time: in which context the event
/// happened, and which contexts could not interrupt it.
struct KernelStateColumns: Equatable {
  /// The first column: `d` hardirqs are off, `b` bottom halves, `D` both, `.` neither; anything
  /// else says nothing.
  var masks: UInt8
  /// The third column: `h` hardirq, `s` softirq, `H` hardirq in a softirq, `z` NMI, `Z` NMI in a
  /// hardirq, `.` task.
  var context: UInt8

  /// What holds of a task of which nothing is known, and of lines without flags.
  static let absent = KernelStateColumns(masks: UInt8(ascii: "X"), context: UInt8(ascii: "."))

  /// Neither a hardirq nor an NMI, in which the masks say nothing of their own.
  var isMaskable: Bool { context == UInt8(ascii: ".") || context == UInt8(ascii: "s") }

  /// Which contexts are active, outermost first.
  var contexts: [InterruptContext] {
    switch context {
    case UInt8(ascii: "s"): [.softirq]
    case UInt8(ascii: "h"): [.hardirq]
    case UInt8(ascii: "H"): [.softirq, .hardirq]
    case UInt8(ascii: "z"): [.nmi]
    case UInt8(ascii: "Z"): [.hardirq, .nmi]
    default: []
    }
  }

  /// Whether a context is masked, `nil` if that is not known.
  func masks(_ masked: InterruptContext) -> Bool? {
    switch masks {
    case UInt8(ascii: "."): false
    case UInt8(ascii: "D"): true
    case UInt8(ascii: "d"): masked == .hardirq
    case UInt8(ascii: "b"): masked == .softirq
    default: nil
    }
  }

  /// From the bits that the verbose layout prints as a number.
  init(flags: UInt32) {
    let (isOff, isUnsupported) = (flags & 0x01 != 0, flags & 0x02 != 0)
    let areBottomHalvesOff = flags & 0x80 != 0
    let (isHard, isSoft, isNMI) = (flags & 0x08 != 0, flags & 0x10 != 0, flags & 0x40 != 0)
    masks =
      switch (isOff, areBottomHalvesOff) {
      case (true, true): UInt8(ascii: "D")
      case (true, false): UInt8(ascii: "d")
      case (false, true): UInt8(ascii: "b")
      case (false, false): UInt8(ascii: isUnsupported ? "X" : ".")
      }
    context =
      switch (isNMI, isHard, isSoft) {
      case (true, true, _): UInt8(ascii: "Z")
      case (true, false, _): UInt8(ascii: "z")
      case (false, true, true): UInt8(ascii: "H")
      case (false, true, false): UInt8(ascii: "h")
      case (false, false, true): UInt8(ascii: "s")
      case (false, false, false): UInt8(ascii: ".")
      }
  }

  init(masks: UInt8, context: UInt8) {
    self.masks = masks
    self.context = context
  }
}
