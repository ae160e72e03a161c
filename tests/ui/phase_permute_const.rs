//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const AXIS: i64 = 3;

model! {
    pub struct Net {
        x = Input(28, 3);
        Permute(2, AXIS)(x)
    }
}

fn main() {}
