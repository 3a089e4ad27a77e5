extension RuntimeThread {
  /// The threads of what `py-spy dump` writes: `Thread 12 (idle): "name"`, and below it
  /// `function (file:line)`.
  static func python(_ lines: [String]) -> [RuntimeThread] {
    var threads: [RuntimeThread] = []
    for line in lines {
      if line.hasPrefix("Thread ") {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count > 1, let number = Int32(words[1]), number > 0 else { continue }
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        threads.append(RuntimeThread(number: number, name: parts.count > 2 ? String(parts[1]) : ""))
      } else if line.hasPrefix("    "), !threads.isEmpty {
        threads[threads.count - 1].frames.append(String(line.drop { $0 == " " }))
      }
    }
    return threads
  }
}
