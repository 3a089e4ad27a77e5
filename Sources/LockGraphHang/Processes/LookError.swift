#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a process or core file could not be looked at, and what would help.
package enum LookError: Error, Equatable {
  case noProcess(Int32)
  case isThread(Int32, of: Int32)
  case hasEnded(Int32, name: String)
  case isKernelThread(Int32, name: String)
  case architecture(Int32, name: String)
  case denied(Int32, name: String, Denial)
  case core(String, String)
  case container(String, String)
  case unsupportedSystem
}

extension LookError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noProcess(let process): "\(process): error: there is no such process"
    case .isThread(let thread, let process):
      "\(thread): error: this is a thread of process \(process); expected a process; "
        + "ask for \(process)"
    case .hasEnded(let process, let name):
      "\(process): error: \(name) has ended and waits for its parent to take note; "
        + "there is nothing left to look at"
    case .isKernelThread(let process, let name):
      "\(process): error: \(name) is a thread of the kernel; expected a program"
    case .architecture(let process, let name):
      "\(process): error: \(name) is a program of another architecture than x86-64 and "
        + "aarch64 with 64 bits"
    case .denied(let process, let name, let denial):
      "\(process): error: the system does not let \(name) be looked at "
        + "(\(denial.error.text)): \(denial.reason)"
    case .core(let path, let reason): "\(path): error: \(reason)"
    case .container(let name, let reason): "container \(name): error: \(reason)"
    case .unsupportedSystem:
      "error: processes can be looked at on Linux alone; expected a core file"
    }
  }
}

/// What permission is missing, and the command that gives it.
package struct Denial: Equatable, Sendable {
  package var error: ErrorNumber
  package var reason: String
}

#if os(Linux)
  extension Denial {
    init(_ fields: StatusFields, _ error: ErrorNumber) {
      self.error = error
      let user = geteuid()
      let scope = Self.tracingScope
      if let owner = fields.user, owner != user, user != 0 {
        let name = Self.name(of: owner)
        let command = "lockdep-check hang" + (fields.group.map { " \($0)" } ?? "")
        reason =
          "it is user \(name)'s, and you are \(Self.name(of: user)); run the command with sudo"
          + (owner == 0
            ? ": sudo \(command)" : ", or as that user: sudo -u \(name) \(command)")
      } else if user == 0 {
        reason =
          "CAP_SYS_PTRACE is missing, as in containers by default; start the container with "
          + "--cap-add=SYS_PTRACE, or run the command on the host"
      } else if let scope, scope >= 1 {
        reason =
          "kernel.yama.ptrace_scope is \(scope), so that only parents may look; run the command "
          + "with sudo, or allow it until the next start: sudo sysctl kernel.yama.ptrace_scope=0"
      } else {
        reason =
          "it is protected (PR_SET_DUMPABLE, set-uid, or capabilities of its own); run the "
          + "command with sudo"
      }
    }

    /// Yama's setting, where the kernel has it.
    private static var tracingScope: Int? {
      guard case .success(let text) = SystemFile.read("/proc/sys/kernel/yama/ptrace_scope") else {
        return nil
      }
      return decimal(text[...].prefix { $0 != 0x0A })
    }

    private static func name(of user: UInt32) -> String {
      guard let entry = getpwuid(user) else { return "\(user)" }
      return String(cString: entry.pointee.pw_name)
    }
  }
#endif
