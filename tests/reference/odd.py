"""Arguments that meet seldom: what is easily right alone and wrong together."""

import keras
import numpy as np

import losses
from losses import one_hot
from reference import grid, layer, seed
from sequences import heads, states

FAMILY = "odd"
MASK = [[True, True, False, True], [True, False, False, False]]


def make():
    windows()
    norms()
    recurrent()
    attention()
    loss()


def windows():
    of = lambda name, args, shape, **more: layer(FAMILY, name, args, [shape], **more)
    spread = {"padding": "same", "dilation_rate": 2}
    of("Conv1D", {"filters": 4, "kernel_size": 4, "groups": 2, **spread}, (2, 7, 2))
    of("Conv1D", {"filters": 2, "kernel_size": 2, "padding": "causal", "dilation_rate": 3}, (1, 8, 2))
    of("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "causal", "strides": 2}, (1, 7, 2))
    of("Conv2D", {"filters": 4, "kernel_size": [2, 4], "groups": 2, **spread}, (1, 5, 6, 2))
    of("Conv2D", {"filters": 3, "kernel_size": [4, 1], "padding": "same", "dilation_rate": [3, 1]}, (1, 4, 3, 2))
    of("Conv2DTranspose", {"filters": 2, "kernel_size": [2, 3], **spread}, (1, 3, 4, 2))
    of("Conv2DTranspose", {"filters": 2, "kernel_size": [4, 1], "strides": [3, 2], "padding": "same"}, (1, 3, 2, 1))
    of("Conv1DTranspose", {"filters": 2, "kernel_size": 5, "strides": 3, "padding": "same", "output_padding": 2}, (1, 4, 2))
    of("DepthwiseConv2D", {"kernel_size": [4, 2], "padding": "same", "dilation_rate": 2, "depth_multiplier": 2}, (1, 5, 4, 2))
    of("SeparableConv2D", {"filters": 3, "kernel_size": 2, "padding": "same", "dilation_rate": 3, "depth_multiplier": 2}, (1, 4, 5, 2))
    for kind in ("Max", "Average"):
        of(f"{kind}Pooling2D", {"pool_size": 2, "strides": 3, "padding": "same"}, (1, 7, 5, 2))
        of(f"{kind}Pooling2D", {"pool_size": [5, 2], "strides": [1, 2], "padding": "same"}, (1, 3, 5, 1))
        of(f"{kind}Pooling1D", {"pool_size": 4, "strides": 2, "padding": "same"}, (1, 5, 2))
    of("UpSampling2D", {"size": [3, 2], "interpolation": "bilinear"}, (2, 3, 4, 2))
    of("PReLU", {"shared_axes": [1, 2]}, (2, 2, 3, 2))
    of("ReLU", {"max_value": 0.75, "negative_slope": 0.25, "threshold": 0.5}, (2, 8))
    layer(FAMILY, "Dot", {"axes": [-1, -2], "normalize": True}, [(2, 2, 3), (2, 2, 3, 2)])
    of("Permute", {"dims": [2, 4, 1, 3]}, (1, 2, 3, 2, 2))


def norms():
    of = lambda name, args, shape, **more: layer(FAMILY, name, args, [shape], **more)
    for training in (False, True):
        of("BatchNormalization", {"axis": 1, "momentum": 0.75, "center": False}, (3, 2, 2, 2), training=training)
        of("BatchNormalization", {"axis": -2, "scale": False}, (2, 3, 2), training=training)
    of("BatchNormalization", {"axis": -1, "momentum": 0.25, "center": False}, (2, 4, 2), training=True, mask=[MASK], within=1e-7)
    of("BatchNormalization", {}, (2, 4, 2), training=False, mask=[MASK])
    of("GroupNormalization", {"groups": -1, "axis": 1}, (2, 3, 4))
    of("GroupNormalization", {"groups": 3, "axis": -2}, (2, 2, 6, 2))
    of("LayerNormalization", {"axis": [1, 3]}, (2, 3, 2, 2))
    of("LayerNormalization", {"axis": [-1, -2], "center": False, "scale": False}, (2, 3, 2))
    made = lambda: keras.layers.SpectralNormalization(keras.layers.Conv2DTranspose(2, 3, strides=2), 3)
    inner = {"layer": "Conv2DTranspose", "args": {"filters": 2, "kernel_size": 3, "strides": 2}}
    for training in (False, True):
        args = {"layer": inner, "power_iterations": 3}
        layer(FAMILY, "SpectralNormalization", args, [(1, 2, 3, 2)], made=made, training=training)


def recurrent():
    def of(name, args, *inputs, mask=None):
        masks = mask and [mask] + [None] * (len(inputs) - 1)
        layer(FAMILY, name, {"units": 3, **args}, list(inputs), mask=masks, caller=states)

    back = {"go_backwards": True}
    all = {"return_sequences": True, "return_state": True}
    before = {"reset_after": False}
    of("GRU", {**before, **back}, (2, 4, 2), mask=MASK)
    of("GRU", {**before, **back, **all, "zero_output_for_mask": True}, (2, 4, 2), (2, 3), mask=MASK)
    of("GRU", {**before, **all, "use_bias": False, "recurrent_activation": "hard_sigmoid"}, (2, 4, 2), mask=MASK)
    of("LSTM", {**back, **all, "unit_forget_bias": False}, (2, 4, 2), (2, 3), (2, 3), mask=MASK)
    of("SimpleRNN", {**back, **all, "zero_output_for_mask": True}, (2, 4, 2), mask=MASK)
    # The first step is masked: the state is the one from before.
    late = [[False, True, True, False], [False, False, False, True]]
    for name in ("LSTM", "GRU", "SimpleRNN"):
        of(name, all, (2, 4, 2), mask=late)
    nothing = [[False] * 4, [True, True, True, False]]
    of("GRU", {**all}, (2, 4, 2), mask=nothing)
    of("LSTM", {**all, "zero_output_for_mask": True}, (2, 4, 2), mask=nothing)

    def both_ways(name, inner, args, *inputs, mask=None):
        inner = {"units": 2, **inner}
        made = lambda: keras.layers.Bidirectional(getattr(keras.layers, name)(**inner), **args)
        whole = {"layer": {"layer": name, "args": inner}, **args}
        masks = mask and [mask] + [None] * (len(inputs) - 1)
        layer(FAMILY, "Bidirectional", whole, list(inputs), mask=masks, made=made, caller=states)

    for mode in ("sum", "mul", "ave", "concat", None):
        both_ways("GRU", {"return_sequences": True}, {"merge_mode": mode}, (2, 4, 2), mask=MASK)
    both_ways("GRU", before, {"merge_mode": "mul"}, (2, 4, 2), mask=MASK)
    both_ways("LSTM", {**all}, {"merge_mode": "sum"}, (2, 4, 2), mask=MASK)
    both_ways("LSTM", {**all}, {"merge_mode": None}, (2, 4, 2), *[(2, 2)] * 4, mask=MASK)
    both_ways("SimpleRNN", {}, {"merge_mode": "concat"}, (2, 4, 2), mask=late)
    zero = {"return_sequences": True, "zero_output_for_mask": True}
    both_ways("LSTM", zero, {"merge_mode": "ave"}, (2, 4, 2), mask=late)

    def each(name, inner, shape, mask=None):
        made = lambda: keras.layers.TimeDistributed(getattr(keras.layers, name)(**inner))
        args = {"layer": {"layer": name, "args": inner}}
        layer(FAMILY, "TimeDistributed", args, [shape], made=made, mask=mask)

    each("Dense", {"units": 2, "use_bias": False}, (2, 4, 3), [MASK])
    each("MaxPooling1D", {"pool_size": 2}, (2, 2, 5, 2))


def attention():
    scores, causal = {"return_attention_scores": True}, {"use_causal_mask": True}
    length = [[True, True, False], [True, True, True]]
    other = [[True, False, True, True], [True, True, False, False]]

    def of(args, *inputs, call=None, mask=None):
        args = {"num_heads": 2, "key_dim": 3, **args}
        layer(FAMILY, "MultiHeadAttention", args, list(inputs), call=call, mask=mask, caller=heads)

    three = [(2, 3, 4), (2, 4, 2), (2, 4, 3)]
    narrow = {"value_dim": 2, "use_bias": False}
    of(narrow, *three, call={**scores, **causal}, mask=[length, other, None])
    of({"value_dim": 4, "output_shape": [3, 2]}, *three, mask=[None, other, None])
    of({"num_heads": 3, "key_dim": 2, "value_dim": 1, "output_shape": 2}, *three, call=causal)
    for name in ("Attention", "AdditiveAttention"):
        simple = lambda args, *inputs, **more: layer(FAMILY, name, args, list(inputs), **more)
        scaled = {"use_scale": True}
        simple(scaled, (2, 3, 2), (2, 4, 2), (2, 4, 2), call={**scores, **causal}, mask=[length, other, None])
        simple(scaled, (2, 3, 2), (2, 4, 2), call=causal, mask=[length, other])


def loss():
    logits, smooth = {"from_logits": True}, {"label_smoothing": 0.25}
    of = lambda name, args, *given: losses.of("odd_losses", name, args, *given)
    random = seed("odd losses")
    yes = lambda *shape: random.randint(0, 2, shape).astype("float64")
    any = lambda *shape: grid(random, shape, 4.0)
    weight = [0.5, 2.0, 0.0, 3.0]
    of("BinaryCrossentropy", {**logits, **smooth}, yes(4, 3), any(4, 3), weight)
    of("BinaryCrossentropy", {**logits, **smooth}, yes(4, 2, 3), any(4, 2, 3))
    of("BinaryFocalCrossentropy", {**logits, **smooth, "apply_class_balancing": True}, yes(4, 2), grid(random, (4, 2), 2.0), weight)
    labels = lambda *shape: one_hot(random.randint(0, 3, shape), 3)
    of("CategoricalCrossentropy", {**logits, **smooth}, labels(4), any(4, 3), weight)
    of("CategoricalCrossentropy", {**logits, **smooth}, labels(4, 2), any(4, 2, 3))
    of("SparseCategoricalCrossentropy", logits, random.randint(0, 3, (4, 2)), any(4, 2, 3))
    of("SparseCategoricalCrossentropy", {**logits, "ignore_class": 1}, random.randint(0, 3, (4, 2)), any(4, 2, 3))
    of("Huber", {"delta": 2.0}, grid(random, (4, 2, 2)), grid(random, (4, 2, 2)))
    for reduction in ("sum", "mean_with_sample_weight", "sum_over_batch_size"):
        of("MeanSquaredError", {"reduction": reduction}, any(4, 2), any(4, 2), weight)
        of("CategoricalCrossentropy", {**logits, "reduction": reduction}, labels(4), any(4, 3), weight)
