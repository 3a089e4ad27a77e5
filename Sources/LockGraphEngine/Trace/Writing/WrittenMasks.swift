/// What an analysis of a written trace knows of the contexts that a thread masks, so that of a
/// format that shows the state with every event only the changes are written.
struct WrittenMasks {
  private struct Frame {
    var context: InterruptContext?
    var masks: ContextMasks
  }

  private var frames: [Frame]
  private var ignored = 0

  init(isKnown: Bool) {
    frames = [Frame(context: nil, masks: isKnown ? ContextMasks() : .unknown)]
  }

  mutating func enter(_ context: InterruptContext) {
    guard frames.count < ContextMasks.deepestNesting else {
      ignored += 1
      return
    }
    frames.append(Frame(context: context, masks: frames[frames.count - 1].masks))
  }

  mutating func leave(_ context: InterruptContext) {
    if ignored > 0 {
      ignored -= 1
    } else if let index = frames.lastIndex(where: { $0.context == context }) {
      frames.removeSubrange(index...)
    }
  }

  /// Takes an event of masking, and returns how often it is to be written.
  mutating func set(_ context: InterruptContext, isMasked: Bool, isAbsolute: Bool) -> Int {
    let top = frames.count - 1
    var times = 0
    while !isAbsolute || !isState(isMasked, of: context, frames[top].masks) {
      times += 1
      if isMasked {
        frames[top].masks.mask(context, isAbsolute: false)
      } else {
        _ = frames[top].masks.unmask(context, isAbsolute: false)
      }
      guard isAbsolute else { break }
    }
    return times
  }

  private func isState(
    _ isMasked: Bool, of context: InterruptContext, _ masks: ContextMasks
  ) -> Bool {
    switch context {
    case .hardirq: masks.hardirq == (isMasked ? .masked : .unmasked)
    case .signal: masks.signal == (isMasked ? .masked : .unmasked)
    case .softirq:
      isMasked ? masks.softirqDepth > 0 : masks.softirqDepth == 0 && masks.isSoftirqKnown
    case .nmi: true
    }
  }
}
