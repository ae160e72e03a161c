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

#[test]
fn a_function_may_return_several_values() {
    model! {
        struct Net {
            x = Input(2, 4);
            x = Identity()(x);
            (a, b) = split(x, 2);
            (_, c, _) = split(x, (1, 3), axis = -1);
            (best, places) = top_k(x, k = 1);
            (a + b, c, best, places = cast(places, float32))
        }
    }
    let [sum, middle, best, places] = run(&Net::new(0), &[2, 4]).try_into().expect("four outputs");
    assert_eq!(
        sum.index_axis(ndarray::Axis(0), 0),
        ndarray::array![[2.0, 4.0], [10.0, 12.0]].into_dyn()
    );
    assert_eq!(middle.shape(), [2, 2, 2]);
    assert_eq!(best.index_axis(ndarray::Axis(0), 0), ndarray::array![[3.0], [7.0]].into_dyn());
    assert!(places.iter().all(|&place| place == 3.0));
}

const PARTS: usize = 2;

#[test]
fn parts_are_counted_where_only_rust_knows_them() {
    model! {
        struct Net {
            x = Input(4);
            (a, b) = split(Identity()(x), PARTS);
            a * b
        }
    }
    assert_eq!(run(&Net::new(0), &[4])[0], ndarray::array![[0.0, 3.0], [24.0, 35.0]].into_dyn());
}

#[test]
fn conditions_and_letters_read_as_in_keras() {
    model! {
        struct Net {
            x = Input(3);
            x = Identity()(x);
            a = where(greater(x, 2), x, -x);
            b = where(logical_and(x, logical_not(equal(x, 1))), 1, 0);
            c = einsum("i,j->ij", x, x);
            d = einsum([x, x], "i,i->");
            e = take(x, argmax(x));
            f = one_hot(argmin(x), 3) + arange(3);
            (a, b, c, d, e, f)
        }
    }
    let [a, b, c, d, e, f] = run(&Net::new(0), &[3]).try_into().expect("six outputs");
    assert_eq!(a, ndarray::array![[0.0, -1.0, -2.0], [3.0, 4.0, 5.0]].into_dyn());
    assert_eq!(b, ndarray::array![[0.0, 0.0, 1.0], [1.0, 1.0, 1.0]].into_dyn());
    assert_eq!(c.shape(), [2, 3, 3]);
    assert_eq!(d, ndarray::array![5.0, 50.0].into_dyn());
    assert_eq!(e, ndarray::array![2.0, 5.0].into_dyn());
    assert_eq!(f, ndarray::array![[1.0, 1.0, 2.0], [1.0, 1.0, 2.0]].into_dyn());
}

#[test]
fn a_list_of_numbers_is_a_value() {
    model! {
        const LAST: usize = 2;

        struct Net {
            x = Input(3);
            x = Identity()(x);
            a = take(x, [LAST, 0], axis = 1);
            b = x * [1, -10, 0.5] + [0, 0, 1];
            c = maximum([2.5, {f64::from(FIRST as u8) + 1.5}, 2.5], x);
            (a, b, c, concatenate([take(x, [-1], axis = -1), x]))
        }
    }
    let [a, b, c, d] = run(&Net::new(0), &[3]).try_into().expect("four outputs");
    assert_eq!(a, ndarray::array![[2.0, 0.0], [5.0, 3.0]].into_dyn());
    assert_eq!(b, ndarray::array![[0.0, -10.0, 2.0], [3.0, -40.0, 3.5]].into_dyn());
    assert_eq!(c, ndarray::array![[2.5, 2.5, 2.5], [3.0, 4.0, 5.0]].into_dyn());
    assert_eq!(d, ndarray::array![[2.0, 0.0, 1.0, 2.0], [5.0, 3.0, 4.0, 5.0]].into_dyn());
}

