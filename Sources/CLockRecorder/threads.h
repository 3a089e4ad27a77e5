// A thread's state: made at its spawn or its first event, given back at its end.
#ifndef LGR_THREADS_H
#define LGR_THREADS_H

#include "process.h"

/// State for a thread that is about to be spawned, with its number. NULL without memory.
LGR_HIDDEN struct lgr_thread *lgr_prepare_thread(void);
/// It was not started after all.
LGR_HIDDEN void lgr_give_back_thread(struct lgr_thread *thread);
/// A new chunk for a thread in the middle of a change.
LGR_HIDDEN void lgr_make_more_room(struct lgr_thread *thread);
/// What a spawned thread runs first.
LGR_HIDDEN void lgr_start_thread(struct lgr_thread *thread, u64 stack_high);
/// Remembers a thread that can be joined. `number` tells whether the state is still its own.
LGR_HIDDEN void lgr_add_joinable(struct lgr_thread *thread, u32 number, pthread_t identity);
/// The number of a thread that was joined or detached, or 0; and the order number of its end.
LGR_HIDDEN u32 lgr_take_joinable(pthread_t identity, bool is_detached, u64 *last_number);
LGR_HIDDEN u32 lgr_number_of(pthread_t identity);
LGR_HIDDEN void lgr_make_end_key(void);

#endif
