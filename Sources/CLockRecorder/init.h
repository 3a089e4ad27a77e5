// How the recorder begins.
#ifndef LGR_INIT_H
#define LGR_INIT_H

#include "state.h"

/// Reads the environment and finds the real functions, once. False if nothing is to be recorded.
LGR_HIDDEN bool lgr_initialise(void);

#endif
