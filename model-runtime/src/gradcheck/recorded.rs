//! Checks of second derivatives: an op's `backward_recorded` against its `backward`, and the
//! gradients of what it records against central differences.
//!
//! Every gradient check does this as well, where `Float` is `f64`. Every op says how its gradients
//! are recorded; those that refuse are the ones listed here.

#[cfg(feature = "f64")]
pub(crate) use numbers::check_recorded;

/// What users call the ops that have no second derivative.
const REFUSING: [&str; 4] = ["LSTM", "GRU", "SimpleRNN", "CTC"];

#[cfg(feature = "f64")]
mod numbers {
    use std::any::type_name;

    use super::REFUSING;
    use crate::gradcheck::{difference, random};
    use crate::tape::{self, Mode, Op, Slot, Step};
    use crate::tensor::Tensor;

    /// What is found on the tape: the gradients of the inputs, and for a random projection of them
    /// the gradients by the inputs and by the output's gradient.
    struct Found {
        gradients: Vec<Tensor>,
        second: Vec<Option<Vec<f64>>>,
    }

    /// # Panics
    /// If a recorded gradient is not that of `backward`, or its gradient differs from central
    /// differences by more than 1e-6 of its scale.
    #[track_caller]
    pub(crate) fn check_recorded<O: Op<f64> + 'static>(
        make: &impl Fn() -> O,
        inputs: &[Tensor<f64>],
    ) {
        let name = type_name::<O>();
        let refs: Vec<&Tensor> = inputs.iter().collect();
        let weights = random::<f64>(make().forward(&refs).shape().dims(), 1_000_003);
        // The inputs, and the gradient of the output.
        let all: Vec<Tensor> = inputs.iter().cloned().chain([weights]).collect();
        let project = |all: &[Tensor]| -> f64 {
            plain(make, all)
                .iter()
                .enumerate()
                .map(|(i, found)| {
                    let projection = projection(inputs, i);
                    found.iter().zip(projection.data()).map(|(a, b)| a * b).sum::<f64>()
                })
                .sum()
        };
        let found = match record(make, &all) {
            Ok(found) => found,
            Err(text) => {
                let refused = REFUSING
                    .iter()
                    .any(|known| text.starts_with(&format!("{known} has no second derivative")));
                assert!(refused, "{name}: {text}");
                return;
            }
        };
        for (i, (recorded, expected)) in found.gradients.iter().zip(plain(make, &all)).enumerate() {
            assert_eq!(recorded.shape(), inputs[i].shape(), "{name}: input {i}");
            agree(&format!("{name}: input {i}"), recorded.data(), &expected, 1e-9);
        }
        for (i, second) in found.second.into_iter().enumerate() {
            let second = second.unwrap_or_else(|| vec![0.0; all[i].len()]);
            let numeric: Vec<f64> =
                (0..second.len()).map(|k| difference(&project, &all, i, k)).collect();
            agree(&format!("{name}: second derivative by {i}"), &second, &numeric, 1e-6);
        }
    }

    #[track_caller]
    fn agree(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
        let scale = found.iter().chain(expected).fold(1e-3, |max: f64, x| max.max(x.abs()));
        for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
            let error = (found - expected).abs() / scale;
            assert!(error < tolerance, "{what}, element {k}: {found} recorded, not {expected}");
        }
    }

    fn projection(inputs: &[Tensor], input: usize) -> Tensor {
        random(inputs[input].shape().dims(), 2_000_003 + input as u64)
    }

    /// The gradients of `backward`.
    fn plain<O: Op<f64>>(make: &impl Fn() -> O, all: &[Tensor]) -> Vec<Vec<f64>> {
        let (weights, inputs) = all.split_last().expect("there is the output's gradient");
        let refs: Vec<&Tensor> = inputs.iter().collect();
        let mut op = make();
        let output = op.forward(&refs);
        let slots = inputs.iter().map(|_| Slot::Empty).collect();
        let mut step = Step::new(&refs, &output, weights.data(), slots);
        op.backward(&mut step);
        let numbers = |slot| match slot {
            Slot::Some(found) => found.to_vec(),
            Slot::Empty | Slot::Unwanted => Vec::new(),
        };
        step.into_slots().into_iter().map(numbers).collect()
    }

    fn record<O: Op<f64> + 'static>(
        make: &impl Fn() -> O,
        all: &[Tensor],
    ) -> Result<Found, String> {
        let found = tape::run(Mode::Training, || {
            let vars: Vec<_> = all.iter().map(|x| tape::variable(x.clone())).collect();
            let (weights, inputs) = vars.split_last().expect("there is the output's gradient");
            let output = tape::apply(make(), inputs);
            let gradients = tape::recorded(inputs, output, *weights)?;
            let projected = gradients.iter().enumerate().map(|(i, gradient)| {
                let shape: Vec<Tensor> = all[..inputs.len()].to_vec();
                (*gradient * tape::constant(projection(&shape, i))).sum()
            });
            let total = projected.reduce(|sum, more| sum + more)?;
            // The way back gives the values back.
            let gradients = gradients.iter().map(|gradient| gradient.tensor()).collect();
            let second = tape::backward(total);
            let second = vars.iter().map(|var| second.of(*var).map(<[f64]>::to_vec)).collect();
            Some(Found { gradients, second })
        });
        found.map_err(|error| error.to_string()).map(|found| found.expect("no error, no gradients"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::REFUSING;

    fn files(dir: &Path, all: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push(path);
            }
        }
    }

    /// The default refuses, so that nothing is wrong in silence; here nothing is forgotten either.
    #[test]
    fn every_op_says_how_its_gradients_are_recorded() {
        let mut all = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        let (mut ops, mut refusing) = (0, 0);
        for path in all {
            let text = std::fs::read_to_string(&path).unwrap();
            // Each part begins with an impl.
            for part in text.split("\nimpl").skip(1) {
                let header = part.lines().next().unwrap_or_default();
                let is_op = header.contains(" Op<T> for ") || header.contains(" Op<Float> for ");
                if is_op {
                    let block = part.split("\n}\n").next().unwrap_or_default();
                    let says = block.contains("fn backward_recorded(");
                    assert!(says, "{}: impl{header} has no backward_recorded", path.display());
                    ops += 1;
                    refusing += usize::from(block.contains("step.refuse("));
                }
            }
        }
        assert!(ops >= 30, "only {ops} ops are found");
        // The recurrent layers are one op.
        assert_eq!(refusing, REFUSING.len() - 2, "the list of those that refuse is another one");
    }
}