#[test]
fn one_place_cuts_a_value_and_powers_take_values() {
    model! {
        const CUT: usize = 3;

        struct Net {
            x = Input(4);
            x = Identity()(x);
            (a, b) = split(x, (1,));
            (c, _) = split(x, [CUT], axis = -1);
            (_, d) = split(x, [FIRST]);
            e = power(x, 2.0);
            f = power(2, x);
            g = gelu(x) - gelu(x, approximate = false);
            (a, b, c, d, e, f, g)
        }
    }
    let [a, b, c, d, e, f, g] = run(&Net::new(0), &[4]).try_into().expect("seven outputs");
    assert_eq!(a, ndarray::array![[0.0], [4.0]].into_dyn());
    assert_eq!(b, ndarray::array![[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]].into_dyn());
    assert_eq!(c, ndarray::array![[0.0, 1.0, 2.0], [4.0, 5.0, 6.0]].into_dyn());
    assert_eq!(d, b);
    assert_eq!(e, ndarray::array![[0.0, 1.0, 4.0, 9.0], [16.0, 25.0, 36.0, 49.0]].into_dyn());
    assert_eq!(f, ndarray::array![[1.0, 2.0, 4.0, 8.0], [16.0, 32.0, 64.0, 128.0]].into_dyn());
    // The approximation is off by up to 5e-4.
    assert!(g.iter().any(|g| g.abs() > 1e-5) && g.iter().all(|g| g.abs() < 5e-4), "{g}");
}

#[test]
fn pools_are_functions_as_well() {
    model! {
        struct Net {
            x = Input(4, 1);
            x = Identity()(x);
            a = max_pool(x, 2);
            b = average_pool(x, pool_size = 2, strides = 1, padding = same);
            (a, b)
        }
    }
    let [a, b] = run(&Net::new(0), &[4, 1]).try_into().expect("two outputs");
    assert_eq!(a, ndarray::array![[[1.0], [3.0]], [[5.0], [7.0]]].into_dyn());
    let means = ndarray::array![[[0.5], [1.5], [2.5], [3.0]], [[4.5], [5.5], [6.5], [7.0]]];
    assert_eq!(b, means.into_dyn());
}

#[test]
fn constants_means_and_products_go_with_all_samples() {
    model! {
        const WIDTH: usize = 3;

        struct Net {
            x = Input(WIDTH);
            x = Identity()(x);
            a = x + full(WIDTH, 0.5) - ones(1) * 2;
            b = concatenate([x, zeros(2)]);
            c = average([x, -x, ones((WIDTH,))]);
            d = dot([x, x]);
            e = dot([x, ones(2, WIDTH)], axes = (1, 2));
            f = Lambda(|x| model_runtime::functions::average(&[x, x.square()]))(x);
            (a, b, c, d, e, f)
        }
    }
    let [a, b, c, d, e, f] = run(&Net::new(0), &[3]).try_into().expect("six outputs");
    assert_eq!(a, ndarray::array![[-1.5, -0.5, 0.5], [1.5, 2.5, 3.5]].into_dyn());
    let padded = ndarray::array![[0.0, 1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 5.0, 0.0, 0.0]];
    assert_eq!(b, padded.into_dyn());
    assert!(c.iter().all(|c| (c - 1.0 / 3.0).abs() < 1e-6));
    assert_eq!(d, ndarray::array![[5.0], [50.0]].into_dyn());
    assert_eq!(e, ndarray::array![[3.0, 3.0], [12.0, 12.0]].into_dyn());
    assert_eq!(f, ndarray::array![[0.0, 1.0, 3.0], [6.0, 10.0, 15.0]].into_dyn());
}

#[test]
fn a_kernel_can_be_a_value() {
    model! {
        struct Net {
            x = Input(4, 1);
            x = Identity()(x);
            kernel = reshape(x[..2], (2, 1, 1));
            a = conv(x, kernel);
            b = conv(x, ones(2, 1, 1), strides = 2, padding = same);
            c = conv(x, -ones((3, 1, 2)), dilation_rate = 1);
            (a, b, c)
        }
    }
    let [a, b, c] = run(&Net::new(0), &[4, 1]).try_into().expect("three outputs");
    assert_eq!(a, ndarray::array![[[1.0], [2.0], [3.0]], [[41.0], [50.0], [59.0]]].into_dyn());
    assert_eq!(b, ndarray::array![[[1.0], [5.0]], [[9.0], [13.0]]].into_dyn());
    let sums = ndarray::array![[[-3.0, -3.0], [-6.0, -6.0]], [[-15.0, -15.0], [-18.0, -18.0]]];
    assert_eq!(c, sums.into_dyn());
}

