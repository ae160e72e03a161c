"""Recurrent layers and attention, with masks and states."""

import keras
import numpy as np
from keras.src.backend import get_keras_mask

from reference import layer

FAMILY = "recurrent"
MASK = [[True, True, False, True], [True, False, False, False]]


def states(instance, xs, **more):
    if len(xs) == 1:
        return instance(xs[0], **more)
    # Keras finds the mask of an only input by itself, but not where states are given too.
    return instance(xs[0], initial_state=list(xs[1:]), mask=get_keras_mask(xs[0]), **more)


def cell(instance, xs, **more):
    return instance(xs[0], list(xs[1:]) if len(xs) > 2 else xs[1], **more)


def heads(instance, xs, return_attention_scores=False, **more):
    # Always with the scores: without them JAX's fused attention works in float32.
    key = xs[2] if len(xs) > 2 else None
    if len(xs) > 3:
        more["attention_mask"] = keras.ops.cast(xs[3], "bool")
    y, weights = instance(xs[0], xs[1], key, return_attention_scores=True, **more)
    return (y, weights) if return_attention_scores else y


def recurrent():
    def of(name, args, *inputs, mask=None):
        masks = mask and [mask] + [None] * (len(inputs) - 1)
        layer(FAMILY, name, {"units": 3, **args}, list(inputs), mask=masks, caller=states)

    for name, count in (("SimpleRNN", 1), ("GRU", 1), ("LSTM", 2)):
        state = [(2, 3)] * count
        of(name, {}, (2, 4, 2))
        of(name, {"return_sequences": True}, (2, 3, 2))
        of(name, {"return_state": True}, (2, 3, 2))
        of(name, {"return_sequences": True, "return_state": True, "go_backwards": True}, (2, 4, 2))
        of(name, {"go_backwards": True}, (1, 4, 3))
        of(name, {"use_bias": False, "activation": "relu"}, (2, 3, 2))
        of(name, {"return_sequences": True}, (2, 3, 2), *state)
        of(name, {"return_state": True}, (2, 4, 2), *state, mask=MASK)
        of(name, {}, (2, 4, 2), mask=MASK)
        of(name, {"return_sequences": True}, (2, 4, 2), mask=MASK)
        of(name, {"return_sequences": True, "zero_output_for_mask": True}, (2, 4, 2), mask=MASK)
        of(name, {"return_sequences": True, "go_backwards": True}, (2, 4, 2), mask=MASK)
        of(name, {"units": 1}, (3, 1, 1))
    of("LSTM", {"activation": "softsign", "recurrent_activation": "hard_sigmoid"}, (2, 3, 2))
    for more in ({}, {"return_sequences": True}, {"use_bias": False}, {"go_backwards": True}):
        of("GRU", {"reset_after": False, **more}, (2, 4, 2))
    of("GRU", {"reset_after": False, "return_state": True}, (2, 4, 2), (2, 3), mask=MASK)
    of("GRU", {"recurrent_activation": "tanh", "activation": "linear"}, (2, 3, 2))
    for name, count in (("SimpleRNNCell", 1), ("GRUCell", 1), ("LSTMCell", 2)):
        layer(FAMILY, name, {"units": 3}, [(2, 4)] + [(2, 3)] * count, caller=cell)
        more = {"use_bias": False, "activation": "softsign"}
        layer(FAMILY, name, {"units": 2, **more}, [(3, 2)] + [(3, 2)] * count, caller=cell)
    layer(FAMILY, "GRUCell", {"units": 3, "reset_after": False}, [(2, 2), (2, 3)], caller=cell)

    def both_ways(name, inner, args, *inputs, mask=None):
        inner = {"units": 2, **inner}
        made = lambda: keras.layers.Bidirectional(getattr(keras.layers, name)(**inner), **args)
        whole = {"layer": {"layer": name, "args": inner}, **args}
        masks = mask and [mask] + [None] * (len(inputs) - 1)
        layer(FAMILY, "Bidirectional", whole, list(inputs), mask=masks, made=made, caller=states)

    sequences = {"return_sequences": True}
    for name in ("LSTM", "GRU", "SimpleRNN"):
        both_ways(name, {}, {}, (2, 3, 2))
        both_ways(name, sequences, {"merge_mode": "sum"}, (2, 3, 2))
    for mode in ("mul", "ave", "concat", None):
        both_ways("LSTM", sequences, {"merge_mode": mode}, (2, 3, 2))
        both_ways("GRU", {}, {"merge_mode": mode}, (2, 3, 2))
    both_ways("LSTM", {"return_state": True}, {}, (2, 3, 2))
    both_ways("LSTM", sequences, {}, (2, 3, 2), *[(2, 2)] * 4)
    both_ways("GRU", sequences, {}, (2, 4, 2), mask=MASK)
    both_ways("LSTM", {}, {"merge_mode": "ave"}, (2, 4, 2), mask=MASK)

    def each(name, inner, shape):
        made = lambda: keras.layers.TimeDistributed(getattr(keras.layers, name)(**inner))
        layer(FAMILY, "TimeDistributed", {"layer": {"layer": name, "args": inner}}, [shape], made=made)

    each("Dense", {"units": 2, "activation": "tanh"}, (2, 3, 4))
    each("Conv2D", {"filters": 2, "kernel_size": 2, "padding": "same"}, (2, 2, 3, 3, 1))
    each("Flatten", {}, (2, 3, 2, 2))

    def over_steps(name, inner, args, mask=None):
        inner = {"units": 3, **inner}
        made = lambda: keras.layers.RNN(getattr(keras.layers, name)(**inner), **args)
        whole = {"layer": {"layer": name, "args": inner}, **args}
        layer("rnn", "RNN", whole, [(2, 4, 2)], mask=mask, made=made)

    for name in ("SimpleRNNCell", "LSTMCell", "GRUCell"):
        over_steps(name, {}, {})
        over_steps(name, {"use_bias": False}, {"return_sequences": True, "return_state": True})
        over_steps(name, {"activation": "softsign"}, {"go_backwards": True}, [MASK])


