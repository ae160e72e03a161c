"""Functions of values. Arguments are as in the graph: axes count the sample axis as 0, shapes are
without it."""

import keras
import numpy as np
from keras import ops

from reference import grid, layer, seed


class Function(keras.layers.Layer):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, given):
        return self.function(*given)


def of(name, args, function, *inputs, family="functions"):
    layer(family, name, args, list(inputs), made=lambda: Function(function), one_list=True, kind="function")


def unary(names, values, family="functions"):
    for name in names.split():
        function = getattr(ops, name, None) or getattr(keras.activations, name)
        of(name, {}, function, values((2, 3, 2)), family=family)
        of(name, {}, function, values((3,)), family=family)


def make():
    random = seed("functions")
    any = lambda shape: grid(random, shape, 2.5)
    wide = lambda shape: grid(random, shape, 8.0, 64)
    positive = lambda shape: grid(random, shape, 4.0, 64, 0.05)
    unary("relu sigmoid tanh elu selu gelu silu softplus softsign hard_sigmoid hard_silu exp", any)
    unary("abs square sign negative", any)
    unary("relu6 mish exponential", wide)
    of("swish", {}, ops.silu, any((2, 3)))
    unary("sqrt rsqrt log log1p", positive)
    of("stop_gradient", {}, ops.stop_gradient, (2, 3))
    of("leaky_relu", {"negative_slope": 0.125}, lambda x: ops.leaky_relu(x, 0.125), any((2, 3)))
    of("clip", {"x_min": -0.5, "x_max": 1.0}, lambda x: ops.clip(x, -0.5, 1.0), any((2, 5)))
    for power in (2.0, 3.0, 0.5, -1.0, 1.75):
        of("power", {"x2": power}, lambda x: ops.power(x, power), positive((2, 3)))
    of("power", {"x2": 3.0}, lambda x: ops.power(x, 3.0), any((2, 3)))
    for name in "add subtract multiply divide maximum minimum".split():
        function = getattr(ops, name)
        right = positive if name == "divide" else any
        of(name, {}, function, any((2, 3)), right((2, 3)))
        of(name, {}, function, any((2, 3, 1)), right((2, 1, 4)))
    for name in "sum mean max min var std".split():
        function = getattr(ops, name)
        for axis, keepdims in (([1], False), ([-1], True), ([1, 2], False), ([1, 3], True), ([2], False)):
            args = {"axis": axis, "keepdims": keepdims}
            of(name, args, lambda x: function(x, axis=tuple(axis), keepdims=keepdims), (2, 3, 2, 2))
    for axis in (-1, 1):
        of("softmax", {"axis": axis}, lambda x: ops.softmax(x, axis), wide((2, 3, 2)))
        of("log_softmax", {"axis": axis}, lambda x: ops.log_softmax(x, axis), wide((2, 3, 2)))
    of("reshape", {"newshape": [3, 4]}, lambda x: ops.reshape(x, (2, 3, 4)), (2, 12))
    of("expand_dims", {"axis": 1}, lambda x: ops.expand_dims(x, 1), (2, 3))
    of("expand_dims", {"axis": -1}, lambda x: ops.expand_dims(x, -1), (2, 3))
    of("squeeze", {"axis": [2]}, lambda x: ops.squeeze(x, 2), (2, 3, 1))
    of("transpose", {"axes": [2, 1]}, lambda x: ops.transpose(x, (0, 2, 1)), (2, 3, 4))
    of("transpose", {"axes": [3, 1, 2]}, lambda x: ops.transpose(x, (0, 3, 1, 2)), (2, 2, 3, 2))
    join = lambda axis: lambda *xs: ops.concatenate(xs, axis)
    of("concatenate", {"axis": -1}, join(-1), (2, 3), (2, 2))
    of("concatenate", {"axis": 1}, join(1), (2, 1, 2), (2, 3, 2), (2, 2, 2))
    side = lambda axis: lambda *xs: ops.stack(xs, axis)
    of("stack", {"axis": -1}, side(-1), (2, 3), (2, 3))
    of("stack", {"axis": 1}, side(1), (2, 3), (2, 3), (2, 3))
    of("matmul", {}, ops.matmul, (2, 3, 4), (2, 4, 2))
    of("matmul", {}, ops.matmul, (2, 2, 2, 3), (2, 2, 3, 1))
