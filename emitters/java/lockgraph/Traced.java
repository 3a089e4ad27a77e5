package lockgraph;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/** What the trace knows of a lock, and writes when it is taken and given up. */
final class Traced {
    /** Takes a lock, and tells whether it did. */
    interface Taking<E extends Exception> {
        boolean take() throws E;
    }

    private final String lock = ",\"lock\":\"lock-" + Trace.number() + "\"";
    private final String facts;
    private final String origin = Trace.origin();
    private volatile boolean isKnown;

    /** With a name, which is the class of the lock, or null. */
    Traced(String kind, String name) {
        facts = ",\"kind\":\"" + kind + "\""
            + (name == null ? "" : ",\"class\":" + Trace.quoted(name));
    }

    void emit(String event, String rest) {
        emit(event, rest, lock);
    }

    private void emit(String event, String rest, String operand) {
        if (!isKnown) {
            synchronized (this) {
                if (!isKnown) {
                    Trace.emit("init", lock + facts, origin);
                    isKnown = true;
                }
            }
        }
        Trace.emit(event, operand + rest, Trace.place());
    }

    /** Takes the lock at once if that is possible, else says what it waits for. */
    <E extends Exception> boolean take(
            String way, BooleanSupplier attempt, Taking<E> taking) throws E {
        if (!attempt.getAsBoolean()) {
            emit("request", way);
            boolean isTaken = false;
            String reason = "interrupted";
            try {
                isTaken = taking.take();
                reason = "timeout";
            } finally {
                if (!isTaken) {
                    emit("abandon", ",\"reason\":\"" + reason + "\"");
                }
            }
            if (!isTaken) {
                return false;
            }
        }
        emit("acquire", way);
        return true;
    }

    /** A condition of the lock. */
    final class Waiting implements Condition {
        final Condition condition;
        private final BooleanSupplier isHeld;
        private final String name = ",\"condition\":\"condition-" + Trace.number() + "\"";

        Waiting(Condition condition, BooleanSupplier isHeld) {
            this.condition = condition;
            this.isHeld = isHeld;
        }

        private <T, E extends Exception> T wait(String way, Step<T, E> step) throws E {
            if (!isHeld.getAsBoolean()) {
                return step.run(); // Which tells that.
            }
            emit("wait", way, name + lock);
            try {
                return step.run();
            } finally {
                emit("wake", "", name + lock);
            }
        }

        @Override public void await() throws InterruptedException {
            wait("", () -> { condition.await(); return null; });
        }

        @Override public void awaitUninterruptibly() {
            wait("", () -> { condition.awaitUninterruptibly(); return null; });
        }

        @Override public long awaitNanos(long time) throws InterruptedException {
            return wait(",\"timeout\":true", () -> condition.awaitNanos(time));
        }

        @Override public boolean await(long time, TimeUnit unit) throws InterruptedException {
            return wait(",\"timeout\":true", () -> condition.await(time, unit));
        }

        @Override public boolean awaitUntil(java.util.Date date) throws InterruptedException {
            return wait(",\"timeout\":true", () -> condition.awaitUntil(date));
        }

        @Override public void signal() {
            if (isHeld.getAsBoolean()) {
                emit("signal", "", name);
            }
            condition.signal();
        }

        @Override public void signalAll() {
            if (isHeld.getAsBoolean()) {
                emit("broadcast", "", name);
            }
            condition.signalAll();
        }
    }

    private interface Step<T, E extends Exception> {
        T run() throws E;
    }
}
