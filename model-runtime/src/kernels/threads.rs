//! One pool of threads for the whole process, on which an operation divides its work.
//!
//! A region has parts, which whoever is free takes one by one: the thread that called, which takes
//! part itself, and the pool's. Which thread does a part changes nothing of its result, and how
//! many parts there are depends on the operation alone; so the bits are the same for any number of
//! threads. There is one region at a time: who finds the pool busy, because it is inside of a
//! region or because another thread has one, does all of its parts itself, and so nobody waits for
//! a region that waits for him. The closures of users never run here.
//!
//! The pool is our own because a region may be as short as 10 µs. Handing work to a thread that
//! still spins takes 0.4 µs; rayon's threads sleep within some µs, and to wake one costs the caller
//! 6 to 12 µs each time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread looks for the next region before it sleeps.
const SPIN: Duration = Duration::from_micros(50);

/// The most threads that take part.
const MOST: usize = 64;

/// The environment variable that says how many threads compute.
const VARIABLE: &str = "MODEL_RUNTIME_THREADS";

/// How many threads compute; 0 until somebody asks.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// How many threads an operation may use: what [`set_threads`] was given, else the environment
/// variable `MODEL_RUNTIME_THREADS`, else the processor's.
///
/// ```
/// model_runtime::set_threads(2);
/// assert_eq!(model_runtime::threads(), 2);
/// ```
pub fn threads() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => {
            let wanted = std::env::var(VARIABLE).ok().and_then(|n| n.parse().ok());
            let all = || thread::available_parallelism().map_or(1, usize::from);
            let threads = wanted.filter(|&n| n > 0).unwrap_or_else(all).min(MOST);
            // Whoever has set it meanwhile is right.
            let _ = THREADS.compare_exchange(0, threads, Ordering::Relaxed, Ordering::Relaxed);
            THREADS.load(Ordering::Relaxed)
        }
        threads => threads,
    }
}

/// Lets operations use so many threads from now on, in the whole process: at least 1, at most 64.
/// Results have the same bits with any number of threads. Small operations stay on the thread that
/// calls.
pub fn set_threads(threads: usize) {
    THREADS.store(threads.clamp(1, MOST), Ordering::Relaxed);
}

/// The work that is being done.
struct Region<'a> {
    work: &'a (dyn Fn(usize) + Sync),
    parts: usize,
    /// The next part that nobody has taken.
    next: AtomicUsize,
    /// What a part panicked with on another thread.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Region<'_> {
    /// Takes parts until there are no more.
    fn help(&self) {
        loop {
            let part = self.next.fetch_add(1, Ordering::Relaxed);
            if part >= self.parts {
                return;
            }
            (self.work)(part);
        }
    }
}

struct Pool {
    /// Whether somebody has a region.
    busy: AtomicBool,
    /// The number of the region, times [`REGION`]; [`OPEN`] while threads may enter it; how many
    /// threads of the pool are inside.
    state: AtomicUsize,
    /// The region, while a thread may be inside.
    region: AtomicPtr<Region<'static>>,
    /// How many threads of the pool may be inside.
    limit: AtomicUsize,
    /// How many threads sleep.
    sleeping: AtomicUsize,
    bed: Mutex<()>,
    bell: Condvar,
    /// How many threads have been started.
    started: Mutex<usize>,
}

const OPEN: usize = 1 << 8;
const REGION: usize = OPEN << 1;
const INSIDE: usize = OPEN - 1;

static POOL: Pool = Pool {
    busy: AtomicBool::new(false),
    state: AtomicUsize::new(0),
    region: AtomicPtr::new(std::ptr::null_mut()),
    limit: AtomicUsize::new(0),
    sleeping: AtomicUsize::new(0),
    bed: Mutex::new(()),
    bell: Condvar::new(),
    started: Mutex::new(0),
};

