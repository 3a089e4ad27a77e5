/// The formats a picture of the order graph can have.
public enum PictureFormat: String, CaseIterable, Sendable {
  /// Scalable picture with tooltips, and with identifiers for style sheets and scripts.
  case svg
  /// Graphviz's own language, for further processing; needs no Graphviz to be written.
  case dot
  /// Bitmap.
  case png
  /// Document for printing.
  case pdf

  /// The format of files with an extension, or nil if there is none; `gv` is another name of `dot`.
  ///
  /// - Parameter fileExtension: With or without the dot, in upper or lower case.
  public init?(fileExtension: String) {
    var word = fileExtension.lowercased()
    if word.hasPrefix(".") { word.removeFirst() }
    if word == "gv" { word = PictureFormat.dot.rawValue }
    self.init(rawValue: word)
  }
}
