import Testing

/// All tests here, one after the other: what happens on a thread of one would be recorded in others
/// that run.
///
/// Tests of other modules run in this process too; what their threads do wrong is not for these
/// tests.
@Suite(
  "Testing", .serialized,
  .filterIssues { issue in
    let isFinding = issue.comments.contains { $0.rawValue.contains("fingerprint ") }
    return !isFinding || issue.comments.contains { $0.rawValue.contains("LockGraphTesting") }
  })
enum LockGraphTestingSuite {}
