import Foundation
import TestSupport
import Testing

private let isSparkHere: Bool = {
  let attempts = [
    ("python3", ["-c", "import pyspark"]), ("java", ["-version"]), ("xargs", ["--version"]),
  ]
  return attempts.allSatisfy { command, arguments in
    (try? ProcessRunner(command, arguments).run())?.status == .exited(0)
  }
}()

/// The reduce step of a Spark job, where Spark is.
@Suite("Spark sample", .enabled(if: isSparkHere, "PySpark and Java are not installed"))
struct SparkSampleTests {
  @Test("A cluster's graph file is that of one machine, byte for byte")
  func cluster() throws {
    let folder = try TemporaryFolder()
    let inputs = Samples.all.map(\.path)
    var job = ProcessRunner(
      "python3",
      [
        "\(BuiltProducts.packageRoot)/samples/spark-merge/merge_on_spark.py",
        "--master", "local-cluster[2,1,1024]", "--partitions", "5",
        "--check", try BuiltProducts.executable("lockdep-check"), "-o", folder.file("all.graph"),
      ] + inputs, directory: folder.path)
    job.timeout = .seconds(180)
    let result = try job.run()
    #expect(result.status == .exited(0), "\(result.messages)")
    let single = try lockdepCheck(arguments: ["merge"] + inputs).output
    #expect(try folder.bytes(of: "all.graph") == single)
    #expect(!single.isEmpty)
  }
}
