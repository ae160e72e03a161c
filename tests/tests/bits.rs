//! The same bits from any number of threads and from run to run, on each engine; from many threads
//! that use a model at once.

use std::process::Command;

use model_runtime::prelude::*;
use ndarray::Array2;
use tests::bits;

/// This program again, with the test below that prints the lines.
fn lines(engine: &str, threads: usize) -> String {
    let program = std::env::current_exe().expect("the path of this program");
    let mut command = Command::new(program);
    command.args(["--exact", "child_prints", "--nocapture"]).env("PRINTS_BITS", "1");
    command.env("MODEL_RUNTIME_ENGINE", engine);
    command.env("MODEL_RUNTIME_THREADS", threads.to_string());
    let output = command.output().expect("this program can be started");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(" loss ")).collect();
    assert!(output.status.success() && lines.len() >= 6, "{engine}, {threads} threads: {text}");
    lines.join("\n")
}

#[test]
fn child_prints() -> Result<(), Error> {
    if std::env::var_os("PRINTS_BITS").is_some() {
        println!();
        bits::lines()?.iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}

#[test]
fn bits_are_the_same_from_any_number_of_threads() {
    for (engine, others) in [("portable", [3].as_slice()), ("avx2", &[3]), ("avx512", &[1, 2, 8])] {
        let alone = lines(engine, 1);
        for &threads in others {
            assert_eq!(lines(engine, threads), alone, "{engine}, {threads} threads");
        }
    }
}

#[test]
fn many_threads_may_use_a_model_at_once() -> Result<(), Error> {
    let net = model! { x = Input(64); Dense(10, softmax)(Dense(256, tanh)(x)) };
    let x =
        |i: usize| Array2::from_shape_fn((128, 64), |(s, c)| ((i + s * c) as Float * 0.1).sin());
    let alone: Vec<_> = (0..16).map(|i| net.predict(&x(i))).collect::<Result<_, _>>()?;
    std::thread::scope(|scope| {
        for (i, alone) in alone.iter().enumerate() {
            let net = &net;
            scope.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(net.predict(&x(i)).as_ref(), Ok(alone));
                }
            });
        }
    });
    Ok(())
}
