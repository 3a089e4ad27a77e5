/// What instrumented locks need and Swift has no words for: a thread-local slot, system calls, a
/// walk of frames.
#ifndef LOCKGRAPH_CLOCKGRAPH_H
#define LOCKGRAPH_CLOCKGRAPH_H

#include "lockgraph_lock.h"
#include "lockgraph_thread.h"
#include "lockgraph_wait.h"
#include "lockgraph_frames.h"
#include "lockgraph_copies.h"
#include "lockgraph_lines.h"

#endif
