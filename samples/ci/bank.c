// Tests of a bank: `bank NAME` runs one of them.
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t ledger = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100, booked;

static void pay(bool isSlow) {
  pthread_mutex_lock(&accounts);
  balance -= 10;
  if (isSlow) sleep(1);
  pthread_mutex_lock(&ledger);
  booked++;
  pthread_mutex_unlock(&ledger);
  pthread_mutex_unlock(&accounts);
}

static void audit(bool isSlow) {
  pthread_mutex_lock(&ledger);
  if (isSlow) sleep(1);
  pthread_mutex_lock(&accounts);
  booked += balance < 0;
  pthread_mutex_unlock(&accounts);
  pthread_mutex_unlock(&ledger);
}

// What makes a test pass: by luck the audit comes late.
static bool isPaid;

static void *payer(void *isSlow) {
  pay(isSlow != NULL);
  __atomic_store_n(&isPaid, true, __ATOMIC_RELEASE);
  return NULL;
}

static void *auditor(void *isSlow) {
  while (isSlow == NULL && !__atomic_load_n(&isPaid, __ATOMIC_ACQUIRE)) usleep(1000);
  audit(isSlow != NULL);
  return NULL;
}

static bool together(void *(*first)(void *), void *(*second)(void *), void *isSlow) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, first, isSlow);
  pthread_create(&threads[1], NULL, second, isSlow);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return booked > 0;
}

// Each in a process of its own, as test runners do it.
static bool in_branches(void) {
  for (int branch = 0; branch < 2; branch++) {
    pid_t child = fork();
    if (child == 0) _exit(together(payer, branch == 0 ? payer : auditor, NULL) ? 0 : 1);
    int status;
    if (waitpid(child, &status, 0) != child || status != 0) return false;
  }
  return true;
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "";
  bool passes = false;
  if (strcmp(name, "pay") == 0) passes = together(payer, payer, NULL);
  if (strcmp(name, "audit") == 0) passes = together(payer, auditor, NULL);
  if (strcmp(name, "branches") == 0) passes = in_branches();
  if (strcmp(name, "crash") == 0 && together(payer, payer, NULL)) abort();
  if (strcmp(name, "hang") == 0) passes = together(payer, auditor, &isPaid);
  return passes ? 0 : 1;
}
