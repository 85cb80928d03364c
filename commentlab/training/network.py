"""The encoder as torch trains it: MiniLM's six layers over a comment and what surrounds it, and a head a task."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import nn

from commentlab.errors import ModelError

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
NECK = 192
"""Width of the hidden layer of a head."""
PLACES = 256
"""Longest input, in tokens."""
ROLES = ("text", "proposition", "parent", "mention")
"""What a token can belong to; the number is its place here."""
DROPOUT = 0.1
"""Of the first states and of the heads; drawing it for the layers too takes a third of the time on a CPU."""


class Network(nn.Module):
    """Token and role numbers, shape (comments, length), to logits of all heads side by side, and what they rest on."""

    def __init__(self, vocabulary: int, heads: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.roles = nn.Embedding(len(ROLES), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, 0.0, "gelu", 1e-12, batch_first=True) for _ in range(LAYERS)
        )
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(2 * WIDTH, NECK), nn.Tanh(), nn.Dropout(DROPOUT), nn.Linear(NECK, len(values)))
            for values in heads.values()
        )

    def forward(self, ids: torch.Tensor, roles: torch.Tensor, absent: torch.Tensor | None = None) -> list[torch.Tensor]:
        """Return logits, shape (comments, values of all heads), and the vectors behind them, (comments, 2 * WIDTH).

        `absent`, of the shape of `ids`, is true where a row is padded.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.drop(self.norm(self.words(ids) + self.places(places) + self.roles(roles)))
        for layer in self.layers:
            states = layer(states, src_key_padding_mask=absent)
        own = roles == 0
        if absent is not None:
            own = own & ~absent
        share = own.unsqueeze(-1).to(states.dtype)
        mean = (states * share).sum(dim=1) / share.sum(dim=1)
        vectors = torch.cat([states[:, 0], mean], dim=-1)
        return [torch.cat([head(vectors) for head in self.heads], dim=-1), vectors]


def start(base: Path, kept: Sequence[int], heads: Mapping[str, Sequence[str]]) -> Network:
    """Build the network on base weights.

    Args:
        base: `model.safetensors` of a BERT of the same size.
        kept: Numbers, in the base's vocabulary, of the tokens that the network keeps, in the order of its own.
        heads: Values of each head.
    """
    given = load_file(base)
    network = Network(len(kept), heads)
    spread = 0.02
    own = {
        "words.weight": given["embeddings.word_embeddings.weight"][list(kept)],
        "places.weight": given["embeddings.position_embeddings.weight"][:PLACES],
        "roles.weight": given["embeddings.token_type_embeddings.weight"][:1] + spread * torch.randn(len(ROLES), WIDTH),
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
    }
    for number in range(LAYERS):
        own |= _layer(given, f"encoder.layer.{number}.", f"layers.{number}.")
    missing, unexpected = network.load_state_dict(own, strict=False)
    if unexpected or any(not name.startswith("heads.") for name in missing):
        raise ModelError(f"{base}: these are not the weights of a BERT of this size: {missing[:3]}, {unexpected[:3]}")
    return network


def again(model: bytes, heads: Mapping[str, Sequence[str]]) -> Network:
    """Build the network on the 8-bit weights of an exported one, to go on with its training.

    Args:
        model: What `export.onnx` gave.
        heads: Values of each head.
    """
    graph = onnx.load_from_string(model).graph
    arrays = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}
    network = Network(len(arrays["words.weight_quantized"]), heads)
    own = network.state_dict()
    # Linear layers are products with the transposed matrix; those that lost their names stand in the network's order.
    products = (each.input[1].removesuffix("_quantized") for each in graph.node if each.op_type == "MatMulInteger")
    nameless = (each for each in products if not each.endswith("_Transposed"))
    for name in (name for name, value in own.items() if value.ndim == 2):
        table = f"{name}_quantized" in arrays
        turned = f"{name}_Transposed"
        theirs = name if table else turned if f"{turned}_quantized" in arrays else next(nameless)
        level, zero = arrays[f"{theirs}_quantized"].float(), arrays[f"{theirs}_zero_point"].float()
        whole = (level - zero) * arrays[f"{theirs}_scale"]
        own[name] = whole if table else whole.T
    network.load_state_dict(own | {name: arrays[name] for name, value in own.items() if value.ndim == 1})
    return network


_PARTS = {
    "attention.output.dense": "self_attn.out_proj",
    "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "linear1",
    "output.dense": "linear2",
    "output.LayerNorm": "norm2",
}


def _layer(given: Mapping[str, torch.Tensor], theirs: str, ours: str) -> dict[str, torch.Tensor]:
    own: dict[str, torch.Tensor] = {}
    for kind in ("weight", "bias"):
        parts = [given[f"{theirs}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
        own[f"{ours}self_attn.in_proj_{kind}"] = torch.cat(parts)
        own |= {f"{ours}{name}.{kind}": given[f"{theirs}{part}.{kind}"] for part, name in _PARTS.items()}
    return own
