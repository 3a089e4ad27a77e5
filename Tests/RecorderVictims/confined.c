// A program that takes locks after it has forbidden itself, on pain of death, to open, map or
// allocate anything.
#define _GNU_SOURCE
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t locks[3] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

int main(int count, char **arguments) {
  (void)arguments;
#define DEADLY(call)                                       \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),   \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      DEADLY(openat), DEADLY(mmap), DEADLY(fallocate), DEADLY(ftruncate), DEADLY(madvise),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  puts("confined");
  fflush(stdout);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 2;
  // With an argument through the system call of its own, which nobody sees.
  if (count > 1 ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0
                : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
    return 2;
  }
  for (long round = 0; round < 1000000; round++) {
    for (int lock = 0; lock < 3; lock++) pthread_mutex_lock(&locks[lock]);
    for (int lock = 2; lock >= 0; lock--) pthread_mutex_unlock(&locks[lock]);
  }
  return 0;
}
