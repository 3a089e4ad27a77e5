// Variables with locks in them. Prints what each is called, and where it lies.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

typedef struct pool {
  int count;
  pthread_mutex_t lock;
  union {
    long number;
    pthread_mutex_t inner;
  } either;
} pool_t;

static struct server {
  char name[10];
  pool_t pool;
  const volatile pool_t pools[3][2];
  struct {
    int unnamed;
    pthread_rwlock_t table;
  };
  sem_t slots[4];
  int __reserved;
} server;

pthread_mutex_t stripes[16];
static pthread_mutex_t alone;

#define TELL(lock) printf("%s %lx\n", #lock, (unsigned long)&(lock))

int main(void) {
  static pool_t pool[2];
  TELL(server.pool.lock);
  TELL(server.pool.either.inner);
  TELL(server.pools[0][0].lock);
  TELL(server.pools[2][1].lock);
  TELL(server.table);
  TELL(server.slots[3]);
  TELL(stripes[0]);
  TELL(stripes[15]);
  TELL(alone);
  TELL(pool[1].lock);
  return pthread_mutex_trylock(&server.pool.lock) + pthread_mutex_trylock(&stripes[1]) +
         pthread_mutex_trylock(&alone) + pthread_mutex_trylock(&pool[1].lock);
}
