//! Taking locks, and what comes of it.

use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use crate::trace::{Place, Traced};

pub fn map<A, B>(result: LockResult<A>, wrap: impl FnOnce(A) -> B) -> LockResult<B> {
    match result {
        Ok(guard) => Ok(wrap(guard)),
        Err(error) => Err(PoisonError::new(wrap(error.into_inner()))),
    }
}

pub fn map_try<A, B>(result: TryLockResult<A>, wrap: impl FnOnce(A) -> B) -> TryLockResult<B> {
    match result {
        Ok(guard) => Ok(wrap(guard)),
        Err(TryLockError::Poisoned(error)) => {
            Err(TryLockError::Poisoned(PoisonError::new(wrap(error.into_inner()))))
        }
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
    }
}

/// Takes a lock at once if that is possible, else says what it waits for.
pub fn take<G>(
    traced: &Traced,
    mode: &str,
    at: Place,
    attempt: TryLockResult<G>,
    wait: impl FnOnce() -> LockResult<G>,
) -> LockResult<G> {
    let result = match attempt {
        Ok(guard) => Ok(guard),
        Err(TryLockError::Poisoned(error)) => Err(error),
        Err(TryLockError::WouldBlock) => {
            traced.emit("request", mode, Some(at));
            wait()
        }
    };
    traced.emit("acquire", mode, Some(at));
    result
}
