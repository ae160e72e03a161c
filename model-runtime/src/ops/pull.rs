//! The gradient of an operation that is linear in each of its inputs, as an operation of its own.
//!
//! `y(a, b)` and `g` being given, the gradient by `a` does not look at `a`, and is linear in `b`
//! and
//! `g`. With `u` for its own gradient, its gradient by `g` is `y(u, b)`, and the one by `b` is that
//! of `y(u, b)` by `b`.

use model_spec::Shape;

use crate::Float;
use crate::pool::{self, Buffer};
use crate::tape::{Op, Recorded, Slot, Step};
use crate::tensor::Tensor;
use crate::{Var, tape};

/// An operation that is linear in each of its inputs, of whatever type, so that [`Pull`] is
/// compiled once for all of them.
pub(crate) trait Product: Op<Float> {
    /// The same operation.
    fn copy(&self) -> Box<dyn Product>;
}

impl<O: Op<Float> + Clone + 'static> Product for O {
    fn copy(&self) -> Box<dyn Product> {
        Box::new(self.clone())
    }
}

/// The gradient by input number `by`. Inputs: those of the product but that one, in their order,
/// and the gradient by what comes out of the product.
pub(crate) struct Pull {
    product: Box<dyn Product>,
    by: usize,
    /// The shape of that input.
    shape: Shape,
}

impl Pull {
    /// The gradient by an input of the product, where `gradient` is that by its output.
    #[track_caller]
    pub fn call(product: &dyn Product, by: usize, inputs: &[Var], gradient: Var) -> Var {
        let shape = inputs[by].shape();
        let mut others = inputs.to_vec();
        others.remove(by);
        others.push(gradient);
        tape::apply(Pull { product: product.copy(), by, shape }, &others)
    }

    /// The inputs of the product, with `own` for the missing one.
    fn with<V: Copy>(&self, inputs: &[V], own: V) -> Vec<V> {
        let mut all = inputs[..inputs.len() - 1].to_vec();
        all.insert(self.by, own);
        all
    }

    /// The gradient of the product by one of its inputs.
    fn gradient(&self, by: usize, inputs: &[&Tensor], gradient: &Tensor) -> Buffer<Float> {
        let slot = |i| if i == by { Slot::Empty } else { Slot::Unwanted };
        let slots = (0..inputs.len()).map(slot).collect();
        // Nothing that is linear looks at its output.
        let mut step = Step::new(inputs, gradient, gradient.data(), slots);
        self.product.backward(&mut step);
        match step.into_slots().swap_remove(by) {
            Slot::Some(found) => found,
            _ => pool::zeros(inputs[by].len()),
        }
    }

    /// Which of our inputs an input of the product is.
    fn place(&self, input: usize) -> usize {
        if input < self.by { input } else { input - 1 }
    }
}

impl Op<Float> for Pull {
    fn forward(&mut self, inputs: &[&Tensor]) -> Tensor {
        let unseen = Tensor::zeros(self.shape);
        let all = self.with(inputs, &unseen);
        Tensor::of(self.shape, self.gradient(self.by, &all, inputs[inputs.len() - 1]))
    }

    fn backward(&self, step: &mut Step<'_, Float>) {
        let own = Tensor::of(self.shape, pool::copy(step.gradient));
        let (all, last) = (self.with(step.inputs, &own), step.inputs.len() - 1);
        let gradient = step.inputs[last];
        for input in (0..all.len()).filter(|&input| input != self.by) {
            step.write(self.place(input), |buffer, add| {
                put(buffer, add, &self.gradient(input, &all, gradient));
            });
        }
        step.write(last, |buffer, add| put(buffer, add, self.product.copy().forward(&all).data()));
    }

    fn backward_recorded(&self, step: &mut Recorded) {
        let (all, last) = (self.with(&step.inputs, step.gradient), step.inputs.len() - 1);
        let gradient = step.inputs[last];
        for input in (0..all.len()).filter(|&input| input != self.by) {
            let place = self.place(input);
            step.add(place, || Pull::call(&*self.product, input, &all, gradient));
        }
        step.add(last, || tape::apply_boxed(self.product.copy(), &all));
    }
}

fn put(buffer: &mut [Float], add: bool, numbers: &[Float]) {
    for (to, &from) in buffer.iter_mut().zip(numbers) {
        *to = if add { *to + from } else { from };
    }
}

impl Recorded {
    /// Gives all inputs their gradients, where the operation is linear in each of them.
    #[track_caller]
    pub fn pull(&mut self, product: &dyn Product) {
        let (inputs, gradient) = (self.inputs.clone(), self.gradient);
        for input in 0..inputs.len() {
            self.add(input, || Pull::call(product, input, &inputs, gradient));
        }
    }
}
