"""What the families share: numbers that are short to write, cases, and their files."""

import json
import math
import re
import zlib
from pathlib import Path

import keras64
import jax
import keras
import numpy as np
from keras.src.backend import set_keras_mask

DATA = Path(__file__).parent / "data"
FAMILIES = {}


def seed(*parts):
    return np.random.RandomState(zlib.crc32(repr(parts).encode()))


def grid(random, shape, largest=2.0, one=128, least=None):
    """Different numbers, none of them 0, that are whole multiples of 1 / `one`: they are the same
    in float32 and float64, have no ties, and are short to write."""
    size = math.prod(shape)
    top = int(largest * one)
    bottom = -top if least is None else max(1, int(least * one))
    numbers = [n for n in range(bottom, top + 1) if n != 0]
    chosen = random.choice(numbers, size, replace=len(numbers) < size)
    return np.asarray(chosen, "float64").reshape(shape) / one


def exact(array, one=128):
    """An array of multiples of 1 / `one`."""
    array = np.asarray(array, "float64")
    while one > 1 and np.all(array * (one // 2) == np.round(array * (one // 2))):
        one //= 2
    while one < 2**20 and not np.all(array * one == np.round(array * one)):
        one *= 2
    numbers = array * one
    assert np.all(numbers == np.round(numbers)), "not short to write"
    whole = [int(n) for n in numbers.ravel()]
    return {"shape": list(array.shape), "one": one, "values": whole}


def result(array):
    """An array of numbers with 13 digits, 5e-14 from the truth."""
    array = np.asarray(array)
    assert array.dtype in (np.float64, np.int64, np.int32, np.bool_), array.dtype
    assert np.all(np.isfinite(array)), array
    digits = [float(f"{x:.12e}") for x in np.asarray(array, "float64").ravel()]
    whole = [int(x) if x == int(x) and abs(x) < 1e15 else x for x in digits]
    return {"shape": list(array.shape), "values": whole}


def add(family, case):
    FAMILIES.setdefault(family, []).append(case)


def write():
    """One file for each family, one line for each case."""
    DATA.mkdir(exist_ok=True)
    for family, cases in FAMILIES.items():
        lines = [json.dumps(case, separators=(",", ":")) for case in cases]
        (DATA / f"{family}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    total = sum(file.stat().st_size for file in DATA.glob("*.json"))
    for family, cases in FAMILIES.items():
        print(f"{family:20} {len(cases):4} cases")
    print(f"{sum(map(len, FAMILIES.values()))} cases, {total / 1e6:.2f} MB in all")


def leaves(outputs):
    return [x for x in jax.tree_util.tree_leaves(outputs)]


def weight_name(layer, variable):
    """The path from the layer on, by the names that the runtime gives to parts."""
    parts = variable.path.split("/")[len(layer.path.split("/")) :]
    if isinstance(layer, keras.layers.Bidirectional):
        parts[0] = parts[0].split("_")[0] + "_layer"
    elif isinstance(layer, keras.layers.Wrapper) and len(parts) > 1:
        parts[0] = "layer"
    elif type(layer) is keras.layers.RNN:
        parts[0] = "cell"
    return ".".join(part for part in parts if not re.search(r"_cell(_\d+)?$", part))


def layer(
    family,
    name,
    args=None,
    inputs=(),
    call=None,
    training=False,
    mask=None,
    one_list=None,
    weights=None,
    made=None,
    largest=2.0,
    gradients=True,
    kind="layer",
    caller=None,
    within=None,
):
    """A case of a layer. `inputs` are shapes, sample axis first, or arrays; an array of whole
    numbers is one of indices. `made` makes the layer where its arguments are layers; `caller` calls
    it where a list of inputs is not what it takes; `within` is a tolerance of the case's own, where
    Keras is less exact than the runtime."""
    args = args or {}
    call = call or {}
    shapes = [x if isinstance(x, tuple) else np.asarray(x).tolist() for x in inputs]
    random = seed(family, name, args, shapes, sorted(call), training)
    arrays = [grid(random, x, largest) if isinstance(x, tuple) else np.asarray(x) for x in inputs]
    one_list = len(arrays) > 1 if one_list is None else one_list
    instance = made() if made else getattr(keras.layers, name)(**args)
    masks = [None] * len(arrays) if mask is None else [None if m is None else np.asarray(m) for m in mask]

    def call_it(xs, **more):
        if caller:
            return caller(instance, xs, **call, **more)
        return instance(list(xs) if one_list else xs[0], **call, **more)

    kinds = ["int32" if x.dtype.kind == "i" else "float64" for x in arrays]
    call_it([keras.KerasTensor(x.shape, kind) for x, kind in zip(arrays, kinds)])
    values = {}
    for variable in instance.weights:
        key = weight_name(instance, variable)
        if weights and key in weights:
            value = np.asarray(weights[key], "float64")
        elif "seed_generator" in variable.path or not variable.dtype.startswith("float"):
            continue
        elif "variance" in key:
            value = grid(random, variable.shape, 2.0, 64, 0.25)
        elif key.endswith(("gamma", "scale")):
            value = grid(random, variable.shape, 1.5, 64, 0.5)
        else:
            value = grid(random, variable.shape, 1.0, 256)
        variable.assign(value)
        values[key] = value
    trainable = [v.value for v in instance.trainable_variables]
    fixed = [v.value for v in instance.non_trainable_variables]
    floats = [i for i, x in enumerate(arrays) if x.dtype.kind == "f"]

    def run(*wanted):
        xs = [jax.numpy.asarray(x) for x in arrays]
        for place, x in zip(floats, wanted[len(trainable) :]):
            xs[place] = x
        # Not `stateless_call`, which leaves out what `__call__` does: masks, activity regularizers.
        variables = instance.trainable_variables + instance.non_trainable_variables
        mapping = list(zip(variables, [*wanted[: len(trainable)], *fixed]))
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            for x, m in zip(xs, masks):
                if m is not None:
                    set_keras_mask(x, jax.numpy.asarray(m))
            out = call_it(xs, training=training)
            losses = instance.losses
        state = [scope.get_current_value(v) for v in instance.non_trainable_variables]
        state = [v if s is None else s for v, s in zip(fixed, state)]
        return leaves(out), sum(losses, jax.numpy.zeros(())), state

    @jax.jit
    def all_of(wanted, cotangents):
        (outputs, penalty, state), back = jax.vjp(run, *wanted)
        zeros = [
            np.zeros(s.shape, s.dtype if s.dtype.kind == "f" else jax.dtypes.float0) for s in state
        ]
        return outputs, penalty, state, back((cotangents, np.ones(()), zeros))

    wanted = trainable + [jax.numpy.asarray(arrays[i]) for i in floats]
    keras64.check(run, *wanted)
    cotangents = [grid(random, y.shape, 1.0, 16) for y in jax.eval_shape(run, *wanted)[0]]
    outputs, penalty, state, found = all_of(wanted, cotangents)
    case = {kind: name, "args": args}
    if call:
        case["call"] = call
    if training:
        case["training"] = True
    case["inputs"] = [
        exact(x) if x.dtype.kind == "f" else {**exact(x), "index": True} for x in arrays
    ]
    if mask is not None:
        case["masks"] = [None if m is None else exact(m) for m in masks]
    if values:
        case["weights"] = {key: exact(value) for key, value in values.items()}
    case["outputs"] = [result(y) for y in outputs]
    if float(penalty) != 0.0:
        case["penalty"] = float(penalty)
    if gradients:
        case["cotangents"] = [exact(c) for c in cotangents]
        case["input_gradients"] = [None] * len(arrays)
        for place, gradient in zip(floats, found[len(trainable) :]):
            case["input_gradients"][place] = result(gradient)
        names = [weight_name(instance, v) for v in instance.trainable_variables]
        if names:
            case["weight_gradients"] = {
                key: result(g) for key, g in zip(names, found[: len(trainable)])
            }
    if training:
        case["state"] = {
            weight_name(instance, v): result(s)
            for v, s in zip(instance.non_trainable_variables, state)
            if np.asarray(s).dtype.kind == "f"
        }
    if within:
        case["within"] = within
    add(family, case)
