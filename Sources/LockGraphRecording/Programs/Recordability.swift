#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the locks of a program cannot be recorded by a library that is loaded before its own.
package enum RecordingObstacle: Equatable {
  /// It loads no libraries.
  case linkedStatically
  /// Its locks are its own, whatever it loads.
  case writtenInGo
  /// It runs with the rights of its file; the loader then ignores such libraries.
  case privileged
  /// It is for another kind of machine.
  case otherMachine(UInt16)
  /// It is of 32 bits, or in another byte order.
  case otherWidth
  /// Its C library is not the one the recorder is made for.
  case otherLibrary(String)

  /// What is the matter, as the rest of a sentence that begins with the program.
  package var text: String {
    switch self {
    case .linkedStatically:
      "is linked statically and loads no library, so that its locks cannot be seen"
    case .writtenInGo: "is written in Go, whose locks are no calls that a library could see"
    case .privileged:
      "runs with the rights of its file (set-uid, set-gid or capabilities), and the loader then "
        + "loads no other library before its own"
    case .otherMachine(let number):
      "is for another kind of machine (\(Self.name(ofMachine: number)))"
    case .otherWidth: "is not a program of 64 bits, little-endian"
    case .otherLibrary(let loader): "is loaded by \(loader), and the recorder is for glibc"
    }
  }

  /// The same in a word or two.
  var name: String {
    switch self {
    case .linkedStatically: "static"
    case .writtenInGo: "written in Go"
    case .privileged: "set-uid, set-gid or with capabilities"
    case .otherMachine(let number): "for \(Self.name(ofMachine: number))"
    case .otherWidth: "not of 64 bits"
    case .otherLibrary: "not for glibc"
    }
  }

  /// What helps.
  package var help: String {
    switch self {
    case .linkedStatically: "Link it dynamically: without -static or -static-pie."
    case .writtenInGo: "Its own tools see its locks: go test -race, and a dump by kill -QUIT."
    case .privileged: "Run a copy of the file that has no such rights, as the user it runs as."
    case .otherMachine, .otherWidth: "Record it on a machine of its own kind."
    case .otherLibrary: "Build it for glibc."
    }
  }

  private static func name(ofMachine number: UInt16) -> String {
    switch number {
    case 3: "i386"
    case 40: "arm"
    case 62: "x86-64"
    case 183: "aarch64"
    case 243: "riscv"
    default: "number \(number)"
    }
  }
}

/// What is known of a program before it runs.
package struct Recordability: Equatable {
  /// The program that will run: the command, or what its first line names.
  package var program: String
  /// Why it cannot be recorded; `nil` if it can.
  package var obstacle: RecordingObstacle?
  /// The runtime of a sanitizer that it is built with, as `address` or `thread`.
  package var sanitizer: String?
  /// It is written in Rust, whose own locks are seen only where threads begin and end.
  package var isOfRust = false
  /// It is neither a program nor does its first line name one: shells take it for their own.
  package var isForShell = false

  /// How many interpreters of interpreters are followed, as the kernel does.
  private static let longestChain = 5

  /// Looks at the file of a command.
  ///
  /// - Parameter path: where names that `env` is given are looked for.
  package init(of command: CommandFile, path: String?) {
    var file = command
    for _ in 0..<Self.longestChain {
      guard let interpreter = Self.interpreter(ofScript: file.path, path) else { break }
      file = interpreter
    }
    program = file.path
    let identification = Self.beginning(of: file.path, 20)
    guard identification.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      isForShell = true
      return
    }
    guard let elf = ELFFile(path: file.path) else {
      obstacle = identification.count >= 6 ? .otherWidth : nil
      return
    }
    obstacle = Self.obstacle(elf, file.path)
    sanitizer = Self.sanitizer(elf)
    isOfRust = Self.isOfRust(elf)
  }

  private static func obstacle(_ elf: ELFFile, _ path: String) -> RecordingObstacle? {
    guard elf.machine == ownMachine else { return .otherMachine(elf.machine) }
    let isOfGo = elf.section(named: ".go.buildinfo") != nil
    guard let loader = elf.interpreter else { return isOfGo ? .writtenInGo : .linkedStatically }
    if isOfGo { return .writtenInGo }
    if loader.split(separator: "/").last?.hasPrefix("ld-linux") != true {
      return .otherLibrary(loader)
    }
    return isPrivileged(path) ? .privileged : nil
  }

  /// The machine that this program itself is for.
  private static var ownMachine: UInt16 {
    #if arch(x86_64)
      62
    #elseif arch(arm64)
      183
    #else
      0
    #endif
  }

  /// Whether the loader will be careful because the program gets rights that its caller lacks.
  private static func isPrivileged(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    if status.st_mode & S_ISUID != 0, status.st_uid != getuid() { return true }
    let changesGroup = S_ISGID | S_IXGRP
    if status.st_mode & changesGroup == changesGroup, status.st_gid != getgid() { return true }
    #if os(Linux)
      return getuid() != 0 && attribute(path, "security.capability", nil, 0) > 0
    #else
      return false
    #endif
  }

  private static func sanitizer(_ elf: ELFFile) -> String? {
    let libraries = elf.neededLibraries
    for (library, name) in [("libasan.", "address"), ("libtsan.", "thread")]
    where libraries.contains(where: { $0.hasPrefix(library) }) {
      return name
    }
    if elf.hasDynamicSymbol(named: ["__tsan_init"]) { return "thread" }
    return elf.hasDynamicSymbol(named: ["__asan_init"]) ? "address" : nil
  }

  private static func isOfRust(_ elf: ELFFile) -> Bool {
    guard let comment = elf.section(named: ".comment") else { return false }
    let bytes = elf.content[comment.offset..<comment.offset + comment.size]
    return String(decoding: bytes, as: UTF8.self).contains("rustc version")
  }

  /// What a script's first line says will run it; behind `env`, the program that it will find.
  private static func interpreter(ofScript file: String, _ path: String?) -> CommandFile? {
    let beginning = beginning(of: file, 256)
    guard beginning.starts(with: "#!".utf8) else { return nil }
    let line = String(
      decoding: beginning.dropFirst(2).prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
    let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
    guard let first = words.first else { return nil }
    if first.split(separator: "/").last == "env",
      let name = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }),
      let found = try? CommandFile(named: name, path: path)
    {
      return found
    }
    return try? CommandFile(named: first.contains("/") ? first : "./" + first, path: path)
  }

  private static func beginning(of path: String, _ count: Int) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      used = max(0, read(file, buffer.baseAddress, buffer.count))
    }
  }
}

#if os(Linux)
  /// `getxattr` of the C library, whose header has no module.
  @_silgen_name("getxattr")
  private func attribute(
    _ path: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>, _ value: UnsafeMutableRawPointer?,
    _ size: Int
  ) -> Int
#endif
