#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An argument or a variable of an environment, byte for byte: it need not be UTF-8.
package struct CommandText: Equatable, Sendable {
  /// With a zero at the end.
  let bytes: [CChar]

  package init(_ text: String) { bytes = Array(text.utf8CString) }

  package init(copying text: UnsafePointer<CChar>) {
    bytes = Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
  }

  /// As text, with what is not UTF-8 replaced.
  package var text: String {
    String(decoding: bytes.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func starts(with prefix: String) -> Bool {
    bytes.lazy.map { UInt8(bitPattern: $0) }.starts(with: prefix.utf8)
  }

  /// The environment of this process.
  package static var environment: [CommandText] {
    var variables: [CommandText] = []
    var next = environ
    while let text = next.pointee {
      variables.append(CommandText(copying: text))
      next += 1
    }
    return variables
  }

  /// The last arguments of this process.
  package static func lastArguments(_ count: Int) -> [CommandText] {
    let all = (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0] }
    return all.suffix(count).map { CommandText(copying: $0) }
  }
}

extension [CommandText] {
  /// What a variable of the environment is set to.
  package func value(of name: String) -> String? {
    first { $0.starts(with: name + "=") }.map { String($0.text.dropFirst(name.count + 1)) }
  }
}
