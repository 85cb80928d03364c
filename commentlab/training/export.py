"""From torch to what runs without it: an ONNX model with 8-bit weights."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from commentlab.models.tokens import Row
from commentlab.training.network import PLACES, Network

COPIES = 16
"""Columns that a product gets more, to share out its largest inputs."""


class _Shared(nn.Module):
    """A linear layer whose largest inputs are shared out among copies of their columns; the sums stay the same.

    In 8 bits all inputs of a product have one scale, and those of a row's first token are up to seven times as large as
    the rest: shared out, they leave the scale finer. Source: Zhao et al. 2019 (outlier channel splitting).

    Args:
        weight: Of the layer, shape (outputs, inputs).
        bias: Of the layer.
        largest: The greatest absolute value that each input takes.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, largest: torch.Tensor) -> None:
        super().__init__()
        shares, copies = torch.ones_like(largest), []
        for _ in range(COPIES):
            copies.append(int((largest / shares).argmax()))
            shares[copies[-1]] += 1
        self.register_buffer("parts", 1 / shares)
        self.register_buffer("copies", torch.tensor(copies))
        self.weight, self.bias = nn.Parameter(torch.cat([weight, weight[:, copies]], dim=1)), bias

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        parts = states * self.parts
        parts = torch.cat([parts, parts.index_select(-1, self.copies)], dim=-1)
        return nn.functional.linear(parts, self.weight, self.bias)


class _Layer(nn.Module):
    """A layer over one row, with ONNX Runtime's own attention: that saves an eighth of the time."""

    def __init__(self, layer: nn.TransformerEncoderLayer, largest: Mapping[nn.Module, torch.Tensor]) -> None:
        super().__init__()
        attention = self.self_attn = layer.self_attn
        self.norm1, self.norm2 = layer.norm1, layer.norm2
        self.in_proj = _Shared(attention.in_proj_weight, attention.in_proj_bias, largest[attention])
        self.linear1 = _Shared(layer.linear1.weight, layer.linear1.bias, largest[layer.linear1])
        self.linear2 = _Shared(layer.linear2.weight, layer.linear2.bias, largest[layer.linear2])

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        found = torch.onnx.ops.symbolic(
            "com.microsoft::MultiHeadAttention",
            self.in_proj(states).chunk(3, dim=-1),
            attrs={"num_heads": self.self_attn.num_heads},
            dtype=states.dtype,
            shape=states.shape,
            version=1,
        )
        states = self.norm1(states + self.self_attn.out_proj(found))
        whole: torch.Tensor = self.norm2(states + self.linear2(nn.functional.gelu(self.linear1(states))))
        return whole


class _OneRow(nn.Module):
    """The network over one row without padding."""

    def __init__(self, network: Network, rows: Sequence[Row]) -> None:
        super().__init__()
        largest = _largest(network, rows)
        self.network = network
        self.layers = nn.ModuleList(_Layer(layer, largest) for layer in network.layers)

    def forward(self, ids: torch.Tensor, roles: torch.Tensor) -> list[torch.Tensor]:
        states = self.network.embedded(ids, roles)
        for layer in self.layers:
            states = layer(states)
        return self.network.answered(states, roles == 0)


def _largest(network: Network, rows: Sequence[Row]) -> dict[nn.Module, torch.Tensor]:
    """Return the greatest absolute value of each input of the products in the layers, over some rows."""
    found: dict[nn.Module, torch.Tensor] = {}

    def look(module: nn.Module, given: Sequence[torch.Tensor]) -> None:
        most = given[0].abs().flatten(0, -2).amax(dim=0)
        found[module] = torch.maximum(most, found.get(module, most))

    watched = [part for layer in network.layers for part in (layer.self_attn, layer.linear1, layer.linear2)]
    hooks = [part.register_forward_pre_hook(look) for part in watched]
    with torch.inference_mode():
        for ids, roles in rows:
            network(torch.tensor([ids]), torch.tensor([roles]))
    for hook in hooks:
        hook.remove()
    return found


def onnx(network: Network, rows: Sequence[Row]) -> bytes:
    """Return the network as an ONNX model that reads one row of any length up to `PLACES`.

    What `rows` show of its states decides which inputs are shared out.

    Inputs `ids` and `roles`, shape (1, length); outputs `logits`, (1, values of all heads), and `vectors`.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        _export(_OneRow(network.cpu().float().eval(), rows).eval(), whole)
        quantize_dynamic(whole, small, per_channel=True, weight_type=QuantType.QInt8)
        return small.read_bytes()


def _export(network: nn.Module, path: Path) -> None:
    # Two tensors: one given twice would be taken for one input.
    ids, roles = torch.zeros((1, 16), dtype=torch.long), torch.zeros((1, 16), dtype=torch.long)
    length = torch.export.Dim("length", min=2, max=PLACES)
    program = torch.onnx.export(
        network,
        (ids, roles),
        dynamo=True,
        dynamic_shapes={"ids": {1: length}, "roles": {1: length}},
        input_names=["ids", "roles"],
        output_names=["logits", "vectors"],
        verbose=False,
    )
    assert program is not None  # noqa: S101 - dynamo always gives a program
    program.save(path)
