//! One sample, such as a constant has, goes with any number of them.

use ndarray::ArrayD;

use super::*;
use crate::Float;

/// What comes out where one input has only one sample, which is stretched before, or not.
fn run(case: &Case, alone: usize, stretched: bool) -> Result<Vec<ArrayD<crate::Float>>, Error> {
    tape::run(Mode::Inference, || {
        let input = |(i, own): (usize, &&[usize])| {
            let dims = |samples: usize| [&[samples], *own].concat();
            let x = tape::constant(random(&dims(if i == alone { 1 } else { SAMPLES }), i as u64));
            if stretched && i == alone { x.broadcast_to(&dims(SAMPLES)) } else { x }
        };
        let inputs: Vec<Var> = case.inputs.iter().enumerate().map(input).collect();
        (case.call)(&inputs).iter().map(|output| output.to_array()).collect()
    })
}

#[test]
fn one_sample_goes_with_any_number_of_them() {
    // In a Lambda the closure sees the samples.
    for case in all().iter().filter(|case| case.inputs.len() > 1 && case.name != "Lambda") {
        for alone in 0..case.inputs.len() {
            let told = format!("{}{:?} of {:?}, {alone}", case.name, case.args, case.inputs);
            let [got, expected] = [false, true].map(|stretched| run(case, alone, stretched));
            let (got, expected) = (got.expect(&told), expected.expect(&told));
            for (got, expected) in got.iter().zip(&expected) {
                assert_eq!(got.shape(), expected.shape(), "{told}");
                let near = |(a, b): (&Float, &Float)| a == b || (a - b).abs() < 1e-5;
                // Powers of negative numbers are none.
                let same =
                    |pair: (&Float, &Float)| near(pair) || pair.0.is_nan() && pair.1.is_nan();
                assert!(got.iter().zip(expected).all(same), "{told}: {got} is not {expected}");
            }
        }
    }
}
