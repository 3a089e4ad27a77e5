import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import lockgraph.ReentrantLock;
import lockgraph.ReentrantReadWriteLock;
import lockgraph.Trace;

/** What tests of Java's emitter run: {@code java Victim correct 300} or {@code hang}. */
class Victim {
    static final ReentrantLock[] row = {new ReentrantLock(), new ReentrantLock(),
        new ReentrantLock(), new ReentrantLock(true)};
    static final ReentrantLock gate = new ReentrantLock(false, "Victim.gate");
    static final ReentrantLock left = new ReentrantLock();
    static final ReentrantLock right = new ReentrantLock();
    static final ReentrantLock first = new ReentrantLock();
    static final ReentrantLock second = new ReentrantLock();
    static final ReentrantLock monitor = new ReentrantLock();
    static final Condition condition = monitor.newCondition();
    static final ReentrantReadWriteLock shared = new ReentrantReadWriteLock();
    static final ReentrantReadWriteLock fair = new ReentrantReadWriteLock(true);

    /** Uses every lock as it may be used; the only circle is behind a gate. */
    static void step(Random numbers) throws InterruptedException {
        boolean swaps = numbers.nextBoolean();
        switch (numbers.nextInt(9)) {
            case 0: {
                int low = numbers.nextInt(3);
                int high = low + 1 + numbers.nextInt(3 - low);
                row[low].lock();
                row[high].lockInterruptibly();
                row[high].unlock();
                row[low].unlock();
                break;
            }
            case 1: {
                Lock one = swaps ? left : right;
                Lock other = swaps ? right : left;
                gate.lock();
                one.lock();
                other.lock();
                one.lock();
                one.unlock();
                other.unlock();
                one.unlock();
                gate.unlock();
                break;
            }
            case 2: {
                Lock one = swaps ? first : second;
                Lock other = swaps ? second : first;
                one.lock();
                if (other.tryLock()) {
                    other.unlock();
                }
                one.unlock();
                break;
            }
            case 3:
                monitor.lock();
                try {
                    condition.signal();
                    condition.await(300, TimeUnit.MICROSECONDS);
                } finally {
                    monitor.unlock();
                }
                break;
            case 4:
                shared.readLock().lock();
                shared.readLock().lock();
                shared.readLock().unlock();
                shared.readLock().unlock();
                break;
            case 5:
                shared.writeLock().lock();
                shared.readLock().lock();
                shared.writeLock().unlock();
                shared.readLock().unlock();
                break;
            case 6:
                if (fair.readLock().tryLock(50, TimeUnit.MICROSECONDS)) {
                    fair.readLock().unlock();
                }
                break;
            case 7:
                if (fair.writeLock().tryLock(50, TimeUnit.MICROSECONDS)) {
                    fair.writeLock().unlock();
                }
                break;
            default:
                monitor.lock();
                condition.signalAll();
                monitor.unlock();
        }
    }

    static void correct(int times) throws InterruptedException {
        Thread[] threads = new Thread[8];
        for (int seed = 0; seed < threads.length; seed++) {
            Random numbers = new Random(seed);
            threads[seed] = new Thread(() -> {
                for (int done = 0; done < times; done++) {
                    try {
                        step(numbers);
                    } catch (InterruptedException none) {
                        // One is interrupted, wherever it is, and goes on.
                    }
                }
            }, "worker");
            Trace.start(threads[seed]);
        }
        for (Thread thread : threads) {
            Trace.join(thread);
        }
        threads[0] = new Thread(() -> {
            try {
                left.lockInterruptibly();
            } catch (InterruptedException end) {
                return;
            }
            left.unlock();
        });
        left.lock();
        Trace.start(threads[0]);
        while (!left.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        threads[0].interrupt();
        left.unlock();
        Trace.join(threads[0]);
    }

    static void take(Lock one, Lock other, AtomicInteger held) {
        one.lock();
        held.incrementAndGet();
        while (held.get() < 2) {
            Thread.onSpinWait();
        }
        other.lock();
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("correct")) {
            correct(Integer.parseInt(arguments[1]));
            return;
        }
        AtomicInteger held = new AtomicInteger();
        new Thread(() -> take(left, right, held)).start();
        new Thread(() -> take(right, left, held)).start();
    }
}
