//! Functions of values.

use super::*;

pub fn cases() -> Vec<Case> {
    [elementwise(), reductions(), shapes(), arranged(), indexed()].into_iter().flatten().collect()
}

fn elementwise() -> Vec<Case> {
    let unary: [(&'static str, Unary); 44] = [
        ("relu", f::relu),
        ("sigmoid", f::sigmoid),
        ("tanh", f::tanh),
        ("elu", f::elu),
        ("selu", f::selu),
        ("silu", f::silu),
        ("swish", f::swish),
        ("softplus", f::softplus),
        ("softsign", f::softsign),
        ("relu6", f::relu6),
        ("exponential", f::exponential),
        ("hard_sigmoid", f::hard_sigmoid),
        ("hard_silu", f::hard_silu),
        ("mish", f::mish),
        ("log_sigmoid", f::log_sigmoid),
        ("hard_tanh", f::hard_tanh),
        ("tanh_shrink", f::tanh_shrink),
        ("sparse_plus", f::sparse_plus),
        ("sparse_sigmoid", f::sparse_sigmoid),
        ("expm1", f::expm1),
        ("reciprocal", f::reciprocal),
        ("sin", f::sin),
        ("cos", f::cos),
        ("erf", f::erf),
        ("floor", f::floor),
        ("ceil", f::ceil),
        ("round", f::round),
        ("isnan", f::isnan),
        ("isinf", f::isinf),
        ("isfinite", f::isfinite),
        ("logical_not", f::logical_not),
        ("zeros_like", f::zeros_like),
        ("ones_like", f::ones_like),
        ("abs", f::abs),
        ("square", f::square),
        ("sqrt", f::sqrt),
        ("rsqrt", f::rsqrt),
        ("exp", f::exp),
        ("log", f::log),
        ("log1p", f::log1p),
        ("sign", f::sign),
        ("negative", f::negative),
        ("stop_gradient", f::stop_gradient),
        ("drop_mask", f::drop_mask),
    ];
    let binary: [(&'static str, Binary); 15] = [
        ("add", f::add),
        ("subtract", f::subtract),
        ("multiply", f::multiply),
        ("divide", f::divide),
        ("power", f::power),
        ("maximum", f::maximum),
        ("minimum", f::minimum),
        ("equal", f::equal),
        ("not_equal", f::not_equal),
        ("greater", f::greater),
        ("greater_equal", f::greater_equal),
        ("less", f::less),
        ("less_equal", f::less_equal),
        ("logical_and", f::logical_and),
        ("logical_or", f::logical_or),
    ];
    let mut cases = vec![
        case("leaky_relu", &[Number(0.2)], &[&[3]], |xs| f::leaky_relu(xs[0], 0.2)),
        case("clip", &[Number(0.0), Number(1.0)], &[&[3]], |xs| f::clip(xs[0], 0.0, 1.0)),
        case("gelu", &[Bool(true)], &[&[3]], |xs| f::gelu(xs[0], true)),
        case("gelu", &[Bool(false)], &[&[3]], |xs| f::gelu(xs[0], false)),
        case("celu", &[Number(0.5)], &[&[3]], |xs| f::celu(xs[0], 0.5)),
        case("hard_shrink", &[Number(0.5)], &[&[3]], |xs| f::hard_shrink(xs[0], 0.5)),
        case("soft_shrink", &[Number(0.5)], &[&[3]], |xs| f::soft_shrink(xs[0], 0.5)),
        case("threshold", &[Number(0.5), Number(1.0)], &[&[3]], |xs| f::threshold(xs[0], 0.5, 1.0)),
        case("squareplus", &[Number(4.0)], &[&[3]], |xs| f::squareplus(xs[0], 4.0)),
        case("full_like", &[Number(4.0)], &[&[3]], |xs| f::full_like(xs[0], 4.0)),
        case("random_normal", &[Number(0.0), Number(1.0)], &[&[3]], |xs| {
            f::random_normal(xs[0], 0.0, 1.0)
        }),
        case("random_uniform", &[Number(0.0), Number(1.0)], &[&[3]], |xs| {
            f::random_uniform(xs[0], 0.0, 1.0)
        }),
        case("bernoulli", &[Number(0.5)], &[&[3]], |xs| f::bernoulli(xs[0], 0.5)),
        case("where", &[], &[&[2, 3], &[2, 1], &[]], |xs| f::r#where(xs[0], xs[1], xs[2])),
    ];
    for (name, call) in unary {
        cases.push(case(name, &[], &[&[2, 3]], move |xs| call(xs[0])));
    }
    for (name, call) in binary {
        cases.push(case(name, &[], &[&[2, 1], &[1, 3]], move |xs| call(xs[0], xs[1])));
        cases.push(case(name, &[], &[&[2, 3], &[]], move |xs| call(xs[0], xs[1])));
    }
    cases
}

fn reductions() -> Vec<Case> {
    let all: [(&'static str, Reduction); 8] = [
        ("sum", f::sum),
        ("mean", f::mean),
        ("max", f::max),
        ("min", f::min),
        ("var", f::var),
        ("std", f::std),
        ("prod", f::prod),
        ("logsumexp", f::logsumexp),
    ];
    let axes: [(&[i64], bool); 4] = [(&[], false), (&[1], false), (&[-1, 1], true), (&[], true)];
    let mut cases = Vec::new();
    for (name, call) in all {
        for (axes, keep) in axes {
            let run = move |xs: &[Var]| call(xs[0], axes, keep);
            cases.push(case(name, &[list(axes), Bool(keep)], &[&[2, 3, 4]], run));
        }
        cases.push(case(name, &[Unset, Bool(false)], &[&[]], move |xs| call(xs[0], &[], false)));
    }
    cases
}

/// What has the axes in another order, more of them, or parts.
fn arranged() -> Vec<Case> {
    let image: Dims = &[&[2, 3, 4]];
    let (one, last) = (tuple(&[1]), tuple(&[-1]));
    let padded = |mode, word| {
        let args = [tuple(&[1, 0, 0, 1, 2, 2]), Word(word), Number(0.0)];
        let widths = [1, 0, 0, 1, 2, 2];
        case("pad", &args, image, move |xs| f::pad(xs[0], &widths, mode, 0.0))
    };
    vec![
        case("swapaxes", &[Int(1), Int(-1)], image, |xs| f::swapaxes(xs[0], 1, -1)),
        case("moveaxis", &[one, last], image, |xs| f::moveaxis(xs[0], &[1], &[-1])),
        case("broadcast_to", &[tuple(&[5, 3])], &[&[1]], |xs| f::broadcast_to(xs[0], &[5, 3])),
        case("broadcast_to", &[tuple(&[5])], &[&[]], |xs| f::broadcast_to(xs[0], &[5])),
        case("split", &[tuple(&[1, 3]), Int(-1)], image, |xs| f::split(xs[0], &[1, 3], -1)),
        case("split", &[tuple(&[0, 3]), Int(-1)], image, |xs| f::split(xs[0], &[0, 3], -1)),
        case("split", &[tuple(&[2]), Int(1)], image, |xs| f::split(xs[0], &[2], 1)),
        case("repeat", &[Int(2), Unset], image, |xs| f::repeat(xs[0], 2, &[])),
        case("repeat", &[Int(2), one], image, |xs| f::repeat(xs[0], 2, &[1])),
        case("tile", &[tuple(&[2, 1])], image, |xs| f::tile(xs[0], &[2, 1])),
        padded(PadMode::Constant, "constant"),
        padded(PadMode::Symmetric, "symmetric"),
        case("pad", &[one, Word("reflect"), Number(0.0)], image, |xs| {
            f::pad(xs[0], &[1], PadMode::Reflect, 0.0)
        }),
        case("max_pool", &[tuple(&[2]), Unset, Word("valid")], image, |xs| {
            f::max_pool(xs[0], &[2], &[], Padding::Valid)
        }),
        case("average_pool", &[tuple(&[2]), tuple(&[1]), Word("same")], &[&[5, 3]], |xs| {
            f::average_pool(xs[0], &[2], &[1], Padding::Same)
        }),
        case("flip", &[Unset], image, |xs| f::flip(xs[0], &[])),
        case("flip", &[last], image, |xs| f::flip(xs[0], &[-1])),
        case("roll", &[Int(2), Unset], image, |xs| f::roll(xs[0], 2, &[])),
        case("roll", &[Int(2), Unset], &[&[]], |xs| f::roll(xs[0], 2, &[])),
        case("roll", &[Int(-2), last], image, |xs| f::roll(xs[0], -2, &[-1])),
        case("tril", &[Int(0)], image, |xs| f::tril(xs[0], 0)),
        case("triu", &[Int(1)], image, |xs| f::triu(xs[0], 1)),
        case("sort", &[Int(1)], image, |xs| f::sort(xs[0], 1)),
        case("argsort", &[Int(1)], image, |xs| f::argsort(xs[0], 1)),
        case("top_k", &[Int(2), Bool(true)], image, |xs| f::top_k(xs[0], 2, true)),
        case("cumsum", &[Unset], image, |xs| f::cumsum(xs[0], &[])),
        case("cumsum", &[one], image, |xs| f::cumsum(xs[0], &[1])),
        case("norm", &[Number(2.0), one, Bool(true)], image, |xs| f::norm(xs[0], 2.0, &[1], true)),
        case("norm", &[Number(3.0), Unset, Bool(false)], &[&[]], |xs| {
            f::norm(xs[0], 3.0, &[], false)
        }),
        case("normalize", &[Int(-1), Int(2), Number(1e-7)], image, |xs| {
            f::normalize(xs[0], -1, 2, 1e-7)
        }),
    ]
}

/// What points into values.
fn indexed() -> Vec<Case> {
    let image: Dims = &[&[2, 3, 4]];
    let (one, last) = (tuple(&[1]), tuple(&[-1]));
    // Positions that are there, whatever the numbers are.
    let at = |x: Var| f::cast(f::greater(x, f::zeros_like(x)), Cast::Int32);
    vec![
        case("argmax", &[Unset, Bool(false)], image, |xs| f::argmax(xs[0], &[], false)),
        case("argmax", &[Unset, Bool(true)], image, |xs| f::argmax(xs[0], &[], true)),
        case("argmin", &[last, Bool(false)], image, |xs| f::argmin(xs[0], &[-1], false)),
        case("argmin", &[one, Bool(true)], image, |xs| f::argmin(xs[0], &[1], true)),
        case("argmax", &[Unset, Bool(false)], &[&[]], |xs| f::argmax(xs[0], &[], false)),
        case("cast", &[Word("int32")], image, |xs| f::cast(xs[0], Cast::Int32)),
        case("one_hot", &[Int(5), Int(-1)], &[&[]], |xs| f::one_hot(xs[0], 5, -1)),
        case("one_hot", &[Int(5), Int(1)], image, |xs| f::one_hot(xs[0], 5, 1)),
        case("take", &[one], &[&[2, 3], &[5]], move |xs| f::take(xs[0], at(xs[1]), &[1])),
        case("take", &[Unset], &[&[2, 3], &[5, 2]], move |xs| f::take(xs[0], at(xs[1]), &[])),
        case("take_along_axis", &[last], &[&[2, 3], &[2, 5]], move |xs| {
            f::take_along_axis(xs[0], at(xs[1]), &[-1])
        }),
        case("segment_sum", &[Int(4)], &[&[2, 3], &[2]], move |xs| {
            f::segment_sum(xs[0], at(xs[1]), 4)
        }),
        case("einsum", &[Word("ij,jk->ik")], &[&[2, 3], &[3, 4]], |xs| f::einsum(xs, "ij,jk->ik")),
        case("zeros", &[tuple(&[3, 4])], &[], |_| f::zeros(&[3, 4])),
        case("ones", &[tuple(&[])], &[], |_| f::ones(&[])),
        case("full", &[tuple(&[3]), Number(2.0)], &[], |_| f::full(&[3], 2.0)),
        case("array", &[ArgValue::floats(&[0.5, 2.0])], &[], |_| f::array([0.5, 2.0])),
        case("arange", &[Int(5), Unset, Int(1)], &[], |_| f::arange(5, &[], 1)),
    ]
}

fn shapes() -> Vec<Case> {
    let image: Dims = &[&[2, 3, 4]];
    let vectors: Dims = &[&[3], &[3]];
    let mut cases = vec![
        case("softmax", &[Int(1)], image, |xs| f::softmax(xs[0], 1)),
        case("log_softmax", &[Int(-1)], image, |xs| f::log_softmax(xs[0], -1)),
        case("concatenate", &[Int(-1)], vectors, |xs| f::concatenate(xs, -1)),
        case("concatenate", &[Int(1)], &[&[3]], |xs| f::concatenate(xs, 1)),
        case("stack", &[Int(-1)], vectors, |xs| f::stack(xs, -1)),
        case("stack", &[Int(1)], vectors, |xs| f::stack(xs, 1)),
        case("stack", &[Int(1)], &[&[], &[]], |xs| f::stack(xs, 1)),
        case("transpose", &[Unset], image, |xs| f::transpose(xs[0], &[])),
        case("transpose", &[tuple(&[3, 1, 2])], image, |xs| f::transpose(xs[0], &[3, 1, 2])),
        case("transpose", &[Unset], &[&[]], |xs| f::transpose(xs[0], &[])),
        case("reshape", &[tuple(&[-1, 6])], image, |xs| f::reshape(xs[0], &[-1, 6])),
        case("expand_dims", &[Int(1)], image, |xs| f::expand_dims(xs[0], 1)),
        case("expand_dims", &[Int(-1)], &[&[]], |xs| f::expand_dims(xs[0], -1)),
        case("squeeze", &[Unset], &[&[1, 3, 1]], |xs| f::squeeze(xs[0], &[])),
        case("squeeze", &[tuple(&[3])], &[&[1, 3, 1]], |xs| f::squeeze(xs[0], &[3])),
    ];
    let conv: Dims = &[&[5, 4, 4], &[2, 3, 2, 6]];
    cases.extend([
        case("average", &[], &[&[2, 3], &[2, 1], &[]], f::average),
        case("dot", &[Int(-1), Bool(false)], vectors, |xs| f::dot(xs, &[-1], false)),
        case("dot", &[tuple(&[1, 2]), Bool(true)], &[&[3, 2], &[4, 3]], |xs| {
            f::dot(xs, &[1, 2], true)
        }),
        case("conv", &[Int(1), Word("valid"), Int(1)], conv, |xs| {
            f::conv(xs[0], xs[1], &[1], Padding::Valid, &[1])
        }),
        case("conv", &[tuple(&[2, 1]), Word("same"), Int(1)], conv, |xs| {
            f::conv(xs[0], xs[1], &[2, 1], Padding::Same, &[1])
        }),
    ]);
    let products: [Dims; 6] = [
        &[&[2, 3], &[3, 4]],
        &[&[3], &[3]],
        &[&[5, 2, 3], &[3]],
        &[&[3], &[5, 3, 2]],
        &[&[5, 2, 3], &[5, 3, 4]],
        &[&[3], &[3, 2]],
    ];
    for inputs in products {
        cases.push(case("matmul", &[], inputs, |xs| f::matmul(xs[0], xs[1])));
    }
    cases
}
