//! The mistake in numbers; `phases.rs` compares it with its other forms.

use model_runtime::model;

model! {
    pub struct Net {
        x = Input(7, 7, 8);
        DepthwiseConv2D(3, depth_multiplier = 0)(x)
    }
}

fn main() {}
