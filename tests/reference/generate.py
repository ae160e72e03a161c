"""Makes the numbers that tests/src/parity compares with, by Keras.

    pip install -r requirements.txt
    python generate.py

To be run by hand, when cases are added; the numbers are committed. Keras 3 runs on JAX in float64
(see keras64.py). Inputs, weights and cotangents are multiples of a power of two, so that they are
exact in float32 as well; outputs and gradients are rounded to 13 digits.
"""

import layers
import reference

# What the runtime has not got yet: computed, but not written.
WAITING = {"activations2", "prelu", "preprocessing"}

if __name__ == "__main__":
    layers.make()
    reference.write(WAITING)
