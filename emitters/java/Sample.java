import lockgraph.ReentrantLock;
import lockgraph.Trace;

/** Two accounts, and transfers in both directions: LOCKGRAPH_TRACE=bank.jsonl java Sample */
class Sample {
    static class Account {
        final ReentrantLock lock = new ReentrantLock();
        int balance = 100;
    }

    static void transfer(Account source, Account target, int amount) {
        source.lock.lock();
        try {
            target.lock.lock();
            try {
                source.balance -= amount;
                target.balance += amount;
            } finally {
                target.lock.unlock();
            }
        } finally {
            source.lock.unlock();
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Account rent = new Account();
        Account food = new Account();
        Thread teller = new Thread(() -> transfer(rent, food, 10), "teller");
        Thread auditor = new Thread(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException end) {
                return;
            }
            transfer(food, rent, 5);
        }, "auditor");
        Trace.start(teller);
        Trace.start(auditor);
        Trace.join(teller);
        Trace.join(auditor);
        System.out.println(rent.balance + " " + food.balance);
    }
}
