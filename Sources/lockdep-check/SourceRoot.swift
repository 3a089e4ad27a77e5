import LockGraphEngine
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder that paths in reports are relative to.
struct SourceRoot {
  /// Its absolute names: as it was given, and where links lead.
  let names: [String]

  /// - Parameter path: `nil` is the current folder. It need not exist: a trace may come from
  ///   another machine.
  init(_ path: String?) {
    let given = Self.given(path ?? ".")
    let real = Self.real(given)
    names = [given] + (real.map { $0 == given ? [] : [$0] } ?? [])
  }

  /// A path from the root on, without detours; links are not followed.
  static func absolute(_ path: String) -> String { ReportSettings().path(given(path)) }

  private static func given(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(currentFolder)/\(path)"
  }

  /// By the name that the shell knows it by, if that is one of it: compilers are told that one too.
  private static var currentFolder: String {
    let real = real(".") ?? "/"
    guard let named = Terminal.environment("PWD"), named.hasPrefix("/"), Self.real(named) == real
    else { return real }
    return named
  }

  /// Where a file is below the folder that Swift knows by its module, as `#fileID` does:
  /// `Bank/Teller.swift` is usually `Sources/Bank/Teller.swift`.
  func locator() -> @Sendable (String) -> String? {
    let root = names[0]
    let known = Mutex<[String: String?]>([:])
    return { path in
      known.withLock { known in
        if let answer = known[path] { return answer }
        let candidates = [path] + ["Sources", "Tests"].map { "\($0)/\(path)" }
        let found = candidates.first { access("\(root)/\($0)", F_OK) == 0 }
        known[path] = found
        return found
      }
    }
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
