//! `MultiHeadAttention(num_heads, key_dim)`: for each position of a query, a weighted mean of the
//! values at all positions. <https://keras.io/api/layers/attention_layers/multi_head_attention/>

use crate::attention::{
    KEY_IS_VALUE, MASK, MASKED_INPUTS, RETURN_SCORES, USE_CAUSAL_MASK, dropout, lengths, mask_fits,
    sequences, with_scores,
};
use crate::catalogue::{Arg, ArgKind, Entry, Outputs};
use crate::convolution::constraint;
use crate::rules::{any_poison, attempt, push, result, size, sizes};
use crate::words::{INITIALIZER, REGULARIZER};
use crate::{ArgValue, Config, Shape, ShapeError, Value, Values, Weights};

/// The catalogue's entry.
pub const ENTRY: Entry = Entry {
    name: "MultiHeadAttention",
    snake: "multi_head_attention",
    module: "layers::multi_head_attention",
    inputs: MASKED_INPUTS,
    stands_in: KEY_IS_VALUE,
    outputs: Outputs::Several(count),
    uses_mask: true,
    args: &[
        Arg::required("num_heads", ArgKind::Size),
        Arg::required("key_dim", ArgKind::Size).exact(),
        Arg::new("value_dim", ArgKind::Size, ArgValue::Unset).exact(),
        Arg::new("dropout", ArgKind::Float, ArgValue::Float(0.0)).check(check_dropout),
        Arg::new("use_bias", ArgKind::Bool, ArgValue::Bool(true)),
        Arg::new("output_shape", ArgKind::Ints, ArgValue::Unset),
        Arg::new("sliding_window", ArgKind::Size, ArgValue::Unset),
        Arg::new(
            "kernel_initializer",
            ArgKind::Word(&INITIALIZER),
            ArgValue::Word("glorot_uniform"),
        ),
        Arg::new("bias_initializer", ArgKind::Word(&INITIALIZER), ArgValue::Word("zeros")),
        Arg::new("kernel_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        Arg::new("bias_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        Arg::new("activity_regularizer", ArgKind::Word(&REGULARIZER), ArgValue::Unset),
        constraint("kernel_constraint"),
        constraint("bias_constraint"),
        Arg::new("seed", ArgKind::Seed, ArgValue::Unset),
        RETURN_SCORES,
        USE_CAUSAL_MASK,
    ],
    rule,
    weights,
    ..Entry::LAYER
};

const NUM_HEADS: usize = 0;
const KEY_DIM: usize = 1;
const VALUE_DIM: usize = 2;
const USE_BIAS: usize = 4;
const OUTPUT_SHAPE: usize = 5;
const SLIDING_WINDOW: usize = 6;
const RETURN_SCORES_AT: usize = 15;

const NAME: &str = "MultiHeadAttention";

fn check_dropout(value: ArgValue) -> Result<(), ShapeError> {
    dropout(NAME, value)
}

fn count(config: &Config<'_>) -> usize {
    1 + usize::from(config.bool(RETURN_SCORES_AT))
}

/// A query `(t, n)`, values `(s, m)` and, if they are others, keys `(s, k)` become `(t, n)`, or
/// `(t, output_shape…)`; a mask is `(t, s)`, the scores are `(num_heads, t, s)`.
pub const fn rule(config: &Config<'_>, inputs: &[Value]) -> Result<Values, ShapeError> {
    let masked = inputs.len() == MASK + 1;
    attempt!(sequences(NAME, if masked { inputs.split_at(MASK).0 } else { inputs }));
    if any_poison(inputs) {
        return Ok(Values::POISON);
    }
    attempt!(lengths(NAME, inputs));
    if masked {
        attempt!(mask_fits(NAME, inputs));
    }
    let heads = attempt!(size(NAME, "num_heads", config, NUM_HEADS));
    attempt!(size(NAME, "key_dim", config, KEY_DIM));
    attempt!(optional_size("value_dim", config, VALUE_DIM));
    attempt!(optional_size("sliding_window", config, SLIDING_WINDOW));
    let query = inputs[0];
    let shape = attempt!(output(config, &query.shape));
    let values = attempt!(result(NAME, query.with_shape(shape)));
    Ok(with_scores(values.get(0), inputs, Shape::new(&[heads]), config, RETURN_SCORES_AT))
}

/// The positions of the query, with its features or those of `output_shape`.
const fn output(config: &Config<'_>, query: &Shape) -> Result<Shape, ShapeError> {
    let output_shape = config.ints(OUTPUT_SHAPE);
    if output_shape.is_empty() {
        return Ok(*query);
    }
    let output = attempt!(sizes(NAME, output_shape.as_slice()));
    let mut shape = Shape::new(&[query.dim(0)]);
    let mut axis = 0;
    while axis < output.rank() {
        if output.dim(axis) == Shape::ANY {
            return Err(ShapeError::new(
                "MultiHeadAttention: output_shape must be whole numbers from 1 up",
            )
            .help("write the number of features that should come out"));
        }
        shape = attempt!(push(NAME, &shape, output.dim(axis)));
        axis += 1;
    }
    Ok(shape)
}

const fn optional_size(
    argument: &str,
    config: &Config<'_>,
    index: usize,
) -> Result<(), ShapeError> {
    if let ArgValue::Unset = config.get(index) {
        return Ok(());
    }
    attempt!(size(NAME, argument, config, index));
    Ok(())
}

/// For query, key and value a kernel `(features, num_heads, key_dim)`, that of the value with
/// `value_dim`, and a bias `(num_heads, key_dim)`; for the output a kernel `(num_heads, value_dim,
/// features)` and a bias `(features)`.
pub const fn weights(config: &Config<'_>, inputs: &[Value]) -> Weights {
    let (heads, key_dim) = (config.int(NUM_HEADS) as usize, config.int(KEY_DIM) as usize);
    let value_dim = match config.get(VALUE_DIM) {
        ArgValue::Int(size) => size as usize,
        _ => key_dim,
    };
    let (query, value) = (features(inputs, 0), features(inputs, 1));
    let key = if inputs.len() > 2 { features(inputs, 2) } else { value };
    let mut kernel = Shape::new(&[heads, value_dim]);
    let mut bias = Shape::SCALAR;
    let output_shape = config.ints(OUTPUT_SHAPE);
    let output: &[i64] = match output_shape.as_slice() {
        [] => &[query as i64],
        given => given,
    };
    let mut axis = 0;
    while axis < output.len() && axis < crate::MAX_RANK - 2 {
        kernel = kernel.push(output[axis] as usize);
        bias = bias.push(output[axis] as usize);
        axis += 1;
    }
    let biased = config.bool(USE_BIAS);
    let mut all = Weights::NONE;
    all = both(all, biased, ["query.kernel", "query.bias"], &[query, heads, key_dim]);
    all = both(all, biased, ["key.kernel", "key.bias"], &[key, heads, key_dim]);
    all = both(all, biased, ["value.kernel", "value.bias"], &[value, heads, value_dim]);
    all = all.and("attention_output.kernel", kernel);
    if biased { all.and("attention_output.bias", bias) } else { all }
}

/// A kernel of these sizes and, where there is one, a bias of the last two.
const fn both(all: Weights, biased: bool, names: [&'static str; 2], sizes: &[usize; 3]) -> Weights {
    let all = all.and(names[0], Shape::new(sizes));
    if biased { all.and(names[1], Shape::new(&[sizes[1], sizes[2]])) } else { all }
}

const fn features(inputs: &[Value], input: usize) -> usize {
    if input < inputs.len() { inputs[input].shape.last() } else { 0 }
}

#[cfg(test)]
mod tests {
    use ArgValue::{Bool, Int, Unset};

    use super::*;
    use crate::testing::{check, f, tuple};

    const ANY: usize = Shape::ANY;
    const TWO: [ArgValue; 6] = [Int(2), Int(8), Unset, ArgValue::Float(0.0), Bool(true), Unset];

    #[test]
    fn the_query_decides_what_comes_out() {
        let mut out = TWO;
        out[OUTPUT_SHAPE] = Int(5);
        let mut nested = TWO;
        nested[OUTPUT_SHAPE] = tuple(&[5, 6]);
        check(
            rule,
            &[
                (&TWO, &[f(&[4, 7]), f(&[4, 7])], Ok(&[4, 7])),
                (&TWO, &[f(&[4, 7]), f(&[6, 3])], Ok(&[4, 7])),
                (&TWO, &[f(&[ANY, 7]), f(&[ANY, 3]), f(&[6, 2])], Ok(&[ANY, 7])),
                (&out, &[f(&[4, 7]), f(&[6, 3])], Ok(&[4, 5])),
                (&nested, &[f(&[4, 7]), f(&[6, 3])], Ok(&[4, 5, 6])),
                (&TWO, &[f(&[4, 7]), f(&[6, 3]), f(&[6, 3]), f(&[4, 6])], Ok(&[4, 7])),
                (&TWO, &[f(&[4, 7]), f(&[6, 3]), f(&[6, 3]), Value::index(&[1, 6])], Ok(&[4, 7])),
                (&TWO, &[f(&[4, 7]), f(&[ANY, 3]), f(&[6, 3]), f(&[4, 9])], Ok(&[4, 7])),
            ],
        );
        let masked = f(&[4, 7]).masked();
        assert!(rule(&Config::new(&TWO), &[masked, f(&[6, 3])]).unwrap().get(0).mask);
        assert!(!rule(&Config::new(&TWO), &[f(&[6, 3]), masked]).unwrap().get(0).mask);
    }

    #[test]
    fn scores_come_out_where_the_call_asks_for_them() {
        let mut args = [Unset; 17];
        args[..6].copy_from_slice(&TWO);
        args[RETURN_SCORES_AT] = Bool(true);
        assert_eq!(ENTRY.args[RETURN_SCORES_AT].name, "return_attention_scores");
        let values = rule(&Config::new(&args), &[f(&[4, 7]), f(&[ANY, 3]), f(&[6, 3])]).unwrap();
        assert_eq!(values.as_slice(), [f(&[4, 7]), f(&[2, 4, 6])]);
        assert_eq!(ENTRY.output_count(&Config::new(&args)), 2);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let x = f(&[4, 7]);
        let with = |at: usize, value: ArgValue| {
            let mut args = TWO;
            args[at] = value;
            args
        };
        check(
            rule,
            &[
                (
                    &TWO,
                    &[x],
                    Err("MultiHeadAttention takes a query, a value and, if it is another, a key, \
                         but got 1 input"),
                ),
                (
                    &TWO,
                    &[x, f(&[6, 3]), f(&[5, 3])],
                    Err("MultiHeadAttention needs a key for each value, but the value has 6 \
                         positions in (6, 3), the key has 5 in (5, 3)"),
                ),
                (
                    &TWO,
                    &[x, f(&[6, 3]), f(&[6, 3]), f(&[6, 4])],
                    Err("MultiHeadAttention takes a mask (positions of the query, positions of \
                         the value), here (4, 6), but attention_mask is (6, 4)"),
                ),
                (
                    &TWO,
                    &[x, f(&[8, 8, 3])],
                    Err(
                        "MultiHeadAttention takes sequences, (positions, features), but the value \
                         is (8, 8, 3)",
                    ),
                ),
                (
                    &TWO,
                    &[f(&[7]), x],
                    Err(
                        "MultiHeadAttention takes sequences, (positions, features), but the query \
                         is (7)",
                    ),
                ),
                (
                    &TWO,
                    &[x, x, f(&[4, ANY])],
                    Err("MultiHeadAttention needs to know the size of the last axis, and it is \
                         `_` in the key, (4, _)"),
                ),
                (
                    &TWO,
                    &[x, Value::index(&[4, 7])],
                    Err("MultiHeadAttention computes with numbers, but the input is an index \
                         (dtype = int32)"),
                ),
                (
                    &with(NUM_HEADS, Int(0)),
                    &[x, x],
                    Err("MultiHeadAttention: num_heads must be a positive whole number, but is 0"),
                ),
                (
                    &with(KEY_DIM, Int(-1)),
                    &[x, x],
                    Err("MultiHeadAttention: key_dim must be a positive whole number, but is -1"),
                ),
                (
                    &with(VALUE_DIM, Int(0)),
                    &[x, x],
                    Err("MultiHeadAttention: value_dim must be a positive whole number, but is 0"),
                ),
                (
                    &with(OUTPUT_SHAPE, tuple(&[3, 0])),
                    &[x, x],
                    Err("MultiHeadAttention: a size must be positive, but there is 0 in (3, 0)"),
                ),
                (
                    &with(OUTPUT_SHAPE, Int(-1)),
                    &[x, x],
                    Err("MultiHeadAttention: output_shape must be whole numbers from 1 up"),
                ),
            ],
        );
    }

    #[test]
    fn weights_are_counted_as_keras_counts_them() {
        // keras.layers.MultiHeadAttention(2, 8) on features 7 and 3, count_params():
        // (7 + 1) · 16 + 2 · (3 + 1) · 16 + (16 + 1) · 7.
        let inputs = [f(&[4, 7]), f(&[6, 3])];
        assert_eq!(weights(&Config::new(&TWO), &inputs).size(), 128 + 128 + 119);
        let mut args = TWO;
        (args[VALUE_DIM], args[USE_BIAS], args[OUTPUT_SHAPE]) = (Int(5), Bool(false), Int(9));
        let all = weights(&Config::new(&args), &[f(&[4, 7]), f(&[6, 3]), f(&[6, 2])]);
        let shapes: Vec<(&str, Shape)> = all.as_slice().to_vec();
        let expected: [(&str, &[usize]); 4] = [
            ("query.kernel", &[7, 2, 8]),
            ("key.kernel", &[2, 2, 8]),
            ("value.kernel", &[3, 2, 5]),
            ("attention_output.kernel", &[2, 5, 9]),
        ];
        assert_eq!(shapes, expected.map(|(name, dims)| (name, Shape::new(dims))));
    }
}
