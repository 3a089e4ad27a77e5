// What a program that this one executes needs to be recorded, too.
#ifndef LGR_ENVIRONMENT_H
#define LGR_ENVIRONMENT_H

#include "state.h"

/// Keeps copies of the variables that make this recording.
LGR_HIDDEN void lgr_remember_environment(void);

enum { LGR_VARIABLES = 12 };
/// How many entries `lgr_complete_environment` may need, with the last NULL.
LGR_HIDDEN u64 lgr_environment_size(char *const *environment);
/// How many bytes it may need for a list of libraries.
LGR_HIDDEN u64 lgr_preload_size(char *const *environment);
/// The environment with the variables put back, in the caller's memory; or the environment itself
/// if nothing is missing. `is_followed`: with the recorder, else without it.
LGR_HIDDEN char *const *lgr_complete_environment(
    char *const *environment, char **entries, char *preload, u64 preload_size, bool is_followed);

#endif
