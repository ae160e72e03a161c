//! The rest of the function is not buried.

use model_runtime::prelude::*;

fn main() {
    let net = model! {
        x = Input(784);
        Dens(3)(x)
    };
    println!("{}", net.count_params());
}