def attention():
    scores, causal = {"return_attention_scores": True}, {"use_causal_mask": True}
    length = [[True, True, False], [True, True, True]]
    other = [[True, False, True, True], [True, True, False, False]]

    def of(args, *inputs, call=None, mask=None):
        args = {"num_heads": 2, "key_dim": 3, **args}
        layer("attention", "MultiHeadAttention", args, list(inputs), call=call, mask=mask, caller=heads)

    self, cross = [(2, 3, 4)] * 2, [(2, 3, 4), (2, 4, 2)]
    same = lambda count: {"same": count}
    of({}, *self)
    of({}, *cross)
    of({"num_heads": 1, "key_dim": 2}, *cross)
    of({"num_heads": 3, "key_dim": 1}, *self)
    of({"value_dim": 2}, *cross)
    of({"value_dim": 5}, *self, call=causal)
    of({"use_bias": False}, *cross)
    of({"output_shape": 5}, *cross)
    of({"output_shape": [2, 2]}, *cross)
    of({}, *self, call=causal)
    of({}, *self, call={**scores, **causal})
    of({}, *cross, call=scores)
    of({}, (2, 3, 4), (2, 4, 2), (2, 4, 3))
    of({"value_dim": 2}, (2, 3, 4), (2, 4, 2), (2, 4, 3), call=scores)
    of({}, *cross, mask=[None, other])
    of({}, *cross, mask=[length, None])
    of({}, *cross, mask=[length, other])
    of({}, *self, mask=[length, length], call=causal)
    of({}, (2, 3, 4), (2, 4, 2), (2, 4, 3), mask=[None, other, None])
    of({}, (2, 3, 4), (2, 4, 2), (2, 4, 3), mask=[length, other, other])
    # No query may be without a key: Keras gives it a mean of all, the runtime of none.
    sees = np.array([[[1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 1, 1]], [[0, 0, 0, 1], [1, 1, 1, 0], [0, 1, 0, 0]]])
    three = (2, 3, 4), (2, 4, 2), (2, 4, 2)
    of({}, *three, sees)
    of({}, *three, sees, call=scores)
    of({}, *three, sees[:, :1])
    of({}, *three, sees, mask=[None, [[True] * 4, [False, True, True, True]], None, None])
    of({"value_dim": 2}, (2, 3, 4), (2, 3, 4), (2, 3, 4), np.ones((2, 3, 3), int), call=causal)
    of({"sliding_window": 2}, (1, 5, 3), (1, 5, 3))
    of({"sliding_window": 2}, (1, 5, 3), (1, 5, 3), call=causal)

    for name, variants in (
        ("Attention", ({}, {"use_scale": True}, {"score_mode": "concat"}, {"score_mode": "concat", "use_scale": True})),
        ("AdditiveAttention", ({}, {"use_scale": False})),
    ):
        plain = lambda args, *inputs, call=None, mask=None: layer(
            "attention", name, args, list(inputs), call=call, mask=mask, one_list=True
        )
        for args in variants:
            plain(args, (2, 3, 2), (2, 4, 2))
            plain(args, (2, 3, 2), (2, 4, 2), (2, 4, 2), call=scores)
        plain({}, (2, 3, 2), (2, 3, 2), call=causal)
        plain({}, (2, 3, 2), (2, 4, 3), (2, 4, 2))
        plain({}, (2, 3, 2), (2, 4, 2), mask=[None, other])
        plain({}, (2, 3, 2), (2, 4, 2), mask=[length, other])
        plain({}, (2, 3, 2), (2, 3, 2), mask=[length, length], call={**scores, **causal})


def make():
    recurrent()
    attention()
