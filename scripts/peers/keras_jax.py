"""Keras on JAX: what a user calls, and the same model's step compiled as a whole by hand."""

import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
if sys.argv[1] == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import keras
import numpy as np
from keras import layers

from timing import BATCHES, CLASSES, WORKLOADS, run

FILTERS, WIDTH, HEADS = 32, 128, 4


def mlp(x, units):
    for _ in range(2):
        x = layers.Dense(units, activation="relu")(x)
    return layers.Dense(CLASSES, activation="softmax")(x)


def convnet(x):
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return layers.Dense(CLASSES, activation="softmax")(x)


def autoencoder(x):
    def twice(x, filters, strides=1):
        for strides in (strides, 1):
            x = layers.Conv2D(filters, 3, strides, padding="same", activation="elu")(x)
        return x

    x = twice(x, FILTERS)
    x = twice(x, 2 * FILTERS, 2)
    x = twice(x, 3 * FILTERS, 2)
    x = layers.Dense(64)(layers.Flatten()(x))
    x = layers.Reshape((8, 8, FILTERS))(layers.Dense(64 * FILTERS)(x))
    for _ in range(2):
        x = layers.UpSampling2D(2)(twice(x, FILTERS))
    return layers.Conv2D(3, 3, padding="same")(twice(x, FILTERS))


def recurrent(x):
    return layers.Dense(CLASSES, activation="softmax")(layers.LSTM(128)(x))


def transformer(x):
    x = x + layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(x, x)
    x = layers.LayerNormalization(epsilon=1e-5)(x)
    x = x + layers.Dense(WIDTH)(layers.Dense(512, activation="relu")(x))
    x = layers.LayerNormalization(epsilon=1e-5)(x)
    x = layers.GlobalAveragePooling1D()(x)
    return layers.Dense(CLASSES, activation="softmax")(x)


NETS = {
    "w1": lambda x: mlp(x, 64),
    "w2": lambda x: mlp(x, 512),
    "w3": convnet,
    "w4": autoencoder,
    "w5": recurrent,
    "w6": transformer,
}


def program(workload, mode, samples):
    keras.backend.clear_session()
    random = np.random.default_rng(0)
    shape = WORKLOADS[workload][0]
    x = random.standard_normal((BATCHES, samples, *shape), dtype=np.float32)
    if workload == "w4":
        y, loss = x, "mean_absolute_error"
    else:
        y = np.eye(CLASSES, dtype=np.float32)[random.integers(0, CLASSES, (BATCHES, samples))]
        loss = "categorical_crossentropy"
    image = keras.Input(shape)
    model = keras.Model(image, NETS[workload](image))
    model.compile(keras.optimizers.Adam(1e-3), loss, jit_compile=True)
    if mode == "predict":
        yield "keras", lambda i: model.predict_on_batch(x[i])
    else:
        yield "keras", lambda i: model.train_on_batch(x[i], y[i])
    x, y = ([jax.device_put(batch) for batch in all] for all in (x, y))
    yield "keras-jit", compiled(model, loss, mode, x, y)


def compiled(model, loss, mode, x, y):
    """The step as one function of JAX, whose state is given back to it."""
    variables = lambda list: [jax.numpy.array(variable.value) for variable in list]
    weights = variables(model.trainable_variables)
    others = variables(model.non_trainable_variables)
    if mode == "predict":
        predict = jax.jit(lambda x: model.stateless_call(weights, others, x, training=False)[0])
        return lambda i: predict(x[i]).block_until_ready()
    loss, optimizer = keras.losses.get(loss), model.optimizer

    def total(weights, others, x, y):
        outputs, others = model.stateless_call(weights, others, x, training=True)
        return loss(y, outputs).mean(), others

    def train(state, x, y):
        weights, others, slots = state
        gradients, others = jax.grad(total, has_aux=True)(weights, others, x, y)
        weights, slots = optimizer.stateless_apply(slots, gradients, weights)
        return weights, others, slots

    train = jax.jit(train, donate_argnums=0)
    state = [(weights, others, variables(optimizer.variables))]

    def step(i):
        state[0] = train(state[0], x[i], y[i])
        jax.block_until_ready(state[0])

    return step


run(program)
