"""Writes the trained network as ONNX with a cache of keys and values, and pins its digest.

The graph takes `rows` (1, length, features) int64 and for each layer the caches of its keys and of its
values, `past0`, `past1`, … (1, heads, before, size) float32. It gives `logits` (vocabulary) after the last
row, and `present0`, …: the caches with the new rows. Weights are stored as 16-bit floats.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from studio_music.core.tokens import vocabulary as v
from studio_music.training.network import Network, Shape

MODEL = Path(__file__).parent.parent / "model"
MOST_BYTES = 25 * 2**20


class Step(nn.Module):  # type: ignore[misc]  # torch has no stubs here
    """The network as it composes: some rows more, after those in the cache."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        traits = network.traits
        self.register_buffer("chords", traits @ network.chord.weight.T)
        self.register_buffer("next_chords", traits @ network.next_chord.weight.T)

    def forward(self, rows: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        network = self.network
        x = network.token(rows[..., 0]) + network.position(rows[..., 1]) + network.voice(rows[..., 2])
        x = x + functional.embedding(rows[..., 3], self.chords)
        x = x + functional.embedding(rows[..., 4], self.next_chords)
        x = x + network.bar(rows[..., 5]) + network.left(rows[..., 6])
        before, length = past[0].shape[2], rows.shape[1]
        places = torch.arange(before + length)
        cos, sin = (
            (places[before:, None] * network.speeds).cos(),
            (places[before:, None] * network.speeds).sin(),
        )
        mask = torch.where(places[None, :] > places[before:, None], -1e4, 0.0)
        present: list[Tensor] = []
        for number, block in enumerate(network.blocks):
            x, (k, value) = block(x, cos, sin, mask, (past[2 * number], past[2 * number + 1]))
            present += [k, value]
        return network.logits(x[0, -1]), *present


def empty_past(shape: Shape, before: int = 0) -> list[Tensor]:
    return [torch.zeros(1, shape.heads, before, shape.width // shape.heads) for _ in range(2 * shape.layers)]


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Weights as 16-bit floats, widened when the model is loaded: half the size, and no slower than before.

    Of 8-bit weights the logits come out wrong by a tenth, and with one row at a time they are no faster.
    """
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or len(weight.dims) < 2:
            continue
        small = onnx.numpy_helper.to_array(weight).astype(np.float16)
        casts.append(
            onnx.helper.make_node("Cast", [weight.name + " half"], [weight.name], to=onnx.TensorProto.FLOAT)
        )
        weight.CopyFrom(onnx.numpy_helper.from_array(small, weight.name + " half"))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def export(network: Network, path: Path, half: bool = True) -> None:
    """Writes the graph to a path. Raises `ValueError` if the file is larger than a plugin may carry."""
    step = Step(network).eval()
    rows = torch.zeros(1, 3, len(v.FEATURES), dtype=torch.int64)
    caches = range(2 * network.shape.layers)
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            step,
            (rows, *empty_past(network.shape, 2)),
            buffer,
            input_names=["rows", *(f"past{number}" for number in caches)],
            output_names=["logits", *(f"present{number}" for number in caches)],
            dynamic_axes={
                "rows": {1: "length"},
                **{f"past{number}": {2: "before"} for number in caches},
                **{f"present{number}": {2: "after"} for number in caches},
            },
            opset_version=17,
            dynamo=False,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    model = onnx.load_model_from_string(buffer.getvalue())
    onnx.save(halved(model) if half else model, str(path))
    onnx.checker.check_model(str(path))
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes")


def load_network(checkpoint: Path) -> Network:
    """The averaged weights of a checkpoint."""
    state = torch.load(checkpoint, weights_only=True)
    network = Network(Shape(**state["shape"]))
    network.load_state_dict(state["average"])
    network.eval()
    return network


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--checkpoint", type=Path, required=True)
    reader.add_argument("--history", type=Path, required=True)
    reader.add_argument("--to", type=Path, default=MODEL)
    chosen = reader.parse_args(arguments)
    state = torch.load(chosen.checkpoint, weights_only=True)
    network = load_network(chosen.checkpoint)
    path = chosen.to / "model.onnx"
    export(network, path)
    shutil.copy(chosen.history, chosen.to / "history.csv")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    count = sum(parameter.numel() for parameter in network.parameters())
    loss = state["row"]["loss"]
    (chosen.to / "model.toml").write_text(
        "# Written by training/export.py.\n"
        f'sha256 = "{digest}"\nbytes = {path.stat().st_size}\nparameters = {count}\nsteps = {state["step"]}\n'
        f"held_out_loss = {loss:.4f}  # nats per learned token\n"
        f"vocabulary = {v.SIZE}\nlayers = {network.shape.layers}\nheads = {network.shape.heads}\n"
        f"head_size = {network.shape.width // network.shape.heads}\n",
        "utf8",
    )
    print(path, path.stat().st_size, digest)


if __name__ == "__main__":
    main(sys.argv[1:])
