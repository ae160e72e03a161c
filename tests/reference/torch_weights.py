"""Makes small models in PyTorch and saves them, for tests/tests/torch_weights.rs.

    pip install torch safetensors
    python torch_weights.py

Writes torch/model.safetensors, converted as the guide's table says (docs/guide/saving.md), and torch/predictions.npz:
inputs, and what PyTorch predicts of them. Nothing is trained: weights are drawn, statistics of
BatchNorm and scales as well, so that no number is that of a default.
"""

from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent / "torch"


def vary(module):
    """Draws what modules begin with as ones and zeros."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-0.7, 0.7)
        for name, buffer in module.named_buffers():
            if name.endswith("running_mean"):
                buffer.uniform_(-0.5, 0.5)
            if name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
    return module.eval()


def pictures(files, outputs):
    """Conv2d, BatchNorm2d, depthwise, transposed, and Linear behind a flatten: (channels, height, width)."""
    conv, norm = vary(torch.nn.Conv2d(2, 4, (3, 2))), vary(torch.nn.BatchNorm2d(4))
    depthwise = vary(torch.nn.Conv2d(4, 8, 2, groups=4))
    transposed = vary(torch.nn.ConvTranspose2d(8, 3, (3, 2), stride=2))
    linear = vary(torch.nn.Linear(3 * 7 * 6, 5))
    image = torch.randn(4, 2, 6, 5)
    x = torch.relu(norm(conv(image)))
    x = transposed(depthwise(x))
    assert x.shape == (4, 3, 7, 6)
    y = linear(torch.flatten(x, 1))
    outputs.update(image=image.permute(0, 2, 3, 1), picture=y)
    w = depthwise.weight.reshape(4, 2, 2, 2)  # (in, multiplier, height, width)
    rows = linear.weight.T.reshape(3, 7, 6, 5)  # (channels, height, width, out)
    files |= {
        "conv.kernel": conv.weight.permute(2, 3, 1, 0),
        "conv.bias": conv.bias,
        "norm.gamma": norm.weight,
        "norm.beta": norm.bias,
        "norm.moving_mean": norm.running_mean,
        "norm.moving_variance": norm.running_var,
        "depthwise.kernel": w.permute(2, 3, 0, 1),
        "depthwise.bias": depthwise.bias,
        "transposed.kernel": transposed.weight.permute(2, 3, 1, 0),
        "transposed.bias": transposed.bias,
        "picture.kernel": rows.permute(1, 2, 0, 3).reshape(-1, 5),
        "picture.bias": linear.bias,
    }


def sequences(files, outputs):
    """Embedding, Conv1d, LSTM, GRU, LayerNorm, MultiheadAttention: (time, features)."""
    table = vary(torch.nn.Embedding(9, 6))
    conv = vary(torch.nn.Conv1d(6, 6, 2))
    lstm = vary(torch.nn.LSTM(6, 4, batch_first=True))
    gru = vary(torch.nn.GRU(4, 6, batch_first=True))
    norm = vary(torch.nn.LayerNorm(6))
    attention = vary(torch.nn.MultiheadAttention(6, 2, batch_first=True))
    words = torch.randint(0, 9, (4, 7))
    x = table(words)
    x = conv(x.transpose(1, 2)).transpose(1, 2)
    x, _ = lstm(x)
    x, _ = gru(x)
    x = norm(x)
    x, _ = attention(x, x, x)
    outputs.update(words=words, sequence=x)

    def swapped(weight):
        """PyTorch's gates r, z, n as z, r, h."""
        r, z, n = weight.chunk(3)
        return torch.cat([z, r, n])

    def heads(weight):
        return weight.T.reshape(6, 2, 3)  # (in, heads, size)

    query, key, value = attention.in_proj_weight.chunk(3)
    of_query, of_key, of_value = attention.in_proj_bias.chunk(3)
    files |= {
        "table.embeddings": table.weight,
        "narrow.kernel": conv.weight.permute(2, 1, 0),
        "narrow.bias": conv.bias,
        "lstm.kernel": lstm.weight_ih_l0.T,
        "lstm.recurrent_kernel": lstm.weight_hh_l0.T,
        "lstm.bias": lstm.bias_ih_l0 + lstm.bias_hh_l0,
        "gru.kernel": swapped(gru.weight_ih_l0).T,
        "gru.recurrent_kernel": swapped(gru.weight_hh_l0).T,
        "gru.bias": torch.stack([swapped(gru.bias_ih_l0), swapped(gru.bias_hh_l0)]),
        "layer_norm.gamma": norm.weight,
        "layer_norm.beta": norm.bias,
        "attention.query.kernel": heads(query),
        "attention.query.bias": of_query.reshape(2, 3),
        "attention.key.kernel": heads(key),
        "attention.key.bias": of_key.reshape(2, 3),
        "attention.value.kernel": heads(value),
        "attention.value.bias": of_value.reshape(2, 3),
        "attention.attention_output.kernel": attention.out_proj.weight.T.reshape(2, 3, 6),
        "attention.attention_output.bias": attention.out_proj.bias,
    }


def main():
    torch.manual_seed(1)
    HERE.mkdir(exist_ok=True)
    files, outputs = {}, {}
    pictures(files, outputs)
    sequences(files, outputs)
    save_file({name: it.detach().contiguous() for name, it in files.items()}, HERE / "model.safetensors")
    arrays = {name: it.detach().numpy() for name, it in outputs.items()}
    numpy.savez_compressed(HERE / "predictions.npz", **arrays)


if __name__ == "__main__":
    main()
