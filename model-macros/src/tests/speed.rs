//! How long the macro itself takes to parse, check and expand models of 10, 100 and 1,000 layers,
//! the best of several runs: `cargo test --release -p model-macros speed -- --nocapture`. A macro
//! crate exports nothing but its macro, so this stands here and not in a folder of benchmarks.

use std::time::{Duration, Instant};

use proc_macro2::TokenStream;

use crate::{check, errors::Errors, expand, parse};

/// A chain of this many layers, each on a line of its own.
fn chain(layers: usize, size: &str) -> String {
    let mut text = format!("struct Net {{ x = Input({size});\n");
    for layer in 0..layers {
        text.push_str(match layer % 3 {
            0 => "x = Dense(64, relu)(x);\n",
            1 => "x = Dropout(0.5)(x) + x;\n",
            _ => "x = Lambda(|x| x * 2)(x);\n",
        });
    }
    text + "x }"
}

/// Parse, check, expand.
fn phases(tokens: &TokenStream) -> [Duration; 3] {
    let start = Instant::now();
    let mut errors = Errors::default();
    let program = parse::parse(tokens.clone(), &mut errors);
    let parsed = start.elapsed();
    let program = check::check(program, &mut errors);
    let checked = start.elapsed();
    let code = errors.around(expand::expand(&program), program.expression);
    let expanded = start.elapsed();
    assert!(!code.to_string().contains("compile_error"), "the model has a mistake");
    [parsed, checked - parsed, expanded - checked]
}

/// Long models are whole, and how long they take is printed. There is no limit to fail at: the time
/// of a busy machine says nothing.
#[test]
fn speed_of_long_models() {
    println!("{:32} {:>9} {:>9} {:>9} {:>9}", "", "parse", "check", "expand", "sum (ms)");
    for (what, size) in [("sizes known", "64"), ("sizes left to rustc", "crate::SIZE")] {
        for layers in [10, 100, 1000] {
            let tokens: TokenStream = chain(layers, size).parse().expect("a model is tokens");
            let runs = (0..5).map(|_| phases(&tokens));
            let best = runs.min_by_key(|run| run.iter().sum::<Duration>()).unwrap_or_default();
            let [parse, check, expand] = best.map(|time| time.as_secs_f64() * 1e3);
            let sum = parse + check + expand;
            let name = format!("{layers} layers, {what}");
            println!("{name:32} {parse:9.2} {check:9.2} {expand:9.2} {sum:9.2}");
        }
    }
}
