//! The file of a trace, and what its lines say of threads, places and locks.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::panic::Location;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;
use std::{env, process, thread};

pub type Place = &'static Location<'static>;

static NUMBERS: AtomicUsize = AtomicUsize::new(1);
static NAMING: Mutex<()> = Mutex::new(());

thread_local! {
    static NAME: OnceCell<String> = const { OnceCell::new() };
}

/// The file, if there is one.
fn file() -> Option<&'static (File, Instant)> {
    static FILE: OnceLock<Option<(File, Instant)>> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = env::var("LOCKGRAPH_TRACE").ok().filter(|path| !path.is_empty())?;
        let path = path.replace("%p", &process::id().to_string());
        match open(&path) {
            Ok(file) => Some((file, Instant::now())),
            Err(error) => {
                eprintln!("LockGraph: {path}: cannot be written: {error}");
                None
            }
        }
    })
    .as_ref()
}

fn open(path: &str) -> io::Result<File> {
    let open = |path: &str| OpenOptions::new().append(true).create(true).open(path);
    let mut file = open(path)?;
    if is_taken(&file) {
        file = open(&format!("{path}.{}", process::id()))?;
    }
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    file.write_all(b"{\"lockgraph-trace\":1}\n")?;
    Ok(file)
}

/// Whether another process that runs writes to it.
#[cfg(unix)]
fn is_taken(file: &File) -> bool {
    extern "C" {
        fn flock(file: i32, operation: i32) -> i32;
    }
    const EXCLUSIVE_AT_ONCE: i32 = 2 | 4;
    // SAFETY: it is the descriptor of an open file.
    let result = unsafe { flock(std::os::fd::AsRawFd::as_raw_fd(file), EXCLUSIVE_AT_ONCE) };
    result != 0 && io::Error::last_os_error().kind() == io::ErrorKind::WouldBlock
}

#[cfg(not(unix))]
fn is_taken(_: &File) -> bool {
    false
}

pub fn quoted(text: &str) -> String {
    let mut result = String::from('"');
    for character in text.chars().take(1000) {
        match character {
            '"' | '\\' => result.extend(['\\', character]),
            '\0'..='\x1f' => result += &format!("\\u{:04x}", character as u32),
            _ => result.push(character),
        }
    }
    result + "\""
}

fn at(place: Option<Place>) -> String {
    place.map_or(String::new(), |place| {
        let place = format!("{}:{}:{}", place.file(), place.line(), place.column());
        format!(",\"at\":{}", quoted(&place))
    })
}

/// A name that no other thread has, or had, as JSON.
pub fn unique(name: &str) -> String {
    static NAMES: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_with(HashSet::new);
    let mut text = name.to_string();
    let mut number = 1;
    while !names.insert(text.clone()) {
        number += 1;
        text = format!("{name}#{number}");
    }
    quoted(&text)
}

/// Gives this thread a name in the trace, before it has done anything.
pub fn name_thread(name: String) {
    let _ = NAME.with(|own| own.set(name));
}

fn thread_name() -> String {
    let new = || unique(thread::current().name().unwrap_or("thread"));
    // Where the thread's variables are gone it is about to end.
    NAME.try_with(|own| own.get_or_init(new).clone()).unwrap_or_else(|_| new())
}

/// Writes an event of this thread. One call of the system: whole among others' lines, and there
/// however the program ends.
pub fn emit(event: &str, rest: &str, place: Option<Place>) {
    let Some((file, start)) = file() else { return };
    let time = start.elapsed();
    let (seconds, rest_of_time) = (time.as_secs(), time.subsec_nanos());
    let line = format!(
        "{{\"time\":{seconds}.{rest_of_time:09},\"thread\":{},\"event\":\"{event}\"{rest}{}}}\n",
        thread_name(),
        at(place)
    );
    let mut file: &File = file;
    // What cannot be written is missing at the end, which readers tell.
    let _ = file.write_all(line.as_bytes());
}

/// A lock or condition, which has a number once it is used.
pub struct Traced {
    number: AtomicUsize,
    kind: &'static str,
    name: Option<&'static str>,
    made: Place,
}

impl Traced {
    pub const fn new(kind: &'static str, name: Option<&'static str>, made: Place) -> Self {
        Self { number: AtomicUsize::new(0), kind, name, made }
    }

    /// The lock as an operand, once the trace knows of it.
    pub fn operand(&self) -> String {
        let mut number = self.number.load(Ordering::Acquire);
        if number == 0 {
            let _guard = NAMING.lock().unwrap_or_else(PoisonError::into_inner);
            number = self.number.load(Ordering::Acquire);
            if number == 0 {
                number = NUMBERS.fetch_add(1, Ordering::Relaxed);
                if self.kind != "condition" {
                    let class = self.name.map_or(String::new(), |name| {
                        format!(",\"class\":{}", quoted(name))
                    });
                    let facts = format!(",\"lock\":\"lock-{number}\",\"kind\":\"{}\"", self.kind);
                    emit("init", &(facts + &class), Some(self.made));
                }
                self.number.store(number, Ordering::Release);
            }
        }
        match self.kind {
            "condition" => format!(",\"condition\":\"condition-{number}\""),
            _ => format!(",\"lock\":\"lock-{number}\""),
        }
    }

    pub fn emit(&self, event: &str, more: &str, place: Option<Place>) {
        if file().is_some() {
            emit(event, &(self.operand() + more), place);
        }
    }
}
