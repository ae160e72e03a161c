"""Losses: that of each sample, the total with and without weights, and the total's gradient."""

import jax
import keras
import numpy as np

import keras64
from reference import add, exact, grid, result, seed


def simplex(random, shape, one=64):
    """Rows of positive numbers whose sum is 1."""
    rows = int(np.prod(shape[:-1]))
    cuts = [np.sort(random.choice(np.arange(1, one), shape[-1] - 1, replace=False)) for _ in range(rows)]
    parts = [np.diff([0, *cut, one]) for cut in cuts]
    return np.asarray(parts, "float64").reshape(shape) / one


def of(family, name, args, y_true, y_pred, weight=None):
    make = lambda **more: getattr(keras.losses, name)(**{**args, **more})
    y_true = np.asarray(y_true)
    given = jax.numpy.asarray(y_true)
    weight = None if weight is None else np.asarray(weight, "float64")

    def total(p):
        return make()(given, p, sample_weight=weight)

    # CTC has 0, 1 and -1e5 in float32, which are exact.
    if name != "CTC":
        keras64.check(total, y_pred)
        keras64.check(lambda p: make(reduction=None)(given, p), y_pred)
    whole = lambda p: (make(reduction=None)(given, p), *jax.value_and_grad(total)(p))
    each, sum_of_all, gradient = jax.jit(whole)(y_pred)
    each = np.asarray(each).reshape(len(each), -1).mean(axis=1)
    case = {"loss": name, "args": args, "y_true": exact(y_true), "y_pred": exact(y_pred)}
    if weight is not None:
        case["sample_weight"] = exact(weight)
    case["values"] = result(each)
    case["total"] = float(sum_of_all)
    case["gradient"] = result(gradient)
    add(family, case)


def one_hot(labels, classes):
    return np.eye(classes)[np.asarray(labels)]


def regression(family, name, variants=({},), values=None):
    for number, args in enumerate(variants):
        random = seed("loss", name, args)
        values_of = values or (lambda shape: grid(random, shape))
        of(family, name, args, values_of((4, 3)), values_of((4, 3)))
        if number == 0:
            of(family, name, args, values_of((3, 2, 2)), values_of((3, 2, 2)))
            of(family, name, args, values_of((3, 1)), values_of((3, 1)), [0.5, 2.0, 0.0])
            of(family, name, args, values_of((4, 2)), values_of((4, 2)), [1.0, 0.25, 0.0, 3.0])


def positive(name):
    random = seed("positive", name)
    return lambda shape: grid(random, shape, 3.0, 128, 0.125)


def binary(family, name, variants):
    for args in variants:
        random = seed("binary", name, args)
        logits = args.get("from_logits", False)
        pred = lambda shape: grid(random, shape, 4.0) if logits else grid(random, shape, 0.97, 128, 0.03)
        yes = lambda shape: random.randint(0, 2, shape).astype("float64")
        of(family, name, args, yes((4, 3)), pred((4, 3)))
        of(family, name, args, yes((5, 1)), pred((5, 1)), [1.0, 0.5, 2.0, 0.0, 1.0])
    of(family, name, {}, grid(random, (3, 2), 1.0, 64, 0.02), grid(random, (3, 2), 0.97, 128, 0.03))
    # Where probabilities are cut off.
    of(family, name, {}, np.array([[1.0], [0.0], [1.0]]), np.array([[0.0], [0.0], [1.0]]))
    # Focal losses take the sigmoid first, in which float32 sees no more.
    far = [[-40.0], [30.0]] if name == "BinaryCrossentropy" else [[-9.0], [5.0]]
    of(family, name, {"from_logits": True}, np.array([[1.0], [0.0]]), np.array(far))


def categorical(family, name, variants):
    for args in variants:
        random = seed("categorical", name, args)
        logits = args.get("from_logits", False)
        pred = lambda shape: grid(random, shape, 4.0) if logits else simplex(random, shape)
        of(family, name, args, one_hot([0, 2, 1, 2], 3), pred((4, 3)))
        of(family, name, args, simplex(random, (3, 4)), pred((3, 4)), [0.5, 2.0, 0.0])
        of(family, name, args, one_hot([[0, 1], [2, 2]], 3), pred((2, 2, 3)))
    # Not divided by their sum yet.
    of(family, name, {}, one_hot([1, 0, 2], 3), grid(random, (3, 3), 2.0, 64, 0.1))
    of(family, name, {}, one_hot([1, 0], 3), np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]))


