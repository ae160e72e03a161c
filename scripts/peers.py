#!/usr/bin/env python3
"""Runs the benches in `examples/benches/workloads.rs` and the same work in other libraries, in turn,
and prints a table in Markdown. In each round every program runs once for each workload and number of
threads, so that what the machine does meanwhile hits all of them; a ratio is one of a round.

    python3 scripts/peers.py w1 w2 --rounds 5 --threads 1 2 --python VENV/bin/python --crate candle

The peers are those whose libraries one of the interpreters has, and the crates that are asked for;
these are built first (candle two minutes, burn five), and do w1 and w2.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "scripts" / "peers"
# The program of each peer, and what tells its version.
PROGRAMS = {
    "keras_jax.py": "import keras as k, jax; print(f'Keras {k.__version__} on JAX {jax.__version__}')",
    "pytorch.py": "import torch; print(f'PyTorch {torch.__version__}')",
}
# Products of numbers of each layer, for one sample. Training does those of the first once less:
# nobody wants the gradient of the data.
PRODUCTS = {
    "w1": [784 * 64, 64 * 64, 64 * 10],
    "w2": [784 * 512, 512 * 512, 512 * 10],
    "w3": [26 * 26 * 9 * 32, 11 * 11 * 288 * 64, 1600 * 128, 128 * 10],
    "w4": [
        *(1024 * 27 * 32, 1024 * 288 * 32, 256 * 288 * 64, 256 * 576 * 64),
        *(64 * 576 * 96, 64 * 864 * 96, 6144 * 64, 64 * 2048, 2 * 64 * 288 * 32),
        *(2 * 256 * 288 * 32, 2 * 1024 * 288 * 32, 1024 * 288 * 3),
    ],
    "w5": [32 * 64 * 512, 32 * 128 * 512, 128 * 10],
    "w6": [64 * 128 * 384, 2 * 64 * 64 * 128, 64 * 128 * 128, 2 * 64 * 128 * 512, 128 * 10],
}
# The bench `products`: multiplications and additions of one call.
PEAK = 2 * 2 * 512**3
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("workloads", nargs="*", help="all by default: " + " ".join(PRODUCTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--python", action="append", default=[sys.executable])
    parser.add_argument("--crate", action="append", default=[], choices=["candle", "burn"])
    parser.add_argument("--compile", action="store_true", help="torch.compile, which takes minutes")
    options = parser.parse_args()
    bench, peers = built(), installed(options) + crates(options)
    times = collections.defaultdict(list)
    for round in range(options.rounds):
        for threads in options.threads:
            for workload in options.workloads or PRODUCTS:
                found = ours(bench, workload, threads)
                for command, _ in peers:
                    found += peer(command, workload, threads, options)
                for who, case, seconds in found:
                    times[case, threads].append((round, who, seconds))
        print(f"round {round + 1} of {options.rounds}", file=sys.stderr)
    table(times, options, [version for _, version in peers])


def built():
    """The benches' executable."""
    return build(["bench", "-p", "examples", "--bench", "workloads", "--no-run"], ROOT)


def build(command, folder):
    command = ["cargo", *command, "--message-format=json-render-diagnostics"]
    lines = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = map(json.loads, lines.splitlines())
    return [m["executable"] for m in messages if m.get("executable")][-1]


def installed(options):
    """For each peer in Python that is there: the command, and the version."""
    peers = {}
    for program, version in PROGRAMS.items():
        for python in options.python:
            out = run([python, "-c", version], 2, check=False)
            if out and program not in peers:
                peers[program] = ([python, str(PEERS / program)], out.strip())
        if program not in peers:
            print(f"{program}: not installed", file=sys.stderr)
    return list(peers.values())


def crates(options):
    """The same for the peers in Rust: one program of those that are asked for."""
    if not options.crate:
        return []
    dense = PEERS / "dense"
    program = build(["build", "--release", "--features", ",".join(options.crate)], dense)
    found = [re.search(rf'^{name}.* version = "=([0-9.]+)"', (dense / "Cargo.toml").read_text(), re.M)
             for name in options.crate]
    return [([program], ", ".join(f"{name} {v[1]}" for name, v in zip(options.crate, found)))]


def run(command, threads, check=True):
    """What the command prints. One thread stays on one core."""
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MODEL_RUNTIME_THREADS"]
    environment = os.environ | dict.fromkeys(names, str(threads)) | {"KERAS_BACKEND": "jax"}
    if threads == 1:
        command = ["taskset", "-c", str(max(os.sched_getaffinity(0))), *command]
    quiet = None if check else subprocess.DEVNULL
    done = subprocess.run(
        command, env=environment, check=check, stdout=subprocess.PIPE, stderr=quiet, text=True
    )
    return done.stdout


def peer(command, workload, threads, options):
    extra = ["--compile"] * options.compile
    lines = run([*command, str(threads), workload, *extra], threads).splitlines()
    cells = map(str.split, lines)
    return [(who, (name, mode, int(n)), float(s)) for who, name, mode, n, s in cells]


def ours(bench, workload, threads):
    """The medians of a workload, and the least time of the products that show what the machine can
    do."""
    command = [bench, "--bench", "--max-time", "1.5", "products", f"{workload}::(train|predict)"]
    found, path = [], []
    for line in run(command, threads).splitlines():
        begin = re.match(r"([│ ]*)[├╰]─ (\S+)", line)
        if not begin:
            continue
        path = path[: len(begin[1]) // 3] + [begin[2]]
        fastest, _, median = line[begin.end() :].split("│")[:3]
        time = re.search(r"([\d.]+) (\w+)", fastest if path == ["products"] else median)
        if time:
            case = (workload, "products", 0) if len(path) == 1 else (*path[:2], int(path[2]))
            found.append(("ours", case, float(time[1]) * UNITS[time[2]]))
    return found


def table(times, options, versions):
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    machine = f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"
    print(f"{datetime.date.today()}; {machine}; {', '.join(versions)}; {options.rounds} rounds.\n")
    print("| | batch | threads | ours | samples/s | best peer | its time / ours | Keras's / ours "
          "| of the bound |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (case, threads), all in sorted(times.items()):
        workload, mode, samples = case
        if mode == "products":
            continue
        rounds = collections.defaultdict(dict)
        for round, who, seconds in all:
            rounds[round][who] = seconds
        mine = statistics.median(of.pop("ours") for of in map(dict, rounds.values()))
        names = [min(of, key=lambda who: (who == "ours", of[who])) for of in rounds.values()]
        best = [of[name] / of["ours"] for name, of in zip(names, rounds.values())]
        keras = [of["keras"] / of["ours"] for of in rounds.values() if "keras" in of]
        peak = [seconds for _, _, seconds in times[(workload, "products", 0), threads]]
        layers = PRODUCTS[workload]
        passes = 3 * sum(layers) - layers[0] if mode == "train" else sum(layers)
        bound = 2 * samples * passes * statistics.median(peak) / PEAK
        print(
            f"| {workload.upper()} {mode} | {samples} | {threads} | {time(mine)} "
            f"| {samples / mine:,.0f} | {statistics.mode(names)} | {ratio(best)} | {ratio(keras)} "
            f"| {100 * bound / mine:.0f} % |"
        )


def time(seconds):
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


def ratio(values):
    """The median, and the least and the largest."""
    if not values:
        return "–"
    return f"{statistics.median(values):.2f} [{min(values):.2f}–{max(values):.2f}]"


if __name__ == "__main__":
    main()
