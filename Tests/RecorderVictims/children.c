// Starts children in every form that there is; each child takes a lock once.
//
//     children FORM
//
// FORM: fork, vfork, spawn, spawnp, system, popen, execve, execv, execvp, execl, execlp, execle,
// execvpe, fexecve, cleared, raw, daemon, nested, locked, leaf
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static void take(void) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&other);
  pthread_mutex_unlock(&other);
  pthread_mutex_unlock(&lock);
}

static void before(void) { pthread_mutex_lock(&lock); }
static void after(void) { pthread_mutex_unlock(&lock); }

static void *hold(void *seconds) {
  for (int round = 0; round < 1000; round++) take();
  return seconds;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  const char *form = arguments[1];
  char self[4096];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0) return 2;
  self[length] = 0;
  char *leaf[] = {self, "leaf", NULL};
  char *cleared[] = {"PATH=/usr/bin:/bin", NULL};
  take();
  int status = 0;
  pid_t child = 0;
  if (strcmp(form, "leaf") == 0) return 0;
  if (strcmp(form, "spawn") == 0 || strcmp(form, "spawnp") == 0) {
    int error = strcmp(form, "spawn") == 0
                    ? posix_spawn(&child, self, NULL, NULL, leaf, cleared)
                    : posix_spawnp(&child, self, NULL, NULL, leaf, environ);
    if (error != 0) return 3;
  } else if (strcmp(form, "system") == 0) {
    char command[8192];
    snprintf(command, sizeof command, "%s leaf", self);
    return system(command) == 0 ? 0 : 3;
  } else if (strcmp(form, "popen") == 0) {
    char command[8192];
    snprintf(command, sizeof command, "%s leaf; echo said", self);
    FILE *output = popen(command, "r");
    char line[16] = "";
    if (output == NULL || fgets(line, sizeof line, output) == NULL) return 3;
    return pclose(output) == 0 && strcmp(line, "said\n") == 0 ? 0 : 3;
  } else if (strcmp(form, "vfork") == 0) {
    child = vfork();
    if (child == 0) {
      execve(self, leaf, cleared);
      _exit(3);
    }
  } else if (strcmp(form, "raw") == 0) {
    child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0) {
      take();
      _exit(0);
    }
  } else if (strcmp(form, "daemon") == 0) {
    child = fork();
    if (child == 0) {
      if (daemon(1, 1) != 0) _exit(3);
      take();
      exit(0);
    }
  } else if (strcmp(form, "nested") == 0) {
    child = fork();
    if (child == 0) {
      pid_t grandchild = fork();
      take();
      if (grandchild > 0) waitpid(grandchild, &status, 0);
      exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
    }
  } else if (strcmp(form, "locked") == 0) {
    // Held over the fork by handlers, while another thread uses the same locks.
    pthread_atfork(before, after, after);
    pthread_t thread;
    pthread_create(&thread, NULL, hold, NULL);
    for (int round = 0; round < 20; round++) {
      child = fork();
      if (child == 0) {
        take();
        exit(0);
      }
      waitpid(child, &status, 0);
      if (status != 0) return 3;
    }
    pthread_join(thread, NULL);
    return 0;
  } else {
    child = fork();
    if (child == 0) {
      if (strcmp(form, "fork") == 0) {
        take();
        exit(0);
      }
      if (strcmp(form, "execve") == 0) execve(self, leaf, environ);
      if (strcmp(form, "cleared") == 0) execve(self, leaf, cleared);
      if (strcmp(form, "execv") == 0) execv(self, leaf);
      if (strcmp(form, "execvp") == 0) execvp(self, leaf);
      if (strcmp(form, "execvpe") == 0) execvpe(self, leaf, cleared);
      if (strcmp(form, "execl") == 0) execl(self, self, "leaf", (char *)NULL);
      if (strcmp(form, "execlp") == 0) execlp(self, self, "leaf", (char *)NULL);
      if (strcmp(form, "execle") == 0) execle(self, self, "leaf", (char *)NULL, cleared);
      if (strcmp(form, "fexecve") == 0) fexecve(open(self, O_RDONLY), leaf, cleared);
      _exit(3);
    }
  }
  if (waitpid(child, &status, 0) != child) return 3;
  take();
  return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}
