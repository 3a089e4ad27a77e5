// What the recorder is told to steer to: the places of a circle of locks, as a file has them whose
// format is in docs/confirm.md.
#ifndef LGR_STEERING_H
#define LGR_STEERING_H

#include "process.h"
#include "unwind_stack.h"

/// Reads the file that the environment names. Once, before the first event.
LGR_HIDDEN void lgr_read_steering(void);
/// How many sides the circle has, and a bit for each whose first lock is not told.
LGR_HIDDEN u32 lgr_steered_sides(u32 *without_outer);
/// The number of the module among those of the file, from one; 0 if it is none.
LGR_HIDDEN u32 lgr_steered_module(const char *path, const u8 *build_id, u32 length);
/// Which places of the circle a stack is at. Process locked.
LGR_HIDDEN u32 lgr_steered_places(const struct lgr_stack *stack);

#endif