def make():
    for name in ("MeanSquaredError", "MeanAbsoluteError"):
        regression("losses", name)
    logits = {"from_logits": True}
    smooth = {"label_smoothing": 0.125}
    binary("losses", "BinaryCrossentropy", [{}, logits, smooth, {**logits, **smooth}])
    categorical("losses", "CategoricalCrossentropy", [{}, logits, smooth, {**logits, **smooth}])
    for args in ({}, logits):
        random = seed("sparse", args)
        pred = lambda shape: grid(random, shape, 4.0) if args else simplex(random, shape)
        sparse = lambda *given: of("losses", "SparseCategoricalCrossentropy", args, *given)
        sparse(np.array([0, 2, 1, 2]), pred((4, 3)))
        sparse(np.array([[3], [1], [0]]), pred((3, 4)), [0.5, 2.0, 0.0])
        sparse(np.array([[0, 1], [2, 2]]), pred((2, 2, 3)))
    sparse = lambda *given: of("losses", "SparseCategoricalCrossentropy", {}, *given)
    sparse(np.array([1, 0, 2]), grid(random, (3, 3), 0.9, 64, 0.1))
    later()


def later():
    family = "losses2"
    regression(family, "Huber", ({}, {"delta": 0.5}))
    regression(family, "LogCosh")
    regression(family, "MeanAbsolutePercentageError")
    for name in ("MeanSquaredLogarithmicError", "Poisson"):
        regression(family, name, values=positive(name))
    random = seed("divergence")
    for shape, weight in (((4, 3), None), ((3, 2, 2), None), ((4, 2), [1.0, 0.25, 0.0, 3.0])):
        of(family, "KLDivergence", {}, simplex(random, shape), simplex(random, shape), weight)
    of(family, "KLDivergence", {}, np.array([[0.25, 1.5], [0.75, 0.5]]), np.array([[0.25, 0.75], [1.25, 0.5]]))
    of(family, "KLDivergence", {}, np.array([[0.0, 1.0], [0.5, 0.5]]), np.array([[0.25, 0.75], [0.0, 0.75]]))
    regression(family, "CosineSimilarity", ({}, {"axis": 1}))
    of(family, "CosineSimilarity", {"axis": 1}, grid(random, (2, 3, 2)), grid(random, (2, 3, 2)))
    of(family, "CosineSimilarity", {}, np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[1.0, 2.0], [0.5, -1.0]]))
    for name in ("Hinge", "SquaredHinge"):
        random = seed(name)
        of(family, name, {}, 2.0 * random.randint(0, 2, (4, 3)) - 1, grid(random, (4, 3)))
        of(family, name, {}, random.randint(0, 2, (4, 2)) * 1.0, grid(random, (4, 2)), [1.0, 0.5, 0.0, 2.0])
        of(family, name, {}, 2.0 * random.randint(0, 2, (2, 3, 2)) - 1, grid(random, (2, 3, 2)))
    random = seed("categorical hinge")
    of(family, "CategoricalHinge", {}, one_hot([0, 2, 1, 2], 3), grid(random, (4, 3)))
    of(family, "CategoricalHinge", {}, one_hot([0, 1, 1], 2), grid(random, (3, 2)), [1.0, 0.5, 0.0])
    logits, smooth = {"from_logits": True}, {"label_smoothing": 0.125}
    focal = {"gamma": 3.0, "alpha": 0.5}
    balanced = {"apply_class_balancing": True}
    binary(family, "BinaryFocalCrossentropy", [{}, logits, {**focal, **balanced}, {**logits, **smooth}])
    categorical(family, "CategoricalFocalCrossentropy", [{}, logits, focal, smooth])
    random = seed("dice")
    # Without an axis Keras gives one number for all samples.
    yes = lambda shape: (random.randint(0, 2, shape) * 1.0, grid(random, shape, 1.0, 64, 0.02))
    of("dice", "Dice", {"axis": [1]}, *yes((3, 4)))
    of("dice", "Dice", {"axis": [1, 2]}, *yes((2, 3, 2)), [0.5, 2.0])
    of("dice", "Dice", {"axis": [1, 2, 3]}, *yes((2, 2, 3, 1)))
    of("dice", "Dice", {"axis": [-1]}, *yes((3, 5)), [1.0, 0.0, 2.0])
    part = lambda shape: (grid(random, shape, 1.0, 64, 0.02), grid(random, shape, 1.0, 64, 0.02))
    of("dice", "Dice", {"axis": [1]}, *part((3, 4)))
    of("dice", "Dice", {"axis": [1]}, np.zeros((2, 3)), grid(random, (2, 3), 1.0, 64, 0.02))
    of("ctc", "CTC", {}, np.array([[1, 2, 2], [3, 0, 0]]), grid(random, (2, 7, 4), 3.0))
    of("ctc", "CTC", {}, np.array([[1, 1, 1]]), grid(random, (1, 8, 3), 2.0))
    of("ctc", "CTC", {}, np.array([[1], [2]]), grid(random, (2, 1, 3), 3.0))
    of("ctc", "CTC", {}, np.array([[4, 2, 1, 3], [2, 2, 0, 0]]), grid(random, (2, 9, 6), 8.0))
    of("ctc", "CTC", {}, np.array([[2, 1], [1, 3], [2, 0]]), grid(random, (3, 5, 4), 2.0), [1.0, 0.5, 0.0])
