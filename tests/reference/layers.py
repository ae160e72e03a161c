"""Layers without state or sequences: dense, convolutions, windows, shapes, merges."""

import numpy as np

from reference import layer

ACTIVATIONS = (
    "relu sigmoid tanh softmax log_softmax linear elu selu gelu silu swish softplus softsign "
    "leaky_relu relu6 exponential hard_sigmoid hard_silu mish"
).split()
MORE_ACTIVATIONS = "log_sigmoid celu".split()


def dense():
    of = lambda *args, **more: layer("dense", "Dense", *args, **more)
    of({"units": 4}, [(3, 5)])
    of({"units": 1}, [(2, 3)])
    of({"units": 3, "use_bias": False}, [(4, 2)])
    of({"units": 3}, [(2, 3, 4)])
    of({"units": 2}, [(2, 3, 1, 2)])
    for activation in ("relu", "tanh", "softmax", "gelu", "selu", "log_softmax", "sigmoid"):
        of({"units": 3, "activation": activation}, [(3, 4)])
    of({"units": 3, "activation": "softmax"}, [(2, 3, 2)])


def regularizers():
    one = {"l1": 0.25, "l2": 0.0}
    two = {"l1": 0.0, "l2": 0.125}
    both = {"l1": 0.5, "l2": 0.25}
    from keras import layers, regularizers as r

    def of(name, args, kinds, shape):
        made = lambda: getattr(layers, name)(**args, **{k: r.L1L2(**v) for k, v in kinds.items()})
        layer("regularizers", name, {**args, **kinds}, [shape], made=made, training=True)

    of("Dense", {"units": 3}, {"kernel_regularizer": one}, (2, 4))
    of("Dense", {"units": 3}, {"kernel_regularizer": two, "bias_regularizer": one}, (2, 4))
    of("Dense", {"units": 3, "activation": "tanh"}, {"activity_regularizer": both}, (3, 4))
    of("Conv1D", {"filters": 2, "kernel_size": 2}, {"kernel_regularizer": both}, (2, 4, 3))
    of("Conv2D", {"filters": 2, "kernel_size": 2}, {"activity_regularizer": two}, (2, 3, 3, 1))
    of("Conv2D", {"filters": 2, "kernel_size": 2}, {"bias_regularizer": both}, (1, 3, 3, 2))


def activations():
    wide = np.array([[-30.0, -8.0, -3.5, -3.0, -1.0, -0.0625, 0.0625, 0.5, 1.0, 3.5, 6.5, 8.0, 30.0]])
    for name in ACTIVATIONS:
        layer("activations", "Activation", {"activation": name}, [(2, 3, 4)])
        if name != "exponential":
            layer("activations", "Activation", {"activation": name}, [wide])
    for name in MORE_ACTIVATIONS:
        layer("activations2", "Activation", {"activation": name}, [(2, 3, 4)])
        layer("activations2", "Activation", {"activation": name}, [wide])
    of = lambda name, args, shape=(2, 3, 4): layer("activations", name, args, [shape])
    of("ReLU", {})
    of("ReLU", {"max_value": 1.0})
    of("ReLU", {"negative_slope": 0.25})
    of("ReLU", {"threshold": 0.5})
    of("ReLU", {"max_value": 1.5, "negative_slope": 0.125, "threshold": 0.25})
    of("LeakyReLU", {})
    of("LeakyReLU", {"negative_slope": 0.125})
    of("ELU", {})
    of("ELU", {"alpha": 0.5})
    of("Softmax", {})
    of("Softmax", {"axis": 1})
    of("Softmax", {"axis": -2})
    layer("prelu", "PReLU", {}, [(2, 3, 4)])
    layer("prelu", "PReLU", {"shared_axes": [1]}, [(2, 3, 4)])
    layer("prelu", "PReLU", {"shared_axes": [1, 2]}, [(2, 3, 2, 3)])


