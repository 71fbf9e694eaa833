"""Decoders in GGUF files, as llama.cpp uses them.

Everything that the file says about its sizes is held against the file itself before a weight is read: sizes
that nobody checked were behind the published holes in GGUF readers (CVE-2024-21802, -21825, -21836, -23496,
-23605, CVE-2025-53630). Names: https://github.com/ggml-org/llama.cpp/blob/master/gguf-py/gguf/constants.py
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.api import ModelRefused, tr
from studio_text.generators.weights.gguf_header import GgufHeader, TensorPlace, read_header
from studio_text.generators.weights.weights import (
    Family,
    Floats,
    Role,
    Shape,
    Source,
    checked,
    damaged,
    rotary,
    unsupported,
)

_FAMILIES: Mapping[str, Family] = {"gemma3": "gemma3", "llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
_NAMES: Mapping[Role, str] = {
    "embedding": "token_embd.weight", "head": "output.weight", "norm": "output_norm.weight",
    "attention_norm": "blk.{}.attn_norm.weight",
    "q": "blk.{}.attn_q.weight", "k": "blk.{}.attn_k.weight", "v": "blk.{}.attn_v.weight",
    "o": "blk.{}.attn_output.weight",
    "q_bias": "blk.{}.attn_q.bias", "k_bias": "blk.{}.attn_k.bias", "v_bias": "blk.{}.attn_v.bias",
    "o_bias": "blk.{}.attn_output.bias",
    "q_norm": "blk.{}.attn_q_norm.weight", "k_norm": "blk.{}.attn_k_norm.weight",
    "post_attention_norm": "blk.{}.post_attention_norm.weight",
    "mlp_norm": "blk.{}.ffn_norm.weight", "gate": "blk.{}.ffn_gate.weight", "up": "blk.{}.ffn_up.weight",
    "down": "blk.{}.ffn_down.weight", "post_mlp_norm": "blk.{}.post_ffw_norm.weight",
}  # fmt: skip
_ROPE_FACTORS = "rope_freqs.weight"
_GEMMA_WINDOWS = 6
"""One layer of so many sees everything."""
_GEMMA_LOCAL_BASE = 10_000.0
_GEMMA_27B_LAYERS = 62
_MOST_NUMBERS = 1 << 40
_COARSE = 5.0
"""Bits per number, scales included, that the kinds with 4-bit numbers have at most."""


class GgufSource:
    """Raises `ModelRefused` where the file is damaged, or of a family that is not known here."""

    def __init__(self, path: Path) -> None:
        self.header = read_header(path)
        _check_places(self.header, path.stat().st_size)
        self._path = path
        self.shape = _shape(self)

    def find(self, role: Role, layer: int = 0) -> GgufWeight | None:
        return self.named(_NAMES[role].format(layer))

    def named(self, name: str) -> GgufWeight | None:
        place = self.header.tensors.get(name)
        return None if place is None else GgufWeight(self._path, place)


def gguf_source(path: Path) -> Source:
    """A GGUF file with all weights that its family needs.

    Raises:
        ModelRefused: it is damaged, lies about its sizes, or is of a family that is not known here.
    """
    return checked(GgufSource(path))


class GgufWeight:
    def __init__(self, path: Path, place: TensorPlace) -> None:
        from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

        self._path, self._place = path, place
        self.shape = place.shape
        block, size = GGML_QUANT_SIZES[GGMLQuantizationType(place.kind)]
        self.is_fine = block > 1 and size * 8 / block > _COARSE

    def rows(self, start: int, stop: int) -> Floats:
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize

        if len(self.shape) == 1:
            return self._read(0, 1).view(np.float32)[0, start:stop]
        numbers = dequantize(self._read(start, stop), GGMLQuantizationType(self._place.kind))
        return np.asarray(numbers, np.float32)

    def in_8_bits(self, start: int, stop: int) -> tuple[NDArray[np.int8], Floats] | None:
        from gguf import GGMLQuantizationType

        if self._place.kind != GGMLQuantizationType.Q8_0:
            return None
        stored = self._read(start, stop).reshape(stop - start, -1, 34)
        return stored[..., 2:].view(np.int8), _halves(stored[..., :2])

    def in_4_bits(self, start: int, stop: int) -> tuple[NDArray[np.uint8], Floats, Floats] | None:
        from gguf import GGMLQuantizationType

        kinds = {
            GGMLQuantizationType.Q4_0: _q4_0,
            GGMLQuantizationType.Q4_1: _q4_1,
            GGMLQuantizationType.Q4_K: _q4_k,
        }
        taken_apart = kinds.get(GGMLQuantizationType(self._place.kind))
        return None if taken_apart is None else taken_apart(self._read(start, stop))

    def _read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Rows as they are stored, (rows, bytes); a vector is one row."""
        row = _row_bytes(self._place)
        count = (stop - start) * row
        found = np.fromfile(self._path, np.uint8, count, offset=self._place.offset + start * row)
        if found.size != count:
            raise damaged("the file became shorter")
        return found.reshape(stop - start, row)


