import ArgumentParser
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum ColorChoice: String, ExpressibleByArgument {
  case auto, always, never

  /// Colour only on a terminal and never with NO_COLOR set, unless asked for.
  func isColored(isTerminal: Bool) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && (Terminal.environment("NO_COLOR") ?? "").isEmpty
        && Terminal.environment("TERM") != "dumb"
    }
  }
}

/// Where messages go and how wide it is there.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Characters a line of standard output; COLUMNS wins, 80 where nothing tells.
  static var width: Int {
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 {
      return min(columns, 200)
    }
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return min(Int(size.ws_col), 200)
  }

  /// How much is told on standard error beside errors.
  enum Verbosity: Int {
    case quiet, normal, verbose
  }

  static let verbosity = Mutex(Verbosity.normal)

  /// A note, a warning, or how it went: not with --quiet.
  static func note(_ text: String) {
    if verbosity.withLock({ $0 }) != .quiet { message(text) }
  }

  /// What only --verbose tells.
  static func detail(_ text: String) {
    if verbosity.withLock({ $0 }) == .verbose { message(text) }
  }

  /// An error, on standard error.
  static func message(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}

/// How far a long input is read; only where standard error is a terminal.
struct ProgressLine {
  private let isShown =
    Terminal.isTerminal(2) && (Terminal.environment("CI") ?? "").isEmpty
    && Terminal.verbosity.withLock { $0 } != .quiet
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  /// At most ten times a second, and not for what is done at once.
  mutating func update(_ name: String, bytes: Int) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - start > .milliseconds(500), last.map({ now - $0 > .milliseconds(100) }) ?? true
    else { return }
    last = now
    let text = "\r\u{1B}[K\(name): \(bytes >> 20) MiB"
    _ = Array(text.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }

  mutating func clear() {
    guard last != nil else { return }
    last = nil
    _ = Array("\r\u{1B}[K".utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}
