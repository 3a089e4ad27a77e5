#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  /// Reads the registers of a running thread, which must be stopped for that: for some tens of
  /// microseconds, and without an interrupted system call, for it was in none.
  enum StoppedThread {
    private typealias Trace =
      @convention(c) (
        Int, pid_t, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
      ) -> Int

    private enum Request {
      static let detach = 17
      static let seize = 0x4206
      static let interrupt = 0x4207
      static let registers = 0x4204
    }

    /// - Returns: no registers if the thread cannot be stopped.
    static func registers(of thread: Int32, _ architecture: Architecture) -> Registers {
      var registers = Registers()
      // The C library declares it with variable arguments.
      guard let symbol = dlsym(nil, "ptrace") else { return registers }
      let trace = unsafeBitCast(symbol, to: Trace.self)
      guard trace(Request.seize, thread, nil, nil) == 0 else { return registers }
      defer { _ = trace(Request.detach, thread, nil, nil) }
      guard trace(Request.interrupt, thread, nil, nil) == 0 else { return registers }
      var status: Int32 = 0
      var waited: pid_t
      // All children, whatever signal they end with: a thread is one of these.
      repeat { waited = waitpid(thread, &status, 0x4000_0000) } while waited < 0 && errno == EINTR
      guard waited == thread, status & 0xFF == 0x7F else { return registers }
      var content = [UInt64](repeating: 0, count: 34)
      let count = content.count
      let size = content.withUnsafeMutableBytes { buffer in
        var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
        let result = trace(Request.registers, thread, UnsafeMutableRawPointer(bitPattern: 1), &vector)
        return result == 0 ? Int(vector.iov_len) : 0
      }
      for (index, register) in architecture.coreRegisters.enumerated()
      where index < min(count, size / 8) {
        if let register { registers[register] = content[index] }
      }
      return registers
    }
  }
#endif
