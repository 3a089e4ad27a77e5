//! Two accounts, and transfers in both directions:
//! `LOCKGRAPH_TRACE=bank.jsonl cargo run --example sample`.

use std::sync::Arc;
use std::time::Duration;

use lockgraph::{thread, Mutex};

fn transfer(source: &Mutex<i64>, target: &Mutex<i64>, amount: i64) {
    let mut from = source.lock().unwrap();
    let mut to = target.lock().unwrap();
    *from -= amount;
    *to += amount;
}

fn main() {
    let rent = Arc::new(Mutex::new(100));
    let food = Arc::new(Mutex::new(100));
    let teller = {
        let (rent, food) = (rent.clone(), food.clone());
        thread::spawn_named("teller", move || transfer(&rent, &food, 10))
    };
    let auditor = {
        let (rent, food) = (rent.clone(), food.clone());
        thread::spawn_named("auditor", move || {
            std::thread::sleep(Duration::from_millis(200));
            transfer(&food, &rent, 5)
        })
    };
    teller.join().unwrap();
    auditor.join().unwrap();
    let rent = *rent.lock().unwrap();
    let food = *food.lock().unwrap();
    println!("{rent} {food}");
}
