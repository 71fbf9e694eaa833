"""Writes a decoder as an ONNX graph for ONNX Runtime, with its weights in a file beside it.

The graph reads some tokens of each row and says what could come next::

    input_ids (rows, tokens) int64 · lengths (rows) int32: tokens of each row after this step, less one
    total () int32: the longest row's tokens after this step · cos, sin (and local_*): rotary tables
    past.<layer>.key and .value (rows, kv heads, room, head size) -> present.… : the same memory, written to
    logits (rows, 1, vocabulary): after each row's last token

An embedding that is the head as well is stored once: tensors of different shape lie at one place in the file.
Operators: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio_text.generators.weights.onnx_weights import ALIGNMENT, DATA, Bits, Done, WeightFile, rows_of
from studio_text.generators.weights.quantize import BLOCK, large_block
from studio_text.generators.weights.weights import Role, Source, Weight

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

GRAPH = "text.onnx"
_INT8_ACTIVATIONS = 4
"""MatMulNBits' accuracy level: what is multiplied is rounded to 8 bits in blocks, as llama.cpp does."""
_OPSET, _IR = 21, 10
_STANDARD = {"Add", "Concat", "Gather", "Gelu", "Mul", "ReduceSum", "Reshape", "SimplifiedLayerNormalization"}
"""Operators that are none of ONNX Runtime's own (it takes SimplifiedLayerNormalization for one of ONNX's)."""

_MATRICES: Mapping[Role, bool] = {
    "embedding": False, "head": False, "q": True, "k": True, "v": True, "o": True, "gate": True, "up": True,
    "down": True,
}  # fmt: skip
"""True: each layer has one."""

_HEAD_PART = 1 << 24
"""Numbers in one part of the head."""


