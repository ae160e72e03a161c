"""Lists the arguments of Keras's training, for tests/tests/keras_arguments.rs.

    KERAS_BACKEND=jax python arguments.py

Writes arguments.json: for each of fit, compile, evaluate, predict and the callbacks the names of its arguments.
"""

import inspect
import json
from pathlib import Path

import keras

MODEL = ["compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"]
# What is in the module besides is the base of others.
CALLBACKS = [
    name
    for name, it in vars(keras.callbacks).items()
    if inspect.isclass(it) and name not in ("Callback", "CallbackList", "MonitorCallback")
]


def arguments(function):
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    parameters = inspect.signature(function).parameters.values()
    return [it.name for it in parameters if it.name != "self" and it.kind not in kinds]


def main():
    known = {name: arguments(getattr(keras.Model, name)) for name in MODEL}
    known |= {name: arguments(getattr(keras.callbacks, name).__init__) for name in sorted(CALLBACKS)}
    hooks = [name for name in vars(keras.callbacks.Callback) if name.startswith("on_")]
    known["Callback"] = [name for name in hooks if name not in ("on_batch_begin", "on_batch_end")]
    lines = [f"{json.dumps(name)}: {json.dumps(names)}" for name, names in known.items()]
    path = Path(__file__).parent / "arguments.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
