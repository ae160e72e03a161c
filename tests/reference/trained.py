"""Trains a small model in Keras and saves it, for tests/tests/keras_weights.rs.

    KERAS_BACKEND=jax python trained.py

Writes trained/model.safetensors, by scripts/keras_weights.py of the model's .keras file, and
trained/predictions.npz: inputs, and what Keras predicts of them. The file of Keras's weights alone must
give the same.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import keras
import numpy

HERE = Path(__file__).parent
SCRIPT = HERE.parent.parent / "scripts" / "keras_weights.py"


def model():
    image = keras.Input((6, 6, 2), name="image")
    words = keras.Input((5,), name="words")
    x = keras.layers.Conv2D(3, 3, activation="relu", name="conv")(image)
    x = keras.layers.BatchNormalization(name="normal")(x)
    x = keras.layers.Flatten()(x)
    w = keras.layers.Embedding(7, 4, name="table")(words)
    b = keras.layers.Bidirectional(keras.layers.GRU(2), name="both")(w)
    w = keras.layers.LSTM(3, name="memory")(w)
    w = keras.layers.Concatenate()([w, b])
    w = keras.layers.LayerNormalization(name="layer_normal")(w)
    w = keras.layers.Dense(3, activation="tanh", name="h")(w)
    x = keras.layers.Concatenate()([x, w])
    y = keras.layers.Dense(2, activation="softmax", name="y")(x)
    return keras.Model([image, words], y)


def main():
    keras.utils.set_random_seed(1)
    random = numpy.random.default_rng(1)
    image = random.normal(size=(64, 6, 6, 2)).astype("float32")
    words = random.integers(0, 7, size=(64, 5))
    labels = (image.mean(axis=(1, 2, 3)) + 0.1 * (words[:, 0] - 3) > 0).astype("int32")
    net = model()
    net.compile("adam", "sparse_categorical_crossentropy")
    net.fit([image, words], labels, epochs=5, batch_size=8, verbose=0)
    image, words = image[:8], words[:8]
    numpy.savez_compressed(
        HERE / "trained" / "predictions.npz",
        image=image,
        words=words,
        y=net.predict([image, words], verbose=0),
    )
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name in ("net.keras", "net.weights.h5"):
            path, target = Path(folder) / name, Path(folder) / f"{name}.safetensors"
            net.save(path) if name.endswith(".keras") else net.save_weights(path)
            subprocess.run([sys.executable, SCRIPT, path, target], check=True)
            files.append(target.read_bytes())
        assert files[0] == files[1]
        (HERE / "trained" / "model.safetensors").write_bytes(files[0])


if __name__ == "__main__":
    main()
