"""The encoder as torch trains it: layers over a comment and what surrounds it, and a head a task.

MiniLM's six layers are what is shipped; MPNet's twelve, four times as wide in all, can teach them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import nn

from commentlab.errors import ModelError

# The fused layers of torch's inference path have no counterpart in ONNX, and take no distances.
torch.backends.mha.set_fastpath_enabled(False)

NECK = 192
"""Width of the hidden layer of a head."""
PLACES = 256
"""Longest input, in tokens."""
ROLES = ("text", "proposition", "parent", "mention")
"""What a token can belong to; the number is its place here."""
DROPOUT = 0.1
"""Of the first states and of the heads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a base model, and how many kinds of distance between tokens its attention knows."""

    width: int
    heads: int
    layers: int
    distances: int = 0


MINILM = Shape(width=384, heads=12, layers=6)
MPNET = Shape(width=768, heads=12, layers=12, distances=32)


class Network(nn.Module):
    """Token and role numbers, shape (comments, length), to logits of all heads side by side, and what they rest on.

    Args:
        vocabulary: Number of word pieces.
        heads: Values of each head.
        shape: The sizes.
        dropout: Of the layers; on a CPU drawing it takes a third of the time.
    """

    def __init__(
        self, vocabulary: int, heads: Mapping[str, Sequence[str]], shape: Shape = MINILM, dropout: float = 0.0
    ) -> None:
        super().__init__()
        width = shape.width
        self.words = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(PLACES, width)
        self.roles = nn.Embedding(len(ROLES), width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)
        self.distances = nn.Embedding(shape.distances, shape.heads) if shape.distances else None
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(width, shape.heads, 4 * width, dropout, "gelu", 1e-12, batch_first=True)
            for _ in range(shape.layers)
        )
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(2 * width, NECK), nn.Tanh(), nn.Dropout(DROPOUT), nn.Linear(NECK, len(values)))
            for values in heads.values()
        )

    def forward(self, ids: torch.Tensor, roles: torch.Tensor, absent: torch.Tensor | None = None) -> list[torch.Tensor]:
        """Return logits, shape (comments, values of all heads), and the vectors behind them, (comments, 2 * width).

        `absent`, of the shape of `ids`, is true where a row is padded.
        """
        near = None if self.distances is None else self._near(torch.arange(ids.shape[1], device=ids.device), absent)
        states = self.embedded(ids, roles)
        for layer in self.layers:
            states = layer(states, src_mask=near, src_key_padding_mask=absent if near is None else None)
        return self.answered(states, roles == 0 if absent is None else (roles == 0) & ~absent)

    def embedded(self, ids: torch.Tensor, roles: torch.Tensor) -> torch.Tensor:
        """Return what the first layer reads, shape (comments, length, width)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        states: torch.Tensor = self.drop(self.norm(self.words(ids) + self.places(places) + self.roles(roles)))
        return states

    def answered(self, states: torch.Tensor, own: torch.Tensor) -> list[torch.Tensor]:
        """Return what `forward` does; `own` is true for the tokens of the text itself."""
        share = own.unsqueeze(-1).to(states.dtype)
        mean = (states * share).sum(dim=1) / share.sum(dim=1)
        vectors = torch.cat([states[:, 0], mean], dim=-1)
        return [torch.cat([head(vectors) for head in self.heads], dim=-1), vectors]

    def _near(self, places: torch.Tensor, absent: torch.Tensor | None) -> torch.Tensor:
        """Return what the distance of two tokens adds to their attention, shape (comments * heads, length, length)."""
        assert self.distances is not None  # noqa: S101 - only asked where there are some
        bias = self.distances(_kinds(places, self.distances.num_embeddings)).permute(2, 0, 1)
        if absent is None:
            return bias
        hidden = torch.zeros(absent.shape, device=absent.device).masked_fill(absent, -torch.inf)
        return (bias + hidden[:, None, None]).flatten(0, 1)


def _kinds(places: torch.Tensor, number: int) -> torch.Tensor:
    """Return the kind of each pair's distance as MPNet and T5 count: half each way, near ones by step, far ones by log.

    Source: Raffel et al. 2020, section 2.1; distances from 128 on are one kind.
    """
    apart = places[:, None] - places[None, :]
    half = number // 2
    near = half // 2
    far = apart.abs()
    logs = near + (torch.log(far.clamp(min=1) / near) / math.log(128 / near) * (half - near)).long()
    return torch.where(far < near, far, logs.clamp(max=half - 1)) + half * (apart < 0)


