//! A program with everything of ndarray in scope as well: nothing that it does not write out is
//! ambiguous.

use model_runtime::prelude::*;
use ndarray::*;

model! {
    /// A template.
    fn block(x, units) {
        Dense(units, relu, kernel_regularizer = l2(1e-3))(x)
    }

    pub struct Net {
        image = Input(6, 6, 1);
        x = Conv2D(4, 3, padding = same)(image);
        x = Lambda(|x| x * 2, output_shape = (6, 6, 4))(x);
        x = Flatten()(x)[..40];
        x = block(x, 8);
        Dense(3, softmax)(concatenate([x, square(x)]))
    }
}

/// A layer of one's own.
struct Twice;

impl Layer for Twice {
    fn call(&self, inputs: &[Var]) -> Vars {
        (inputs[0] * 2).into()
    }

    fn visit(&self, _visitor: &mut Visitor<'_>) {}
}

#[test]
fn a_program_with_both_preludes_trains() -> Result<(), Error> {
    let x = Array4::from_shape_fn((6, 6, 6, 1), |(b, i, j, _)| (b * 7 + i * 3 + j) as Float / 60.0);
    let y = array![0, 1, 2, 0, 1, 2];
    let loss = SparseCategoricalCrossentropy::new();
    let mut trainer = Net::new(0).compile(Adam::new(1e-3), loss)?;
    // By value, by view, by reference.
    trainer.train_on_batch(x.view(), y.view())?;
    trainer.train_on_batch(x.clone(), y.clone())?;
    let history = trainer.fit(&x, y.clone(), Fit::epochs(2).batch_size(3).verbose(0))?;
    assert_eq!(history.get("loss").len(), 2);
    trainer.evaluate(x.slice(s![..3, .., .., ..]), y.slice(s![..3]))?;
    let all = trainer.predict(x.clone())?;
    assert_eq!(all, trainer.predict(&x)?);
    assert_eq!(all.sum_axis(Axis(1)).len(), 6);
    let doubled =
        tape::run(Mode::Inference, || Twice.call(&[Var::from_array(&x)]).one().to_array())?;
    assert_eq!(doubled, (x * 2.0).into_dyn());
    Ok(())
}
