//! Functions of values in the graph: what they take, and what they make of numbers.
#![forbid(unsafe_code)]

use model_runtime::prelude::*;
use ndarray::ArrayD;

/// What a model makes of the numbers 0, 1, 2, … in two samples of this shape.
fn run(net: &impl Model, shape: &[usize]) -> Vec<ArrayD<Float>> {
    let mut dims = vec![2];
    dims.extend(shape);
    let size = dims.iter().product();
    let numbers: Vec<Float> = (0..size).map(|i: usize| i as Float).collect();
    let x = ArrayD::from_shape_vec(dims, numbers).expect("there are as many numbers");
    let outputs = tape::run(Mode::Inference, || {
        Layer::call(net, &[Var::from_array(&x)]).iter().map(|y| y.to_array()).collect()
    });
    outputs.expect("the model runs")
}

const FIRST: usize = 1;
const LAST: i8 = -1;
const END: i64 = 2;
const PICK: u16 = 0;

#[test]
fn constants_of_any_whole_type_are_axes_and_positions() {
    model! {
        const INNER: u8 = 1;

        struct Net {
            x = Input(2, 3);
            x = Identity()(x);
            a = sum(x, axis = FIRST);
            b = sum(x, axis = (FIRST, LAST));
            c = softmax(x, axis = LAST);
            d = sum(x, axis = INNER);
            (a, b, c, d, e = x[(PICK, ..END)], f = sum(x, axis = INNER + 1))
        }
    }
    let [a, b, _, d, e, f] = run(&Net::new(0), &[2, 3]).try_into().expect("six outputs");
    assert_eq!(a, ndarray::array![[3.0, 5.0, 7.0], [15.0, 17.0, 19.0]].into_dyn());
    assert_eq!(b, ndarray::array![15.0, 51.0].into_dyn());
    assert_eq!(d, a);
    assert_eq!(e, ndarray::array![[0.0, 1.0], [6.0, 7.0]].into_dyn());
    assert_eq!(f, ndarray::array![[3.0, 12.0], [21.0, 30.0]].into_dyn());
}
