//! Which instructions the kernels use.

use std::sync::OnceLock;

/// A set of instructions that kernels are compiled for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Engine {
    /// What the target of the compiler has; on x86-64, SSE2.
    Portable,
    /// AVX2 and FMA.
    Avx2,
    /// AVX-512 F, BW, CD, DQ and VL, and what [`Engine::Avx2`] has.
    Avx512,
}

/// The environment variable that chooses an engine: `portable`, `avx2` or `avx512`.
const VARIABLE: &str = "MODEL_RUNTIME_ENGINE";

/// The engine of this process: the best that the processor has, but none better than the
/// environment variable says.
#[inline]
pub(crate) fn engine() -> Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    #[cfg(test)]
    if let Some(engine) = tests::FORCED.get() {
        return engine;
    }
    *ENGINE.get_or_init(|| {
        let best = detected();
        match std::env::var(VARIABLE) {
            Ok(word) => match named(&word) {
                Some(engine) => best.min(engine),
                None => {
                    eprintln!("{VARIABLE}={word} is no engine: portable, avx2 or avx512 are");
                    best
                }
            },
            Err(_) => best,
        }
    })
}

fn named(word: &str) -> Option<Engine> {
    match word {
        "portable" => Some(Engine::Portable),
        "avx2" => Some(Engine::Avx2),
        "avx512" => Some(Engine::Avx512),
        _ => None,
    }
}

/// The best that the processor has.
#[cfg(target_arch = "x86_64")]
fn detected() -> Engine {
    macro_rules! has {
        ($($feature:tt)*) => { $(is_x86_feature_detected!($feature))&&* };
    }
    if !has!("avx2" "fma") {
        Engine::Portable
    } else if !has!("avx512f" "avx512bw" "avx512cd" "avx512dq" "avx512vl") {
        Engine::Avx2
    } else {
        Engine::Avx512
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detected() -> Engine {
    Engine::Portable
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// What this thread takes, whatever the process does.
        pub(super) static FORCED: Cell<Option<Engine>> = const { Cell::new(None) };
    }

    /// Work that takes what this thread takes on every thread.
    pub(in crate::kernels) fn with_forced(work: impl Fn(usize) + Sync) -> impl Fn(usize) + Sync {
        let forced = FORCED.get();
        move |part| {
            FORCED.set(forced);
            work(part);
        }
    }

    /// What `run` returns on each engine that this machine has, the portable one first.
    pub(crate) fn on_each<R>(mut run: impl FnMut() -> R) -> Vec<(Engine, R)> {
        let all = [Engine::Portable, Engine::Avx2, Engine::Avx512];
        let here = all.into_iter().filter(|engine| *engine <= detected());
        here.map(|engine| {
            FORCED.set(Some(engine));
            let result = run();
            FORCED.set(None);
            (engine, result)
        })
        .collect()
    }

    #[test]
    fn words_name_engines() {
        assert_eq!(named("avx2"), Some(Engine::Avx2));
        assert_eq!(named("portable"), Some(Engine::Portable));
        assert_eq!(named("avx512"), Some(Engine::Avx512));
        assert_eq!(named("AVX2"), None);
    }

    #[test]
    fn the_engine_is_one_that_the_processor_has() {
        assert!(engine() <= detected());
        let seen: Vec<_> = on_each(engine);
        assert!(seen.iter().all(|(forced, seen)| forced == seen));
        assert_eq!(seen[0].0, Engine::Portable);
    }
}
