// What servers do beside their locks: servers NAME [FOLDER].
#define _GNU_SOURCE
#include <grp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static bool is_taken;

static void take(pthread_mutex_t *first, pthread_mutex_t *second) {
  pthread_mutex_lock(first);
  pthread_mutex_lock(second);
  pthread_mutex_unlock(second);
  pthread_mutex_unlock(first);
}

static void *ab(void *unused) {
  take(&a, &b);
  __atomic_store_n(&is_taken, true, __ATOMIC_RELEASE);
  return unused;
}

static void *ba(void *unused) {
  while (!__atomic_load_n(&is_taken, __ATOMIC_ACQUIRE)) usleep(1000);
  take(&b, &a);
  return unused;
}

static void serve(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, ab, NULL);
  pthread_create(&threads[1], NULL, ba, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
}

/// Takes away its rights, and its root if a folder is given.
static bool drop_rights(const char *folder) {
  if (folder != NULL && (chroot(folder) != 0 || chdir("/") != 0)) return false;
  return setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0;
}

static void serve_in_child(void) {
  pid_t child = fork();
  if (child == 0) {
    serve();
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

static void *await_work(void *unused) {
  pthread_mutex_lock(&a);
  while (true) pthread_cond_wait(&work, &a);
  return unused;
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "";
  const char *folder = count > 2 ? arguments[2] : NULL;
  if (strcmp(name, "serve") == 0) serve();
  if (strcmp(name, "drop") == 0) {
    if (!drop_rights(folder)) return 2;
    serve_in_child();
  }
  if (strcmp(name, "drop-and-execute") == 0) {
    // The loader has to find the program and the recorder as the other user.
    if (!drop_rights(NULL)) return 2;
    char *next[] = {arguments[0], "serve", NULL};
    execv(arguments[0], next);
    return 2;
  }
  if (strcmp(name, "close-and-drop") == 0) {
    for (int descriptor = 3; descriptor < 65536; descriptor++) close(descriptor);
    if (!drop_rights(NULL)) return 2;
    serve_in_child();
  }
  if (strcmp(name, "detach") == 0) {
    if (daemon(0, 1) != 0) return 2;
    serve();
    // Who looks for it has time, and nothing stays for long.
    sleep(10);
  }
  if (strcmp(name, "idle") == 0) {
    pthread_t worker;
    pthread_create(&worker, NULL, await_work, NULL);
    usleep(100000);
    return folder == NULL ? 0 : atoi(folder);
  }
  return 0;
}
