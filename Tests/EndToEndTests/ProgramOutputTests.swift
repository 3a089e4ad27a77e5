import Foundation
import TestSupport
import Testing

/// Where the report, the graph and the trace of a running program go.
@Suite("Outputs of running programs")
struct ProgramOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let variables = ["LOCKGRAPH_REPORT", "LOCKGRAPH_GRAPH", "LOCKGRAPH_TRACE"]

  /// What a graph or a trace begins with, where it is text.
  private static func beginning(_ variable: String) -> String {
    variable == "LOCKGRAPH_GRAPH" ? "\u{FFFD}LGR\r\n" : "# lockgraph-trace 1\n"
  }

  /// What was said of files.
  private func complaints(_ result: ProcessResult) -> [String] {
    result.messageLines.filter { $0.contains(": cannot be written: ") }
  }

  private func schemas(in text: String) -> Int {
    text.components(separatedBy: #""schema": "lockgraph-report/1""#).count - 1
  }

  @Test(
    "A device is written to and stays a device",
    .needs("root, who makes device nodes,", geteuid() == 0), arguments: variables)
  func device(_ variable: String) throws {
    let result = try shell(
      #"""
      unshare -m sh -c 'mount -t tmpfs none "$1" && cd "$1" &&
        mknod null c 1 3 && mknod full c 1 7 &&
        ln -s null link && for device in null full link; do env $2=$device "$3" misuse; done
        "$4" analyze null -o null && "$4" render null -o null; "$4" analyze null -o full
        stat -c "%N %F %t %T" *' sh "$1" "$2" "$victim" "$check"
      """#, folder.path, variable)
    #expect(
      result.text.hasSuffix(
        """
        done
        'full' character special file 1 7
        'link' -> 'null' symbolic link 0 0
        'null' character special file 1 3

        """), "\(result.text)\(result.messages)")
    #expect(
      complaints(result) == [
        "LockGraph: full: cannot be written: No space left on device",
        "full: error: cannot be written: No space left on device",
      ])
  }

  @Test("A FIFO is written to, a report once at the end, and stays a FIFO", arguments: variables)
  func fifo(_ variable: String) throws {
    let result = try shell(
      #"mkfifo out; cat out > got & env "$1"=out "$victim" misuse; wait; test -p out; echo $?"#,
      variable, directory: folder.path)
    #expect(result.text == "done\n0\n")
    #expect(complaints(result) == [])
    let text = String(decoding: try folder.bytes(of: "got"), as: UTF8.self)
    if variable == "LOCKGRAPH_REPORT" {
      #expect(schemas(in: text) == 1)
      #expect(try Report(Array(text.utf8)).findings.count == 6)
    } else {
      #expect(text.hasPrefix(Self.beginning(variable)))
      #expect(text.contains("# process "))
      #expect(try lockdepCheck("analyze", folder.file("got")).status == .exited(0))
    }
  }

  @Test("A FIFO that nobody reads is one line, and the program ends", arguments: variables)
  func fifoWithoutReader(_ variable: String) throws {
    #expect(mkfifo(folder.file("out"), 0o600) == 0)
    let result = try lockVictim(
      ["misuse"], environment: [variable: folder.file("out")], timeout: .seconds(30))
    #expect(result.status == .exited(0))
    #expect(
      complaints(result) == [
        "LockGraph: \(folder.file("out")): cannot be written: nobody reads it"
      ])
    #expect(try folder.contents == ["out"])
  }

  @Test(
    "A reader that reads no more is one line, and the program goes on",
    arguments: variables + ["2"])
  func fullPipe(_ variable: String) throws {
    // The reader holds the FIFO open, which is full already.
    let result = try shell(
      #"""
      mkfifo out; sleep 60 < out & reader=$!
      head -c 65536 /dev/zero > out
      if [ "$1" = 2 ]; then "$victim" misuse 2> out; else env "$1"=out "$victim" misuse; fi
      echo $?; kill $reader
      """#, variable, directory: folder.path)
    #expect(result.text.hasSuffix("done\n0\n"))
    let expected = variable == "2" ? [] : ["LockGraph: out: cannot be written: nobody reads on"]
    #expect(complaints(result) == expected)
  }

  @Test("A reader that goes away is one line, and no signal", arguments: variables)
  func closedPipe(_ variable: String) throws {
    let result = try shell(
      // So small that no output fits in before the reader is gone.
      #"""
      mkfifo out
      python3 -c '
      import fcntl, os, select
      reader = os.open("out", os.O_RDONLY | os.O_NONBLOCK)
      fcntl.fcntl(reader, 1031, 4096)
      os.close(os.open("ready", os.O_CREAT))
      select.select([reader], [], [])
      os.read(reader, 10)' &
      until [ -e ready ]; do sleep 0.05; done
      env "$1"=out "$victim" many-orders 1000; echo $?
      """#, variable, directory: folder.path)
    #expect(result.text.hasSuffix("done\n0\n"))
    #expect(complaints(result) == ["LockGraph: out: cannot be written: Broken pipe"])
  }

  @Test("A socket is given what a file would be")
  func socket() throws {
    let result = try shell(
      #"""
      python3 -c '
      import socket, subprocess, sys
      server = socket.socket(socket.AF_UNIX)
      server.bind("s")
      server.listen(1)
      program = subprocess.Popen(["env", "LOCKGRAPH_REPORT=s", sys.argv[1], "inversion"])
      connection = server.accept()[0]
      while part := connection.recv(4096): sys.stdout.buffer.write(part)
      sys.exit(program.wait())' "$victim"; echo $?; test -S s; echo $?
      """#, directory: folder.path)
    #expect(schemas(in: result.text) == 1)
    #expect(result.text.hasSuffix("}\n0\n0\n"))
  }

  @Test(
    "What is open already is written on, and neither emptied nor replaced",
    arguments: ["/dev/stderr", "/dev/fd/3", "/proc/self/fd/3", "link"])
  func descriptors(_ path: String) throws {
    let result = try shell(
      #"""
      ln -s /dev/fd/3 link; echo before > log
      LOCKGRAPH_GRAPH=/dev/stdout LOCKGRAPH_REPORT="$1" "$victim" misuse 2>> log 3>&2 > out
      echo after >> log
      """#, path, directory: folder.path)
    #expect(result.messages == "")
    let text = try folder.text(of: "log")
    #expect(text.hasPrefix("before\n"))
    #expect(text.hasSuffix("}\nafter\n"))
    #expect(schemas(in: text) == 1)
    #expect(
      String(decoding: try folder.bytes(of: "out"), as: UTF8.self)
        .hasPrefix("done\n" + Self.beginning("LOCKGRAPH_GRAPH")))
    #expect(try folder.contents == ["link", "log", "out"])
  }

  @Test(
    "The one report of a stream is there before the program aborts", arguments: ["abort", "trap"])
  func beforeAbort(_ word: String) throws {
    let result = try shell(
      #"LOCKGRAPH=$1 LOCKGRAPH_REPORT=/dev/fd/3 "$victim" misuse 3> log"#, word,
      directory: folder.path)
    #expect(result.text == "")
    let report = try Report(folder.bytes(of: "log"))
    #expect(report.findings.map(\.rule) == ["release-not-held"])
  }

  @Test("Links stay links: what they lead to is replaced, or made", arguments: variables)
  func links(_ variable: String) throws {
    let result = try shell(
      #"""
      mkdir there; echo old > there/old; ln there/old there/other
      ln -s there/old old; ln -s second new; ln -s there/new second
      for link in old new; do env "$1"=$link "$victim" misuse; done
      readlink old new second; cat there/other; ls -A . there
      """#, variable, directory: folder.path)
    #expect(
      result.text
        == "done\ndone\nthere/old\nsecond\nthere/new\nold\n.:\nnew\nold\nsecond\nthere\n\nthere:\n"
        + "new\nold\nother\n")
    for name in ["old", "new"] { #expect(try folder.bytes(of: "there/\(name)").count > 100) }
  }

  @Test(
    "What cannot be written is one line for each path, however much there is to tell",
    arguments: [
      (".", "Is a directory"), ("none/file", "No such file or directory"),
      ("file/file", "Not a directory"), ("loop", "Too many levels of symbolic links"),
    ])
  func unwritable(_ path: String, _ reason: String) throws {
    _ = try folder.write("kept\n", to: "file")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("loop"), withDestinationPath: "loop")
    let path = folder.file(path)
    for variable in Self.variables {
      let result = try lockVictim(["misuse"], environment: [variable: path])
      #expect(result.status == .exited(0))
      #expect(complaints(result) == ["LockGraph: \(path): cannot be written: \(reason)"])
    }
    let command = try lockdepCheck("analyze", "-o", path, input: Traces.clean)
    #expect(command.status == .exited(2))
    #expect(command.messages == "\(path): error: cannot be written: \(reason)\n")
    #expect(try folder.contents == ["file", "loop"])
    #expect(try folder.text(of: "file") == "kept\n")
  }

  @Test("A file that may not be written is not replaced, and a folder that may not is one line")
  func rights() throws {
    // Root may write everything; the shell then gives its rights away.
    let result = try shell(
      #"""
      mkdir open closed; echo kept > open/file; chmod 444 open/file; chmod 777 open
      chmod 555 closed
      chmod 711 .
      as=; test "$(id -u)" != 0 || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
      LOCKGRAPH_REPORT=open/file LOCKGRAPH_GRAPH=closed/file $as "$victim" misuse
      $as "$check" analyze /dev/null -o open/file; echo $?
      ls -A open closed; cat open/file
      """#, directory: folder.path)
    #expect(
      Set(complaints(result)) == [
        "LockGraph: open/file: cannot be written: Permission denied",
        "LockGraph: closed/file: cannot be written: Permission denied",
        "open/file: error: cannot be written: Permission denied",
      ])
    #expect(complaints(result).count == 3)
    #expect(result.text == "done\n2\nclosed:\n\nopen:\nfile\nkept\n")
  }

  @Test("A file that is written anew keeps its rights and its owner")
  func keptRights() throws {
    let owner = geteuid() == 0 ? 65534 : geteuid()
    let result = try shell(
      #"""
      for name in report graph trace; do echo old > $name; chmod 640 $name; chown "$1" $name; done
      umask 077
      LOCKGRAPH_REPORT=report LOCKGRAPH_GRAPH=graph LOCKGRAPH_TRACE=trace "$victim" misuse
      umask 027; LOCKGRAPH_REPORT=new "$victim" misuse
      stat -c "%a %u" report graph trace new
      """#, "\(owner)", directory: folder.path)
    let kept = "640 \(owner)\n"
    #expect(result.text == "done\ndone\n\(kept)\(kept)\(kept)640 \(geteuid())\n")
    #expect(try folder.text(of: "report") != "old\n")
  }

  @Test("Where there is no room nothing is left half-written")
  func noRoom() throws {
    let result = try shell(
      #"""
      ulimit -f 8; echo old > report
      LOCKGRAPH_REPORT=report LOCKGRAPH_GRAPH=graph LOCKGRAPH_TRACE=trace "$victim" many-orders 300
      echo $?
      """#, directory: folder.path)
    #expect(result.text.hasSuffix("done\n0\n"))
    #expect(
      Set(complaints(result))
        == Set(
          ["report", "graph", "trace"].map {
            "LockGraph: \($0): cannot be written: File too large"
          }))
    #expect(complaints(result).count == 3)
    #expect(try folder.contents == ["report", "trace"])
    #expect(try folder.text(of: "report") == "old\n")
    #expect(try folder.text(of: "trace").hasSuffix("\n"))
    #expect(try lockdepCheck("analyze", folder.file("trace")).status == .exited(0))
  }

  @Test("What is meant for closed streams goes into no file", arguments: ["2>&-", "<&- 2>&-"])
  func closedStreams(_ closing: String) throws {
    let result = try shell(
      #"""
      LOCKGRAPH_REPORT=report LOCKGRAPH_GRAPH=graph LOCKGRAPH_TRACE=trace \
        "$victim" misuse \#(closing); echo $?
      """#, directory: folder.path)
    #expect(result.text == "done\n0\n")
    #expect(try Report(folder.bytes(of: "report")).findings.count == 6)
    for name in ["graph", "trace"] {
      #expect(
        String(decoding: try folder.bytes(of: name), as: UTF8.self)
          .hasPrefix(Self.beginning("LOCKGRAPH_\(name.uppercased())")))
      #expect(try lockdepCheck("analyze", folder.file(name)).status == .exited(0))
    }
  }

  @Test("A trace does not go into the file of a program that closes what it has not opened")
  func closedByProgram() throws {
    let (own, trace) = (folder.file("own"), folder.file("trace"))
    let result = try lockVictim(["close-all", own], environment: ["LOCKGRAPH_TRACE": trace])
    #expect(result.status == .exited(0))
    #expect(
      complaints(result) == ["LockGraph: \(trace): cannot be written: the program has closed it"])
    #expect(try folder.text(of: "own") == "")
    #expect(try folder.text(of: "trace").contains("acquire L1"))
  }

  @Test("Outputs of one path do not replace each other")
  func shared() throws {
    let result = try shell(
      #"LOCKGRAPH_REPORT=one LOCKGRAPH_GRAPH=./one LOCKGRAPH_TRACE=one "$victim" misuse"#,
      directory: folder.path)
    let files = try folder.contents
    #expect(files.count == 3)
    #expect(files.allSatisfy { $0 == "one" || $0.hasPrefix("one.") })
    #expect(try files.count { schemas(in: try folder.text(of: $0)) == 1 } == 1)
    #expect(
      result.messageLines.count {
        $0.contains("one: is of process") && $0.contains("; written to ")
      }
        == 2)
  }
}
