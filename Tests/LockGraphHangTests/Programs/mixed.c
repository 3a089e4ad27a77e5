// The lock of C that Mixed.java takes.
#include <jni.h>
#include <pthread.h>

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;

JNIEXPORT void JNICALL Java_Mixed_lock(JNIEnv *environment, jclass type) {
  (void)environment;
  (void)type;
  pthread_mutex_lock(&accounts);
}
