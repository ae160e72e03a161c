//! A model without a line.

use model_runtime::model;

model! {
    pub struct Net {}
}

fn main() {}
