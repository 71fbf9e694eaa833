"""Writes the trained network as ONNX with a cache of keys and values, and pins its digest.

The graph takes `rows` (1, length, features) int64, `after` (1) int32, which is how many rows there are
with these, and for each layer the caches of its keys and of its values, `past0`, `past1`, … (1, heads, room,
size) float32. It gives `logits` (vocabulary) after the last row, and `present0`, …: the caches with the new
rows, in the same memory where both are bound to it. Weights are stored as 16-bit floats.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from studio_music.core.compose.model import MOST_ROWS
from studio_music.core.tokens import vocabulary as v
from studio_music.training.network import Network, Shape

MODEL = Path(__file__).parent.parent / "model"
MOST_BYTES = 25 * 2**20


class _Attention(torch.autograd.Function):  # type: ignore[misc]  # torch has no stubs here
    """Attention with rotary positions, as an operator of ONNX Runtime that has its cache in place."""

    @staticmethod
    def forward(ctx: Any, width: int, heads: int, mixed: Tensor, *cache: Tensor) -> tuple[Tensor, ...]:
        """What comes out has these shapes; only the graph computes it."""
        return mixed[..., :width].clone(), cache[0].clone(), cache[1].clone()

    @staticmethod
    def symbolic(g: Any, width: int, heads: int, mixed: Any, keys: Any, values: Any, *others: Any) -> Any:
        absent = g.op("prim::Constant")
        absent.setType(torch._C.OptionalType.ofTensor())
        heard, *present = g.op(
            "com.microsoft::GroupQueryAttention",
            *(mixed, absent, absent, keys, values, *others),
            num_heads_i=heads,
            kv_num_heads_i=heads,
            do_rotary_i=1,
            outputs=3,
        )
        heard.setType(mixed.type().with_sizes([1, None, width]))
        for made, given in zip(present, (keys, values), strict=True):
            made.setType(given.type())
        return heard, *present


class Step(nn.Module):  # type: ignore[misc]  # torch has no stubs here
    """What the graph computes: `Network.step`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        tables = [
            network.token.weight,
            network.position.weight,
            network.voice.weight,
            network.traits @ network.chord.weight.T,
            network.traits @ network.next_chord.weight.T,
            network.bar.weight,
            network.left.weight,
        ]
        self.register_buffer("table", torch.cat(tables).detach())
        self.register_buffer("firsts", torch.tensor([0, *itertools.accumulate(v.FEATURE_SIZES[:-1])]))
        self.register_buffer("places", torch.arange(MOST_ROWS, dtype=torch.float32))

    def forward(self, rows: Tensor, after: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        network = self.network
        x = functional.embedding(rows + self.firsts, self.table).sum(2)
        angles = self.places[:, None] * network.speeds
        cos, sin = angles.cos(), angles.sin()
        last, total = after - 1, after.reshape(())
        present: list[Tensor] = []
        for block, keys, values in zip(network.blocks, past[::2], past[1::2], strict=True):
            mixed = block.mix(block.before(x))
            heard, *cache = _Attention.apply(
                network.shape.width, block.heads, mixed, keys, values, last, total, cos, sin
            )
            present += cache
            x = block.thought(x, heard)
        return network.logits(x[0, -1]), *present


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
    after = torch.tensor([5], dtype=torch.int32)
    caches = range(2 * network.shape.layers)
    cache = torch.zeros(1, network.shape.heads, 8, network.shape.width // network.shape.heads)
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            step,
            (rows, after, *(cache for _ in caches)),
            buffer,
            input_names=["rows", "after", *(f"past{number}" for number in caches)],
            output_names=["logits", *(f"present{number}" for number in caches)],
            dynamic_axes={
                "rows": {1: "length"},
                **{f"past{number}": {2: "room"} for number in caches},
                **{f"present{number}": {2: "room"} for number in caches},
            },
            opset_version=17,
            do_constant_folding=False,  # else the angles would be halved as weights are
            custom_opsets={"com.microsoft": 1},
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
