package lockgraph;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Java's lock, which writes what is done with it: an import is all that changes. */
@SuppressWarnings("serial")
public class ReentrantLock extends java.util.concurrent.locks.ReentrantLock {
    private final transient Traced traced;

    public ReentrantLock() {
        this(false, null);
    }

    public ReentrantLock(boolean isFair) {
        this(isFair, null);
    }

    /** With the name of its class: locks of one class are taken in one order. */
    public ReentrantLock(boolean isFair, String name) {
        super(isFair);
        traced = Trace.isOn() ? new Traced("recursive", name) : null;
    }

    /** Only the outermost of nested acquisitions can wait, and is shown. */
    private boolean isPlain() {
        return traced == null || isHeldByCurrentThread();
    }

    /** A fair lock has no way to be taken at once that keeps to the order of those who wait. */
    private boolean takeAtOnce() {
        return !isFair() && super.tryLock();
    }

    @Override public void lock() {
        if (isPlain()) {
            super.lock();
        } else {
            traced.take("", this::takeAtOnce, () -> { super.lock(); return true; });
        }
    }

    @Override public void lockInterruptibly() throws InterruptedException {
        if (isPlain() || Thread.currentThread().isInterrupted()) {
            super.lockInterruptibly();
        } else {
            traced.take(",\"interruptible\":true", this::takeAtOnce,
                () -> { super.lockInterruptibly(); return true; });
        }
    }

    @Override public boolean tryLock() {
        boolean isPlain = isPlain();
        boolean isTaken = super.tryLock();
        if (isTaken && !isPlain) {
            traced.emit("acquire", ",\"try\":true");
        }
        return isTaken;
    }

    @Override public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (isPlain() || Thread.currentThread().isInterrupted()) {
            return super.tryLock(time, unit);
        }
        return traced.take(",\"timeout\":true,\"interruptible\":true", this::takeAtOnce,
            () -> super.tryLock(time, unit));
    }

    @Override public void unlock() {
        if (traced != null && getHoldCount() == 1) {
            traced.emit("release", "");
        }
        super.unlock();
    }

    @Override public Condition newCondition() {
        Condition condition = super.newCondition();
        return traced == null ? condition
            : traced.new Waiting(condition, this::isHeldByCurrentThread);
    }

    private static Condition plain(Condition condition) {
        return condition instanceof Traced.Waiting ? ((Traced.Waiting) condition).condition
            : condition;
    }

    @Override public boolean hasWaiters(Condition condition) {
        return super.hasWaiters(plain(condition));
    }

    @Override public int getWaitQueueLength(Condition condition) {
        return super.getWaitQueueLength(plain(condition));
    }

    @Override protected Collection<Thread> getWaitingThreads(Condition condition) {
        return super.getWaitingThreads(plain(condition));
    }
}
