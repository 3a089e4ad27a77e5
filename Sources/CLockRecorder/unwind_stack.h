// The calls that led to a hook, by the unwinder of the compiler's run-time library.
#ifndef LGR_UNWIND_STACK_H
#define LGR_UNWIND_STACK_H

#include "state.h"

#if defined(__x86_64__)
enum { LGR_REGISTERS = 6 };
#else
enum { LGR_REGISTERS = 11 };
#endif

struct lgr_stack {
  u64 addresses[LGR_FRAMES];
  u32 count;
  /// Of the innermost frame of the program: its canonical frame address, and the registers that
  /// calls preserve.
  u64 frame;
  u64 registers[LGR_REGISTERS];
  /// The canonical frame address of the frame that called it; 0 if there is none.
  u64 outer_frame;
  /// The highest address that is certain to be on this stack.
  u64 end;
};

/// Takes no lock of the program and no memory. Called with signals blocked.
LGR_HIDDEN void lgr_unwind(struct lgr_place place, struct lgr_stack *stack);

#endif
