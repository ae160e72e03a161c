//! A layer of the user that refuses its input.

use model_runtime::prelude::*;

#[derive(Default)]
pub struct Halve;

impl Halve {
    pub const fn output_shape(inputs: &[Value]) -> Result<Values, ShapeError> {
        let n = inputs[0].shape.last();
        if n % 2 == 1 {
            return Err(ShapeError::new("Halve takes an even number of values")
                .help("pad the input"));
        }
        Ok(Values::shape(Shape::new(&[n / 2])))
    }
}

impl Layer for Halve {
    fn call(&self, inputs: &[Var]) -> Vars {
        inputs[0].into()
    }
}

model! {
    use self::Halve;
    pub struct Net {
        x = Input(5);
        Dense(3)(Halve()(x))
    }
}

fn main() {}
