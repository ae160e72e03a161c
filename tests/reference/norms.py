"""Normalisations, in training and inference, embeddings, and what prepares data."""

import keras
import numpy as np
from keras import ops
from keras.src.utils.image_utils import smart_resize

from functions import Function
from reference import layer, seed

FAMILY = "normalization"


def make():
    def of(name, args, shape, **more):
        layer(FAMILY, name, args, [shape], **more)

    for training in (False, True):
        of("BatchNormalization", {}, (4, 3), training=training)
        of("BatchNormalization", {"momentum": 0.5, "epsilon": 0.125}, (3, 2, 2), training=training)
        of("BatchNormalization", {"scale": False}, (2, 2, 2, 3), training=training)
        of("BatchNormalization", {"center": False, "scale": False}, (3, 2), training=training)
        of("BatchNormalization", {"axis": 1}, (2, 3, 4), training=training)
    # Keras divides sums of what a mask leaves by its count + 1e-7, the runtime by the count.
    mask = [[[True, True, False, True], [True, False, False, False]]]
    of("BatchNormalization", {}, (2, 4, 3), training=True, mask=mask, within=1e-7)
    for shape in ((3, 4), (2, 3, 4), (2, 2, 2, 3)):
        of("LayerNormalization", {}, shape)
    of("LayerNormalization", {"axis": [1, 2]}, (2, 3, 4))
    of("LayerNormalization", {"axis": 1, "epsilon": 0.125}, (2, 3, 2))
    of("LayerNormalization", {"center": False}, (2, 5))
    of("LayerNormalization", {"scale": False}, (2, 5))
    of("RMSNormalization", {}, (3, 4))
    # Keras itself fails where its scale does not broadcast: an axis that is not the last.
    of("RMSNormalization", {"epsilon": 0.125}, (2, 3, 2))
    of("RMSNormalization", {"axis": [1, 2]}, (2, 3, 2))
    of("GroupNormalization", {"groups": 2}, (2, 3, 4))
    of("GroupNormalization", {"groups": 3, "epsilon": 0.125}, (2, 2, 2, 6))
    of("GroupNormalization", {"groups": -1}, (2, 4, 3))
    of("GroupNormalization", {"groups": 1, "center": False}, (2, 3, 2))
    of("GroupNormalization", {"groups": 2, "axis": 1, "scale": False}, (2, 4, 3))
    of("UnitNormalization", {}, (3, 4))
    of("UnitNormalization", {"axis": 1}, (2, 3, 2))
    of("UnitNormalization", {"axis": [1, 2]}, (2, 3, 2))
    for power in (1, 2):
        for name, inner, shape in (
            ("Dense", {"units": 3}, (2, 4)),
            ("Conv2D", {"filters": 2, "kernel_size": 2}, (1, 3, 3, 2)),
        ):
            made = lambda: keras.layers.SpectralNormalization(getattr(keras.layers, name)(**inner), power)
            args = {"layer": {"layer": name, "args": inner}, "power_iterations": power}
            for training in (False, True):
                layer("spectral", "SpectralNormalization", args, [shape], made=made, training=training)

    random = seed("words")
    words = lambda shape: random.randint(0, 5, shape)
    embedding = lambda args, x: layer("embedding", "Embedding", {"input_dim": 5, "output_dim": 3, **args}, [x])
    embedding({}, words((4,)))
    embedding({}, words((2, 3)))
    embedding({}, np.array([[1, 1, 1], [0, 4, 1]]))
    embedding({"mask_zero": True}, np.array([[1, 0, 3], [2, 2, 0]]))
    embedding({"output_dim": 1}, words((2, 2, 2)))
    layer("embedding", "Masking", {}, [np.array([[[0.0, 0.0], [1.0, 0.0]], [[0.5, -1.0], [0.0, 0.0]]])])
    layer("embedding", "Masking", {"mask_value": 0.5}, [np.array([[[0.5, 0.5], [1.0, 0.5]]])])

    layer("preprocessing", "Rescaling", {"scale": 0.5}, [(2, 3)])
    layer("preprocessing", "Rescaling", {"scale": 0.125, "offset": -0.5}, [(2, 3, 2)])
    layer("preprocessing", "Normalization", {"mean": 0.5, "variance": 2.25}, [(3, 2)])
    layer("preprocessing", "Normalization", {"mean": 0.5, "variance": 4.0, "invert": True}, [(2, 3, 2)])
    for args, shape in (
        ({"mean": [0.5, -1.0, 2.0], "variance": [2.25, 1.0, 0.5]}, (2, 3)),
        ({"mean": [0.5, -1.0], "variance": [2.25, 1.0], "invert": True}, (2, 3, 2)),
        ({"mean": [0.5, -1.0], "variance": [2.25, 1.0], "axis": [1]}, (2, 2, 3)),
        ({"mean": [0.5, -1.0], "variance": [2.25, 1.0], "axis": [1, 2]}, (2, 3, 2)),
        ({"mean": [0.5], "variance": [2.25]}, (2, 3)),
    ):
        layer("preprocessing", "Normalization", args, [shape])
    augmentation()
    layer("preprocessing", "ActivityRegularization", {"l1": 0.25, "l2": 0.5}, [(2, 3)], training=True)


def augmentation():
    """What image layers do with a draw that is known."""

    def of(name, args, shape, function, **more):
        layer("augmentation", name, args, [shape], made=lambda: Function(function), one_list=True, **more)

    for height, width, shape in ((2, 2, (1, 4, 4, 2)), (3, 2, (2, 5, 7, 1)), (5, 4, (1, 3, 3, 2)), (2, 6, (1, 4, 3, 1))):
        args = {"height": height, "width": width}
        # Where the part fits, only inference is no draw.
        fits = height <= shape[1] and width <= shape[2]
        of("RandomCrop", args, shape, lambda x: smart_resize(x, (height, width)), gradients=not fits)
    # A range of one number is no draw.
    for fill in ("reflect", "wrap", "constant", "nearest"):
        for between in ("bilinear", "nearest"):
            for down, right in ((0.25, -0.3125), (-0.75, 0.5), (1.0, -1.0)):
                if fill != "reflect" and down == 1.0:
                    continue
                shape = (2, 4, 6, 1)
                row = [1.0, 0.0, -right * shape[2], 0.0, 1.0, -down * shape[1], 0.0, 0.0]
                moved = lambda x: ops.image.affine_transform(x, np.array([row] * 2), between, fill, 0.75)
                args = {"height_factor": [down, down], "width_factor": [right, right]}
                args |= {"fill_mode": fill, "interpolation": between, "fill_value": 0.75}
                of("RandomTranslation", args, shape, moved, training=True)
