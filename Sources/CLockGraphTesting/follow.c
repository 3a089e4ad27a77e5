#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/CLockGraphTesting.h"

#include <stddef.h>
// Says whose C library it is.
#include <stdlib.h>

static lgt_scopes scopes;
static bool is_open;

void lgt_set_scopes(lgt_scopes new_scopes) { scopes = new_scopes; }
void lgt_set_open(bool open) { __atomic_store_n(&is_open, open, __ATOMIC_RELEASE); }

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__linux__) && defined(__GLIBC__) && !__has_feature(thread_sanitizer) && \
    !__has_feature(address_sanitizer) && !__has_feature(memory_sanitizer)

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>

// What is defined here takes the place of the libraries' own: an executable comes first where the
// loader looks for a function. Weak, so that where dispatch is linked into the executable its own
// functions win, and nothing is followed.
#define FOLLOWS __attribute__((weak, visibility("default")))

static bool are_scopes_open(void) { return __atomic_load_n(&is_open, __ATOMIC_ACQUIRE); }

void dispatch_async(void *queue, void *block);

// MARK: Libraries

typedef int (*pthread_create_type)(
    pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/// The functions whose place is taken; null where they are not in a shared library.
static struct {
  pthread_create_type pthread_create;
  void (*async)(void *, void *);
  void (*barrier_async)(void *, void *);
  void (*after)(uint64_t, void *, void *);
  void (*group_async)(void *, void *, void *);
  void (*group_notify)(void *, void *, void *);
  void (*apply)(size_t, void *, void *);
  void *(*block_create)(unsigned long, void *);
  void *(*block_create_with_qos_class)(unsigned long, unsigned int, int, void *);
  /// What blocks with properties of their own begin with, which only dispatch itself may run.
  void *special_invoke;
  /// Where dispatch is loaded; its own threads run everybody's work.
  void *dispatch_base;
  /// Everything there is to follow blocks.
  bool has_dispatch;
} libraries;

// The same with a function in place of a block; nothing takes the place of those. As they are asked
// for here, a dispatch that is linked into the executable is there with all its own functions.
void dispatch_async_f(void *, void *, void (*)(void *));
void dispatch_barrier_async_f(void *, void *, void (*)(void *));
void dispatch_after_f(uint64_t, void *, void *, void (*)(void *));
void dispatch_group_async_f(void *, void *, void *, void (*)(void *));
void dispatch_group_notify_f(void *, void *, void *, void (*)(void *));
void dispatch_apply_f(size_t, void *, void *, void (*)(void *, size_t));
void *_Block_copy(const void *);
void _Block_release(const void *);
extern void *_NSConcreteStackBlock[];

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *base_of(void *address) {
  Dl_info info;
  return address != NULL && dladdr(address, &info) != 0 ? info.dli_fbase : NULL;
}

static void find_libraries(void) {
#define FIND(field, name) *(void **)&libraries.field = dlsym(RTLD_NEXT, name)
  FIND(pthread_create, "pthread_create");
  FIND(async, "dispatch_async");
  FIND(barrier_async, "dispatch_barrier_async");
  FIND(after, "dispatch_after");
  FIND(group_async, "dispatch_group_async");
  FIND(group_notify, "dispatch_group_notify");
  FIND(apply, "dispatch_apply");
  FIND(block_create, "dispatch_block_create");
  FIND(block_create_with_qos_class, "dispatch_block_create_with_qos_class");
#undef FIND
  void **special_invoke = dlsym(RTLD_NEXT, "_dispatch_block_special_invoke");
  if (special_invoke != NULL) libraries.special_invoke = *special_invoke;
  libraries.dispatch_base = base_of((void *)(uintptr_t)dispatch_async_f);
  libraries.has_dispatch =
      libraries.special_invoke != NULL && libraries.async != NULL &&
      libraries.barrier_async != NULL && libraries.after != NULL &&
      libraries.group_async != NULL && libraries.group_notify != NULL &&
      libraries.apply != NULL && libraries.block_create != NULL &&
      libraries.block_create_with_qos_class != NULL;
}

bool lgt_can_follow(void) {
  // A library that comes before this program has taken these functions' place itself.
  bool comes_first = dlsym(RTLD_DEFAULT, "dispatch_async") == (void *)(uintptr_t)dispatch_async;
  pthread_once(&once, find_libraries);
  return comes_first && libraries.has_dispatch;
}

// MARK: Threads

struct thread {
  void *scope;
  void *(*routine)(void *);
  void *argument;
  void *result;
};

static void run_routine(void *context) {
  struct thread *thread = context;
  thread->result = thread->routine(thread->argument);
}

static void *run_thread(void *argument) {
  struct thread thread = *(struct thread *)argument;
  free(argument);
  scopes.run(thread.scope, true, run_routine, &thread);
  scopes.release(thread.scope);
  return thread.result;
}

FOLLOWS int pthread_create(
    pthread_t *identifier, const pthread_attr_t *attributes, void *(*routine)(void *),
    void *argument) {
  pthread_once(&once, find_libraries);
  if (libraries.pthread_create == NULL) return EAGAIN;
  void *scope = NULL;
  if (are_scopes_open() && libraries.has_dispatch &&
      base_of((void *)(uintptr_t)routine) != libraries.dispatch_base) {
    scope = scopes.capture();
  }
  struct thread *thread = scope != NULL ? malloc(sizeof *thread) : NULL;
  if (thread != NULL) {
    *thread = (struct thread){.scope = scope, .routine = routine, .argument = argument};
    int error = libraries.pthread_create(identifier, attributes, run_thread, thread);
    if (error == 0) return 0;
    free(thread);
    scopes.release(scope);
    return error;
  }
  if (scope != NULL) scopes.release(scope);
  return libraries.pthread_create(identifier, attributes, routine, argument);
}

// MARK: Blocks

/// How blocks are laid out, by the ABI of the language.
struct block {
  void *class;
  int32_t flags;
  int32_t reserved;
  void (*invoke)(void *block, ...);
  const void *descriptor;
};

struct work {
  void *scope;
  void *block;
};

static void call(void *block) {
  ((void (*)(void *))(void *)((struct block *)block)->invoke)(block);
}

static void run_work(void *context) {
  struct work work = *(struct work *)context;
  free(context);
  scopes.run(work.scope, false, call, work.block);
  _Block_release(work.block);
  scopes.release(work.scope);
}

/// A block with the scope of the running code; null if there is nothing to follow.
static struct work *follow(void *block) {
  pthread_once(&once, find_libraries);
  if (!are_scopes_open() || !libraries.has_dispatch || block == NULL) return NULL;
  // It was made by dispatch_block_create, and has the scope from there.
  if ((void *)((struct block *)block)->invoke == libraries.special_invoke) return NULL;
  void *scope = scopes.capture();
  if (scope == NULL) return NULL;
  struct work *work = malloc(sizeof *work);
  if (work == NULL) {
    scopes.release(scope);
    return NULL;
  }
  work->scope = scope;
  work->block = _Block_copy(block);
  return work;
}

FOLLOWS void dispatch_async(void *queue, void *block) {
  struct work *work = follow(block);
  if (work != NULL) return dispatch_async_f(queue, work, run_work);
  libraries.async(queue, block);
}

FOLLOWS void dispatch_barrier_async(void *queue, void *block) {
  struct work *work = follow(block);
  if (work != NULL) return dispatch_barrier_async_f(queue, work, run_work);
  libraries.barrier_async(queue, block);
}

FOLLOWS void dispatch_after(uint64_t when, void *queue, void *block) {
  struct work *work = follow(block);
  if (work != NULL) return dispatch_after_f(when, queue, work, run_work);
  libraries.after(when, queue, block);
}

FOLLOWS void dispatch_group_async(void *group, void *queue, void *block) {
  struct work *work = follow(block);
  if (work != NULL) return dispatch_group_async_f(group, queue, work, run_work);
  libraries.group_async(group, queue, block);
}

FOLLOWS void dispatch_group_notify(void *group, void *queue, void *block) {
  struct work *work = follow(block);
  if (work != NULL) return dispatch_group_notify_f(group, queue, work, run_work);
  libraries.group_notify(group, queue, block);
}

// MARK: Iterations

struct iteration {
  struct work *work;
  size_t number;
};

static void call_iteration(void *context) {
  struct iteration *iteration = context;
  struct block *block = iteration->work->block;
  ((void (*)(void *, size_t))(void *)block->invoke)(block, iteration->number);
}

static void run_iteration(void *context, size_t number) {
  struct iteration iteration = {.work = context, .number = number};
  scopes.run(iteration.work->scope, false, call_iteration, &iteration);
}

FOLLOWS void dispatch_apply(size_t count, void *queue, void *block) {
  pthread_once(&once, find_libraries);
  void *scope = are_scopes_open() && libraries.has_dispatch ? scopes.capture() : NULL;
  if (scope == NULL) return libraries.apply(count, queue, block);
  struct work work = {.scope = scope, .block = block};
  dispatch_apply_f(count, queue, &work, run_iteration);
  scopes.release(scope);
}

// MARK: Blocks with properties

/// A block around another one, which runs it in a scope.
struct scoped_block {
  struct block block;
  struct work work;
};

static void invoke_scoped(void *block, ...) {
  struct work *work = &((struct scoped_block *)block)->work;
  scopes.run(work->scope, false, call, work->block);
}

static void dispose_scoped(void *block) {
  struct work *work = &((struct scoped_block *)block)->work;
  _Block_release(work->block);
  scopes.release(work->scope);
}

/// The one copy takes over what the original has.
static void copy_scoped(void *copy, const void *original) {
  (void)copy;
  (void)original;
}

static const struct {
  unsigned long reserved;
  unsigned long size;
  void (*copy)(void *, const void *);
  void (*dispose)(void *);
} scoped_descriptor = {0, sizeof(struct scoped_block), copy_scoped, dispose_scoped};

/// The block that dispatch is to copy once, which it does at once; the one given if there is
/// nothing to follow.
static void *with_scope(void *block, struct scoped_block *storage) {
  struct work *work = follow(block);
  if (work == NULL) return block;
  const int32_t has_copy_and_dispose = 1 << 25;
  *storage = (struct scoped_block){
      .block = {.class = _NSConcreteStackBlock, .flags = has_copy_and_dispose,
                .invoke = invoke_scoped, .descriptor = &scoped_descriptor},
      .work = *work};
  free(work);
  return storage;
}

FOLLOWS void *dispatch_block_create(unsigned long flags, void *block) {
  struct scoped_block storage;
  return libraries.block_create(flags, with_scope(block, &storage));
}

FOLLOWS void *dispatch_block_create_with_qos_class(
    unsigned long flags, unsigned int quality, int priority, void *block) {
  struct scoped_block storage;
  return libraries.block_create_with_qos_class(
      flags, quality, priority, with_scope(block, &storage));
}

#else

bool lgt_can_follow(void) { return false; }

#endif
