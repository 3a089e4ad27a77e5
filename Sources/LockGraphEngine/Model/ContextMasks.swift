/// Which contexts are masked for the code that runs in one context frame of a thread [semantics
/// 11].
struct ContextMasks: Equatable {
  /// A mask that nothing is known of, after events were lost, is neither on nor off.
  enum Flag: UInt8 {
    case unmasked, masked, unknown
  }

  /// Contexts nest two or three deep; what nests deeper is broken and counted only.
  static let deepestNesting = 64

  private(set) var hardirq = Flag.unmasked
  private(set) var signal = Flag.unmasked
  /// How often softirqs are masked, as far as it was seen.
  private(set) var softirqDepth: UInt32 = 0
  private(set) var isSoftirqKnown = true
  /// Events were lost that may have masked softirqs more often than was seen.
  private var mayBeDeeper = false

  /// After events were lost.
  static var unknown: ContextMasks {
    var masks = ContextMasks()
    masks.hardirq = .unknown
    masks.signal = .unknown
    masks.isSoftirqKnown = false
    masks.mayBeDeeper = true
    return masks
  }

  /// - Parameter isAbsolute: the event states how it is, and not a change.
  mutating func mask(_ context: InterruptContext, isAbsolute: Bool) {
    switch context {
    case .hardirq: hardirq = .masked
    case .signal: signal = .masked
    case .softirq:
      softirqDepth = isAbsolute ? 1 : softirqDepth &+ 1
      if isAbsolute {
        isSoftirqKnown = true
        mayBeDeeper = false
      }
    case .nmi: break
    }
  }

  /// False if softirqs are unmasked more often than they were masked.
  mutating func unmask(_ context: InterruptContext, isAbsolute: Bool) -> Bool {
    switch context {
    case .hardirq: hardirq = .unmasked
    case .signal: signal = .unmasked
    case .softirq:
      if isAbsolute {
        softirqDepth = 0
        isSoftirqKnown = true
        mayBeDeeper = false
      } else if softirqDepth > 0 {
        softirqDepth -= 1
      } else {
        // Masked in a gap, and as masks seldom nest, unmasked now.
        isSoftirqKnown = true
        return mayBeDeeper
      }
    case .nmi: break
    }
    return true
  }

  /// The contexts that can interrupt code that runs inside some contexts, as a set of bits. A
  /// context does not interrupt itself or one above it: signals interrupt tasks alone, hardirqs
  /// softirqs too.
  func interruptible(inside contexts: UInt8) -> UInt8 {
    let (hard, soft, nmi) = (
      InterruptContext.hardirq.bit, InterruptContext.softirq.bit, InterruptContext.nmi.bit
    )
    guard contexts & nmi == 0 else { return 0 }
    var result = nmi
    guard contexts & hard == 0 else { return result }
    if hardirq == .unmasked {
      result |= hard
      if contexts & soft == 0, isSoftirqKnown, softirqDepth == 0 { result |= soft }
    }
    if contexts & (soft | InterruptContext.signal.bit) == 0, signal == .unmasked {
      result |= InterruptContext.signal.bit
    }
    return result
  }
}
