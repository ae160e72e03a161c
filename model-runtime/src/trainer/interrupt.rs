//! Ctrl-C while `fit` runs.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::Error;

/// True where Ctrl-C kills: where nobody waits for it, and when it has come once.
static KILLS: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// How many wait for it.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Makes two that begin at once do so one after the other.
static BEGINNING: Mutex<()> = Mutex::new(());

/// Waits for Ctrl-C, until it is dropped.
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub fn begin() -> Result<Interrupt, Error> {
        let _one = BEGINNING.lock().unwrap_or_else(PoisonError::into_inner);
        let flag = match KILLS.get() {
            Some(flag) => Arc::clone(flag),
            None => {
                let flag = install().map_err(|error| Error::Option {
                    name: "stop_on_ctrl_c",
                    value: format!("true, but {error}"),
                    expected: "false where SIGINT cannot be handled",
                })?;
                let _ = KILLS.set(Arc::clone(&flag));
                flag
            }
        };
        if WAITING.fetch_add(1, Ordering::SeqCst) == 0 {
            flag.store(false, Ordering::SeqCst);
        }
        Ok(Interrupt(flag))
    }

    /// Whether it has come.
    pub fn has_come(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        if WAITING.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}

/// Handles the signal from here on: it kills if the flag is set, and sets it if not.
fn install() -> io::Result<Arc<AtomicBool>> {
    let kills = Arc::new(AtomicBool::new(true));
    flag::register_conditional_default(SIGINT, Arc::clone(&kills))?;
    flag::register(SIGINT, Arc::clone(&kills))?;
    Ok(kills)
}