class _Writer:
    def __init__(self, source: Source, bits: Bits, data: WeightFile) -> None:
        self._source, self._shape, self._bits, self._data = source, source.shape, bits, data
        self._head_block = large_block(self._shape.hidden) if bits == 4 else BLOCK
        """Embedding and head lose little by it, and the head is read whole for each token."""
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._summed: dict[str, str] = {}
        self._inputs: list[ValueInfoProto] = []
        self._outputs: list[ValueInfoProto] = []

    def model(self) -> ModelProto:
        from onnx import TensorProto, helper

        shape = self._shape
        self._values()
        x = self._embedded()
        for layer in range(shape.layers):
            x = self._layer(x, layer)
        last = self._constant("last", np.array([-1], np.int64))
        x = self._norm(self._node("Gather", [x, last], "last_hidden", axis=1), "norm")
        self._logits(x)
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["rows", 1, shape.vocabulary])
        graph = helper.make_graph(
            self._nodes, shape.family, self._inputs, [logits, *self._outputs], self._constants
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="studio")

    def _values(self) -> None:
        from onnx import TensorProto as T
        from onnx import helper

        def add(name: str, kind: int, dims: list[str | int]) -> None:
            self._inputs.append(helper.make_tensor_value_info(name, kind, dims))

        shape = self._shape
        add("input_ids", T.INT64, ["rows", "tokens"])
        add("lengths", T.INT32, ["rows"])
        add("total", T.INT32, [])
        for name in ("cos", "sin", *(("local_cos", "local_sin") if shape.local_frequencies else ())):
            add(name, T.FLOAT, ["positions", shape.head_size // 2])
        cache: list[str | int] = ["rows", shape.kv_heads, "room", shape.head_size]
        for layer in range(shape.layers):
            for part in ("key", "value"):
                add(f"past.{layer}.{part}", T.FLOAT, cache)
                self._outputs.append(helper.make_tensor_value_info(f"present.{layer}.{part}", T.FLOAT, cache))

    def _embedded(self) -> str:
        """The tokens' vectors. Writes the head, too, which mostly is the same numbers."""
        shape, head = self._shape, self._source.find("head")
        block = self._head_block
        stored = self._data.matrix("embedding", self._needed("embedding", 0), 8, block)
        self._head = stored if head is None else self._data.matrix("head", head, 8, block)
        values, scales = (rows_of(tensor, tensor.name, 0, shape.vocabulary) for tensor in stored)
        values.dims[:] = (shape.vocabulary, shape.hidden)
        self._constants += [values, scales]
        x = self._node(
            "GatherBlockQuantized", [values.name, "input_ids", scales.name], "embedded",
            bits=8, block_size=block, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
        if shape.embedding_scale == 1.0:
            return x
        return self._node(
            "Mul", [x, self._constant("embedding_scale", np.float32(shape.embedding_scale))], "x"
        )

    def _logits(self, x: str) -> None:
        """In parts. ONNX Runtime rearranges each matrix as it loads, which for a moment takes its memory
        twice: it shall not be the head's, which can be most of the model.
        """
        parts = []
        step = max(1, _HEAD_PART // self._shape.hidden)
        for start in range(0, self._shape.vocabulary, step):
            stop = min(self._shape.vocabulary, start + step)
            tensors = [rows_of(tensor, f"{tensor.name}.from.{start}", start, stop) for tensor in self._head]
            self._constants += tensors
            inputs = [x, *(tensor.name for tensor in tensors)]
            settings = self._matmul(stop - start, self._shape.hidden, 8, self._head_block)
            parts.append(self._node("MatMulNBits", inputs, f"logits.from.{start}", **settings))
        self._node("Concat", parts, "logits", axis=-1)

    def _layer(self, x: str, layer: int) -> str:
        name = f"{layer}."
        h = self._norm(x, "attention_norm", layer)
        h = self._linear(self._attention(h, layer), "o", layer)
        x = self._node("Add", [x, self._norm_if_any(h, "post_attention_norm", layer)], name + "attended")
        h = self._norm(x, "mlp_norm", layer)
        gate, up = self._linear(h, "gate", layer), self._linear(h, "up", layer)
        if self._shape.gelu:
            gate = self._node("Gelu", [gate], name + "gated", approximate="tanh")
        else:
            gate = self._node("QuickGelu", [gate], name + "gated", alpha=1.0)
        h = self._linear(self._node("Mul", [gate, up], name + "inner"), "down", layer)
        return self._node("Add", [x, self._norm_if_any(h, "post_mlp_norm", layer)], name + "out")

    def _attention(self, h: str, layer: int) -> str:
        shape, name = self._shape, f"{layer}."
        q, k, v = (self._linear(h, role, layer) for role in ("q", "k", "v"))
        if self._source.find("q_norm", layer):
            q = self._norm_heads(q, "q_norm", layer, shape.heads)
            k = self._norm_heads(k, "k_norm", layer, shape.kv_heads)
        table = "local_" if shape.is_local(layer) and shape.local_frequencies else ""
        inputs = [
            q,
            k,
            v,
            f"past.{name}key",
            f"past.{name}value",
            "lengths",
            "total",
            f"{table}cos",
            f"{table}sin",
        ]
        settings = {"local_window_size": shape.window} if shape.is_local(layer) else {}
        self._node(
            "GroupQueryAttention", inputs, f"{name}heads", f"present.{name}key", f"present.{name}value",
            num_heads=shape.heads, kv_num_heads=shape.kv_heads, do_rotary=1,
            rotary_interleaved=int(shape.interleaved),
            scale=shape.attention_scale or shape.head_size**-0.5, **settings,
        )  # fmt: skip
        return f"{name}heads"

    def _linear(self, x: str, role: Role, layer: int) -> str:
        weight = self._needed(role, layer)
        name, bits = f"{layer}.{role}", _bits(weight, self._bits)
        x = x if bits == 8 else self._with_sums(x, weight.shape[1])
        tensors = self._data.matrix(name, weight, bits)
        self._constants += tensors
        inputs = [x, *(tensor.name for tensor in tensors)]
        bias: dict[Role, Role] = {"q": "q_bias", "k": "k_bias", "v": "v_bias", "o": "o_bias"}
        if role in bias and self._source.find(bias[role], layer):
            inputs += [""] * (5 - len(inputs)) + [self._vector(bias[role], layer)]
        return self._node(
            "MatMulNBits", inputs, f"{name}.out", **self._matmul(weight.shape[0], weight.shape[1], bits)
        )

    def _with_sums(self, x: str, inputs: int) -> str:
        """What 4-bit matrices are multiplied by: the numbers, then the sum of each block (see `quantize`)."""
        if x not in self._summed:
            shape = self._constant(f"{x}.blocks", np.array([0, 0, inputs // BLOCK, BLOCK]))
            blocks = self._node("Reshape", [x, shape], f"{x}.in_blocks")
            last = self._constant(f"{x}.last_axis", np.array([-1]))
            sums = self._node("ReduceSum", [blocks, last], f"{x}.sums", keepdims=0)
            self._summed[x] = self._node("Concat", [x, sums], f"{x}.with_sums", axis=-1)
        return self._summed[x]

    def _norm_if_any(self, x: str, role: Role, layer: int) -> str:
        return self._norm(x, role, layer) if self._source.find(role, layer) else x

    def _norm(self, x: str, role: Role, layer: int = 0) -> str:
        inputs = [x, self._vector(role, layer)]
        name = f"{layer}.{role}.out"
        return self._node(
            "SimplifiedLayerNormalization", inputs, name, axis=-1, epsilon=self._shape.norm_epsilon
        )

    def _norm_heads(self, x: str, role: Role, layer: int, heads: int) -> str:
        """Norms each head by itself: (rows, tokens, heads · size) in and out."""
        size = self._shape.head_size
        apart = self._constant(f"{layer}.{role}.apart", np.array([0, 0, heads, size]))
        together = self._constant(f"{layer}.{role}.together", np.array([0, 0, heads * size]))
        x = self._norm(self._node("Reshape", [x, apart], f"{layer}.{role}.in"), role, layer)
        return self._node("Reshape", [x, together], f"{layer}.{role}.done")

    def _vector(self, role: Role, layer: int) -> str:
        weight = self._needed(role, layer)
        return self._constant(f"{layer}.{role}", weight.rows(0, weight.shape[0]))

    def _needed(self, role: Role, layer: int) -> Weight:
        weight = self._source.find(role, layer)
        assert weight is not None, role
        return weight

    def _constant(self, name: str, value: NDArray[Any] | np.float32) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], *outputs: str, **settings: Any) -> str:
        from onnx import helper

        domain = "" if kind in _STANDARD else "com.microsoft"
        self._nodes.append(helper.make_node(kind, inputs, outputs, outputs[0], domain=domain, **settings))
        return outputs[0]

    @staticmethod
    def _matmul(outputs: int, inputs: int, bits: Bits, block: int = BLOCK) -> dict[str, int]:
        return {
            "N": outputs,
            "K": inputs if bits == 8 else inputs + inputs // BLOCK,
            "bits": bits,
            "block_size": block,
            "accuracy_level": _INT8_ACTIVATIONS,
        }


def _bits(weight: Weight, wanted: Bits) -> Bits:
    """How many a matrix of a layer gets: what the source keeps finely stays fine."""
    return 8 if weight.is_fine else wanted


def write_graph(source: Source, folder: Path, bits: Bits, done: Done) -> None:
    """Writes `text.onnx` and `text.onnx.data`; embedding and head have 8 bits, the layers as asked for."""
    with (folder / DATA).open("wb") as file:
        model = _Writer(source, bits, WeightFile(file, done)).model()
    (folder / GRAPH).write_bytes(model.SerializeToString(deterministic=True))


def work(source: Source, bits: Bits) -> tuple[int, int]:
    """How many numbers `done` will be told of, all together, and how many bytes they will take."""
    numbers = size = 0
    for role, layers in _MATRICES.items():
        for layer in range(source.shape.layers if layers else 1):
            if (weight := source.find(role, layer)) is not None:
                count = weight.shape[0] * weight.shape[1]
                each = _bits(weight, bits) if layers else 8
                numbers += count
                size += count * each // 8 + count // BLOCK * 6 + 3 * ALIGNMENT
    return numbers, size
