/// How an input is compressed, and the program that undoes it.
enum Compression: Sendable, CaseIterable {
  case gzip, xz, zstd

  /// How many bytes tell at most.
  static let markLength = 6

  /// Recognises a compression by the first bytes of an input.
  static func recognize(_ beginning: some Collection<UInt8>) -> Compression? {
    allCases.first { compression in
      compression.marks.contains { beginning.starts(with: $0) }
    }
  }

  /// Whether more bytes than these few could still show a compression.
  static func mayFollow(_ beginning: some Collection<UInt8>) -> Bool {
    allCases.contains { compression in
      compression.marks.contains { $0.starts(with: beginning) && $0.count > beginning.count }
    }
  }

  private var marks: [[UInt8]] {
    switch self {
    case .gzip: [[0x1F, 0x8B]]
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]]
    // A frame, or one to be skipped before it.
    case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]] + (0x50...0x5F).map { [$0, 0x2A, 0x4D, 0x18] }
    }
  }

  /// The program that writes what it reads, decompressed, if called with `-dc`.
  var program: String {
    switch self {
    case .gzip: "gzip"
    case .xz: "xz"
    case .zstd: "zstd"
    }
  }

  /// What to install where the program is missing.
  var package: String {
    switch self {
    case .gzip: "the package gzip"
    case .xz: "the package xz-utils, which some systems call xz"
    case .zstd: "the package zstd"
    }
  }

  /// What an input of that kind should be.
  var wholeArchive: String { "a complete \(program) archive" }

  /// The program read everything and had something to say of it.
  func isWarning(exitStatus: Int32) -> Bool { self != .zstd && exitStatus == 2 }
}
