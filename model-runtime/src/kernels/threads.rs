//! One pool of threads for the whole process, on which an operation divides its work.
//!
//! A region has parts. Each thread, the one that called among them, has a share of them, in which
//! it begins; who is done takes parts of the others' shares, one by one. So in one region after the
//! other a thread finds in its cache what it has worked on before. Which thread does a part changes
//! nothing of its result, and how many parts there are depends on the operation alone; so the bits
//! are the same for any number of threads.
//!
//! There is one region at a time: who finds the pool busy, because it is inside of a region or
//! because another thread has one, does all of its parts itself, and so nobody waits for a region
//! that waits for him. The closures of users never run here.
//!
//! The pool is our own because a region may be as short as 10 µs. To hand work to others takes
//! about 0.3 µs, where rayon takes 3 to 9 µs for the same.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::unless_miri;

/// How long a thread looks for the next region before it sleeps. To wake up takes about 50 µs, and
/// what a step does between two regions should be shorter than this.
const SPIN: Duration = Duration::from_micros(unless_miri(200, 2));

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

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Calls `work`, whose operations stay on this thread.
pub(crate) fn alone<R>(work: impl FnOnce() -> R) -> R {
    /// Puts back what was.
    struct Until(bool);

    impl Drop for Until {
        fn drop(&mut self) {
            ALONE.set(self.0);
        }
    }

    let _until = Until(ALONE.replace(true));
    work()
}

