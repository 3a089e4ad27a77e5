import ArgumentParser
import LockGraphRendering

/// Pictures, with their errors told the way this command tells them.
enum Drawing {
  static func bytes(of picture: GraphPicture, as format: PictureFormat) throws -> [UInt8] {
    do throws(PictureError) {
      return try picture.rendered(as: format).bytes
    } catch {
      Terminal.message("error: \(error)")
      throw ExitCode(2)
    }
  }
}
