//! The mistake in constants; `phases.rs` compares it with its other forms.

use model_runtime::model;

const N: usize = 0;

model! {
    pub struct Net {
        x = Input(7, 7, 8);
        DepthwiseConv2D(3, depth_multiplier = N)(x)
    }
}

fn main() {}
