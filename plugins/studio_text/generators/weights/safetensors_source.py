"""Decoders in transformers folders: `config.json` and safetensors files.

Layout of the files: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

_FAMILIES: Mapping[str, Family] = {
    "gemma3_text": "gemma3", "llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3",
}  # fmt: skip
_LAYER: Mapping[Role, str] = {
    "attention_norm": "input_layernorm.weight",
    "q": "self_attn.q_proj.weight", "k": "self_attn.k_proj.weight", "v": "self_attn.v_proj.weight",
    "o": "self_attn.o_proj.weight",
    "q_bias": "self_attn.q_proj.bias", "k_bias": "self_attn.k_proj.bias", "v_bias": "self_attn.v_proj.bias",
    "o_bias": "self_attn.o_proj.bias",
    "q_norm": "self_attn.q_norm.weight", "k_norm": "self_attn.k_norm.weight",
    "mlp_norm": "post_attention_layernorm.weight",
    "gate": "mlp.gate_proj.weight", "up": "mlp.up_proj.weight", "down": "mlp.down_proj.weight",
}  # fmt: skip
_GEMMA: Mapping[Role, str] = {
    "post_attention_norm": "post_attention_layernorm.weight",
    "mlp_norm": "pre_feedforward_layernorm.weight", "post_mlp_norm": "post_feedforward_layernorm.weight",
}  # fmt: skip
_MODEL: Mapping[Role, str] = {
    "embedding": "model.embed_tokens.weight", "head": "lm_head.weight", "norm": "model.norm.weight",
}  # fmt: skip
_KINDS = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_MOST_HEADER = 100 * 1024 * 1024
_SILU, _GELU = ("silu", "swish"), ("gelu_pytorch_tanh",)


@dataclass(frozen=True)
class _Place:
    path: Path
    kind: str
    shape: tuple[int, ...]
    offset: int


class SafetensorsWeight:
    is_fine = False

    def __init__(self, place: _Place, added: float) -> None:
        self._place, self._added = place, np.float32(added)
        self.shape = place.shape

    def rows(self, start: int, stop: int) -> Floats:
        place = self._place
        kind = np.dtype(_KINDS[place.kind])
        row = math.prod(place.shape[1:])
        at = place.offset + start * row * kind.itemsize
        stored = np.fromfile(place.path, kind, (stop - start) * row, offset=at)
        if stored.size != (stop - start) * row:
            raise damaged(f"{place.path.name} became shorter")
        numbers: Floats
        if place.kind == "BF16":  # the upper half of a float32
            numbers = (stored.astype(np.uint32) << 16).view(np.float32)
        else:
            numbers = stored.astype(np.float32)
        return numbers.reshape(stop - start, *place.shape[1:]) + self._added

    def in_8_bits(self, start: int, stop: int) -> tuple[NDArray[np.int8], Floats] | None:
        return None

    def in_4_bits(self, start: int, stop: int) -> tuple[NDArray[np.uint8], Floats, Floats] | None:
        return None


class SafetensorsSource:
    def __init__(self, folder: Path) -> None:
        config = _json((folder / "config.json").read_bytes())
        self.shape = _shape(config)
        self._tied = bool(config.get("tie_word_embeddings", self.shape.family == "gemma3"))
        self._places: dict[str, _Place] = {}
        for file in sorted(folder.glob("*.safetensors")):
            self._places |= _places(file)

    def find(self, role: Role, layer: int = 0) -> SafetensorsWeight | None:
        if role == "head" and self._tied:
            return None
        gemma = self.shape.family == "gemma3"
        if role in _MODEL:
            name = _MODEL[role]
        else:
            names = {**_LAYER, **_GEMMA} if gemma else _LAYER
            if role not in names:
                return None
            name = f"model.layers.{layer}.{names[role]}"
        place = self._places.get(name)
        # Gemma's norms multiply by one more than they say.
        added = 1.0 if gemma and role.endswith("norm") else 0.0
        return None if place is None else SafetensorsWeight(place, added)


def safetensors_source(folder: Path) -> Source:
    """A transformers folder with all weights that its family needs.

    Raises:
        ModelRefused: it is damaged, or of a family that is not known here.
    """
    return checked(SafetensorsSource(folder))


def _places(path: Path) -> dict[str, _Place]:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size - 8, _MOST_HEADER):
            raise damaged(f"{path.name}: a description of {length} bytes")
        header = _json(file.read(length))
    places = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            kind, shape = entry["dtype"], tuple(map(int, entry["shape"]))
            start, end = map(int, entry["data_offsets"])
        except (KeyError, TypeError, ValueError) as error:
            raise damaged(f"{path.name}: {name!a:.100}") from error
        if kind not in _KINDS:
            continue  # no weight that is known here; if it is needed, it will be missed
        width = np.dtype(_KINDS[kind]).itemsize
        if not shape or min(shape) < 1 or not 0 <= start <= end <= size - 8 - length:
            raise damaged(f"{path.name}: {name!a:.100}: {shape}, {start} to {end}")
        if math.prod(shape) * width != end - start:
            raise damaged(f"{path.name}: {name!a:.100}: {shape} is not {end - start} bytes")
        places[name] = _Place(path, kind, shape, 8 + length + start)
    return places


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise damaged(str(error)) from error
    if not isinstance(found, dict):
        raise damaged("no JSON object")
    return found


def _shape(config: Mapping[str, Any]) -> Shape:
    kind = config.get("model_type")
    family = _FAMILIES.get(str(kind))
    if family is None:
        raise unsupported(f"model_type {kind!a:.60}")
    gemma = family == "gemma3"
    if config.get("hidden_act", config.get("hidden_activation")) not in (None, *_SILU, *_GELU):
        raise unsupported("hidden_act")
    if config.get("attn_logit_softcapping") or config.get("final_logit_softcapping"):
        raise unsupported("softcapping")
    hidden, heads, layers = (
        _integer(config, name) for name in ("hidden_size", "num_attention_heads", "num_hidden_layers")
    )
    if heads < 1 or not 1 <= layers <= 512:
        raise damaged(f"{layers} layers, {heads} heads")
    head_size = _integer(config, "head_dim", 256 if gemma else hidden // heads)
    local = _local_layers(config, family, layers)
    turned = _rope(config, "full_attention", 1e6 if gemma else 1e4, head_size)
    scale = _real(config, "query_pre_attn_scalar", 256.0) if gemma else float(head_size)
    return Shape(
        family=family,
        vocabulary=_integer(config, "vocab_size"),
        context=_integer(config, "max_position_embeddings"),
        layers=layers,
        hidden=hidden,
        inner=_integer(config, "intermediate_size"),
        heads=heads,
        kv_heads=_integer(config, "num_key_value_heads", heads),
        head_size=head_size,
        norm_epsilon=_real(config, "rms_norm_eps", 1e-6),
        frequencies=turned,
        local_frequencies=_rope(config, "sliding_attention", 1e4, head_size) if gemma else (),
        attention_scale=1 / math.sqrt(scale if scale > 0 else 1.0),
        window=_integer(config, "sliding_window") if any(local) else 0,
        local=local if any(local) else (),
        gelu=gemma,
        embedding_scale=math.sqrt(hidden) if gemma else 1.0,
    )


def _local_layers(config: Mapping[str, Any], family: Family, layers: int) -> tuple[bool, ...]:
    listed = config.get("layer_types")
    if isinstance(listed, list):
        if len(listed) != layers or not set(listed) <= {"full_attention", "sliding_attention"}:
            raise unsupported("layer_types", f"{listed!a:.200}")
        return tuple(kind == "sliding_attention" for kind in listed)
    if family == "gemma3":
        period = max(1, _integer(config, "sliding_window_pattern", 6))
        return tuple((layer + 1) % period != 0 for layer in range(layers))
    if family == "llama":  # Mistral: all layers, or none
        return (config.get("sliding_window") is not None,) * layers
    first = _integer(config, "max_window_layers", layers) if config.get("use_sliding_window") else layers
    return tuple(layer >= first for layer in range(layers))


def _rope(config: Mapping[str, Any], layers: str, base: float, size: int) -> tuple[float, ...]:
    """The angles of these layers, as configs of transformers 4 or 5 tell them."""
    rope = config.get("rope_parameters") or {}
    rope = rope.get(layers, rope) if isinstance(rope, dict) else {}
    if layers == "sliding_attention":
        base = _real(config, "rope_local_base_freq", base)
    else:
        base = _real(config, "rope_theta", base)
        rope = rope or config.get("rope_scaling") or {}
    base = _real(rope, "rope_theta", base)
    kind = rope.get("rope_type", rope.get("type", "default"))
    if _real(config, "partial_rotary_factor", 1.0) != 1.0 or kind not in ("default", "linear", "llama3"):
        raise unsupported("rope_type", f"{kind!a:.60}")
    if kind == "linear":
        return rotary(base, size, _real(rope, "factor"))
    plain = rotary(base, size)
    return plain if kind == "default" else _slowed(plain, rope)


def _slowed(frequencies: tuple[float, ...], rope: Mapping[str, Any]) -> tuple[float, ...]:
    """Llama 3.1's longer context: slow turns are slowed by the factor, quick ones stay, and between the two a
    mixture (https://github.com/meta-llama/llama-models/blob/main/models/llama3/model.py, `apply_scaling`).
    """
    factor, low, high, context = (
        _real(rope, name)
        for name in ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings")
    )
    if not (factor > 0 and high > low > 0 and context > 0):
        raise damaged("rope_scaling")

    def slowed(one: float) -> float:
        turns = context * one / (2 * math.pi)
        share = min(1.0, max(0.0, (turns - low) / (high - low)))
        return one * (share + (1 - share) / factor)

    return tuple(map(slowed, frequencies))


def _integer(values: Mapping[str, Any], key: str, default: int | None = None) -> int:
    value = values.get(key)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int):
        raise damaged(f"{key} = {value!a:.100}")
    return value


def _real(values: Mapping[str, Any], key: str, default: float | None = None) -> float:
    value = values.get(key)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise damaged(f"{key} = {value!a:.100}")
    return float(value)
