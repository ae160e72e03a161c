"""Makes a safetensors file, which `load_weights` reads, of the weights that Keras 3 has saved.

    pip install h5py numpy safetensors
    python keras_weights.py model.keras model.safetensors
    python keras_weights.py model.weights.h5 model.safetensors

Keras itself is not needed, nor the code of the model. A weight is called by the name of its layer
in Keras and its own: `conv2d.kernel`, in a nested model `encoder.conv2d.kernel`. The fields of a
`model!` have those names where layers are named alike (`name="h"` in Keras, `h = Dense(…)(x);`
here); elsewhere `Load::default().rename("h", "dense")` says which is which. Numbers and shapes are
Keras's, since they are the same here. The optimizer is left out: its state is of other names.

A `.keras` file also says how layers were made, and is needed where a layer has left weights out in
a way that the number of them does not tell, such as BatchNormalization(scale=False).
"""

import io
import json
import re
import sys
import zipfile

import h5py
import numpy
from safetensors.numpy import save_file

# The weights of layers in the order in which Keras has them, and which arguments they depend on.
# Without a bias there is one fewer at the end.
KERNEL = [("kernel", None), ("bias", "use_bias")]
RECURRENT = [("kernel", None), ("recurrent_kernel", None), ("bias", "use_bias")]
AFFINE = [("gamma", "scale"), ("beta", "center")]
WEIGHTS = {
    "dense": KERNEL,
    "einsum_dense": KERNEL,
    "conv1d": KERNEL,
    "conv2d": KERNEL,
    "conv1d_transpose": KERNEL,
    "conv2d_transpose": KERNEL,
    "depthwise_conv2d": KERNEL,
    "separable_conv2d": [
        ("depthwise_kernel", None),
        ("pointwise_kernel", None),
        ("bias", "use_bias"),
    ],
    "embedding": [("embeddings", None)],
    "batch_normalization": AFFINE + [("moving_mean", None), ("moving_variance", None)],
    "layer_normalization": AFFINE,
    "group_normalization": AFFINE,
    "rms_normalization": [("scale", None)],
    "spectral_normalization": [("vector_u", None)],
    "normalization": [("mean", None), ("variance", None), (None, None)],
    "additive_attention": [("scale", "use_scale")],
    "p_re_lu": [("alpha", None)],
    "position_embedding": [("position_embeddings", None)],
    "simple_rnn_cell": RECURRENT,
    "lstm_cell": RECURRENT,
    "gru_cell": RECURRENT,
}

# What a layer inside of another one is called here, where that is not what Keras's file says.
INSIDE = {
    "query_dense": "query",
    "key_dense": "key",
    "value_dense": "value",
    "output_dense": "attention_output",
}


def layer_name(group, stored_name):
    """What the layer of a group is called; files of old versions do not say it."""
    return str(group["vars"].attrs.get("name", stored_name)) if "vars" in group else stored_name


def is_rnn(*names):
    """Whether these are the names of an RNN, whose cell is a part of the path; the cells of LSTM,
    GRU and SimpleRNN are not."""
    return any(re.search(r"(?<!simple)(^|_)rnn(_\d+)?$", name) for name in names)


def kind(group_name, layer_name):
    """The class of a layer, as in `conv2d_3`, the fourth of its class; of one inside of a layer,
    which is stored under an attribute of that, by its own name."""
    for name in (group_name, layer_name):
        name = re.sub(r"_\d+$", "", name)
        if name in WEIGHTS:
            return name
    if group_name in ("query_dense", "key_dense", "value_dense", "output_dense"):
        return "einsum_dense"
    return None


def named(path, kind, arrays, config):
    """The weights of a layer by name."""
    if kind is None:
        raise SystemExit(f"{path}: no layer of this project has such weights")
    expected = WEIGHTS[kind]
    if len(arrays) != len(expected):
        with_arguments = [(name, needs) for name, needs in expected if config.get(needs, True)]
        optional = [needs for _, needs in expected if needs]
        if len(with_arguments) == len(arrays):
            expected = with_arguments
        elif optional == ["use_bias"] and len(arrays) == len(expected) - 1:
            expected = expected[:-1]
        else:
            raise SystemExit(
                f"{path}: {len(arrays)} weights for a {kind}, which has {len(expected)}; "
                "save the model as a .keras file, which says why"
            )
    return [(name, array) for (name, _), array in zip(expected, arrays) if name]


def convert(group, path, configs, weights, group_name=""):
    """Adds the weights of a group and of the groups in it."""
    stored = group.get("vars")
    if stored is not None and len(stored):
        layer = layer_name(group, group_name)
        arrays = [stored[str(i)][()] for i in range(len(stored))]
        config = configs.get(layer, {})
        for name, array in named(path, kind(group_name, layer), arrays, config):
            key = f"{path}.{name}"
            if key in weights:
                raise SystemExit(f"two weights are called {key}")
            weights[key] = numpy.ascontiguousarray(array)
    for name, child in group.items():
        if name in ("vars", "optimizer", "seed_generator") or not isinstance(child, h5py.Group):
            continue
        if name == "layers":
            for stored_name, layer in child.items():
                own = layer_name(layer, stored_name)
                convert(layer, f"{path}.{own}".lstrip("."), configs, weights, stored_name)
            continue
        part = INSIDE.get(name, name)
        if name == "cell" and not is_rnn(group_name, layer_name(group, group_name)):
            part = ""
        convert(child, f"{path}.{part}".strip("."), configs, weights, name)


def layer_configs(config):
    """The arguments of all layers by name, also of those in models."""
    found = {}
    if isinstance(config, dict):
        arguments = config.get("config")
        if isinstance(arguments, dict) and "name" in arguments:
            found[arguments["name"]] = arguments
        for value in config.values():
            found.update(layer_configs(value))
    elif isinstance(config, list):
        for value in config:
            found.update(layer_configs(value))
    return found


def main(source, target):
    """Converts a file."""
    configs = {}
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            configs = layer_configs(json.loads(archive.read("config.json")))
            source = io.BytesIO(archive.read("model.weights.h5"))
    weights = {}
    with h5py.File(source, "r") as file:
        convert(file, "", configs, weights)
    save_file(weights, target)
    for key in sorted(weights):
        print(f"{key} {weights[key].shape}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