def start(
    base: Path, kept: Sequence[int], heads: Mapping[str, Sequence[str]], shape: Shape = MINILM, dropout: float = 0.0
) -> Network:
    """Build the network on base weights.

    Args:
        base: `model.safetensors` of a BERT or an MPNet of the same shape.
        kept: Numbers, in the base's vocabulary, of the tokens that the network keeps, in the order of its own.
        heads: Values of each head.
        shape: The sizes of the base.
        dropout: Of the layers.
    """
    given = {name.removeprefix("mpnet."): value.float() for name, value in load_file(base).items()}
    network = Network(len(kept), heads, shape, dropout)
    spread = 0.02
    roles = spread * torch.randn(len(ROLES), shape.width)
    try:
        own = {
            "words.weight": given["embeddings.word_embeddings.weight"][list(kept)],
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
        }
        places = given["embeddings.position_embeddings.weight"]
        if shape.distances:
            # MPNet counts places from 2 on, knows no roles, and looks at distances too.
            own |= {"places.weight": places[2 : PLACES + 2], "roles.weight": roles}
            own["distances.weight"] = given["encoder.relative_attention_bias.weight"]
        else:
            own["places.weight"] = places[:PLACES]
            own["roles.weight"] = given["embeddings.token_type_embeddings.weight"][:1] + roles
        parts = _MPNET if shape.distances else _BERT
        for number in range(shape.layers):
            own |= _layer(given, f"encoder.layer.{number}.", f"layers.{number}.", parts)
        network.load_state_dict(network.state_dict() | own)
    except (KeyError, RuntimeError) as error:
        raise ModelError(f"{base}: these are not the weights of a base model of this shape: {error}") from error
    return network


def again(model: bytes, heads: Mapping[str, Sequence[str]]) -> Network:
    """Build the network on the 8-bit weights of an exported one, to go on with its training.

    Args:
        model: What `export.onnx` gave.
        heads: Values of each head.
    """
    graph = onnx.load_from_string(model).graph
    arrays = {_plain(each.name): torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}
    network = Network(len(arrays["words.weight_quantized"]), heads)
    own = network.state_dict()
    # Linear layers are products with the transposed matrix; those that lost their names stand in the network's order.
    products = (
        _plain(each.input[1]).removesuffix("_quantized") for each in graph.node if each.op_type == "MatMulInteger"
    )
    nameless = (each for each in products if not each.endswith("_Transposed"))
    for name in (name for name, value in own.items() if value.ndim == 2):
        table = f"{name}_quantized" in arrays
        turned = f"{name}_Transposed"
        theirs = name if table else turned if f"{turned}_quantized" in arrays else next(nameless)
        level, zero = arrays[f"{theirs}_quantized"].float(), arrays[f"{theirs}_zero_point"].float()
        whole = (level - zero) * arrays[f"{theirs}_scale"]
        # Copies of columns, which the export added, stand behind.
        own[name] = whole if table else whole.T[:, : own[name].shape[1]]
    network.load_state_dict(own | {name: arrays[name] for name, value in own.items() if value.ndim == 1})
    return network


def _plain(name: str) -> str:
    return name.removeprefix("network.").replace(".in_proj.", ".self_attn.in_proj_")


_BERT = {
    "self_attn.in_proj": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "self_attn.out_proj.": ("attention.output.dense",),
    "norm1.": ("attention.output.LayerNorm",),
    "linear1.": ("intermediate.dense",),
    "linear2.": ("output.dense",),
    "norm2.": ("output.LayerNorm",),
}
_MPNET = _BERT | {
    "self_attn.in_proj": ("attention.attn.q", "attention.attn.k", "attention.attn.v"),
    "self_attn.out_proj.": ("attention.attn.o",),
    "norm1.": ("attention.LayerNorm",),
}
"""Our names of a layer's parts, and theirs."""


def _layer(
    given: Mapping[str, torch.Tensor], theirs: str, ours: str, parts: Mapping[str, Sequence[str]]
) -> dict[str, torch.Tensor]:
    return {
        f"{ours}{name}{kind if name.endswith('.') else f'_{kind}'}": torch.cat(
            [given[f"{theirs}{part}.{kind}"] for part in some]
        )
        for name, some in parts.items()
        for kind in ("weight", "bias")
    }
