#define _GNU_SOURCE
#include "hooks.h"
#include "threads.h"

static void *run_thread(void *argument) {
  struct lgr_thread *thread = argument;
  void *(*start)(void *) = thread->start;
  void *start_argument = thread->argument;
  lgr_start_thread(thread, (u64)__builtin_frame_address(0));
  return start(start_argument);
}

static int run_c11_thread(void *argument) {
  struct lgr_thread *thread = argument;
  int (*start)(void *) = thread->start_c11;
  void *start_argument = thread->argument;
  lgr_start_thread(thread, (u64)__builtin_frame_address(0));
  return start(start_argument);
}

/// Writes the spawn, before the new thread can do anything.
static struct lgr_thread *spawn(
    struct lgr_thread *thread, void *argument, bool is_detached, u32 site) {
  struct lgr_thread *child = lgr_prepare_thread();
  if (child == NULL) return NULL;
  child->argument = argument;
  child->is_detached = is_detached;
  lgr_lasting(thread, LGR_SPAWN, child->number, 0, site);
  child->own = thread->own + 1;
  lgr_next_segment(thread);
  return child;
}

static void spawned(
    struct lgr_thread *thread, struct lgr_thread *child, u32 number, int result, u32 site,
    pthread_t identity) {
  if (result == 0) {
    lgr_add_joinable(child, number, identity);
  } else {
    lgr_lasting(thread, LGR_FAILED, number, (u32)(result & 0xff), site);
    lgr_give_back_thread(child);
  }
}

LGR_HOOK int pthread_create(
    pthread_t *identity, const pthread_attr_t *attributes, void *(*start)(void *),
    void *argument) {
  LGR_ENTER(lgr_real.pthread_create(identity, attributes, start, argument));
  u32 site = lgr_site(thread, LGR_PLACE);
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != NULL) pthread_attr_getdetachstate(attributes, &state);
  struct lgr_thread *child = spawn(thread, argument, state == PTHREAD_CREATE_DETACHED, site);
  if (child == NULL) return lgr_real.pthread_create(identity, attributes, start, argument);
  child->start = start;
  u32 number = child->number;
  int result = lgr_real.pthread_create(identity, attributes, run_thread, child);
  spawned(thread, child, number, result, site, result == 0 ? *identity : 0);
  return result;
}

LGR_HOOK int thrd_create(thrd_t *identity, thrd_start_t start, void *argument) {
  LGR_ENTER(lgr_real.thrd_create(identity, start, argument));
  u32 site = lgr_site(thread, LGR_PLACE);
  struct lgr_thread *child = spawn(thread, argument, false, site);
  if (child == NULL) return lgr_real.thrd_create(identity, start, argument);
  child->start_c11 = start;
  u32 number = child->number;
  int result = lgr_real.thrd_create(identity, run_c11_thread, child);
  spawned(thread, child, number, result, site, result == thrd_success ? *identity : 0);
  return result;
}

static void joined(struct lgr_thread *thread, pthread_t identity, u32 flags, u32 site) {
  u64 last = 0;
  u32 number = lgr_take_joinable(identity, false, &last);
  // Above everything that the thread has done.
  lgr_past_number(thread, last);
  lgr_lasting(thread, LGR_JOIN, number, flags, site);
  lgr_next_segment(thread);
}

/// A join that could not be done at once.
#define LGR_JOINING(flags, call)                                                      \
  u64 *wait = lgr_wait(thread, LGR_JOIN_WAIT, lgr_number_of(identity), flags, site);  \
  result = call;                                                                      \
  thread = lgr_thread();                                                              \
  if (thread == NULL) return result;                                                  \
  if (result == 0) {                                                                  \
    if (lgr_settings.is_steered && wait != NULL) lgr_wants_no_more(thread);           \
    joined(thread, identity, flags, site);                                            \
  } else {                                                                            \
    lgr_failed(thread, 0, result, site, wait);                                        \
  }                                                                                   \
  return result

LGR_HOOK int pthread_join(pthread_t identity, void **value) {
  LGR_ENTER(lgr_real.pthread_join(identity, value));
  u32 site = lgr_site(thread, LGR_PLACE);
  int result;
  LGR_JOINING(0, lgr_real.pthread_join(identity, value));
}

LGR_HOOK int thrd_join(thrd_t identity, int *value) {
  LGR_ENTER(lgr_real.thrd_join(identity, value));
  u32 site = lgr_site(thread, LGR_PLACE);
  int result;
  LGR_JOINING(0, lgr_real.thrd_join(identity, value));
}

LGR_HOOK int pthread_timedjoin_np(pthread_t identity, void **value, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_timedjoin_np(identity, value, time));
  u32 site = lgr_site(thread, LGR_PLACE);
  int result;
  LGR_JOINING(LGR_TIMEOUT, lgr_real.pthread_timedjoin_np(identity, value, time));
}

LGR_HOOK int pthread_clockjoin_np(
    pthread_t identity, void **value, clockid_t clock, lgr_time *time) {
  LGR_ENTER(lgr_real.pthread_clockjoin_np(identity, value, clock, time));
  u32 site = lgr_site(thread, LGR_PLACE);
  int result;
  LGR_JOINING(LGR_TIMEOUT, lgr_real.pthread_clockjoin_np(identity, value, clock, time));
}

LGR_HOOK int pthread_tryjoin_np(pthread_t identity, void **value) {
  LGR_ENTER(lgr_real.pthread_tryjoin_np(identity, value));
  u32 site = lgr_site(thread, LGR_PLACE);
  int result = lgr_real.pthread_tryjoin_np(identity, value);
  if (result == 0) joined(thread, identity, LGR_TRIED, site);
  return result;
}

LGR_HOOK int pthread_detach(pthread_t identity) {
  LGR_ENTER(lgr_real.pthread_detach(identity));
  // Before, for then the identity may be another thread's.
  u32 number = lgr_take_joinable(identity, true, NULL);
  lgr_lasting(thread, LGR_DETACH, number, 0, lgr_site(thread, LGR_PLACE));
  return lgr_real.pthread_detach(identity);
}

LGR_HOOK int thrd_detach(thrd_t identity) {
  LGR_ENTER(lgr_real.thrd_detach(identity));
  u32 number = lgr_take_joinable(identity, true, NULL);
  lgr_lasting(thread, LGR_DETACH, number, 0, lgr_site(thread, LGR_PLACE));
  return lgr_real.thrd_detach(identity);
}

LGR_HOOK int pthread_setname_np(pthread_t identity, const char *name) {
  LGR_ENTER(lgr_real.pthread_setname_np(identity, name));
  int result = lgr_real.pthread_setname_np(identity, name);
  u32 number = result == 0 ? lgr_number_of(identity) : 0;
  if (number != 0) lgr_note_thread_name(number, name);
  return result;
}
