import ArgumentParser
import LockGraphRendering

/// Pictures, with their errors told the way this command tells them.
enum Drawing {
  /// - Parameter saysOmitted: Whether findings that are not in it are told on standard error, as
  ///   nothing else tells them.
  static func bytes(
    of picture: GraphPicture, as format: PictureFormat, saysOmitted: Bool = false
  ) throws -> [UInt8] {
    do throws(PictureError) {
      let rendered = try picture.rendered(as: format)
      if saysOmitted, let omitted = rendered.omittedFindings { Terminal.note("note: " + omitted) }
      return rendered.bytes
    } catch {
      Terminal.message("error: \(error)")
      throw ExitCode(2)
    }
  }

  /// The same for what can do without: `nil` where this command was built without Graphviz.
  static func bytes(
    of picture: GraphPicture, as format: PictureFormat, isNeeded: Bool
  ) throws -> [UInt8]? {
    #if Graphviz
      return try bytes(of: picture, as: format, saysOmitted: isNeeded)
    #else
      return isNeeded ? try bytes(of: picture, as: format) : nil
    #endif
  }
}