/// The work that is being done.
struct Region<'a> {
    work: &'a (dyn Fn(usize) + Sync),
    parts: usize,
    /// How many of the parts of each share somebody has taken, or wanted to.
    taken: [AtomicUsize; MOST],
    shares: usize,
    /// What a part panicked with on another thread.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Region<'_> {
    /// Takes parts until there are no more, those of the thread's own share first.
    fn help(&self, thread: usize) {
        let own = thread % self.shares;
        for share in (own..self.shares).chain(0..own) {
            let [from, to] = [share, share + 1].map(|share| share * self.parts / self.shares);
            loop {
                let part = from + self.taken[share].fetch_add(1, Ordering::Relaxed);
                if part >= to {
                    break;
                }
                (self.work)(part);
            }
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
    /// How many threads have been started. Who has the region alone changes it.
    started: AtomicUsize,
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
    started: AtomicUsize::new(0),
};

/// Calls `work` with every number below `parts`, each once, on several threads if there are. If one
/// of the calls panics, so does this, after the others are done. A part is long enough for a call
/// through a pointer, so this is compiled once.
pub(crate) fn parallel(parts: usize, work: &(dyn Fn(usize) + Sync)) {
    let shares = threads().min(parts);
    // Whoever is inside of a region only looks, so that nobody waits for a line of the cache.
    let busy = || POOL.busy.load(Ordering::Relaxed) || POOL.busy.swap(true, Ordering::Acquire);
    if shares < 2 || ALONE.get() || busy() {
        (0..parts).for_each(work);
        return;
    }
    #[cfg(test)]
    let work = &super::engine::tests::with_forced(work);
    let region = Region {
        work,
        parts,
        taken: [const { AtomicUsize::new(0) }; MOST],
        shares,
        panic: Mutex::new(None),
    };
    {
        let _open = POOL.open(&region, shares - 1);
        region.help(0);
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

/// A slice of which each part has as many numbers as are said; the last part has those that are
/// left.
struct Cut<T> {
    start: Shared<T>,
    len: usize,
    size: usize,
}

#[allow(clippy::mut_from_ref, reason = "what the pointer leads to belongs to one part")]
impl<T> Cut<T> {
    fn new((slice, size): (&mut [T], usize)) -> Cut<T> {
        Cut { start: Shared(slice.as_mut_ptr()), len: slice.len(), size }
    }

    /// What a part has.
    ///
    /// # Safety
    /// The slice must still be borrowed, and nobody may have the same part at the same time.
    unsafe fn part(&self, part: usize) -> &mut [T] {
        let from = (part * self.size).min(self.len);
        let count = self.size.min(self.len - from);
        // SAFETY: they lie inside of the slice, and those of two parts do not overlap.
        unsafe { std::slice::from_raw_parts_mut(self.start.get().add(from), count) }
    }

    /// What a part has of each of several slices.
    ///
    /// # Safety
    /// See [`Cut::part`].
    // Not in a closure of `parallel_parts`: it would be compiled for each type of work.
    unsafe fn part_of_each<const N: usize>(cuts: &[Cut<T>; N], part: usize) -> [&mut [T]; N] {
        // SAFETY: the caller's.
        std::array::from_fn(|i| unsafe { cuts[i].part(part) })
    }
}

/// [`parallel`], where each part writes to `size` of the numbers; the last part may have fewer.
pub(crate) fn parallel_chunks<T: Send>(
    numbers: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    let parts = numbers.len().div_ceil(size);
    let cut = Cut::new((numbers, size));
    // SAFETY: the numbers are borrowed until all parts are done, each once.
    parallel(parts, &|part| work(part, unsafe { cut.part(part) }));
}

/// [`parallel`], where each part writes to some of the numbers of several slices, in each as many
/// as stand beside it; the last part has those that are left.
pub(crate) fn parallel_parts<T: Send, const N: usize>(
    parts: usize,
    slices: [(&mut [T], usize); N],
    work: impl Fn(usize, [&mut [T]; N]) + Sync,
) {
    let cuts = slices.map(Cut::new);
    // SAFETY: the slices are borrowed until all parts are done, each once.
    parallel(parts, &|part| work(part, unsafe { Cut::part_of_each(&cuts, part) }));
}

/// An open region; the end of it closes the region and waits for those inside.
struct Open;

impl Pool {
    /// Lets threads in.
    fn open(&self, region: &Region<'_>, limit: usize) -> Open {
        self.start(limit);
        let region: *const Region<'_> = region;
        self.region.store(region.cast_mut().cast(), Ordering::Relaxed);
        self.limit.store(limit, Ordering::Relaxed);
        // Nobody is inside, and nobody else opens: `busy` is ours.
        let state = self.state.load(Ordering::Relaxed);
        self.state.store(state.wrapping_add(REGION) | OPEN, Ordering::SeqCst);
        // Those that are awake come by themselves.
        let asleep = self.sleeping.load(Ordering::SeqCst);
        let missing = (limit + asleep).saturating_sub(self.started.load(Ordering::Relaxed));
        if missing > 0 {
            drop(lock(&self.bed));
            (0..missing.min(asleep)).for_each(|_| self.bell.notify_one());
        }
        Open
    }

    /// Starts threads until there are so many. Where the system has none left, fewer do the work.
    fn start(&self, wanted: usize) {
        for number in self.started.load(Ordering::Relaxed) + 1..=wanted {
            let thread = thread::Builder::new().name(format!("model-runtime-{number}"));
            if thread.spawn(move || POOL.work(number)).is_err() {
                return;
            }
            self.started.store(number, Ordering::Relaxed);
        }
    }

    /// What a thread of the pool does.
    fn work(&self, number: usize) {
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
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| region.help(number))) {
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
                let state = self.state.load(Ordering::Acquire);
                if fresh(state) {
                    return state;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() > SPIN {
                break;
            }
            // Who was woken last may stand in the way of the thread that has the next region.
            thread::yield_now();
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
                parallel(parts, &|part| {
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
                        parallel(5, &|_| {
                            parallel(3, &|_| {
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
    fn the_number_of_threads_may_change_while_they_work() {
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                for threads in [1, 8, 2, 5, 3].into_iter().cycle() {
                    set_threads(threads);
                    thread::yield_now();
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
            for parts in (0..unless_miri(2000, 100)).map(|i| i % 23) {
                let total = AtomicUsize::new(0);
                parallel(parts, &|part| {
                    total.fetch_add(part + 1, Ordering::Relaxed);
                });
                assert_eq!(total.into_inner(), parts * (parts + 1) / 2);
            }
            done.store(true, Ordering::Relaxed);
        });
    }

    #[test]
    fn other_threads_help() {
        set_threads(2);
        // Another test may have the pool, or the system may be slow to run the thread.
        for _ in 0..1000 {
            let seen = Mutex::new(HashSet::new());
            parallel(8, &|_| {
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
    fn what_is_done_alone_stays_on_the_thread_that_calls() {
        set_threads(4);
        let on = |parts| {
            let seen = Mutex::new(HashSet::new());
            parallel(parts, &|_| {
                lock(&seen).insert(thread::current().id());
            });
            seen.into_inner().unwrap_or_else(PoisonError::into_inner)
        };
        let here = HashSet::from([thread::current().id()]);
        for _ in 0..100 {
            assert_eq!(alone(|| [on(8), alone(|| on(8)), on(8)]), [(); 3].map(|()| here.clone()));
        }
        assert!(catch_unwind(|| alone(|| panic!("on the way"))).is_err());
        assert!(!ALONE.get());
    }

    #[test]
    fn a_panic_comes_to_the_caller_and_the_pool_lives_on() {
        set_threads(4);
        for _ in 0..20 {
            let panic = catch_unwind(|| {
                parallel(16, &|part| assert!(part != 11, "part 11"));
            });
            let panic = panic.expect_err("a part panics");
            assert!(
                panic.downcast_ref::<String>().is_some_and(|text| text.contains("part 11"))
                    || panic.downcast_ref::<&str>().is_some_and(|text| text.contains("part 11"))
            );
            let done = AtomicUsize::new(0);
            parallel(16, &|_| {
                done.fetch_add(1, Ordering::Relaxed);
            });
            assert_eq!(done.into_inner(), 16);
        }
    }
}
