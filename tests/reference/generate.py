"""Makes the numbers that tests/src/parity compares with, by Keras.

    pip install -r requirements.txt
    KERAS_BACKEND=jax python generate.py
    KERAS_BACKEND=numpy python generate.py

To be run by hand, when cases are added; the numbers are committed. Keras 3 runs on JAX in float64
(see keras64.py). Inputs, weights and cotangents are multiples of a power of two, so that they are
exact in float32 as well; outputs and gradients are rounded to 13 digits.
"""

import sys

import keras64  # noqa: F401  Before Keras: it chooses the backend.

import functions
import keras
import layers
import losses
import metrics
import norms
import odd
import optimizers
import reference
import sequences

PARTS = {
    "jax": (layers, functions, losses, sequences, norms, odd),
    "numpy": (metrics, optimizers),
}[keras.config.backend()]

if __name__ == "__main__":
    # `python generate.py losses` makes only these.
    wanted = sys.argv[1:] or [part.__name__ for part in PARTS]
    for part in PARTS:
        if part.__name__ in wanted:
            part.make()
            print(part.__name__, flush=True)
    reference.write()
