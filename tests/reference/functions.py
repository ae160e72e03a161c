"""Functions of values. Arguments are as in the graph: axes count the sample axis as 0, shapes are
without it."""

import jax
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
    made = lambda: Function(function)
    layer(family, name, args, list(inputs), made=made, one_list=True, kind="function")


def unary(names, values, family="functions"):
    for name in names.split():
        function = getattr(keras.activations, name, None) or getattr(ops, name)
        of(name, {}, function, values((2, 3, 2)), family=family)
        of(name, {}, function, values((3,)), family=family)


def make():
    random = seed("functions")
    any = lambda shape: grid(random, shape, 2.5)
    wide = lambda shape: grid(random, shape, 8.0, 64)
    positive = lambda shape: grid(random, shape, 4.0, 64, 0.05)
    unary("relu sigmoid tanh elu selu silu softplus softsign hard_sigmoid hard_silu exp", any)
    unary("abs square sign negative", any)
    unary("relu6 mish exponential", wide)
    of("swish", {}, ops.silu, any((2, 3)))
    unary("sqrt rsqrt log log1p", positive)
    of("stop_gradient", {}, ops.stop_gradient, (2, 3))
    of("leaky_relu", {"negative_slope": 0.125}, lambda x: ops.leaky_relu(x, 0.125), any((2, 3)))
    of("clip", {"x_min": -0.5, "x_max": 1.0}, lambda x: ops.clip(x, -0.5, 1.0), any((2, 5)))
    for approximate in (True, False):
        args = {"approximate": approximate}
        of("gelu", args, lambda x: ops.gelu(x, approximate), wide((2, 3, 2)))
    of("power", {}, ops.power, positive((2, 3)), any((2, 3)))
    of("power", {}, ops.power, positive((2, 3, 1)), any((2, 1, 4)))
    of("power", {}, ops.power, positive((2, 3)), np.array([[2.0], [3.0]]))
    of("power", {}, ops.power, positive((2, 3)), np.array([[-1.0, 0.5, 0.0], [1.0, 1.75, -2.0]]))
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
    mean = lambda *xs: keras.layers.average(list(xs))
    of("average", {}, mean, (2, 3), (2, 3))
    of("average", {}, mean, (2, 3, 2), (2, 3, 1), (2, 3, 2))
    for axes, normalize, left, right in (
        ([-1], False, (2, 3), (2, 3)),
        ([-1], True, (2, 2, 3), (2, 3)),
        ([1, 2], False, (2, 3, 2), (2, 4, 3)),
        ([2, 1], True, (2, 2, 3), (2, 3, 2)),
    ):
        summed = lambda *xs: keras.layers.dot(list(xs), axes if len(axes) > 1 else axes[0], normalize=normalize)
        of("dot", {"axes": axes, "normalize": normalize}, summed, left, right)
    of("zeros", {"shape": [3, 2]}, lambda x: x + ops.zeros((3, 2)), (2, 3, 2))
    of("ones", {"shape": [1, 2]}, lambda x: x + ops.ones((1, 2)), (2, 3, 2))
    of("full", {"shape": [3, 1], "fill_value": 0.75}, lambda x: x + ops.full((3, 1), 0.75), (2, 3, 2))
    more()


