// Hangs in a circle of a monitor and a lock of C, which neither side sees as a whole; or, with
// "java", in one of a monitor and a ReentrantLock.
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

public class Mixed {
  static final Object ledger = new Object();
  static final ReentrantLock journal = new ReentrantLock();
  static final CountDownLatch both = new CountDownLatch(2);

  static native void lock();

  static void meet() {
    both.countDown();
    try {
      both.await();
    } catch (InterruptedException error) {
      throw new RuntimeException(error);
    }
  }

  static void take(boolean isNative) {
    if (isNative) lock();
    else journal.lock();
  }

  public static void main(String[] arguments) throws Exception {
    boolean isNative = arguments.length > 1;
    if (isNative) System.load(arguments[1]);
    Thread writer = new Thread(() -> {
      synchronized (ledger) {
        meet();
        take(isNative);
      }
    }, "transaction-writer");
    Thread auditor = new Thread(() -> {
      take(isNative);
      meet();
      synchronized (ledger) {
        System.out.println("never");
      }
    }, "night-auditor");
    writer.start();
    auditor.start();
    System.out.println("ready");
    writer.join();
  }
}