def _q4_0(stored: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Floats, Floats]:
    """Blocks of 18 bytes: a scale, then number 0 and 16 in a byte, 1 and 17 …; 8 counts as 0."""
    blocks = stored.reshape(len(stored), -1, 18)
    scales = _halves(blocks[..., :2])
    return _low_then_high(blocks[..., 2:]), scales, -8 * scales


def _q4_1(stored: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Floats, Floats]:
    """Blocks of 20 bytes: as Q4_0, with the lowest number behind the scale."""
    blocks = stored.reshape(len(stored), -1, 20)
    return _low_then_high(blocks[..., 4:]), _halves(blocks[..., :2]), _halves(blocks[..., 2:4])


def _q4_k(stored: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Floats, Floats]:
    """Groups of 8 blocks in 144 bytes: two factors for what follows, 8 scales and 8 lowest numbers of 6 bits,
    and the numbers, of blocks 0 and 1 in the same bytes, 2 and 3 …
    """
    from gguf.quants import Q4_K

    rows = len(stored)
    groups = stored.reshape(-1, 144)
    scales, lowest = Q4_K.get_scale_min(groups[:, 4:16])
    scales = scales.reshape(-1, 8) * _halves(groups[:, :2])[:, None]
    lowest = lowest.reshape(-1, 8) * _halves(groups[:, 2:4])[:, None]
    values = _low_then_high(groups[:, 16:].reshape(-1, 4, 32))
    return values.reshape(rows, -1, 32), scales.reshape(rows, -1), -lowest.reshape(rows, -1)


def _halves(stored: NDArray[np.uint8]) -> Floats:
    """float16 numbers in the last axis' two bytes."""
    return np.ascontiguousarray(stored).view(np.float16)[..., 0].astype(np.float32)