def more():
    random = seed("more functions")
    any = lambda shape: grid(random, shape, 2.5)
    run = lambda *rest: of(*rest, family="functions2")
    unary("expm1 sin cos erf floor ceil round log_sigmoid hard_tanh tanh_shrink", any, "functions2")
    unary("sparse_plus sparse_sigmoid reciprocal", any, "functions2")
    run("celu", {"alpha": 0.5}, lambda x: ops.celu(x, 0.5), any((2, 5)))
    run("hard_shrink", {"threshold": 0.75}, lambda x: ops.hard_shrink(x, 0.75), any((2, 5)))
    run("soft_shrink", {"threshold": 0.75}, lambda x: ops.soft_shrink(x, 0.75), any((2, 5)))
    run("squareplus", {"b": 2.0}, lambda x: ops.squareplus(x, 2.0), any((2, 5)))
    for name in ("prod", "logsumexp"):
        function = getattr(ops, name)
        for axis, keepdims in (([1], False), ([-1], True), ([1, 2], False), ([2], False)):
            args = {"axis": axis, "keepdims": keepdims}
            run(name, args, lambda x: function(x, axis=tuple(axis), keepdims=keepdims), (2, 3, 2))
    for axis in (1, 2):
        run("cumsum", {"axis": [axis]}, lambda x: ops.cumsum(x, axis), (2, 3, 2))
        run("flip", {"axis": [axis]}, lambda x: ops.flip(x, axis), (2, 3, 2))
        run("roll", {"shift": 2, "axis": [axis]}, lambda x: ops.roll(x, 2, axis), (2, 3, 4))
        run("roll", {"shift": -1, "axis": [axis]}, lambda x: ops.roll(x, -1, axis), (2, 3, 4))
        run("repeat", {"repeats": 3, "axis": [axis]}, lambda x: ops.repeat(x, 3, axis), (2, 2, 2))
        run("sort", {"axis": axis}, lambda x: ops.sort(x, axis), (2, 4, 3))
        norm = {"ord": 2.0, "axis": [axis], "keepdims": axis == 1}
        run("norm", norm, lambda x: ops.norm(x, 2, axis, axis == 1), (2, 3, 2))
        run("normalize", {"axis": axis, "order": 2}, lambda x: ops.normalize(x, axis, 2), (2, 3, 2))
    run("normalize", {"axis": -1, "order": 1}, lambda x: ops.normalize(x, -1, 1), (2, 3))
    run("swapaxes", {"axis1": 1, "axis2": -1}, lambda x: ops.swapaxes(x, 1, 3), (2, 2, 3, 4))
    run("moveaxis", {"source": [1], "destination": [3]}, lambda x: ops.moveaxis(x, 1, 3), (2, 2, 3, 4))
    run("broadcast_to", {"shape": [3, 4]}, lambda x: ops.broadcast_to(x, (2, 3, 4)), (2, 3, 1))
    run("tile", {"repeats": [2, 3]}, lambda x: ops.tile(x, (1, 2, 3)), (2, 2, 2))
    width = {"pad_width": [1, 0, 2, 3], "constant_values": 0.5}
    sides = ((0, 0), (1, 0), (2, 3))
    run("pad", width, lambda x: ops.pad(x, sides, constant_values=0.5), (2, 2, 2))
    for mode, width in (("reflect", [1, 1, 2, 0]), ("symmetric", [1, 1, 2, 0])):
        sides = ((0, 0), (1, 1), (2, 0))
        run("pad", {"pad_width": width, "mode": mode}, lambda x: ops.pad(x, sides, mode), (2, 2, 3))
    for k in (-1, 0, 1):
        run("tril", {"k": k}, lambda x: ops.tril(x, k), (2, 3, 4))
        run("triu", {"k": k}, lambda x: ops.triu(x, k), (2, 3, 2))
    # In the graph a list with one number is the number of parts; where the second begins is said
    # with the 0 of the first.
    run("split", {"indices_or_sections": [2], "axis": 1}, lambda x: ops.split(x, 2, 1), (2, 4))
    run("split", {"indices_or_sections": [0, 3], "axis": 1}, lambda x: ops.split(x, [3], 1), (2, 4))
    run("split", {"indices_or_sections": [1, 3], "axis": -1}, lambda x: ops.split(x, [1, 3], -1), (2, 2, 4))
    for subscripts, shapes in (
        ("ij,jk->ik", ((2, 3, 2), (2, 2, 4))),
        ("i,j->ij", ((2, 3), (2, 2))),
        ("ijk->ki", ((2, 2, 3, 2),)),
        ("ij,ij->", ((2, 2, 3), (2, 2, 3))),
        ("qhd,khd->hqk", ((1, 2, 2, 3), (1, 3, 2, 3))),
    ):
        left, right = subscripts.split("->")
        whole = ",".join("z" + part for part in left.split(",")) + "->z" + right
        run("einsum", {"subscripts": subscripts}, lambda *xs: ops.einsum(whole, *xs), *shapes)
    # Keras has one list of positions for all samples; the graph has one for each.
    each = lambda function: lambda *xs: jax.vmap(function)(*xs)
    places = np.array([[0, 2, 2], [1, 0, -1]])
    run("take", {"axis": [1]}, each(lambda x, i: ops.take(x, i, 0)), any((2, 3, 2)), places)
    run("take", {"axis": [2]}, each(lambda x, i: ops.take(x, i, 1)), any((2, 2, 3)), places)
    along = np.array([[[0], [1]], [[2], [0]]])
    run("take_along_axis", {"axis": [2]}, lambda x, i: ops.take_along_axis(x, i, 2), any((2, 2, 3)), along)
    groups = np.array([[0, 1, 1], [2, 0, 2]])
    total = each(lambda x, i: ops.segment_sum(x, i, 3))
    run("segment_sum", {"num_segments": 3}, total, any((2, 3, 2)), groups)
    compared(any)


