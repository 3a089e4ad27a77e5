import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct MermaidGraphTests {
  private func graph(_ trace: String) throws -> String? {
    let analysis = try analyze(trace)
    let subject = JudgedAnalysis(analysis, .failing(analysis), settings: ReportSettings())
    return MermaidGraph(try #require(subject.findings.first))?.text
  }

  @Test func `What is no cycle is drawn as what each thread did, one step after the other`()
    throws
  {
    let text = try #require(
      try graph(
        """
        # lockgraph-trace 1
        irq/7 acquire queue class=queue kind=spin at=src/queue.c:40
        irq/7 acquire config class=config kind=mutex at=src/config.c:9
        irq/7 release config
        irq/7 release queue

        """))
    #expect(
      text == """
        ```mermaid
        flowchart LR
          subgraph t0["irq/7"]
            n0["holds queue, taken at queue.c:40"]
            n1["takes config at config.c:9"]
          end
          n0 --> n1
        ```

        """)
  }

  @Test func `Threads stand side by side`() throws {
    let text = try #require(
      try graph(
        """
        # lockgraph-trace 1
        main acquire table class=table at=main.c:1
        other release table at=other.c:2

        """))
    #expect(text.contains("subgraph t0[\"other\"]\n    n0[\"releases table at other.c:2\"]\n"))
    #expect(text.contains("subgraph t1[\"main\"]\n    n1["))
    #expect(!text.contains("-->"))
  }

  @Test func `One step alone makes no graph`() throws {
    #expect(try graph("# lockgraph-trace 1\nmain release table at=main.c:1\n") == nil)
  }
}
