"""From torch to what runs without it: an ONNX model with 8-bit weights."""

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from commentlab.training.network import PLACES, Network


def onnx(network: Network) -> bytes:
    """Return the network as an ONNX model that reads one row of any length up to `PLACES`.

    Inputs `ids` and `roles`, shape (1, length); outputs `logits`, (1, values of all heads), and `vectors`.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        _export(network.cpu().float().eval(), whole)
        quantize_dynamic(whole, small, per_channel=True, weight_type=QuantType.QInt8)
        return small.read_bytes()


def _export(network: Network, path: Path) -> None:
    # Two tensors: one given twice would be taken for one input.
    ids, roles = torch.zeros((1, 16), dtype=torch.long), torch.zeros((1, 16), dtype=torch.long)
    length = torch.export.Dim("length", min=2, max=PLACES)
    # The fused layers of torch's inference path have no counterpart in ONNX.
    torch.backends.mha.set_fastpath_enabled(False)
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
