import ArgumentParser
import LockGraphEngine

/// How much is listed; shared by all commands that validate.
struct ListingOptions: ParsableArguments {
  @Option(help: "How many lock-order inversions are listed; the rest is counted.")
  var maxFindings = Limits.inversions

  func validate() throws {
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
  }
}
