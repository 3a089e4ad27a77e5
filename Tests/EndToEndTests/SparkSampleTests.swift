import Foundation
import TestSupport
import Testing

/// The Python that has PySpark, where Java and what the job's pipe needs are too.
private let python: String? = {
  for (command, option) in [("java", "-version"), ("xargs", "--version")] {
    let attempt = try? ProcessRunner(command, [option]).run()
    guard attempt?.status == .exited(0) else { return nil }
  }
  return try? Python.interpreter(with: "pyspark")
}()

/// The reduce step of a Spark job, where Spark is.
@Suite("Spark sample", .needs("PySpark or Java", python != nil))
struct SparkSampleTests {
  @Test("A cluster's graph file is that of one machine, byte for byte")
  func cluster() throws {
    let folder = try TemporaryFolder()
    let inputs = Samples.all.map(\.path)
    let python = try #require(python)
    var environment = ProcessInfo.processInfo.environment
    environment["PYSPARK_PYTHON"] = python
    var job = ProcessRunner(
      python,
      [
        "\(BuiltProducts.packageRoot)/samples/spark-merge/merge_on_spark.py",
        "--master", "local-cluster[2,1,1024]", "--partitions", "5",
        "--check", try BuiltProducts.executable("lockdep-check"), "-o", folder.file("all.graph"),
      ] + inputs, environment: environment, directory: folder.path)
    job.timeout = .seconds(600)
    let result = try job.run()
    #expect(result.status == .exited(0), "\(result.messages)")
    let single = try lockdepCheck(arguments: ["merge"] + inputs).output
    #expect(try folder.bytes(of: "all.graph") == single)
    #expect(!single.isEmpty)
  }
}
