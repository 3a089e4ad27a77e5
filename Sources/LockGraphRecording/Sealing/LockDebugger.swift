import LockGraphEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names locks by the variables and members that they are, with what `gdb` knows of types.
///
/// For a lock of the heap it takes what was kept where the lock was first used: of the variables of
/// the functions there one refers to the object whose member it is. Locks that were first used at
/// one place are one member.
final class LockDebugger {
  private typealias Key = RecordingTables.LockKey

  /// A larger program has more than anybody reads, and takes too long.
  private static let siteLimit = 1000
  private static let locksOfSite = 64
  /// How long the debugger may take for one recording.
  private static let patience = Duration.seconds(60)

  private let path: String

  /// - Returns: `nil` if there is no debugger, or `LOCKGRAPH_DEBUGGER` says `none`.
  init?() {
    let named = Environment.value("LOCKGRAPH_DEBUGGER") ?? "gdb"
    guard named != "none",
      let file = try? CommandFile(named: named, path: Environment.value("PATH"))
    else { return nil }
    path = file.path
  }

  /// Adds names, as far as they are found.
  func name(
    _ recording: Recording, _ uses: LockUses, _ modules: ModuleFiles, _ names: inout RecordedNames
  ) {
    let sites = sitesOfLocks(uses, names)
    let statics = names.objects
    guard !sites.isEmpty || !statics.isEmpty,
      let folder = TemporaryFolder.make(named: "lockgraph-names")
    else { return }
    var files = ["job", "script.py"]
    defer { TemporaryFolder.remove(folder, files: files) }
    var job = ""
    var wanted: Set<String> = Set(statics.values.map(\.module))
    var cores = ""
    for (number, keys) in sites.sorted(by: { $0.key < $1.key }).prefix(Self.siteLimit) {
      guard let site = recording.tables.sites[number] else { continue }
      let size = 40 + (site.addresses.count + site.registers) * 8 + site.stackBytes
      let entry = recording.bytes.bytes(site.offset, size)
      guard let core = RegisterCore(site, entry: entry, machine: recording.header.machine) else {
        continue
      }
      let name = "core.\(number)"
      guard FileContents.write(core.bytes, to: "\(folder)/\(name)") else { return }
      files.append(name)
      for address in site.addresses {
        if let module = recording.tables.module(of: address, in: site) {
          wanted.insert(module.path)
        }
      }
      let addresses = keys.prefix(Self.locksOfSite).map { String($0.address, radix: 16) }
      cores += "site\t\(number)\t\(folder)/\(name)\t\(addresses.joined(separator: "\t"))\n"
    }
    for module in recording.tables.modules
    where wanted.contains(module.path) && modules.file(of: module) != nil
      && !ProgramFrames.isOfSystem(module: module.path)
    {
      job += "module\t\(module.path)\t0x\(String(module.bias, radix: 16))\n"
    }
    for (key, object) in statics {
      job += "static\t\(String(key.address, radix: 16))\t\(object.name)\t\(object.offset)\n"
    }
    job += cores
    guard FileContents.write(Array(job.utf8), to: "\(folder)/job"),
      FileContents.write(Array(DebuggerScript.text.utf8), to: "\(folder)/script.py")
    else { return }
    take(run(folder), uses, sites, &names)
  }

  /// The locks that are no variables, by the site where they came into being, else were first used.
  private func sitesOfLocks(_ uses: LockUses, _ names: RecordedNames) -> [UInt32: [Key]] {
    var sites: [UInt32: [Key]] = [:]
    for use in uses.uses where names.objects[use.key] == nil {
      for site in [use.initialization, use.firstUse] where site != 0 {
        sites[site, default: []].append(use.key)
      }
    }
    return sites
  }

  private func run(_ folder: String) -> String {
    let errors = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { closeDescriptor(errors) }
    guard let output = PipeEnds() else { return "" }
    var code: Int32 = 0
    let process = ChildProcess(
      path,
      [
        "-batch", "-nx", "-q", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off",
        "-ex", "python exec(open('\(folder)/script.py').read()); main('\(folder)/job')",
      ], streams: [errors, output.writing, errors], code: &code)
    closeDescriptor(output.writing)
    defer { closeDescriptor(output.reading) }
    guard let process else { return "" }
    let deadline = ContinuousClock.now + Self.patience
    var bytes: [UInt8] = []
    while true {
      var polled = pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0)
      guard ContinuousClock.now < deadline else {
        process.kill()
        break
      }
      guard poll(&polled, 1, 500) > 0 else { continue }
      let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, used in
        used = max(0, readDescriptor(output.reading, UnsafeMutableRawBufferPointer(buffer)))
      }
      if piece.isEmpty { break }
      bytes += piece
    }
    _ = process.wait()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Takes what was found, and of locks that were first used at a place
  /// where one is a member, that they are the same one of others.
  private func take(
    _ output: String, _ uses: LockUses, _ sites: [UInt32: [Key]], _ names: inout RecordedNames
  ) {
    // At one address of a stack there is one lock after the other.
    struct Place: Hashable {
      var site: UInt32
      var address: UInt64
    }
    var found: [Place: (name: String, lockClass: String)] = [:]
    for line in output.split(separator: "\n") {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard words.count == 5, words[0] == "NAME", let site = UInt32(words[1]),
        let address = UInt64(words[2], radix: 16), !words[3].isEmpty
      else { continue }
      found[Place(site: site, address: address)] = (String(words[3]), String(words[4]))
    }
    for (key, object) in names.objects {
      guard let known = found[Place(site: 0, address: key.address)], known.name != object.name
      else { continue }
      names.locks[key] = .init(
        name: known.name, lockClass: known.lockClass, source: .memberPath)
    }
    for (site, keys) in sites.sorted(by: { $0.key < $1.key }) {
      let member = keys.lazy.compactMap {
        found[Place(site: site, address: $0.address)]?.lockClass
      }.first { !$0.isEmpty }
      for key in keys where names.locks[key] == nil {
        if let known = found[Place(site: site, address: key.address)] {
          names.locks[key] = .init(
            name: known.name, lockClass: known.lockClass, source: .memberPath)
        } else if let member {
          names.locks[key] = .init(name: member, lockClass: member, source: .memberPath)
        }
      }
    }
  }
}
