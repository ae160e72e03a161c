//! Convolutions with a kernel that is a value.

use model_spec::{Config, Padding};

use super::axes::{checked, obey};
use crate::layers::{Convolution, tuple, word};
use crate::ops::conv::ConvOp;
use crate::ops::map::Map;
use crate::{Var, tape};

impl Var {
    /// The convolution of sequences `(samples, steps, channels)` with a kernel `(size, channels /
    /// groups, filters)`, or of images `(samples, height, width, channels)` with a kernel
    /// `(height, width, channels / groups, filters)`, as [`Conv1D`](crate::Conv1D) and
    /// [`Conv2D`](crate::Conv2D) have them; [Keras's
    /// `conv`](https://keras.io/api/ops/nn/#conv-function).
    ///
    /// `strides` and `dilation_rate` have one number for all axes or one for each. How many groups
    /// there are follows from the kernel.
    ///
    /// ```
    /// use model_runtime::prelude::*;
    /// use ndarray::array;
    /// let differences = tape::run(Mode::Inference, || {
    ///     let x = Var::from_array(&array![[[1.0], [4.0], [9.0], [16.0]]]);
    ///     let kernel = Var::from_array(&array![[[-1.0]], [[1.0]]]);
    ///     x.conv(kernel, &[1], Padding::Valid, &[1]).to_array()
    /// })?;
    /// assert_eq!(differences, array![[[3.0], [5.0], [7.0]]].into_dyn());
    /// # Ok::<(), Error>(())
    /// ```
    #[track_caller]
    pub fn conv(
        self,
        kernel: Var,
        strides: &[i64],
        padding: Padding,
        dilation_rate: &[i64],
    ) -> Var {
        checked(&[self, kernel], |shapes| {
            let [x, w] = [shapes[0], shapes[1]];
            // The rule has the kernel of one sample, and does not see the number of them.
            let args = [tuple(strides), word(padding), tuple(dilation_rate)];
            let rule = model_spec::functions::conv::rule;
            let output = obey(rule, &Config::new(&args), &[x, w.with_first(1)])?;
            let groups = model_spec::functions::conv::groups(&x, &w)?;
            let size: Vec<i64> = w.dims()[..w.rank() - 2].iter().map(|n| *n as i64).collect();
            let slide = Convolution {
                strides: strides.to_vec(),
                padding,
                dilation_rate: dilation_rate.to_vec(),
                ..Convolution::new(&size)
            }
            .slide(&x);
            let output = output.get(0).shape.with_first(x.dim(0));
            Ok(tape::apply(ConvOp::new(slide, groups, output, Map::Linear), &[self, kernel]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::random;
    use crate::prelude::*;

    #[test]
    fn a_convolution_is_that_of_the_layer_with_this_kernel() {
        let x = random::<Float>(&[2, 6, 5, 4], 1);
        let mut layer = Conv2D::new(6, &[3, 2])
            .strides(&[2, 1])
            .padding(Padding::Same)
            .dilation_rate(&[1])
            .groups(2)
            .use_bias(false);
        layer.init(Seed::new(0), &[Value::float(&[6, 5, 4])]);
        let run = |step: &dyn Fn(Var) -> Var| {
            tape::run(Mode::Training, || {
                let y = step(tape::constant(x.clone()));
                let numbers = y.to_array();
                (numbers, tape::backward(y.square().sum()).take(&layer.kernel))
            })
            .unwrap()
        };
        let with = |x: Var| x.conv(layer.kernel.var(), &[2, 1], Padding::Same, &[1]);
        assert_eq!(run(&with), run(&|x| layer.call(x)));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let text = |x: &[usize], kernel: &[usize]| {
            let run = || Var::ones(x).conv(Var::ones(kernel), &[1], Padding::Valid, &[1]).shape();
            tape::run(Mode::Inference, run).unwrap_err().to_string()
        };
        let got = text(&[2, 5], &[3, 1]);
        assert!(got.starts_with("conv takes a sequence"), "{got}");
        let got = text(&[2, 5, 3], &[3, 2, 4]);
        assert!(got.starts_with("conv: the kernel (3, 2, 4) sees 2 channels"), "{got}");
        let got = text(&[2, 5, 3], &[6, 3, 4]);
        assert!(got.contains("the kernel (6) is larger than the sequence (5)"), "{got}");
    }
}
