"""What an installed model's cost depends on, from its files: how many numbers it has, of what shape.

Only headers and small JSON files are read, once for each model; they were checked when it was added.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from studio.backends.plan import Weights
from studio.core.model import ModelSpec
from studio.models.listed import Model
from studio.models.plain_files import MAX_HEADER

_XL_PARAMETERS = 2_000_000_000
"""Stable Diffusion XL has 3.5 billion numbers, versions 1 and 2 at most 1.3."""
_LARGEST = {512: 0.8, 1024: 0.74}
"""The share of the U-Net in it."""

_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "U64": 8, "I32": 4, "U32": 4, "I16": 2, "U16": 2}
_TEXT = {"int4": 0.8, "int8": 1.06}
"""Bytes for each number of an onnx-text folder: words are kept in 8 bits in both."""
_GGUF = {"f32": 4.0, "bf16": 2.0, "f16": 2.0, "q8": 1.06, "q6": 0.82, "q5": 0.69, "q4": 0.6, "q3": 0.45,
         "q2": 0.34}  # fmt: skip
"""Bytes for each number, as its file's name tells: the shell does not read a GGUF file."""


def weights_of(model: Model, spec: ModelSpec | None = None) -> Weights:
    """`spec` is what its plugin says of it, for models from the catalog."""
    found = _read(model)
    return found if spec is None else msgspec.structs.replace(found, needs=spec.needs)


@functools.lru_cache(maxsize=256)
def _read(model: Model) -> Weights:
    match model.format:
        case "onnx-text":
            text = _json(model.path / "text.json")
            sizes = [_whole(text, key) for key in ("layers", "kv_heads", "head_size")]
            stored = str(text.get("precision", ""))
            return Weights(
                format=model.format,
                size=model.size,
                parameters=int(model.size / _TEXT.get(stored, 4.0)),
                stored=stored,
                cache=2 * sizes[0] * sizes[1] * sizes[2],
                context=_whole(text, "context"),
                vocabulary=_whole(text, "vocabulary"),
            )
        case "transformers":
            config = _json(model.path / "config.json")
            heads = _whole(config, "num_attention_heads", "n_head") or 1
            size = _whole(config, "head_dim") or _whole(config, "hidden_size", "n_embd") // heads
            layers = _whole(config, "num_hidden_layers", "n_layer")
            return Weights(
                format=model.format,
                size=model.size,
                parameters=_parameters(model),
                cache=2 * layers * (_whole(config, "num_key_value_heads") or heads) * size,
                context=_whole(config, "max_position_embeddings", "n_positions"),
                vocabulary=_whole(config, "vocab_size"),
            )
        case "diffusers" | "safetensors":
            parameters = _parameters(model)
            side = 1024 if parameters > _XL_PARAMETERS else 512
            return Weights(
                format=model.format,
                size=model.size,
                parameters=parameters,
                side=side,
                largest=_LARGEST[side],
            )
        case "gguf":
            name = model.path.name.lower()
            each = next((size for key, size in _GGUF.items() if key in name), _GGUF["q4"])
            return Weights(format=model.format, size=model.size, parameters=int(model.size / each))
        case _:
            return Weights(format=model.format, size=model.size, parameters=model.size // 4)


def _parameters(model: Model) -> int:
    """All numbers in its safetensors files, each file's once: many folders have them in two precisions, and
    with a part that judges pictures, which is not loaded."""
    names = {file.name for file in model.files if file.name.endswith(".safetensors")}
    names.update([model.path.name] if model.format == "safetensors" else [])
    single = {
        name
        for name in names
        if not name.startswith("safety_checker/")
        and not (".fp16." in name and name.replace(".fp16.", ".") in names)
    }
    return sum(_numbers(model.root / name) for name in single)


def _numbers(path: Path) -> int:
    """In a safetensors file, from its header."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError), path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(min(length, MAX_HEADER)))
        return sum(
            (tensor["data_offsets"][1] - tensor["data_offsets"][0]) // _BYTES.get(tensor["dtype"], 1)
            for name, tensor in header.items()
            if name != "__metadata__"
        )
    return path.stat().st_size // 2 if path.exists() else 0


def _json(path: Path) -> Mapping[str, Any]:
    with suppress(OSError, ValueError, RecursionError):
        content = json.loads(path.read_bytes())
        if isinstance(content, dict):
            return content
    return {}


def _whole(values: Mapping[str, Any], *names: str) -> int:
    """The first of these that is a whole number; 0 without one."""
    return next((values[name] for name in names if type(values.get(name)) is int and values[name] > 0), 0)