/// Calls `work` with every number below `parts`, each once, on several threads if there are. If one
/// of the calls panics, so does this, after the others are done.
pub(crate) fn parallel(parts: usize, work: impl Fn(usize) + Sync) {
    let threads = threads().min(parts);
    if threads < 2 || POOL.busy.swap(true, Ordering::Acquire) {
        (0..parts).for_each(work);
        return;
    }
    POOL.start(threads - 1);
    let region = Region { work: &work, parts, next: AtomicUsize::new(0), panic: Mutex::new(None) };
    {
        let _open = POOL.open(&region, threads - 1);
        region.help();
    }
    let panic = lock(&region.panic).take();
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
}

/// A pointer that the parts of a region share. Whoever writes through it sees to it that no two
/// parts write to the same place.
pub(crate) struct Shared<T>(pub *mut T);

// SAFETY: a pointer alone does nothing; see the type.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: the same.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// The pointer. A method, so that closures capture the whole.
    pub fn get(&self) -> *mut T {
        self.0
    }
}

/// [`parallel`], where each part writes to `size` of the numbers; the last part may have fewer.
pub(crate) fn parallel_chunks<T: Send>(
    numbers: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let parts = numbers.len().div_ceil(size);
    parallel_parts(parts, [(numbers, size)], |part, [chunk]| work(part, chunk));
}

/// Calls `work` with each `size` of the numbers; about [`AT_ONCE`] numbers are a part of the work.
pub(crate) fn parallel_pieces<T: Send>(
    numbers: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let size = size.max(1);
    let some = AT_ONCE.div_ceil(size);
    parallel_chunks(numbers, some * size, |part, chunk| {
        let pieces = chunk.chunks_exact_mut(size).enumerate();
        pieces.for_each(|(i, piece)| work(part * some + i, piece));
    });
}

/// With fewer numbers, a part would take less time than another thread needs to begin.
const AT_ONCE: usize = 1 << 15;

/// [`parallel`], where each part writes to some of the numbers of several slices, in each as many
/// as stand beside it; the last part has those that are left.
pub(crate) fn parallel_parts<T: Send, const N: usize>(
    parts: usize,
    slices: [(&mut [T], usize); N],
    work: impl Fn(usize, [&mut [T]; N]) + Sync,
) {
    let slices = slices.map(|(slice, size)| (Shared(slice.as_mut_ptr()), slice.len(), size));
    parallel(parts, |part| {
        work(
            part,
            std::array::from_fn(|i| {
                let (start, len, size) = &slices[i];
                let from = (part * size).min(*len);
                let count = (*size).min(len - from);
                // SAFETY: they lie inside of the borrowed slice, and those of two parts do not
                // overlap.
                unsafe { std::slice::from_raw_parts_mut(start.get().add(from), count) }
            }),
        );
    });
}

/// An open region; the end of it closes the region and waits for those inside.
struct Open;

impl Pool {
    /// Lets threads in.
    fn open(&self, region: &Region<'_>, limit: usize) -> Open {
        let region: *const Region<'_> = region;
        self.region.store(region.cast_mut().cast(), Ordering::Relaxed);
        self.limit.store(limit, Ordering::Relaxed);
        // Nobody is inside, and nobody else opens: `busy` is ours.
        let state = self.state.load(Ordering::Relaxed);
        self.state.store(state.wrapping_add(REGION) | OPEN, Ordering::SeqCst);
        if self.sleeping.load(Ordering::SeqCst) > 0 {
            drop(lock(&self.bed));
            self.bell.notify_all();
        }
        Open
    }

    /// Starts threads until there are so many. Where the system has none left, fewer do the work.
    fn start(&self, wanted: usize) {
        let mut started = lock(&self.started);
        while *started < wanted {
            let thread = thread::Builder::new().name(format!("model-runtime-{started}"));
            if thread.spawn(|| self::POOL.work()).is_err() {
                return;
            }
            *started += 1;
        }
    }

