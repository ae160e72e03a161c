//! A layer of the user that takes arguments, on a shape that it refuses, and with an argument of
//! another type.

use model_runtime::prelude::*;

pub struct Prototypes(usize);

impl Prototypes {
    pub fn new(count: usize, _l2: f32) -> Prototypes {
        Prototypes(count)
    }

    pub const fn output_shape(
        count: usize,
        _l2: f32,
        inputs: &[Value],
    ) -> Result<Values, ShapeError> {
        if inputs[0].shape.rank() != 1 {
            return Err(ShapeError::new("Prototypes compares samples of one axis")
                .help("put a Flatten before it"));
        }
        Ok(Values::shape(Shape::new(&[count])))
    }
}

impl Layer for Prototypes {
    fn call(&self, inputs: &[Var]) -> Vars {
        assert!(self.0 > 0);
        inputs[0].into()
    }
}

const COUNT: usize = 30;

model! {
    use self::Prototypes;

    struct Shape1 {
        image = Input(8, 8, 1);
        x = Conv2D(4, 3)(image);
        near = Prototypes(crate::COUNT, 1e-4)(x);
        Dense(10)(near)
    }

    struct Shape2 {
        image = Input(64);
        near = Prototypes(crate::COUNT, 1e-4)(image);
        // What comes out has 30 numbers.
        near[40]
    }
}

fn main() {}
