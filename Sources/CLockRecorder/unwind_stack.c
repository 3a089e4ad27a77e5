#include "unwind_stack.h"

#include <unwind.h>

/// A frame that seems larger is on another stack.
enum { LGR_FRAME_MOST = 64 << 10 };

struct walk {
  struct lgr_stack *stack;
  u64 address;
  bool is_inside;
};

#if defined(__x86_64__)
static const int preserved[LGR_REGISTERS] = {3, 6, 12, 13, 14, 15};
#else
static const int preserved[LGR_REGISTERS] = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29};
#endif

static _Unwind_Reason_Code take_frame(struct _Unwind_Context *context, void *argument) {
  struct walk *walk = argument;
  struct lgr_stack *stack = walk->stack;
  u64 address = _Unwind_GetIP(context);
  if (!walk->is_inside) {
    // Frames of the recorder itself come first.
    if (address != walk->address) return _URC_NO_REASON;
    walk->is_inside = true;
    stack->frame = stack->end = _Unwind_GetCFA(context);
    for (int index = 0; index < LGR_REGISTERS; index++) {
      stack->registers[index] = _Unwind_GetGR(context, preserved[index]);
    }
  } else if (stack->count == 1) {
    stack->outer_frame = _Unwind_GetCFA(context);
  }
  u64 frame = _Unwind_GetCFA(context);
  if (frame > stack->end && frame - stack->end < LGR_FRAME_MOST) stack->end = frame;
  if (address == 0) return _URC_END_OF_STACK;
  stack->addresses[stack->count++] = address;
  return stack->count < LGR_FRAMES ? _URC_NO_REASON : _URC_END_OF_STACK;
}

void lgr_unwind(struct lgr_place place, struct lgr_stack *stack) {
  *stack = (struct lgr_stack){0};
  struct walk walk = {stack, place.address, false};
  _Unwind_Backtrace(take_frame, &walk);
  if (stack->count == 0) {
    stack->addresses[0] = place.address;
    stack->count = 1;
  }
}
