"""PyTorch: eager with the optimizer's default loops, with its fused one, and with channels last; with
`--compile` also compiled as a whole."""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from timing import BATCHES, CLASSES, WORKLOADS, run

FILTERS, WIDTH, HEADS = 32, 128, 4


def mlp(units):
    return nn.Sequential(
        *(nn.Linear(784, units), nn.ReLU(), nn.Linear(units, units), nn.ReLU()),
        nn.Linear(units, CLASSES),
    )


def convnet():
    def block(before, filters):
        return nn.Conv2d(before, filters, 3), nn.ReLU(), nn.MaxPool2d(2)

    head = nn.Flatten(), nn.Linear(5 * 5 * 64, 128), nn.ReLU(), nn.Linear(128, CLASSES)
    return nn.Sequential(*block(1, 32), *block(32, 64), *head)


def autoencoder():
    def twice(before, filters, stride=1):
        first = nn.Conv2d(before, filters, 3, stride, padding=1)
        return first, nn.ELU(), nn.Conv2d(filters, filters, 3, padding=1), nn.ELU()

    return nn.Sequential(
        *twice(3, FILTERS),
        *twice(FILTERS, 2 * FILTERS, 2),
        *twice(2 * FILTERS, 3 * FILTERS, 2),
        *(nn.Flatten(), nn.Linear(8 * 8 * 3 * FILTERS, 64)),
        *(nn.Linear(64, 8 * 8 * FILTERS), nn.Unflatten(1, (FILTERS, 8, 8))),
        *(*twice(FILTERS, FILTERS), nn.Upsample(scale_factor=2)),
        *(*twice(FILTERS, FILTERS), nn.Upsample(scale_factor=2)),
        *(*twice(FILTERS, FILTERS), nn.Conv2d(FILTERS, 3, 3, padding=1)),
    )


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.dense = nn.Linear(128, CLASSES)

    def forward(self, x):
        _, (last, _) = self.lstm(x)
        return self.dense(last[0])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.feed = nn.Sequential(nn.Linear(WIDTH, 512), nn.ReLU(), nn.Linear(512, WIDTH))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))
        self.dense = nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        x = self.norms[0](x + self.attention(x, x, x, need_weights=False)[0])
        x = self.norms[1](x + self.feed(x))
        return self.dense(x.mean(1))


NETS = {
    "w1": lambda: mlp(64),
    "w2": lambda: mlp(512),
    "w3": convnet,
    "w4": autoencoder,
    "w5": Recurrent,
    "w6": Transformer,
}


def program(workload, mode, samples):
    shape = WORKLOADS[workload][0]
    image = len(shape) == 3
    if image:
        shape = (shape[2], *shape[:2])
    variants = ["torch"] if mode == "predict" else ["torch", "torch-fused"]
    variants += ["torch-last"] * image + ["torch-compile"] * ("--compile" in sys.argv)
    for variant in variants:
        last = image and variant in ("torch-last", "torch-compile")
        layout = torch.channels_last if last else torch.contiguous_format
        model = NETS[workload]().to(memory_format=layout)
        if variant == "torch-compile":
            model.compile()
        x = [torch.randn(samples, *shape) for _ in range(BATCHES)]
        if image:
            x = [batch.contiguous(memory_format=layout) for batch in x]
        y = x if workload == "w4" else [torch.randint(CLASSES, (samples,)) for _ in x]
        step = predictor(model, x, workload) if mode == "predict" else None
        yield variant, step or trainer(model, x, y, workload, variant != "torch")


def predictor(model, x, workload):
    model.eval()

    @torch.inference_mode()
    def step(i):
        y = model(x[i])
        return y if workload == "w4" else y.softmax(-1)

    return step


def trainer(model, x, y, workload, fused):
    loss = F.l1_loss if workload == "w4" else F.cross_entropy
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)

    def step(i):
        optimizer.zero_grad()
        loss(model(x[i]), y[i]).backward()
        optimizer.step()

    return step


torch.set_num_threads(int(sys.argv[1]))
run(program)
