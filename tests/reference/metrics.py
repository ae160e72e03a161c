"""Metrics: over all samples, batch by batch, with and without weights."""

import keras
import numpy as np

from losses import one_hot, simplex
from reference import add, exact, grid, seed


def of(family, name, args, y_true, y_pred, weight=None, batch_size=3):
    metric = getattr(keras.metrics, name)(**args)
    y_true = np.asarray(y_true)
    weight = None if weight is None else np.asarray(weight, "float64")
    for first in range(0, len(y_pred), batch_size):
        part = slice(first, first + batch_size)
        # As a trainer gives them: the shapes are made equal before.
        metric.update_state(y_true[part], y_pred[part], None if weight is None else weight[part])
    case = {"metric": name, "args": args, "batch_size": batch_size}
    case |= {"y_true": exact(y_true), "y_pred": exact(y_pred)}
    if weight is not None:
        case["sample_weight"] = exact(weight)
    value = np.asarray(metric.result(), "float64")
    if name.endswith("IoU"):
        # Keras divides these in float32 whatever its floatx.
        case["within"] = 1e-7
    case["value"] = float(value) if value.ndim == 0 else [float(x) for x in value]
    add(family, case)


WEIGHTS = [1.0, 0.5, 0.0, 2.0, 0.25, 1.0, 3.0, 0.125]


def each(family, name, values, shape=(8, 3), variants=({},), weighted=True):
    """With and without weights; Keras refuses those where a metric looks at each number alone."""
    for args in variants:
        of(family, name, args, *values(shape))
        if weighted:
            of(family, name, args, *values(shape), WEIGHTS)


def make():
    random = seed("metrics")
    numbers = lambda shape: (grid(random, shape), grid(random, shape))
    for name in ("MeanSquaredError", "MeanAbsoluteError"):
        each("metrics", name, numbers)
        each("metrics", name, numbers, (8, 1))
    yes = lambda shape: (random.randint(0, 2, shape) * 1.0, grid(random, shape, 1.0, 64, 0.02))
    each("metrics", "BinaryAccuracy", yes, (8, 3), ({}, {"threshold": 0.25}))
    each("metrics", "BinaryAccuracy", yes, (8, 1))
    hot = lambda shape: (one_hot(random.randint(0, shape[-1], shape[:-1]), shape[-1]), simplex(random, shape))
    each("metrics", "CategoricalAccuracy", hot)
    each("metrics", "CategoricalAccuracy", hot, (8, 2, 3))
    label = lambda shape: (random.randint(0, shape[-1], shape[:-1]), simplex(random, shape))
    each("metrics", "SparseCategoricalAccuracy", label, (8, 4))
    each("metrics", "SparseCategoricalAccuracy", label, (8, 2, 3))

    family = "metrics2"
    each(family, "RootMeanSquaredError", numbers)
    each(family, "TopKCategoricalAccuracy", hot, (8, 5), ({"k": 2}, {"k": 3}))
    each(family, "SparseTopKCategoricalAccuracy", label, (8, 6), ({}, {"k": 2}))
    for name in ("Precision", "Recall"):
        each(family, name, yes, (8, 1), ({}, {"thresholds": 0.25}))
        each(family, name, yes, (8, 3), weighted=False)
        each(family, name, hot, (8, 4), ({"class_id": 1}, {"top_k": 2}), weighted=False)
    for name in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"):
        each(family, name, yes, (8, 2), ({}, {"thresholds": 0.75}), weighted=False)
        each(family, name, yes, (8, 1))
    each(family, "AUC", yes, (8, 1))
    each(family, "AUC", yes, (8, 2), ({"curve": "PR"}, {"num_thresholds": 11}), weighted=False)
    each(family, "AUC", yes, (8, 1), ({"curve": "PR"}, {"num_thresholds": 11}))
    each(family, "AUC", yes, (8, 1), ({"summation_method": "minoring"}, {"summation_method": "majoring"}))
    each(family, "AUC", lambda s: (yes(s)[0], grid(random, s, 3.0)), (8, 1), ({"from_logits": True},))
    average = [{"average": kind} for kind in ("micro", "macro", "weighted")]
    each(family, "F1Score", hot, (8, 3), average)
    each(family, "F1Score", yes, (8, 3), [{"threshold": 0.5, "average": "macro"}])
    each(family, "R2Score", numbers, (8, 2), ({}, {"class_aggregation": "variance_weighted_average"}))
    each(family, "BinaryCrossentropy", yes)
    each(family, "CategoricalCrossentropy", hot)
    each(family, "KLDivergence", hot)
    each(family, "CosineSimilarity", numbers)
    each(family, "MeanIoU", lambda s: (random.randint(0, 3, s) * 1.0, random.randint(0, 3, s) * 1.0), (8, 2), ({"num_classes": 3},), weighted=False)
    each(family, "BinaryIoU", yes, (8, 2), ({}, {"target_class_ids": [1], "threshold": 0.25}), weighted=False)
    odd()


def odd():
    """Arguments that meet seldom."""
    family, random = "odd_metrics", seed("odd metrics")
    yes = lambda shape: (random.randint(0, 2, shape) * 1.0, grid(random, shape, 1.0, 64, 0.02))
    hot = lambda shape: (one_hot(random.randint(0, shape[-1], shape[:-1]), shape[-1]), simplex(random, shape))
    numbers = lambda shape: (grid(random, shape), grid(random, shape))
    each(family, "AUC", yes, (8, 1), ({"thresholds": [0.25, 0.5, 0.875]},))
    labels = {"multi_label": True, "num_thresholds": 7}
    each(family, "AUC", yes, (8, 3), (labels, {**labels, "label_weights": [0.5, 1.0, 2.0]}), weighted=False)
    for name in ("Precision", "Recall"):
        each(family, name, hot, (8, 4), ({"class_id": 2, "top_k": 2}, {"class_id": 0, "thresholds": 0.25}), weighted=False)
    each(family, "F1Score", yes, (8, 3), [{"threshold": 0.25, "average": kind} for kind in ("micro", "weighted")])
    each(family, "R2Score", numbers, (8, 2), ({"num_regressors": 3},))
    whole = lambda classes: lambda s: (random.randint(0, classes, s) * 1.0, random.randint(0, classes, s) * 1.0)
    each(family, "MeanIoU", whole(4), (8, 2), ({"num_classes": 4, "ignore_class": 1},), weighted=False)
    chosen = lambda s: (random.randint(0, s[-1], s[:-1]) * 1.0, simplex(random, s))
    each(family, "MeanIoU", chosen, (8, 2, 3), ({"num_classes": 3, "sparse_y_pred": False},), weighted=False)
