//! What tests of Rust's emitter run: `victim correct 300` or `hang`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lockgraph::{thread, Condvar, Mutex, RwLock};

static ROW: [Mutex<()>; 4] = [Mutex::new(()), Mutex::new(()), Mutex::new(()), Mutex::new(())];
static GATE: Mutex<()> = Mutex::new(());
static LEFT: Mutex<()> = Mutex::named("victim::LEFT", ());
static RIGHT: Mutex<()> = Mutex::named("victim::RIGHT", ());
static FIRST: Mutex<()> = Mutex::new(());
static SECOND: Mutex<()> = Mutex::new(());
static MONITOR: Mutex<bool> = Mutex::new(true);
static CONDITION: Condvar = Condvar::new();
static SHARED: RwLock<usize> = RwLock::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);

/// Uses every lock as it may be used; the only circle is behind a gate.
fn step(mut next: impl FnMut() -> usize) {
    let swaps = next() % 2 == 0;
    match next() % 9 {
        0 => {
            let low = next() % 3;
            let _a = ROW[low].lock().unwrap();
            let _b = ROW[low + 1 + next() % (3 - low)].lock().unwrap();
        }
        1 => {
            let (one, other) = if swaps { (&LEFT, &RIGHT) } else { (&RIGHT, &LEFT) };
            let _gate = GATE.lock().unwrap();
            let _a = one.lock().unwrap();
            let _b = other.lock().unwrap();
        }
        2 => {
            let (one, other) = if swaps { (&FIRST, &SECOND) } else { (&SECOND, &FIRST) };
            let _a = one.lock().unwrap();
            let _b = other.try_lock();
        }
        3 => drop(SHARED.read().unwrap()),
        4 => *SHARED.write().unwrap() += 1,
        5 => drop(SHARED.try_read()),
        6 => drop(SHARED.try_write()),
        7 => {
            let guard = MONITOR.lock().unwrap();
            CONDITION.notify_one();
            drop(CONDITION.wait_timeout(guard, Duration::from_micros(100)).unwrap());
        }
        _ => {
            let guard = MONITOR.lock().unwrap();
            CONDITION.notify_all();
            let time = Duration::from_micros(50);
            drop(CONDITION.wait_timeout_while(guard, time, |wait| *wait).unwrap());
        }
    }
}

fn correct(times: usize) {
    let work = move |seed: u64| {
        let mut state = seed;
        for _ in 0..times {
            step(|| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 33) as usize
            });
        }
    };
    let threads: Vec<_> = (0..8).map(|seed| thread::spawn(move || work(seed))).collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let poisoning = thread::spawn(|| {
        let _guard = MONITOR.lock().unwrap();
        panic!("a poisoned lock is one that was given up");
    });
    assert!(poisoning.join().is_err());
    assert!(MONITOR.lock().is_err());
    assert!(MONITOR.try_lock().is_err());
}

fn take(one: &Mutex<()>, other: &Mutex<()>) {
    let _a = one.lock().unwrap();
    HELD.fetch_add(1, Ordering::SeqCst);
    while HELD.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    let _b = other.lock().unwrap();
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments[1] == "correct" {
        return correct(arguments[2].parse().unwrap());
    }
    let teller = thread::spawn(|| take(&LEFT, &RIGHT));
    let auditor = thread::spawn(|| take(&RIGHT, &LEFT));
    teller.join().unwrap();
    auditor.join().unwrap();
}
