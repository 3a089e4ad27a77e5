import CLockGraph

/// Several copies of this package in one process: in a program and in plug-ins that it loads, each
/// linked with one.
///
/// They share nothing and do not judge each other's locks. One that comes later says so, and does
/// not write over what an earlier one writes.
enum ProcessCopies {
  /// What a configuration from the environment means for this copy; the first time it says that it
  /// is not the only one. Under the validator's lock.
  static func apart(_ configuration: LockValidator.Configuration) -> LockValidator.Configuration {
    let number = lg_copy_number()
    guard number > 1, configuration.response != .off else { return configuration }
    let (own, other) = (String(cString: lg_copy_file(0)), String(cString: lg_copy_file(1)))
    writeToStandardError(
      "LockGraph: this process has \(number == 2 ? "two" : "\(number)") copies of LockGraph, in "
        + "\(other.withVisibleControls) and in \(own.withVisibleControls): each judges its own locks, "
        + "and orders between locks of both are not seen; link both with one dynamic library that "
        + "has LockGraph in it\n"
    )
    var configuration = configuration
    configuration.reportPath = configuration.reportPath.map { beside($0, number) }
    configuration.graphPath = configuration.graphPath.map { beside($0, number) }
    configuration.tracePath = configuration.tracePath.map { beside($0, number) }
    return configuration
  }

  /// `folder/report.2.json` for `folder/report.json`.
  static func beside(_ path: String, _ number: UInt32) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return "\(path).\(number)"
    }
    return "\(path[..<dot]).\(number)\(path[dot...])"
  }
}