def convolutions():
    of = lambda name, args, shape, **more: layer("conv1d", name, args, [shape], **more)
    one = lambda args, shape: of("Conv1D", {"filters": 2, **args}, shape)
    one({"kernel_size": 3}, (2, 6, 2))
    one({"kernel_size": 2, "strides": 2}, (2, 7, 3))
    one({"kernel_size": 4, "padding": "same"}, (2, 5, 2))
    one({"kernel_size": 2, "padding": "same", "strides": 3}, (1, 8, 2))
    one({"kernel_size": 3, "padding": "same", "strides": 2}, (1, 7, 2))
    one({"kernel_size": 3, "padding": "causal"}, (2, 5, 2))
    one({"kernel_size": 2, "padding": "causal", "dilation_rate": 2}, (1, 7, 2))
    one({"kernel_size": 3, "padding": "causal", "strides": 2}, (1, 6, 2))
    one({"kernel_size": 2, "dilation_rate": 3}, (2, 6, 2))
    one({"kernel_size": 3, "dilation_rate": 2, "padding": "same"}, (1, 6, 2))
    one({"kernel_size": 3, "groups": 2}, (2, 5, 4))
    one({"kernel_size": 2, "groups": 2, "padding": "same", "use_bias": False}, (1, 4, 4))
    one({"kernel_size": 1, "activation": "tanh"}, (2, 3, 3))
    one({"kernel_size": 2, "activation": "softmax"}, (2, 4, 2))
    transposed = lambda args, shape: of("Conv1DTranspose", {"filters": 2, **args}, shape)
    transposed({"kernel_size": 3}, (2, 4, 2))
    transposed({"kernel_size": 3, "strides": 2}, (2, 4, 2))
    transposed({"kernel_size": 2, "strides": 3}, (1, 3, 3))
    transposed({"kernel_size": 4, "strides": 2, "padding": "same"}, (2, 3, 2))
    transposed({"kernel_size": 3, "strides": 2, "padding": "same"}, (1, 4, 2))
    transposed({"kernel_size": 3, "strides": 3, "output_padding": 1}, (1, 3, 2))
    transposed({"kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0}, (1, 4, 2))
    transposed({"kernel_size": 2, "dilation_rate": 2}, (1, 4, 2))
    transposed({"kernel_size": 3, "use_bias": False, "activation": "relu"}, (1, 4, 2))

    of = lambda name, args, shape, **more: layer("conv2d", name, args, [shape], **more)
    two = lambda args, shape: of("Conv2D", {"filters": 2, **args}, shape)
    two({"kernel_size": 3}, (1, 5, 4, 2))
    two({"kernel_size": [2, 3]}, (2, 4, 4, 1))
    two({"kernel_size": 1}, (2, 2, 3, 3))
    two({"kernel_size": 3, "strides": 2}, (1, 6, 5, 2))
    two({"kernel_size": 3, "strides": 2, "padding": "same"}, (1, 6, 5, 1))
    two({"kernel_size": 2, "strides": 2, "padding": "same"}, (1, 5, 4, 2))
    two({"kernel_size": [2, 4], "padding": "same"}, (1, 4, 5, 2))
    two({"kernel_size": [3, 2], "strides": [1, 3], "padding": "same"}, (1, 4, 7, 1))
    two({"kernel_size": 2, "strides": 3}, (1, 6, 6, 1))
    two({"kernel_size": 2, "dilation_rate": 2}, (1, 5, 4, 2))
    two({"kernel_size": [3, 2], "dilation_rate": [1, 2], "padding": "same"}, (1, 4, 4, 2))
    two({"kernel_size": 2, "groups": 2}, (1, 3, 4, 4))
    two({"kernel_size": 3, "groups": 2, "padding": "same", "strides": 2}, (1, 4, 5, 2))
    two({"kernel_size": 2, "use_bias": False}, (2, 3, 3, 1))
    two({"kernel_size": 2, "activation": "relu"}, (1, 4, 3, 2))
    two({"kernel_size": 2, "activation": "softmax"}, (1, 3, 3, 2))
    two({"kernel_size": 5, "padding": "same"}, (1, 3, 3, 1))
    of("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 4}, (1, 3, 3, 4))
    of("Conv2D", {"filters": 1, "kernel_size": [1, 3]}, (2, 2, 4, 1))

    transposed = lambda args, shape: of("Conv2DTranspose", {"filters": 2, **args}, shape)
    transposed({"kernel_size": 3}, (1, 3, 3, 2))
    transposed({"kernel_size": 3, "strides": 2}, (1, 3, 2, 2))
    transposed({"kernel_size": 2, "strides": 2, "padding": "same"}, (1, 2, 3, 2))
    transposed({"kernel_size": 3, "strides": 2, "padding": "same"}, (1, 3, 2, 1))
    transposed({"kernel_size": [2, 3], "strides": [3, 1]}, (1, 2, 3, 2))
    transposed({"kernel_size": 2, "strides": 3, "padding": "same"}, (1, 2, 2, 2))
    transposed({"kernel_size": 3, "strides": 2, "output_padding": 1}, (1, 2, 2, 2))
    transposed({"kernel_size": 3, "strides": 2, "padding": "same", "output_padding": [1, 0]}, (1, 2, 3, 1))
    transposed({"kernel_size": 2, "dilation_rate": 2}, (1, 3, 3, 1))
    transposed({"kernel_size": 4, "padding": "same", "use_bias": False}, (1, 3, 3, 1))
    transposed({"kernel_size": 2, "activation": "elu"}, (1, 2, 2, 2))

    depthwise = lambda args, shape: of("DepthwiseConv2D", args, shape)
    depthwise({"kernel_size": 2}, (1, 3, 4, 2))
    depthwise({"kernel_size": 3, "padding": "same", "depth_multiplier": 2}, (1, 3, 3, 2))
    depthwise({"kernel_size": [2, 3], "use_bias": False}, (2, 3, 4, 1))
    depthwise({"kernel_size": 3, "strides": 2, "padding": "same"}, (1, 4, 5, 2))
    depthwise({"kernel_size": 2, "strides": 2}, (1, 5, 4, 3))
    depthwise({"kernel_size": 2, "dilation_rate": 2}, (1, 4, 4, 2))
    depthwise({"kernel_size": 2, "activation": "tanh", "depth_multiplier": 3}, (1, 3, 2, 2))

    separable = lambda args, shape: of("SeparableConv2D", {"filters": 3, **args}, shape)
    separable({"kernel_size": 2}, (1, 3, 4, 2))
    separable({"kernel_size": 3, "padding": "same", "depth_multiplier": 2}, (1, 3, 3, 2))
    separable({"kernel_size": [3, 2], "strides": 2, "padding": "same"}, (1, 4, 5, 2))
    separable({"kernel_size": 2, "dilation_rate": 2, "use_bias": False}, (1, 4, 4, 2))
    separable({"kernel_size": 2, "activation": "softmax"}, (1, 3, 3, 2))


def pooling():
    for kind in ("Max", "Average"):
        of = lambda name, args, shape: layer("pooling", f"{kind}Pooling{name}", args, [shape])
        of("1D", {"pool_size": 2}, (2, 6, 2))
        of("1D", {"pool_size": 2}, (2, 5, 2))
        of("1D", {"pool_size": 3, "strides": 1}, (1, 5, 2))
        of("1D", {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 6, 2))
        of("1D", {"pool_size": 4, "strides": 3, "padding": "same"}, (1, 7, 1))
        of("1D", {"pool_size": 2, "padding": "same"}, (1, 5, 2))
        of("2D", {"pool_size": 2}, (1, 4, 4, 2))
        of("2D", {"pool_size": 2}, (1, 5, 3, 2))
        of("2D", {"pool_size": [3, 2], "strides": [1, 2]}, (1, 4, 5, 2))
        of("2D", {"pool_size": 3, "strides": 2, "padding": "same"}, (1, 5, 4, 2))
        of("2D", {"pool_size": 2, "strides": 1, "padding": "same"}, (1, 3, 3, 2))
        of("2D", {"pool_size": [2, 4], "strides": 3, "padding": "same"}, (1, 4, 7, 1))
        for keepdims in (False, True):
            args = {"keepdims": keepdims}
            layer("pooling", f"Global{kind}Pooling1D", args, [(2, 4, 3)])
            layer("pooling", f"Global{kind}Pooling2D", args, [(2, 3, 2, 3)])


def shapes():
    of = lambda name, args, shape: layer("shapes", name, args, [shape])
    of("UpSampling1D", {"size": 2}, (2, 3, 2))
    of("UpSampling1D", {"size": 3}, (1, 2, 3))
    of("UpSampling2D", {"size": 2}, (1, 2, 3, 2))
    of("UpSampling2D", {"size": [1, 3]}, (1, 3, 2, 2))
    of("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, (1, 2, 3, 2))
    of("UpSampling2D", {"size": [3, 2], "interpolation": "bilinear"}, (1, 2, 2, 2))
    of("UpSampling2D", {"size": [1, 4], "interpolation": "bilinear"}, (1, 3, 2, 1))
    of("ZeroPadding1D", {"padding": 2}, (2, 3, 2))
    of("ZeroPadding1D", {"padding": [0, 3]}, (1, 2, 2))
    of("ZeroPadding2D", {"padding": 1}, (1, 2, 3, 2))
    of("ZeroPadding2D", {"padding": [1, 2]}, (1, 2, 2, 2))
    of("ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}, (1, 2, 2, 1))
    of("Cropping1D", {"cropping": 1}, (2, 4, 2))
    of("Cropping1D", {"cropping": [0, 2]}, (2, 5, 2))
    of("Cropping2D", {"cropping": 1}, (1, 4, 3, 2))
    of("Cropping2D", {"cropping": [0, 1]}, (1, 2, 5, 2))
    of("Cropping2D", {"cropping": [[1, 0], [2, 1]]}, (1, 3, 4, 2))
    of("Flatten", {}, (2, 3, 2))
    of("Flatten", {}, (3, 2, 1, 2))
    of("Reshape", {"target_shape": [3, 4]}, (2, 12))
    of("Reshape", {"target_shape": [-1, 2]}, (2, 3, 4))
    of("Permute", {"dims": [2, 1]}, (2, 3, 4))
    of("Permute", {"dims": [3, 1, 2]}, (1, 2, 3, 4))
    of("RepeatVector", {"n": 3}, (2, 4))
    of("Identity", {}, (2, 3))


def merges():
    of = lambda name, args, *shapes: layer("merges", name, args, list(shapes))
    for name in ("Add", "Multiply", "Average", "Maximum", "Minimum"):
        of(name, {}, (2, 3), (2, 3))
        of(name, {}, (2, 3, 2), (2, 3, 2), (2, 3, 2))
        of(name, {}, (2, 3, 2), (2, 3, 1))
    of("Subtract", {}, (2, 3), (2, 3))
    of("Subtract", {}, (2, 1, 3), (2, 2, 3))
    of("Concatenate", {}, (2, 3), (2, 2))
    of("Concatenate", {"axis": 1}, (2, 3, 2), (2, 1, 2), (2, 2, 2))
    of("Concatenate", {"axis": -2}, (1, 2, 2, 2), (1, 2, 3, 2))
    of("Dot", {"axes": 1}, (2, 3), (2, 3))
    of("Dot", {"axes": 1, "normalize": True}, (3, 4), (3, 4))
    of("Dot", {"axes": 2}, (2, 3, 4), (2, 2, 4))
    of("Dot", {"axes": [1, 2]}, (2, 3, 2), (2, 4, 3))
    of("Dot", {"axes": [2, 1], "normalize": True}, (2, 2, 3), (2, 3, 2))
    of("Dot", {"axes": -1}, (2, 2, 3), (2, 3))


def make():
    dense()
    regularizers()
    activations()
    convolutions()
    pooling()
    shapes()
    merges()
