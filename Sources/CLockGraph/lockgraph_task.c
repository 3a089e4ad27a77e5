#include "include/lockgraph_thread.h"

// The Swift runtime's; a program without tasks has no such library.
__attribute__((swiftcall, weak)) void *swift_task_getCurrent(void);
/// What the system's tools know a task by.
__attribute__((swiftcall, weak)) uint64_t swift_task_getJobTaskId(void *task);

uint64_t lg_task(void) {
  if (swift_task_getCurrent == NULL || swift_task_getJobTaskId == NULL) return 0;
  void *task = swift_task_getCurrent();
  return task == NULL ? 0 : swift_task_getJobTaskId(task);
}
