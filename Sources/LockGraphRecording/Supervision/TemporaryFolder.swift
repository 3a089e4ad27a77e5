#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders that are gone once they were of use, which only this user can look into.
package enum TemporaryFolder {
  /// Where they are made.
  package static var parent: String {
    let named = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return named.hasPrefix("/") ? named : "/tmp"
  }

  /// Makes one; `nil` if that fails.
  package static func make(named name: String) -> String? {
    var template = Array("\(parent)/\(name).XXXXXX".utf8CString)
    return mkdtemp(&template) == nil
      ? nil : String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes one of traces, unless there is something else in it.
  package static func remove(_ place: RecordingPlace) {
    for trace in place.traces() { unlink(trace) }
    rmdir(place.path)
  }

  /// Removes one with the files in it.
  package static func remove(_ path: String, files: [String]) {
    for file in files { unlink("\(path)/\(file)") }
    rmdir(path)
  }
}
