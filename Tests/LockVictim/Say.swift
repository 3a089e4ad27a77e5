import Foundation

/// Writes a line at once: the program may not live to flush it.
func say(_ text: String) {
  FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
