#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many processors this process may use.
enum ProcessorCount {
  static let own: Int = {
    let all = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    return min(all, allowed ?? all)
  }()

  /// How many the system lets it use, where that is told: `Cpus_allowed:` and a mask in
  /// hexadecimal.
  private static var allowed: Int? {
    let status: [UInt8]
    do throws(TraceError) {
      status = try FileDescriptor.open("/proc/self/status").beginning(1 << 12)
    } catch {
      return nil
    }
    return status.withUnsafeBytes { status in
      guard let key = status.offset(of: "Cpus_allowed:") else { return nil }
      let mask = status.from(key + "Cpus_allowed:".utf8.count).prefix { $0 != 0x0A }
      let count = mask.reduce(0) { count, digit in
        count + (UInt8(String(UnicodeScalar(digit)), radix: 16)?.nonzeroBitCount ?? 0)
      }
      return count > 0 ? count : nil
    }
  }
}
