import Foundation
import TestSupport
import Testing

/// Programs go on where the recorder cannot.
@Suite("No room for recordings")
struct RoomTests {
  private func run(limits: String = "", environment: [String: String] = [:]) throws -> RecordedRun {
    try RecordedRun(
      RecordedProgram.program("ground_truth.c"), ["1", "4", "10", "1000"], level: "all",
      environment: environment, limits: limits)
  }

  @Test("A size is kept, and what is lost is counted")
  func maximalSize() throws {
    let run = try run(environment: ["LOCKGRAPH_RECORD_MAX_SIZE": "200000"])
    #expect(run.result.status == .exited(0))
    let file = try run.file()
    #expect(file.bytes.count <= 200_000)
    #expect(file.lostRecords > 0 && file.failedGrowths > 0)
    #expect(file.growthError == UInt32(EFBIG))
    #expect(file.threads.values.contains { $0.last?.operation == .lost })
  }

  @Test("Limits of the program are its own", arguments: ["ulimit -f 100", "ulimit -v 300000"])
  func limits(limits: String) throws {
    let plain = try ProcessRunner(
      RecordedProgram.program("ground_truth.c"), ["1", "4", "10", "1000"]
    ).run()
    let run = try run(limits: limits)
    #expect(run.result.status == .exited(0))
    #expect(
      run.result.text.split(separator: "\n").count > plain.text.split(separator: "\n").count / 2)
  }

  @Test("No descriptors, no folder, no standard streams")
  func nothingThere() throws {
    #expect(try run(limits: "ulimit -n 4").result.status == .exited(0))
    #expect(try run(limits: "exec 0<&- 2>&-").result.status == .exited(0))
    let run = try run(environment: ["LOCKGRAPH_RECORD": "/nowhere/at/all/"])
    #expect(run.result.status == .exited(0))
    #expect(run.files.isEmpty)
  }

  @Test(
    "A program that has forbidden itself what a file needs to grow is not killed for it",
    arguments: [("shapes", []), ("all", []), ("shapes", ["unseen"]), ("all", ["unseen"])])
  func confined(level: String, arguments: [String]) throws {
    let run = try RecordedRun(
      RecordedProgram.program("confined.c", flags: ["-O2"]), arguments, level: level)
    #expect(run.result.status == .exited(0))
    let file = try run.file()
    #expect(file.acquisitions == 3_000_000 || level == "all")
    #expect((file.lostRecords > 0) == (level == "all"))
  }

  @Test(
    "A disk that is full stops the recording and not the program",
    .needs("a mount namespace", geteuid() == 0), arguments: ["8k", "100k", "600k"])
  func fullDisk(size: String) throws {
    let folder = try TemporaryFolder()
    let script = """
      mount -t tmpfs -o size=\(size) none \(folder.path) || exit 77
      LD_PRELOAD=\(try RecordedProgram.recorder()) LOCKGRAPH_RECORD=\(folder.path)/ \
      LOCKGRAPH_RECORD_LEVEL=all \(try RecordedProgram.program("ground_truth.c")) 1 4 10 1000 \
      > /dev/null
      """
    let result = try ProcessRunner("unshare", ["-m", "sh", "-c", script]).run()
    // Where mounting is not allowed there is nothing to see.
    #expect(result.status == .exited(0) || result.status == .exited(77))
  }
}
