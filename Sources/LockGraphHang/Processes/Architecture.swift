// Where registers, arguments and calls are, by DWARF numbers.
extension Architecture {
  var stackPointer: Int { self == .x86_64 ? 7 : 31 }
  var framePointer: Int { self == .x86_64 ? 6 : 29 }
  /// Where the address of the next instruction is kept: on aarch64 a number that no register has.
  var programCounter: Int { self == .x86_64 ? 16 : 33 }
  /// The column of unwind tables that tells where the return address is.
  var returnAddress: Int { self == .x86_64 ? 16 : 30 }

  /// Those that a function gives back as they were.
  var savedRegisters: [Int] {
    self == .x86_64 ? [3, 6, 12, 13, 14, 15] : Array(19...29)
  }

  /// The registers of NT_PRSTATUS in its order; `nil` for what does not matter.
  var coreRegisters: [Int?] {
    switch self {
    case .x86_64:
      // r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs flags rsp
      [15, 14, 13, 12, 6, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5, nil, 16, nil, nil, 7]
    case .arm64: Array(0...31) + [33]
    }
  }

  /// The arguments of a system call.
  var argumentRegisters: [Int] {
    self == .x86_64 ? [5, 4, 1, 10, 8, 9] : [0, 1, 2, 3, 4, 5]
  }

  /// The number of `futex`.
  var futex: Int { self == .x86_64 ? 202 : 98 }
}
