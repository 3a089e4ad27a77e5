/// How far the run had come at which event: numbers of the order grow with every acquisition, those
/// too that were left out, so they tell it better than a count of what was kept.
///
/// Keeps a few thousand samples, however long the recording is.
struct RecordedCourse {
  private static let limit = 4096

  private var samples: [(event: UInt64, order: UInt64)] = []
  private var stride: UInt64 = 1
  private var last: UInt64 = 0
  private var countdown: UInt64 = 1

  /// Notes an acquisition; orders never fall.
  @inline(__always)
  mutating func note(event: UInt64, order: UInt64) {
    last = order
    countdown -= 1
    if countdown == 0 { sample(event, order) }
  }

  @inline(never)
  private mutating func sample(_ event: UInt64, _ order: UInt64) {
    countdown = stride
    samples.append((event, order))
    guard samples.count == Self.limit else { return }
    samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    stride *= 2
    countdown = stride
  }

  /// The first event behind nine tenths of the run, about; `nil` of a short one.
  var lastTenth: UInt64? {
    guard last >= 100 else { return nil }
    return samples.first { $0.order > last - last / 10 }?.event
  }
}
