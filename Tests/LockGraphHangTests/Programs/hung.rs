// Hangs with what Rust has of its own, in the way that the first argument names.
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread;
use std::time::Duration;

static LEDGER: Mutex<i32> = Mutex::new(0);

fn pause() {
    thread::sleep(Duration::from_millis(300));
}

fn main() {
    let first = Arc::new(Mutex::new(1));
    let second = Arc::new(Mutex::new(2));
    let table = Arc::new(RwLock::new(0));
    match std::env::args().nth(1).unwrap().as_str() {
        "mutexes" => {
            let (one, two) = (first.clone(), second.clone());
            let other = thread::spawn(move || {
                let held = two.lock().unwrap();
                pause();
                let wanted = one.lock().unwrap();
                *held + *wanted
            });
            let held = first.lock().unwrap();
            pause();
            println!("ready");
            let wanted = second.lock().unwrap();
            println!("{}", *held + *wanted + other.join().unwrap());
        }
        "itself" => {
            let held = LEDGER.lock().unwrap();
            println!("ready");
            println!("{}", *held + *LEDGER.lock().unwrap());
        }
        "reader" => {
            let other = table.clone();
            let reader = thread::spawn(move || {
                let held = other.read().unwrap();
                thread::sleep(Duration::from_secs(1000));
                *held
            });
            pause();
            println!("ready");
            println!("{}", *table.write().unwrap() + reader.join().unwrap());
        }
        "condition" => {
            let condition = Condvar::new();
            let held = first.lock().unwrap();
            println!("ready");
            println!("{}", *condition.wait(held).unwrap());
        }
        _ => {
            println!("ready");
            thread::park();
        }
    }
}
