"""Keras in float64, in truth: on JAX where gradients are wanted, on NumPy elsewhere.

`floatx = "float64"` is not enough: Keras's promotion of types takes float64 for float32 on every
backend but TensorFlow (`BIT64_TO_BIT32_DTYPE`), so that tanh, var, rsqrt and others go through
float32. The table is mended here, and `check` refuses a traced program in which a float32 value is
left, so that no number of the reference is a float32's. NumPy has no trace; there the 1e-9 that
`f64` must keep to would show a float32.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
# Thousands of small programs: what matters is how long they take to compile.
os.environ["XLA_FLAGS"] = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"

import jax  # noqa: E402
import keras  # noqa: E402
from jax.extend import core  # noqa: E402
from keras.src.backend.common import dtypes  # noqa: E402

assert keras.__version__ == "3.15.1", keras.__version__
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
keras.config.set_floatx("float64")
# Keras keeps probabilities this far from 0 and 1; the same number as with float32.
assert keras.config.epsilon() == 1e-7

SHORT = ("float32", "float16", "bfloat16")


def check(function, *args):
    """Refuses a function that computes in less than float64."""

    def walk(jaxpr):
        for equation in jaxpr.eqns:
            for value in equation.outvars:
                if str(getattr(value.aval, "dtype", "")) in SHORT:
                    raise AssertionError(f"{equation.primitive} gives {value.aval}")
            for part in jax.tree_util.tree_leaves(
                list(equation.params.values()),
                is_leaf=lambda x: isinstance(x, (core.Jaxpr, core.ClosedJaxpr)),
            ):
                if isinstance(part, core.ClosedJaxpr):
                    walk(part.jaxpr)
                elif isinstance(part, core.Jaxpr):
                    walk(part)

    walk(jax.make_jaxpr(function)(*args).jaxpr)