def _low_then_high(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """All numbers in the low halves of the last axis' bytes, then those in the high halves."""
    return np.concatenate((packed & 15, packed >> 4), axis=-1)


def _row_bytes(place: TensorPlace) -> int:
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    block, size = map(int, GGML_QUANT_SIZES[GGMLQuantizationType(place.kind)])
    return place.shape[-1] // block * size


def _check_places(header: GgufHeader, size: int) -> None:
    """That all tensors lie in the file, whole, where they may, and apart."""
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    alignment = header.metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 16 or alignment & (alignment - 1):
        raise damaged(f"alignment {alignment}")
    known = {int(kind): GGML_QUANT_SIZES[kind] for kind in GGMLQuantizationType if kind in GGML_QUANT_SIZES}
    end, before = 0, ""
    for name, place in sorted(header.tensors.items(), key=lambda item: (item[1].offset, item[0])):
        if place.kind not in known:
            raise damaged(f"{name!a}: kind {place.kind}")
        if not place.shape or min(place.shape) < 1 or math.prod(place.shape) > _MOST_NUMBERS:
            raise damaged(f"{name!a}: shape {place.shape}")
        if place.shape[-1] % known[place.kind][0]:
            raise damaged(f"{name!a}: rows of {place.shape[-1]} are no whole blocks")
        if place.offset % alignment:
            raise damaged(f"{name!a}: starts at {place.offset}, off the alignment")
        if place.offset < end:
            raise damaged(f"{name!a} overlaps {before!a}")
        end, before = place.offset + math.prod(place.shape[:-1]) * _row_bytes(place), name
        if end > size:
            raise damaged(f"{name!a} ends at {end}, the file at {size}")
        if len(place.shape) == 1 and place.kind != GGMLQuantizationType.F32:
            raise unsupported(tr("a vector of it is not stored in full"), f"{name!a}: kind {place.kind}")


@dataclass(frozen=True)
class _Keys:
    """A GGUF file's numbers, each held to its kind."""

    metadata: Mapping[str, Any]
    architecture: str

    def integer(self, key: str, default: int | None = None) -> int:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise damaged(f"{key} = {value!a:.100}")
        return value

    def real(self, key: str, default: float | None = None) -> float:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise damaged(f"{key} = {value!a:.100}")
        return float(value)

    def _value(self, key: str, default: float | None) -> Any:
        value = self.metadata.get(f"{self.architecture}.{key}", default)
        if value is None:
            raise damaged(f"{key} is missing")
        return value


def _shape(source: GgufSource) -> Shape:
    header = source.header
    family = _FAMILIES.get(header.architecture)
    if family is None:
        raise ModelRefused(
            tr("This GGUF file holds a model of the family “{name}”.", name=header.architecture[:40]),
            tr("Choose another model: Gemma 3, Qwen 2.5, Qwen 3, Llama and Mistral can be used."),
        )
    keys = _Keys(header.metadata, header.architecture)
    embedding = header.tensors.get(_NAMES["embedding"])
    if embedding is None or len(embedding.shape) != 2:
        raise damaged("no embedding")
    if keys.integer("expert_count", 0):
        raise unsupported(tr("it is a mixture of experts"))
    layers, hidden, heads = (
        keys.integer(name) for name in ("block_count", "embedding_length", "attention.head_count")
    )
    if heads < 1 or not 1 <= layers <= 512:
        raise damaged(f"{layers} layers, {heads} heads")
    head_size = keys.integer("attention.key_length", hidden // heads)
    if keys.integer("attention.value_length", head_size) != head_size:
        raise unsupported(tr("its values are not as wide as its keys"))
    if keys.integer("rope.dimension_count", head_size) != head_size:
        raise unsupported(tr("it turns only a part of its heads"))
    gemma = family == "gemma3"
    local = _local_layers(keys, family, layers)
    per_head = hidden // heads if gemma and layers == _GEMMA_27B_LAYERS else head_size
    return Shape(
        family=family,
        vocabulary=embedding.shape[0],
        context=keys.integer("context_length"),
        layers=layers,
        hidden=hidden,
        inner=keys.integer("feed_forward_length"),
        heads=heads,
        kv_heads=keys.integer("attention.head_count_kv", heads),
        head_size=head_size,
        norm_epsilon=keys.real("attention.layer_norm_rms_epsilon"),
        frequencies=_frequencies(source, keys, head_size),
        local_frequencies=rotary(keys.real("rope.freq_base_swa", _GEMMA_LOCAL_BASE), head_size)
        if gemma
        else (),
        attention_scale=1 / math.sqrt(max(1, per_head)),
        window=keys.integer("attention.sliding_window") if any(local) else 0,
        local=local if any(local) else (),
        interleaved=family == "llama",
        gelu=gemma,
        embedding_scale=math.sqrt(hidden) if gemma else 1.0,
    )


def _local_layers(keys: _Keys, family: Family, layers: int) -> tuple[bool, ...]:
    """Which layers see only a window: Mistral's all, if it has one; Gemma's all but each sixth."""
    if family != "gemma3":
        windowed = family == "llama" and "llama.attention.sliding_window" in keys.metadata
        return (windowed,) * layers
    pattern = keys.metadata.get("gemma3.attention.sliding_window_pattern", _GEMMA_WINDOWS)
    if isinstance(pattern, list) and len(pattern) == layers:
        return tuple(map(bool, pattern))
    if isinstance(pattern, bool) or not isinstance(pattern, int) or pattern < 1:
        raise damaged(f"sliding_window_pattern = {pattern!a:.100}")
    return tuple((layer + 1) % pattern != 0 for layer in range(layers))


def _frequencies(source: GgufSource, keys: _Keys, head_size: int) -> tuple[float, ...]:
    kind = source.header.metadata.get(f"{keys.architecture}.rope.scaling.type", "none")
    if kind not in ("none", "linear"):
        raise unsupported(tr("it stretches its context in a way that is not known here"), f"{kind!a:.60}")
    factor = keys.real("rope.scaling.factor", 1.0) if kind == "linear" else 1.0
    plain = rotary(keys.real("rope.freq_base", 10_000.0), head_size, factor or 1.0)
    factors = source.named(_ROPE_FACTORS)
    if factors is None:
        return plain
    if factors.shape != (head_size // 2,):
        raise damaged(f"{_ROPE_FACTORS}: {factors.shape}")
    slower = factors.rows(0, head_size // 2).tolist()
    if not all(math.isfinite(one) and one > 0 for one in slower):
        raise damaged(_ROPE_FACTORS)
    return tuple(one / by for one, by in zip(plain, slower, strict=True))
