"""What a decoder is made of, whatever file it comes from: its shape, and its weights by role.

The families differ in little: all are pre-norm transformers with rotary positions, grouped-query attention
and a gated MLP (Touvron et al. 2023, https://arxiv.org/abs/2307.09288). Gemma 3 (https://arxiv.org/abs/2503.19786)
adds norms behind both halves of a layer and on queries and keys, and layers that see only a window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.api import ModelRefused, tr

Floats = NDArray[np.float32]
Family = Literal["gemma3", "llama", "qwen2", "qwen3"]

Role = Literal[
    "embedding", "head", "norm",
    "attention_norm", "q", "k", "v", "o", "q_norm", "k_norm", "post_attention_norm",
    "mlp_norm", "gate", "up", "down", "post_mlp_norm",
    "q_bias", "k_bias", "v_bias", "o_bias",
]  # fmt: skip
"""The first three are the model's, the others are a layer's. Matrices are (outputs, inputs)."""

MULTIPLE = 32
"""The quantization's block: all inputs of matrices must be multiples of it."""
_MOST = {
    "vocabulary": 1 << 20,
    "layers": 512,
    "hidden": 1 << 16,
    "inner": 1 << 18,
    "heads": 512,
    "context": 1 << 24,
}


@dataclass(frozen=True)
class Shape:
    family: Family
    vocabulary: int
    context: int
    """The most tokens that the model was made for."""
    layers: int
    hidden: int
    inner: int
    """Width of the MLP."""
    heads: int
    kv_heads: int
    head_size: int
    norm_epsilon: float
    frequencies: tuple[float, ...]
    """Rotary angles per position, one for each pair of a head's numbers."""
    local_frequencies: tuple[float, ...] = ()
    """The same for layers that see only the window, if it differs there."""
    attention_scale: float = 0.0
    """What queries times keys are multiplied by; 0: 1/√head_size."""
    window: int = 0
    """How far back local layers see, in tokens."""
    local: tuple[bool, ...] = ()
    """Per layer; empty: none is local."""
    interleaved: bool = False
    """Rotary pairs are neighbors (as in llama.cpp's files), not halves apart."""
    gelu: bool = False
    """The gate is GELU (its tanh form), not SiLU."""
    embedding_scale: float = 1.0

    def is_local(self, layer: int) -> bool:
        return bool(self.local) and self.local[layer]


class Weight(Protocol):
    """A tensor in a file. Rows are read as they are needed: an embedding in float32 can be a gigabyte."""

    shape: tuple[int, ...]
    is_fine: bool
    """Its file, which has 4 bits for a number of most matrices, has more for this one: it matters more."""

    def rows(self, start: int, stop: int) -> Floats:
        """Rows `start` to `stop` of a matrix; numbers of a vector."""

    def in_8_bits(self, start: int, stop: int) -> tuple[NDArray[np.int8], Floats] | None:
        """The rows as they are stored, where that is 8-bit numbers in blocks of 32 with a scale each (Q8_0):
        (rows, blocks, 32) and (rows, blocks). None: they are stored otherwise.
        """

    def in_4_bits(self, start: int, stop: int) -> tuple[NDArray[np.uint8], Floats, Floats] | None:
        """The rows as they are stored, where that is 4-bit numbers in blocks of 32, worth scale · number +
        lowest (Q4_0, Q4_1, Q4_K): numbers (rows, blocks, 32), and (rows, blocks) scales and lowest numbers.
        """


class Source(Protocol):
    shape: Shape

    def find(self, role: Role, layer: int = 0) -> Weight | None:
        """None: this model has no such weight."""


def unsupported(what: str, detail: str = "") -> ModelRefused:
    return ModelRefused(
        tr("This language model cannot be used on the CPU yet: {what}.", what=what),
        tr("Choose another model: Gemma 3, Qwen 2.5, Qwen 3, Llama and Mistral can be used."),
        detail,
    )


def damaged(detail: str) -> ModelRefused:
    return ModelRefused(
        tr("The model's description and its weights do not fit each other."),
        tr("Fetch the model again: its download may have been cut off."),
        detail,
    )


def rotary(base: float, size: int, factor: float = 1.0) -> tuple[float, ...]:
    """Angles per position (Su et al. 2021, https://arxiv.org/abs/2104.09864), all slowed by `factor`."""
    if not (math.isfinite(base) and base > 0 and math.isfinite(factor) and factor > 0):
        raise damaged(f"rotary base {base}, factor {factor}")
    return tuple(base ** (-2 * i / size) / factor for i in range(size // 2))


def checked(source: Source) -> Source:
    """The source, if all weights are there with the sizes that its shape says.

    Raises:
        ModelRefused: one is not, or the numbers of the shape make no sense.
    """
    shape = source.shape
    for name, most in _MOST.items():
        if not 1 <= getattr(shape, name) <= most:
            raise damaged(f"{name} = {getattr(shape, name)}")
    if shape.kv_heads < 1 or shape.heads % shape.kv_heads or not 8 <= shape.head_size <= 1024:
        raise damaged(f"{shape.heads} heads, {shape.kv_heads} of keys, of size {shape.head_size}")
    if not 0 < shape.norm_epsilon < 1 or len(shape.frequencies) * 2 != shape.head_size or shape.head_size % 8:
        raise damaged(f"epsilon {shape.norm_epsilon}, {len(shape.frequencies)} frequencies")
    if any(shape.local) and shape.window < 1:
        raise damaged(f"window {shape.window}")
    if any(size % MULTIPLE for size in (shape.hidden, shape.inner, shape.heads * shape.head_size)):
        raise unsupported(tr("its layers' sizes are no multiples of {count}", count=MULTIPLE))
    _check(source, {"embedding": (shape.vocabulary, shape.hidden), "norm": (shape.hidden,)}, 0)
    _check(source, {"head": (shape.vocabulary, shape.hidden)}, 0, optional=True)
    for layer in range(shape.layers):
        _check(source, _needed(shape), layer)
        _check(source, _optional(shape), layer, optional=True)
    return source


def _needed(shape: Shape) -> dict[Role, tuple[int, ...]]:
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    needed: dict[Role, tuple[int, ...]] = {
        "attention_norm": (shape.hidden,), "mlp_norm": (shape.hidden,),
        "q": (queries, shape.hidden), "k": (keys, shape.hidden), "v": (keys, shape.hidden),
        "o": (shape.hidden, queries), "gate": (shape.inner, shape.hidden),
        "up": (shape.inner, shape.hidden), "down": (shape.hidden, shape.inner),
    }  # fmt: skip
    if shape.family in ("gemma3", "qwen3"):
        needed |= {"q_norm": (shape.head_size,), "k_norm": (shape.head_size,)}
    if shape.family == "gemma3":
        needed |= {"post_attention_norm": (shape.hidden,), "post_mlp_norm": (shape.hidden,)}
    return needed


def _optional(shape: Shape) -> dict[Role, tuple[int, ...]]:
    queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
    return {"q_bias": (queries,), "k_bias": (keys,), "v_bias": (keys,), "o_bias": (shape.hidden,)}


def _check(source: Source, sizes: dict[Role, tuple[int, ...]], layer: int, *, optional: bool = False) -> None:
    for role, size in sizes.items():
        weight = source.find(role, layer)
        if weight is None and optional:
            continue
        if weight is None or weight.shape != size:
            raise damaged(f"{role} of layer {layer}: {weight and weight.shape}, not {size}")
