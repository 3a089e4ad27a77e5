import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps threads of a program with validated locks at the places of a circle, as the recorder does
/// with other programs: before the first lock of a side until there is a thread for each, and with
/// it before the second until all have theirs. When something happens changes, never what.
///
/// The circle itself is seen by who judges waits.
final class SteeredThreads: Sendable {
  /// Where the locks of a side are taken, as `FILE:LINE[:COLUMN]`.
  private struct Side {
    var outer: [String] = []
    var inner: [String] = []
  }

  /// A thread that is kept.
  private struct Kept {
    var number: UInt64
    /// A bit for each side.
    var sides: UInt32
    /// The first lock, which it asks for or has.
    var firstLock: UInt64
    /// It has its first lock.
    var isInside: Bool
    var mayGo = false
  }

  private struct State {
    var kept: [Kept] = []
    var count: UInt64 = 0
    /// Of places, by file, line and column: the sides whose first and second lock they take.
    var places: [Place: (outer: UInt32, inner: UInt32)] = [:]
    var used: UInt64 = 0
    var since: UInt64 = 0
  }

  private struct Place: Hashable {
    var file: UInt
    var line: UInt32
    var column: UInt32
  }

  private static let mostSides = 16
  private static let look: UInt64 = 1_000_000

  private let sides: [Side]
  private let path: String
  private let pause: UInt64
  private let patience: UInt64
  private let state = InternalLock { State() }

  /// - Returns: `nil` if there is no such file, or it says nothing.
  init?(_ steering: LockValidator.Configuration.Steering) {
    guard let text = Self.contents(steering.path) else { return nil }
    var sides: [Side] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      switch (words.first, words.dropFirst().first) {
      case ("side", _) where sides.count < Self.mostSides: sides.append(Side())
      case ("outer-at", let at?) where !sides.isEmpty: sides[sides.count - 1].outer.append(at)
      case ("inner-at", let at?) where !sides.isEmpty: sides[sides.count - 1].inner.append(at)
      default: break
      }
    }
    guard sides.count > 1 else { return nil }
    self.sides = sides
    path = steering.path
    pause = steering.pause &* 1_000_000
    patience = steering.patience &* 1_000_000
  }

  private static func contents(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count < 1 << 18 {
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, used in
        used = max(0, readDescriptor(file, UnsafeMutableRawBufferPointer(buffer)))
      }
      if piece.isEmpty { break }
      bytes += piece
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The thread is about to ask for a lock.
  func keep(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking
  ) {
    guard taking.site.file != nil, lg_find(thread, lock) == nil else { return }
    let busy = thread.pointee.busy
    lg_set_busy(thread, busy + 1)
    defer { lg_set_busy(thread, busy) }
    let held = HeldStack.all(thread)
    let kept = state.withLock { state -> UInt64? in
      let place = places(taking.site, &state)
      var within: UInt32 = 0
      var first: UInt64 = 0
      for hold in held where place.inner != 0 {
        let sides = places(hold.site, &state).outer & place.inner
        if sides != 0, within == 0 { first = hold.number }
        within |= sides
      }
      let waits = taking.flags.options.isDisjoint(with: [.try, .timeout])
      let isInside = within != 0 && waits
      guard isInside || place.outer != 0, left(state) > 0 else { return nil }
      if state.kept.isEmpty { state.since = lg_now() }
      state.count += 1
      state.kept.append(
        Kept(
          number: state.count, sides: isInside ? within : place.outer,
          firstLock: isInside ? first : lock.pointee.number, isInside: isInside))
      letGo(&state)
      return state.count
    }
    guard case .some(.some(let number)) = kept else { return }
    let end = lg_now() &+ pause
    while lg_now() < end {
      let isOver = state.withLock { state in
        state.kept.first { $0.number == number }?.mayGo != false || left(state) == 0
      }
      if isOver != false { break }
      lg_sleep(Self.look)
    }
    _ = state.withLock { state in
      state.kept.removeAll { $0.number == number }
      if state.kept.isEmpty { state.used += lg_now() &- state.since }
    }
  }

  /// What is left of the time for pauses.
  private func left(_ state: State) -> UInt64 {
    let used = state.used + (state.kept.isEmpty ? 0 : lg_now() &- state.since)
    return used < patience ? patience - used : 0
  }

  /// The sides of which a place takes the first lock, and those of which it takes the second.
  private func places(_ site: lg_site, _ state: inout State) -> (outer: UInt32, inner: UInt32) {
    guard let file = site.file else { return (0, 0) }
    let place = Place(file: UInt(bitPattern: file), line: site.line, column: site.column)
    if let known = state.places[place] { return known }
    let text = SiteTexts.describe(site)
    var found: (outer: UInt32, inner: UInt32) = (0, 0)
    for (index, side) in sides.enumerated() {
      if side.outer.contains(where: { Self.isSame($0, text) }) { found.outer |= 1 << UInt32(index) }
      if side.inner.contains(where: { Self.isSame($0, text) }) { found.inner |= 1 << UInt32(index) }
    }
    state.places[place] = found
    return found
  }

  /// A place may be told without its column.
  private static func isSame(_ told: String, _ place: String) -> Bool {
    place == told || place.hasPrefix(told + ":")
  }

  /// Lets those go for whom all sides are there: all that are inside, so that they wait for each
  /// other; or those that are about to be, and the others are or are about to be.
  private func letGo(_ state: inout State) {
    for isInside in [true, false] {
      let candidates = state.kept.indices.filter { !isInside || state.kept[$0].isInside }
      guard let members = match(state.kept, candidates) else { continue }
      guard isInside || members.contains(where: { !state.kept[$0].isInside }) else { continue }
      for member in members where state.kept[member].isInside == isInside {
        state.kept[member].mayGo = true
      }
    }
  }

  /// A thread for each side, all with other first locks.
  private func match(_ kept: [Kept], _ candidates: [Int]) -> [Int]? {
    var members: [Int] = []
    var tries = 10_000
    func choose() -> Bool {
      if members.count == sides.count { return true }
      for index in candidates where kept[index].sides >> UInt32(members.count) & 1 != 0 {
        tries -= 1
        if tries < 0 { return false }
        let isUsed = members.contains {
          $0 == index || kept[$0].firstLock == kept[index].firstLock
        }
        if isUsed { continue }
        members.append(index)
        if choose() { return true }
        members.removeLast()
      }
      return false
    }
    return choose() ? members : nil
  }

  /// A circle was judged: who steers may look.
  func noteCircle() {
    let file = open(path + ".closed", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }
}