def compared(any):
    """What has no gradient: comparisons, and what points into values."""
    run = lambda *rest: of(*rest, family="functions3")
    number = lambda function: lambda *xs: ops.cast(function(*xs), "float64")
    few = np.array([[0.5, -1.0, 0.0], [0.5, 2.0, 0.0]])
    for name in "equal not_equal greater greater_equal less less_equal logical_and logical_or".split():
        function = number(getattr(ops, name))
        run(name, {}, function, few, np.array([[0.5, 1.0, 0.0], [0.0, -2.0, 0.0]]))
        run(name, {}, function, few, np.array([[0.5], [0.0]]))
    run("where", {}, lambda c, a, b: ops.where(c != 0, a, b), few, any((2, 3)), any((2, 3)))
    run("where", {}, lambda c, a, b: ops.where(c != 0, a, b), few, any((2, 1)), any((2, 3)))
    tie = np.array([[[1.0, 3.0], [3.0, 3.0]], [[2.0, -1.0], [0.0, 2.0]]])
    for x in (any((2, 3, 4)), tie):
        for axis, keepdims in ((1, False), (-1, False), (2, True)):
            args = {"axis": [axis], "keepdims": keepdims}
            run("argmax", args, lambda x: ops.argmax(x, axis, keepdims), x)
            run("argmin", args, lambda x: ops.argmin(x, axis, keepdims), x)
    for axis in (1, -1):
        run("argsort", {"axis": axis}, lambda x: ops.argsort(x, axis), any((2, 3, 4)))
    for k in (1, 3):
        run("top_k", {"k": k, "sorted": True}, lambda x: tuple(ops.top_k(x, k)), any((2, 2, 5)))
    run("top_k", {"k": 2, "sorted": True}, lambda x: tuple(ops.top_k(x, 2)), tie)
    labels = np.array([[0, 2], [3, 1]])
    hot = lambda axis: lambda x: ops.one_hot(x, 4, axis, dtype="float64")
    run("one_hot", {"num_classes": 4, "axis": -1}, hot(-1), labels)
    run("one_hot", {"num_classes": 4, "axis": 1}, hot(1), labels)
    windows()


def windows():
    """Pools and convolutions."""
    run = lambda *rest: of(*rest, family="functions3")
    each = lambda function: lambda *xs: jax.vmap(function)(*xs)
    for name in ("max_pool", "average_pool"):
        function = getattr(ops, name)
        for pool, strides, padding, shape in (
            ([2], [2], "valid", (2, 5, 3)),
            ([3], [2], "same", (1, 6, 2)),
            ([2], [2], "valid", (1, 5, 4, 2)),
            ([3, 2], [1, 2], "same", (1, 4, 5, 1)),
        ):
            args = {"pool_size": pool, "strides": strides, "padding": padding}
            whole = [numbers * (len(shape) - 2) if len(numbers) == 1 else numbers for numbers in (pool, strides)]
            run(name, args, lambda x: function(x, tuple(whole[0]), tuple(whole[1]), padding), shape)
    for strides, padding, dilation, x, kernel in (
        ([1], "valid", [1], (2, 5, 2), (3, 2, 2)),
        ([2], "same", [1], (1, 6, 4), (2, 2, 2)),
        ([1], "valid", [2], (1, 7, 2), (2, 2, 1)),
        ([1], "same", [1], (1, 4, 3, 2), (3, 2, 2, 2)),
        ([2, 1], "valid", [1], (1, 5, 4, 4), (2, 2, 2, 2)),
    ):
        args = {"strides": strides, "padding": padding, "dilation_rate": dilation}
        one = lambda numbers: numbers[0] if len(numbers) == 1 else tuple(numbers)
        slid = lambda x, k: ops.conv(x, k, one(strides), padding, None, one(dilation))
        # In the graph there is a kernel for all samples, or one for each.
        run("conv", args, lambda x, k: slid(x, k[0]), x, (1, *kernel))
        run("conv", args, each(lambda x, k: slid(x[None], k)[0]), (2, *x[1:]), (2, *kernel))
