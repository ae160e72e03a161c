//! The end of Dense and convolutions: a bias and an activation, in the op that makes the numbers.

use super::map::Map;
use super::pull::{Product, Pull};
use super::spread::{reshaped, sum};
use crate::float::Scalar;
use crate::kernels::gemm::End;
use crate::kernels::sums::add_rows;
use crate::pool::{self, Buffer, Numbers};
use crate::tape::{self, Recorded, Step};
use crate::tensor::Tensor;

/// The activation, and what `backward` needs of it.
#[derive(Clone)]
pub(crate) struct Finish<T: Scalar> {
    activation: Map,
    /// What the activation was given, where its derivative looks at it.
    before: Buffer<T>,
}

impl<T: Scalar> Finish<T> {
    pub fn new(activation: Map) -> Finish<T> {
        Finish { activation, before: Buffer::default() }
    }

    /// The numbers to which products are added: the bias in each of `rows`, or zeros.
    pub fn start(bias: Option<&&Tensor<T>>, rows: usize, units: usize) -> Buffer<T> {
        match bias {
            Some(bias) => pool::repeat(bias.data(), rows),
            None => pool::zeros(rows * units),
        }
    }

    pub fn activation(&self) -> Map {
        self.activation
    }

    /// Calls `product` with what a product shall end with: the bias and, if nothing has to be kept
    /// of what it is given, the activation. [`Finish::after`] does the rest.
    pub fn during(&self, bias: Option<&&Tensor<T>>, product: impl FnOnce(&End<'_, T>)) {
        self.end(bias, !self.activation.needs_input(), product);
    }

    /// [`Finish::during`], with the activation whatever it is, of which nothing is kept.
    pub fn whole(&self, bias: Option<&&Tensor<T>>, product: impl FnOnce(&End<'_, T>)) {
        self.end(bias, true, product);
    }

    fn end(&self, bias: Option<&&Tensor<T>>, all: bool, product: impl FnOnce(&End<'_, T>)) {
        let activation = self.activation;
        let apply = |numbers: &mut [T]| activation.apply(numbers);
        let then = all && !matches!(activation, Map::Linear | Map::Relu);
        product(&End {
            bias: bias.map(|bias| bias.data()),
            relu: activation == Map::Relu,
            then: if then { Some(&apply) } else { None },
        });
    }

    /// Does to a product what [`Finish::during`] did not.
    pub fn after(&mut self, y: &mut [T]) {
        if self.activation.needs_input() {
            self.apply(y);
        }
    }

    /// Applies the activation.
    pub fn apply(&mut self, y: &mut [T]) {
        if self.activation.needs_input() {
            self.before = pool::copy(y);
        }
        if self.activation != Map::Linear {
            self.activation.apply(y);
        }
    }

    /// The gradient before the activation.
    pub fn pull<'a>(&self, step: &Step<'a, T>) -> Numbers<'a, T> {
        if self.activation == Map::Linear {
            return Numbers::Lent(step.gradient);
        }
        let y = step.output.data();
        let x = if self.activation.needs_input() { &self.before } else { y };
        let mut through = pool::unset(y.len());
        self.activation.pull(x, y, step.gradient, &mut through, false);
        Numbers::Own(through)
    }

    /// Writes the gradient of the bias, which is input number 2 where there is one.
    pub fn bias(step: &mut Step<'_, T>, dz: &[T]) {
        if step.inputs.len() < 3 {
            return;
        }
        step.write(2, |db, add| {
            if !add {
                db.fill(T::zero());
            }
            add_rows(dz, db);
        });
    }

    /// The gradients of all inputs on the tape; `product` is the operation without the activation.
    #[track_caller]
    pub fn backward_recorded(&self, step: &mut Recorded, product: &dyn Product) {
        let (inputs, y) = (step.inputs.clone(), step.output);
        let before = if self.activation.needs_input() {
            tape::apply_boxed(product.copy(), &inputs)
        } else {
            y
        };
        let dz = self.activation.pull_recorded(before, y, step.gradient);
        for input in 0..2 {
            step.add(input, || Pull::call(product, input, &inputs[..2], dz));
        }
        if let Some(bias) = inputs.get(2) {
            let rank = dz.shape().rank();
            let rows = std::array::from_fn(|axis| axis + 1 < rank);
            step.add(2, || reshaped(sum(dz, rows), bias.shape()));
        }
    }
}
