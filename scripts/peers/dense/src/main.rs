//! The workloads W1 and W2, dense networks, in candle and in burn: what is built is a feature. The
//! arguments are the number of threads and the workloads; prints the lines that `peers.py` reads.

use std::time::{Duration, Instant};

#[cfg(feature = "burn")]
mod in_burn;
#[cfg(feature = "candle")]
mod in_candle;

/// Different batches of data, as in `timing.py`, as are the other numbers here.
const BATCHES: usize = 8;
const INPUTS: usize = 784;
const CLASSES: usize = 10;
const RATE: f64 = 1e-3;

/// Who, the units of the hidden layers, the mode, and the samples of a batch, and a step with the
/// number of a batch.
type Program = fn(units: usize, train: bool, samples: usize) -> Box<dyn FnMut(usize)>;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let threads = arguments.next().and_then(|n| n.parse().ok()).expect("the number of threads");
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("the first pool");
    let workloads: Vec<String> = arguments.collect();
    let programs: &[(&str, Program)] = &[
        #[cfg(feature = "candle")]
        ("candle", in_candle::program),
        #[cfg(feature = "burn")]
        ("burn", in_burn::program),
    ];
    let cases: [(&str, usize, &[usize]); 2] = [("w1", 64, &[32, 128]), ("w2", 512, &[128])];
    for (workload, units, train) in cases {
        if !workloads.iter().any(|name| name == workload) {
            continue;
        }
        for (mode, batches) in [("train", train), ("predict", &[1, 128])] {
            for &samples in batches {
                for (name, program) in programs {
                    let seconds = median(program(units, mode == "train", samples));
                    println!("{name} {workload} {mode} {samples} {seconds}");
                }
            }
        }
    }
}

/// The median time of a step, in seconds.
fn median(mut step: impl FnMut(usize)) -> f64 {
    let warm = Instant::now();
    let mut batch = (0..BATCHES).cycle();
    while warm.elapsed() < Duration::from_millis(300) {
        batch.by_ref().take(3).for_each(&mut step);
    }
    let (begin, mut times) = (Instant::now(), Vec::new());
    while times.len() < 5 || begin.elapsed() < Duration::from_secs(1) {
        let start = Instant::now();
        batch.by_ref().take(1).for_each(&mut step);
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2].as_secs_f64()
}