const SHARE: f64 = 0.25;

#[test]
fn images_are_augmented_while_training_only() {
    model! {
        struct Net {
            x = Input(4, 4, 1);
            x = RandomFlip(horizontal, seed = 3)(x);
            x = RandomTranslation(SHARE, (-0.1, 0.2), fill_mode = constant, fill_value = 1)(x);
            x = RandomTranslation(0, 0.5, interpolation = nearest)(x);
            a = Dropout(0.5, noise_shape = (_, _, 1))(x);
            b = RandomCrop(2, 2)(x);
            (a, b)
        }
    }
    let [a, b] = run(&Net::new(0), &[4, 4, 1]).try_into().expect("two outputs");
    let numbers: Vec<Float> = (0..32_u8).map(Float::from).collect();
    assert!(a.iter().eq(&numbers));
    // Of a square all is the middle; each number is the mean of four.
    let means = ndarray::array![[[2.5], [4.5]], [[10.5], [12.5]]];
    assert_eq!(b.index_axis(ndarray::Axis(0), 0), means.into_dyn());
}

const MEANS: [f64; 2] = [1.0, 0.0];

#[test]
fn statistics_are_given_for_each_feature() {
    model! {
        const SPREAD: f64 = 4.0;

        struct Net {
            x = Input(2);
            a = Normalization(mean = (1, 0.0), variance = [SPREAD, 1.0])(x);
            b = Normalization(mean = MEANS, variance = (4.0, 1.0), invert = true)(x);
            c = Normalization(mean = 1, variance = SPREAD)(x);
            (a, b, c)
        }
    }
    let [a, b, c] = run(&Net::new(0), &[2]).try_into().expect("three outputs");
    assert_eq!(a, ndarray::array![[-0.5, 1.0], [0.5, 3.0]].into_dyn());
    assert_eq!(b, ndarray::array![[1.0, 1.0], [5.0, 3.0]].into_dyn());
    assert_eq!(c, ndarray::array![[-0.5, 0.0], [0.5, 1.0]].into_dyn());
}

fn small(shape: &[usize], random: &mut model_runtime::Generator) -> ArrayD<Float> {
    ArrayD::from_shape_simple_fn(shape, || random.uniform() as Float * 0.01)
}

#[test]
fn words_take_words_and_closures_stand_for_words() {
    model! {
        struct Net {
            x = Input(4);
            x = Dense(4, celu, kernel_initializer = identity(2.0))(x);
            a = Dense(4, kernel_initializer = variance_scaling(2.0, fan_out, uniform))(x);
            b = Dense(
                4,
                |x| x * 2,
                kernel_initializer = |shape, _random| ndarray::ArrayD::from_elem(shape, 0.5),
                kernel_regularizer = |w| w.abs().sum() * 0.01,
                activity_regularizer = l1_l2(0.0, l2 = 0.1),
            )(x);
            Dense(4, kernel_initializer = self::small, kernel_regularizer = orthogonal(0.1))(a + b)
        }
    }
    let net = Net::new(3);
    assert_eq!(net.dense.kernel.get().diag().to_vec(), [2.0; 4]);
    assert!(net.b.kernel.get().iter().all(|&w| w == 0.5));
    assert!(net.dense_1.kernel.get().iter().all(|&w| (0.0..0.01).contains(&w)));
    assert_eq!(net.dense_1.kernel.get(), Net::new(3).dense_1.kernel.get());
    assert_ne!(net.dense_1.kernel.get(), Net::new(4).dense_1.kernel.get());
    let limit = (6.0 as Float / 4.0).sqrt();
    assert!(net.a.kernel.get().iter().all(|w| w.abs() <= limit));
}