    /// What a thread of the pool does.
    fn work(&self) {
        let mut last = 0;
        loop {
            let state = self.wait(last);
            last = state & !(OPEN | INSIDE);
            if (state & INSIDE) >= self.limit.load(Ordering::Relaxed) {
                continue;
            }
            let inside = state + 1;
            if self
                .state
                .compare_exchange(state, inside, Ordering::Acquire, Ordering::Relaxed)
                .is_err()
            {
                // Somebody entered or the region was closed: look again.
                last = last.wrapping_sub(REGION);
                continue;
            }
            // SAFETY: the region was open when this thread was counted as inside; its owner does
            // not return before nobody is inside.
            let region = unsafe { &*self.region.load(Ordering::Relaxed) };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| region.help())) {
                lock(&region.panic).get_or_insert(panic);
            }
            self.state.fetch_sub(1, Ordering::Release);
        }
    }

    /// Waits for an open region other than the last.
    fn wait(&self, last: usize) -> usize {
        let fresh = |state: usize| state & OPEN != 0 && state & !(OPEN | INSIDE) != last;
        let start = Instant::now();
        loop {
            for _ in 0..32 {
                let state = self.state.load(Ordering::Relaxed);
                if fresh(state) {
                    return state;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() > SPIN {
                break;
            }
        }
        let mut bed = lock(&self.bed);
        self.sleeping.fetch_add(1, Ordering::SeqCst);
        loop {
            let state = self.state.load(Ordering::SeqCst);
            if fresh(state) {
                self.sleeping.fetch_sub(1, Ordering::Relaxed);
                return state;
            }
            bed = self.bell.wait(bed).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        POOL.state.fetch_and(!OPEN, Ordering::Relaxed);
        let mut rounds = 0_u32;
        while POOL.state.load(Ordering::Acquire) & INSIDE != 0 {
            // A thread that is inside but does not run needs this one's processor.
            if rounds < 1 << 10 {
                std::hint::spin_loop()
            } else {
                thread::yield_now()
            }
            rounds = rounds.saturating_add(1);
        }
        POOL.busy.store(false, Ordering::Release);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_part_is_done_once() {
        for threads in [1, 2, 4, 8] {
            set_threads(threads);
            for parts in [0, 1, 2, 7, 100] {
                let counts: Vec<_> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
                parallel(parts, |part| {
                    counts[part].fetch_add(1, Ordering::Relaxed);
                });
                assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            }
        }
    }

    #[test]
    fn chunks_are_those_of_the_slice() {
        let mut numbers = vec![0; 103];
        parallel_chunks(&mut numbers, 10, |part, chunk| chunk.fill(part));
        assert!(numbers.iter().enumerate().all(|(i, &part)| part == i / 10));
        parallel_chunks(&mut [0; 0], 10, |_, _| unreachable!("there is nothing"));
    }

    #[test]
    fn regions_may_stand_in_regions_and_come_from_many_threads() {
        set_threads(4);
        let total = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        parallel(5, |_| {
                            parallel(3, |_| {
                                total.fetch_add(1, Ordering::Relaxed);
                            });
                        });
                    }
                });
            }
        });
        assert_eq!(total.into_inner(), 16 * 50 * 5 * 3);
    }

    #[test]
    fn other_threads_help() {
        set_threads(2);
        // Another test may have the pool, or the system may be slow to run the thread.
        for _ in 0..1000 {
            let seen = Mutex::new(HashSet::new());
            parallel(8, |_| {
                lock(&seen).insert(thread::current().id());
                thread::sleep(Duration::from_millis(1));
            });
            if lock(&seen).len() > 1 {
                return;
            }
        }
        panic!("nobody helped");
    }

    #[test]
    fn a_panic_comes_to_the_caller_and_the_pool_lives_on() {
        set_threads(4);
        for _ in 0..20 {
            let panic = catch_unwind(|| {
                parallel(16, |part| assert!(part != 11, "part 11"));
            });
            let panic = panic.expect_err("a part panics");
            assert!(
                panic.downcast_ref::<String>().is_some_and(|text| text.contains("part 11"))
                    || panic.downcast_ref::<&str>().is_some_and(|text| text.contains("part 11"))
            );
            let done = AtomicUsize::new(0);
            parallel(16, |_| {
                done.fetch_add(1, Ordering::Relaxed);
            });
            assert_eq!(done.into_inner(), 16);
        }
    }
}
