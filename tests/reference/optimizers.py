"""Optimizers: the weights after each of 10 steps with given gradients."""

import keras
import numpy as np

from reference import add, exact, grid, result, seed

SHAPES = [(2, 3), (2,)]


def of(family, name, args, steps=10, zero=False, made=None):
    random = seed("optimizer", name, args)
    weights = [grid(random, shape, 1.0, 64) for shape in SHAPES]
    gradients = [[grid(random, shape, 2.0, 32) for shape in SHAPES] for _ in range(steps)]
    if zero:
        gradients[3] = [np.zeros(shape) for shape in SHAPES]
    optimizer = made() if made else getattr(keras.optimizers, name)(**args)
    variables = [keras.Variable(weight) for weight in weights]
    optimizer.build(variables)
    assert all(v.dtype in ("float64", "int32") for v in optimizer.variables)
    after = []
    for step in gradients:
        optimizer.apply([np.asarray(g) for g in step])
        after.append([result(np.asarray(v.value)) for v in variables])
    case = {"optimizer": name, "args": args, "weights": [exact(w) for w in weights]}
    case["gradients"] = [[exact(g) for g in step] for step in gradients]
    case["steps"] = after
    add(family, case)


def make():
    rate = {"learning_rate": 0.125}
    for more in ({}, {"momentum": 0.75}, {"momentum": 0.5, "nesterov": True}):
        of("optimizers", "SGD", {**rate, **more})
    for more in ({}, {"beta_1": 0.5, "beta_2": 0.75}, {"epsilon": 0.25}):
        of("optimizers", "Adam", {**rate, **more})
        of("optimizers", "AdamW", {**rate, **more})
    of("optimizers", "Adam", {"learning_rate": 0.001}, zero=True)
    of("optimizers", "AdamW", {**rate, "weight_decay": 0.0625})
    for more in ({}, {"rho": 0.5, "momentum": 0.5}, {"centered": True}, {"epsilon": 0.125}):
        of("optimizers", "RMSprop", {**rate, **more})
    of("optimizers", "RMSprop", {**rate, "centered": True, "momentum": 0.25, "rho": 0.75})

    family = "optimizers2"
    of(family, "Adam", {**rate, "amsgrad": True, "beta_2": 0.5})
    of(family, "AdamW", {**rate, "amsgrad": True, "beta_2": 0.75})
    of(family, "Adagrad", rate)
    of(family, "Adagrad", {**rate, "initial_accumulator_value": 0.5, "epsilon": 0.0625})
    of(family, "Adadelta", rate)
    of(family, "Adadelta", {"learning_rate": 1.0, "rho": 0.5, "epsilon": 0.0625})
    of(family, "Adamax", rate)
    of(family, "Adamax", {**rate, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.0625}, zero=True)
    of(family, "Nadam", rate)
    of(family, "Nadam", {**rate, "beta_1": 0.5, "beta_2": 0.75})
    of(family, "Lion", {"learning_rate": 0.0625})
    of(family, "Lion", {"learning_rate": 0.0625, "beta_1": 0.5, "beta_2": 0.75})
    for name in ("SGD", "Adam", "RMSprop"):
        of(family, name, {**rate, "clipnorm": 1.0})
        of(family, name, {**rate, "clipvalue": 0.5})
        of(family, name, {**rate, "global_clipnorm": 1.5})
        of(family, name, {**rate, "weight_decay": 0.0625})
        of(family, name, {**rate, "gradient_accumulation_steps": 3})
        of(family, name, {**rate, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 4})
    odd(rate)
    several = {"learning_rate": 0.125, "learning_rate_of_second": 0.0625}
    of(family, "MultiOptimizer", several, made=lambda: two(0.125, 0.0625))
    schedules()


def odd(rate):
    """Options that meet seldom."""
    family = "odd_optimizers"
    decay, ema = {"weight_decay": 0.0625}, {"use_ema": True, "ema_momentum": 0.75, "ema_overwrite_frequency": 3}
    of(family, "AdamW", {**rate, **decay, **ema, "amsgrad": True, "clipnorm": 1.0})
    of(family, "SGD", {**rate, **decay, **ema, "momentum": 0.5, "nesterov": True, "gradient_accumulation_steps": 2})
    of(family, "RMSprop", {**rate, **ema, "centered": True, "momentum": 0.25, "global_clipnorm": 0.75})
    of(family, "Adam", {**rate, **decay, "gradient_accumulation_steps": 3, "clipvalue": 0.25})
    of(family, "Lion", {**rate, **decay, "clipnorm": 0.5})
    of(family, "Nadam", {**rate, **decay, "global_clipnorm": 1.0, "gradient_accumulation_steps": 2})
    of(family, "Adamax", {**rate, **decay, **ema})
    of(family, "Adagrad", {**rate, **decay, "clipvalue": 0.5})
    of(family, "Adadelta", {**rate, **decay, **ema})


def two(first, second):
    """SGD for the matrix, Adam for the vector."""
    matrix, vector = keras.optimizers.SGD(first, momentum=0.5), keras.optimizers.Adam(second)
    return keras.optimizers.MultiOptimizer(lambda v: matrix if len(v.shape) == 2 else vector)


def schedules():
    def of(name, args, last=12):
        schedule = getattr(keras.optimizers.schedules, name)(**args)
        steps = list(range(0, last))
        values = [float(schedule(np.asarray(step))) for step in steps]
        add("schedules", {"schedule": name, "args": args, "steps": steps, "values": values})

    rate = {"initial_learning_rate": 0.5}
    of("ExponentialDecay", {**rate, "decay_steps": 4, "decay_rate": 0.75})
    of("ExponentialDecay", {**rate, "decay_steps": 4, "decay_rate": 0.75, "staircase": True})
    of("InverseTimeDecay", {**rate, "decay_steps": 3, "decay_rate": 0.5})
    of("InverseTimeDecay", {**rate, "decay_steps": 3, "decay_rate": 0.5, "staircase": True})
    of("PolynomialDecay", {**rate, "decay_steps": 6})
    of("PolynomialDecay", {**rate, "decay_steps": 5, "end_learning_rate": 0.125, "power": 2.0})
    of("PolynomialDecay", {**rate, "decay_steps": 4, "cycle": True})
    of("PiecewiseConstantDecay", {"boundaries": [3, 7], "values": [1.0, 0.5, 0.125]})
    of("CosineDecay", {**rate, "decay_steps": 8})
    of("CosineDecay", {**rate, "decay_steps": 7, "alpha": 0.25})
    of("CosineDecay", {"initial_learning_rate": 0.125, "decay_steps": 6, "warmup_target": 1.0, "warmup_steps": 4})
    of("CosineDecayRestarts", {**rate, "first_decay_steps": 3})
    of("CosineDecayRestarts", {**rate, "first_decay_steps": 2, "t_mul": 1.5, "m_mul": 0.75, "alpha": 0.125})
