"""How the peers' programs are timed, and the sizes of the workloads."""

import statistics
import sys
import time

# Name, shape of a sample, sizes of batches to train with and to predict.
WORKLOADS = {
    "w1": ((784,), (32, 128), (1, 128)),
    "w2": ((784,), (128,), (1, 128)),
    "w3": ((28, 28, 1), (64,), (1, 64)),
    "w4": ((32, 32, 3), (16,), (16,)),
    "w5": ((32, 64), (32,), (32,)),
    "w6": ((64, 128), (16,), (16,)),
}
BATCHES = 8
CLASSES = 10
WARM_UP = 0.3
SECONDS = 1.0


def median(step):
    """The median time of `step(i)`, which uses batch `i`."""
    times = []
    end = time.perf_counter() + WARM_UP
    warm = True
    while warm or len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        step(len(times) % BATCHES)
        now = time.perf_counter()
        times.append(now - start)
        if warm and now > end and len(times) >= 3:
            times.clear()
            warm, end = False, now + SECONDS
    return statistics.median(times)


def run(program):
    """Times what `program(workload, mode, samples)` gives: a variant and its step, several times.
    The arguments are the number of threads, the workloads, and options of the program."""
    for workload, (_, train, predict) in WORKLOADS.items():
        if workload not in sys.argv[2:]:
            continue
        cases = [("train", n) for n in train] + [("predict", n) for n in predict]
        for mode, samples in cases:
            for variant, step in program(workload, mode, samples):
                print(variant, workload, mode, samples, median(step), flush=True)
