package lockgraph;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** Java's lock for readers and writers, which writes what is done with it. */
@SuppressWarnings("serial")
public class ReentrantReadWriteLock extends java.util.concurrent.locks.ReentrantReadWriteLock {
    private static final String READ = ",\"mode\":\"read\"";
    private final transient Traced traced;
    private final transient ReadLock reader;
    private final transient WriteLock writer;

    public ReentrantReadWriteLock() {
        this(false, null);
    }

    public ReentrantReadWriteLock(boolean isFair) {
        this(isFair, null);
    }

    /** With the name of its class: locks of one class are taken in one order. */
    public ReentrantReadWriteLock(boolean isFair, String name) {
        super(isFair);
        traced = Trace.isOn() ? new Traced("reentrant-rwlock", name) : null;
        reader = traced == null ? super.readLock() : new Reader();
        writer = traced == null ? super.writeLock() : new Writer();
    }

    @Override public ReadLock readLock() {
        return reader;
    }

    @Override public WriteLock writeLock() {
        return writer;
    }

    /** To take it at once must neither pass by who waits longer nor keep writers out for ever. */
    private boolean hasOrder() {
        return isFair() || hasQueuedThreads();
    }

    private final class Reader extends ReadLock {
        Reader() {
            super(ReentrantReadWriteLock.this);
        }

        /** Who has the lock may read again, and does not wait. */
        private boolean isPlain() {
            return getReadHoldCount() > 0 || isWriteLockedByCurrentThread();
        }

        private boolean takeAtOnce() {
            return !hasOrder() && super.tryLock();
        }

        @Override public void lock() {
            if (isPlain()) {
                super.lock();
            } else {
                traced.take(READ, this::takeAtOnce, () -> { super.lock(); return true; });
            }
        }

        @Override public void lockInterruptibly() throws InterruptedException {
            if (isPlain() || Thread.currentThread().isInterrupted()) {
                super.lockInterruptibly();
            } else {
                traced.take(READ + ",\"interruptible\":true", this::takeAtOnce,
                    () -> { super.lockInterruptibly(); return true; });
            }
        }

        @Override public boolean tryLock() {
            boolean isPlain = isPlain();
            boolean isTaken = super.tryLock();
            if (isTaken && !isPlain) {
                traced.emit("acquire", READ + ",\"try\":true");
            }
            return isTaken;
        }

        @Override public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            if (isPlain() || Thread.currentThread().isInterrupted()) {
                return super.tryLock(time, unit);
            }
            return traced.take(READ + ",\"timeout\":true,\"interruptible\":true",
                this::takeAtOnce, () -> super.tryLock(time, unit));
        }

        @Override public void unlock() {
            if (getReadHoldCount() == 1 && !isWriteLockedByCurrentThread()) {
                traced.emit("release", "");
            }
            super.unlock();
        }
    }

    private final class Writer extends WriteLock {
        Writer() {
            super(ReentrantReadWriteLock.this);
        }

        private boolean takeAtOnce() {
            return !hasOrder() && super.tryLock();
        }

        @Override public void lock() {
            if (isHeldByCurrentThread()) {
                super.lock();
            } else {
                traced.take("", this::takeAtOnce, () -> { super.lock(); return true; });
            }
        }

        @Override public void lockInterruptibly() throws InterruptedException {
            if (isHeldByCurrentThread() || Thread.currentThread().isInterrupted()) {
                super.lockInterruptibly();
            } else {
                traced.take(",\"interruptible\":true", this::takeAtOnce,
                    () -> { super.lockInterruptibly(); return true; });
            }
        }

        @Override public boolean tryLock() {
            boolean isPlain = isHeldByCurrentThread();
            boolean isTaken = super.tryLock();
            if (isTaken && !isPlain) {
                traced.emit("acquire", ",\"try\":true");
            }
            return isTaken;
        }

        @Override public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            if (isHeldByCurrentThread() || Thread.currentThread().isInterrupted()) {
                return super.tryLock(time, unit);
            }
            return traced.take(",\"timeout\":true,\"interruptible\":true", this::takeAtOnce,
                () -> super.tryLock(time, unit));
        }

        @Override public void unlock() {
            if (getHoldCount() == 1) {
                // Who reads besides goes on as a reader.
                traced.emit(getReadHoldCount() > 0 ? "downgrade" : "release", "");
            }
            super.unlock();
        }

        @Override public Condition newCondition() {
            return traced.new Waiting(super.newCondition(), this::isHeldByCurrentThread);
        }
    }
}
