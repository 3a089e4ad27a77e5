/// Something that carries a kernel's log to people, and what it does to its lines.
public struct LogCarrier: Sendable, CustomStringConvertible {
  public let name: String
  private let carry: @Sendable ([Line]) -> String

  public var description: String { name }

  /// A line of a log: its time, as it is printed between brackets, and its text with its blanks.
  public struct Line: Sendable {
    public var time: String
    public var text: String
  }

  /// What becomes of a log of lines `[TIME] TEXT`; lines without a time have that of the line
  /// before.
  public func callAsFunction(_ log: String) -> String { carry(Self.lines(of: log)) }

  private static func lines(of log: String) -> [Line] {
    var time = "   10.000000"
    return log.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
      guard line.hasPrefix("["), let end = line.firstIndex(of: "]") else {
        return Line(time: time, text: String(line))
      }
      time = String(line[line.index(after: line.startIndex)..<end])
      let rest = line[line.index(after: end)...]
      return Line(time: time, text: String(rest.hasPrefix(" ") ? rest.dropFirst() : rest))
    }
  }

  private init(_ name: String, _ carry: @escaping @Sendable ([Line]) -> String) {
    self.name = name
    self.carry = carry
  }

  private static func carrying(
    _ name: String, _ lines: @escaping @Sendable ([Line]) -> String
  ) -> LogCarrier { LogCarrier(name, lines) }

  /// One that puts something before each line.
  private static func before(
    _ name: String, _ prefix: @escaping @Sendable (Int, Line) -> String
  ) -> LogCarrier {
    LogCarrier(name) { lines in
      lines.enumerated().map { prefix($0, $1) + $1.text + "\n" }.joined()
    }
  }

  /// One that rewrites a line with its time.
  private static func rewriting(
    _ name: String, _ text: @escaping @Sendable (String) -> String
  ) -> LogCarrier {
    LogCarrier(name) { lines in
      lines.map { text("[\($0.time)] \($0.text)") + "\n" }.joined()
    }
  }

  private static func micro(_ line: Line) -> String {
    String(line.time.drop { $0 == " " }.filter { $0 != "." })
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func clock(_ number: Int) -> String {
    "10:\(two(number / 60 % 60)):\(two(number % 60))"
  }

  private static let escapes: [(Character, String)] = [
    ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"),
  ]

  private static func html(_ text: String) -> String {
    text.map { character in
      escapes.first { $0.0 == character }?.1 ?? String(character)
    }.joined()
  }

  private static func quotedPrintable(_ text: String) -> String {
    var result = ""
    var column = 0
    for byte in text.utf8 {
      let isPlain = byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")
      let hex = String(byte, radix: 16, uppercase: true)
      let piece =
        isPlain ? String(UnicodeScalar(byte)) : "=" + (hex.count < 2 ? "0" + hex : hex)
      if column + piece.count > 74 {
        result += "=\n"
        column = 0
      }
      result += piece
      column += piece.count
    }
    return result.hasSuffix(" ") ? result.dropLast() + "=20" : result
  }

  private static func percent(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  private static func json(_ text: String) -> String {
    "\""
      + text.map { character in
        character == "\"" || character == "\\" ? "\\\(character)" : String(character)
      }.joined() + "\""
  }

  /// Broken at the last blank before a column, as mail programs do.
  private static func wrapped(_ text: String, at width: Int, quote: String = "") -> String {
    var lines: [String] = []
    var rest = text[...]
    while rest.count > width,
      let blank = rest.prefix(width).lastIndex(of: " "),
      rest[..<blank].contains(where: { $0 != " " })
    {
      lines.append(quote + rest[..<blank])
      rest = rest[rest.index(after: blank)...]
    }
    return (lines + [quote + rest]).joined(separator: "\n")
  }

  public static let all: [LogCarrier] = [
    ofDmesg, ofDmesgAlike, ofJournals, ofLoggers, ofConsoles, ofVendors, ofBuilds, ofQuotes,
    ofPages,
  ].flatMap(\.self)

  private static let ofDmesg: [LogCarrier] = [
    .before("dmesg") { "[\($1.time)] " },
    .before("dmesg --notime") { _, _ in "" },
    .before("dmesg --raw") { "<4>[\($1.time)] " },
    .before("dmesg --raw --notime") { _, _ in "<4>" },
    .before("dmesg --decode") { "kern  :warn  : [\($1.time)] " },
    .before("dmesg --decode --ctime") { i, _ in
      "kern  :err   : [Sat Nov 22 \(clock(i)) 2025] "
    },
    .before("dmesg --ctime") { i, _ in "[Sat Nov 22 \(clock(i)) 2025] " },
    .before("dmesg --show-delta") { "[\($1.time) <    0.000012>] " },
    .before("dmesg --ctime --show-delta") { i, _ in
      "[Sat Nov 22 \(clock(i)) 2025 <    0.000012>] "
    },
    .before("dmesg --notime --show-delta") { _, _ in "[<    0.000012>] " },
    .before("dmesg --reltime") { i, _ in i == 0 ? "[Nov22 10:00] " : "[  +0.000012] " },
    .before("dmesg --time-format iso") { i, _ in "2025-11-22T\(clock(i)),249990+00:00 " },
  ]

  private static let ofDmesgAlike: [LogCarrier] = [
    .before("dmesg with callers") { "[\($1.time)][   T57] " },
    .before("dmesg with callers and blanks") { "[\($1.time)] [     T57] " },
    .before("dmesg of a processor") { "[\($1.time)][    C0] " },
    .carrying(
      "dmesg --color",
      { lines in
        lines.map { "\u{1B}[32m[\($0.time)] \u{1B}[0m\u{1B}[33m\($0.text)\u{1B}[0m\n" }.joined()
      }),
    .carrying(
      "dmesg --json",
      { lines in
        "{\n   \"dmesg\": [\n      {\n"
          + lines.map {
            "         \"pri\": 4,\n         \"time\": \($0.time),\n         \"msg\": \(json($0.text))\n"
              + "      },{\n"
          }.joined()
      }),
    .before("/dev/kmsg") { "4,\(1000 + $0),\(micro($1)),-;" },
    .before("/dev/kmsg with callers") { "4,\(1000 + $0),\(micro($1)),-,caller=T57;" },
    .carrying(
      "/dev/kmsg with escapes",
      { lines in
        lines.enumerated().map { number, line in
          "4,\(1000 + number),\(micro(line)),-;\(line.text)\n SUBSYSTEM=pci\n"
        }.joined()
      }),
  ]

  private static let ofJournals: [LogCarrier] = [
    .before("journalctl") { i, _ in "Nov 22 \(clock(i)) host kernel: " },
    .before("journalctl -o short-monotonic") { "[\($1.time)] host kernel: " },
    .before("journalctl -o short-iso") { i, _ in "2025-11-22T\(clock(i))+0000 host kernel: " },
    .before("journalctl -o short-full") { i, _ in
      "Sat 2025-11-22 \(clock(i)) UTC host kernel: "
    },
    .before("journalctl -o short-precise") { i, _ in
      "Nov 22 \(clock(i)).123456 host.example.org kernel: "
    },
    .before("journalctl -o short-unix") { i, _ in "17638000\(two(i % 100)).123456 host kernel: " },
    .carrying(
      "journalctl -o json",
      { lines in
        lines.map {
          "{\"_HOSTNAME\":\"host\",\"MESSAGE\":\(json($0.text)),\"PRIORITY\":\"4\"}\n"
        }.joined()
      }),
    .carrying(
      "journalctl -o verbose",
      { lines in
        lines.map {
          "Sat 2025-11-22 10:00:00.123456 UTC [s=1;i=2]\n    PRIORITY=4\n    MESSAGE=\($0.text)\n"
        }.joined()
      }),
  ]

  private static let ofLoggers: [LogCarrier] = [
    .before("syslog") { i, line in "Nov 22 \(clock(i)) host kernel: [\(line.time)] " },
    .before("syslog with a number") { i, _ in "Nov  2 \(clock(i)) host kernel[123]: " },
    .before("rsyslog") { i, line in
      "2025-11-22T\(clock(i)).526425+00:00 host kernel: [\(line.time)] "
    },
    .before("RFC 5424") { i, line in
      "<4>1 2025-11-22T\(clock(i)).526425+00:00 host kernel - - - [\(line.time)] "
    },
    .before("busybox syslogd") { i, line in
      "Nov 22 \(clock(i)) host kern.warn kernel: [\(line.time)] "
    },
    .before("logread") { i, _ in "Sat Nov 22 \(clock(i)) 2025 kern.warn kernel: " },
    .carrying(
      "rsyslog with octal escapes",
      { lines in
        lines.map { "Nov 22 10:00:00 host kernel: \($0.text)#015\n" }.joined()
      }),
    .before("netconsole") { "[\($1.time)] " },
    .before("netconsole, extended") { "6.1.0,4,\(1000 + $0),\(micro($1)),-;" },
    .before("netconsole through a logger") { i, line in
      "2025-11-22 \(clock(i)) 192.0.2.7 [\(line.time)] "
    },
  ]

  private static let ofConsoles: [LogCarrier] = [
    .carrying(
      "serial console with carriage returns",
      { lines in
        lines.map { "[\($0.time)] \($0.text)\r\r\n" }.joined()
      }),
    .rewriting("serial console shown by cat -v", { $0 + "^M" }),
    .before("minicom") { i, line in "[2025-11-22 \(clock(i))] [\(line.time)] " },
    .before("ts") { i, line in "Nov 22 \(clock(i)) [\(line.time)] " },
    .before("grabserial") { "[\(two($0)).123456 0.000012] [\($1.time)] " },
    .before("picocom") { i, line in "\(clock(i)).123 > [\(line.time)] " },
    .before("Xen") { "(XEN) [\($1.time)] " },
    .before("of a guest, by Xen") { "(d1) [\($1.time)] " },
  ]

  private static let ofVendors: [LogCarrier] = [
    .before("MediaTek") { "<4>[\($1.time)]  (0)[57:kworker/0:1]" },
    .before("Samsung") { "[\($1.time)] [0:     kworker/0:1:   57] " },
    .before("Unisoc") { "[\($1.time)] c0     57 " },
    .before("logcat -b kernel") { i, line in
      "11-22 \(clock(i)).000     0     0 W kernel  : [\(line.time)] "
    },
  ]

  private static let ofBuilds: [LogCarrier] = [
    .before("GitHub Actions") { i, line in "2025-11-22T\(clock(i)).1234567Z [\(line.time)] " },
    .before("GitHub Actions without times") { i, _ in "2025-11-22T\(clock(i)).1234567Z " },
    .before("Jenkins") { i, line in "[2025-11-22T\(clock(i)).123Z] [\(line.time)] " },
    .before("Jenkins, short") { i, line in "\(clock(i))  [\(line.time)] " },
    .before("GitLab") { i, line in "2025-11-22T\(clock(i)).123456Z 00O [\(line.time)] " },
    .before("Zuul") { i, _ in "2025-11-22 \(clock(i)).123456 | ubuntu | " },
    .before("docker compose") { _, _ in "vm-1  | " },
    .before("autopkgtest") { i, _ in "\(100 + i)s " },
    .before("OBS") { i, line in "[  \(100 + i)s] [\(line.time)] " },
    .before("TeamCity") { i, _ in "[\(clock(i))]W:   [Step 1/2] " },
    .before("kubectl") { _, _ in "[pod/guest-0/vm] " },
    .before("Android Studio") { i, _ in "W/kernel  (  \(57 + i)): " },
  ]

  private static let ofQuotes: [LogCarrier] = [
    .before("mail, quoted") { "> [\($1.time)] " },
    .before("mail, quoted twice") { ">> > [\($1.time)] " },
    .before("mail, quoted without times") { _, _ in "> " },
    .before("mail, quoted with initials") { "JD> [\($1.time)] " },
    .before("mail, quoted with bars") { "| [\($1.time)] " },
    .before("commit message") { "    [\($1.time)] " },
    .before("comment of a script") { "# [\($1.time)] " },
    .rewriting("mail, wrapped", { wrapped($0, at: 76) }),
    .rewriting("mail, wrapped early", { wrapped($0, at: 66) }),
    .rewriting("mail, quoted and wrapped", { wrapped($0, at: 74, quote: "> ") }),
    .carrying(
      "mail, wrapped without times",
      { lines in lines.map { wrapped($0.text, at: 72) + "\n" }.joined() }),
    .rewriting("mail, quoted-printable", quotedPrintable),
    .rewriting("empty lines between", { $0 + "\n" }),
  ]

  private static let ofPages: [LogCarrier] = [
    .rewriting("web page", html),
    .rewriting("web page of a web page", { html(html($0)) }),
    .rewriting("web page with breaks", { html($0) + "<br />" }),
    .rewriting("web page in spans", { "<span class=\"l\">\(html($0))</span>" }),
    .rewriting("web page in cells", { "<tr><td>\(html($0))</td></tr>" }),
    .rewriting("web page with numbers for blanks", { html($0).replacing(" ", with: "&#160;") }),
    .rewriting("wide blanks", { $0.replacing(" ", with: "\u{A0}") }),
    .rewriting("dashes for hyphens", { $0.replacing("->", with: "\u{2013}>") }),
    .rewriting("address of a page", percent),
    .rewriting("JSON of a container", { "{\"log\":\(json($0 + "\\n")),\"stream\":\"stdout\"}" }),
  ]
}
