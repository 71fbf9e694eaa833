"""Which model files may be used at all. What a file is, its bytes say, never its name.

Only formats that cannot run programs are let in: safetensors, ONNX, and diffusers folders of safetensors and
JSON. The rules answer the known attacks: pickles, `auto_map` and its kin in configs, paths in ONNX external
data, links out of the model's folder.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from studio.errors import ModelRefused
from studio.models.onnx_file import NotOnnx, external_files
from studio.words import mark, tr

Format = Literal["onnx", "safetensors", "diffusers"]

MAX_HEADER = 100 * 1024 * 1024
MAX_JSON = 64 * 1024 * 1024
MAX_FILES = 1000
_PROGRAM_SUFFIXES = {
    ".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".keras", ".h5", ".hdf5",
    ".py",
}  # fmt: skip
_PROGRAM_STARTS = (b"PK\3\4", b"\x80\2", b"\x80\3", b"\x80\4", b"\x80\5", b"\x89HDF", b"\x93NUMPY")
"""Zip (torch's and Keras' format), pickle, HDF5, NumPy."""

_HARMLESS_SUFFIXES = {".json", ".txt", ".md", ".yaml", ".model", ".png", ".jpg", ".jpeg", ".webp", ""}
_REFUSED_KEYS = re.compile(r"auto_map|trust_remote_code|custom_pipeline|.*_internal|_attn_implementation.*")
_WORD_LISTS = {"vocab", "merges", "added_tokens"}
"""Parts of a tokenizer whose keys are words, which may look like anything."""

_TOKENIZERS = ("tokenizer", "tokenizer_2")
_LIBRARIES = {"diffusers", "transformers", "stable_diffusion", "stable_diffusion_xl"}
"""What a model_index.json may take classes from; the last two are diffusers' own."""

_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6,
    "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64,
    "U64": 64, "F64": 64, "C64": 64,
}  # fmt: skip
_GET_AGAIN = mark("Get the model again from its source.")


class Inspected(Struct, frozen=True):
    """What a file or folder turned out to be, and all files that belong to it."""

    format: Format
    root: Path
    """The folder that `files` are relative to."""
    files: tuple[str, ...]
    """With forward slashes; the main file first."""


def inspect(path: Path) -> Inspected:
    """What this model is; that it is harmless.

    Raises:
        ModelRefused: it can run programs, is not what it says, or is nothing that the studio knows.
    """
    if path.is_dir() and not path.is_symlink():
        return _inspect_folder(path)
    _refuse_links(path)
    start = _start(path)
    if start.startswith(b"GGUF"):
        raise ModelRefused(tr("Refused: GGUF models cannot be used here yet."), tr(_SAFE_INSTEAD))
    if start.startswith(_PROGRAM_STARTS):
        raise _program(path.name)
    if start[8:9] == b"{":
        _check_safetensors(path)
        beside = tokenizer_files(path)
        for name in beside:
            _check_member(path.parent / name, name)
        return Inspected("safetensors", path.parent, (path.name, *beside))
    try:
        named = external_files(path)
    except NotOnnx as error:
        if path.suffix.lower() in _PROGRAM_SUFFIXES:
            raise _program(path.name) from error
        raise ModelRefused(
            tr("“{name}” is no model that the studio knows.", name=path.name),
            tr("Choose a .safetensors or .onnx file, or a diffusers folder (the one with model_index.json)."),
            str(error),
        ) from error
    for name in named:
        _check_external(path, name)
    return Inspected("onnx", path.parent, (path.name, *named))


def tokenizer_files(path: Path) -> list[str]:
    """The files of the tokenizers that lie beside a single-file model, relative to its folder: such a file
    does not hold the words that it knows, so they are a part of the model.

    They are in folders `tokenizer` and `tokenizer_2`, beside the file or in a folder called like it.
    """
    places = [base / name for base in (path.with_suffix(""), path.parent) for name in _TOKENIZERS]
    return sorted(
        file.relative_to(path.parent).as_posix()
        for place in places
        if place.is_dir()
        for file in _files(place)
    )


_SAFE_INSTEAD = mark("Use a .safetensors version.")


def _program(name: str) -> ModelRefused:
    return ModelRefused(tr("Refused: this model file can run programs."), tr(_SAFE_INSTEAD), ascii(name))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _refuse_links(path: Path) -> None:
    """Raises `ModelRefused` unless it is an ordinary file with one name."""
    try:
        status = path.lstat()
    except (OSError, ValueError) as error:
        raise ModelRefused(
            tr("“{name}” cannot be read.", name=path.name), tr("Check that the file is there."), str(error)
        ) from error
    if stat.S_ISLNK(status.st_mode) or status.st_nlink > 1:
        raise ModelRefused(
            tr("Refused: “{name}” is a link to another file.", name=path.name),
            tr("Copy the model, with links resolved, and add the copy."),
        )
    if not stat.S_ISREG(status.st_mode):
        raise ModelRefused(
            tr("Refused: “{name}” is no ordinary file.", name=path.name), tr("Choose a model file or folder.")
        )


def _check_external(model: Path, name: str) -> None:
    plain = name not in ("", ".", "..") and not re.search(r"[/\\:\0]", name)
    if not plain:
        raise ModelRefused(
            tr("Refused: “{name}” reads files outside its own folder.", name=model.name),
            tr(_GET_AGAIN),
            f"It names {name!a}.",
        )
    _refuse_links(model.with_name(name))


def _check_safetensors(path: Path) -> None:
    """The header must describe the file exactly: every byte belongs to one tensor, in order."""
    broken = ModelRefused(
        tr("Refused: “{name}” is damaged or no safetensors file.", name=path.name), tr(_GET_AGAIN)
    )
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MAX_HEADER, size - 8):
            raise broken
        header = _json(file.read(length), broken)
    if not isinstance(header, dict):
        raise broken
    header.pop("__metadata__", None)
    try:
        spans = sorted(_span(tensor) for tensor in header.values())
    except (KeyError, TypeError, ValueError) as error:
        raise broken from error
    end = 0
    for first, last in spans:
        if first != end:
            raise broken
        end = last
    if end != size - 8 - length:
        raise broken


def _span(tensor: Any) -> tuple[int, int]:
    first, last = tensor["data_offsets"]
    shape = tensor["shape"]
    if not all(type(n) is int and n >= 0 for n in (first, last, *shape)):
        raise ValueError("not a size")
    if math.prod(shape) * _BITS[tensor["dtype"]] != (last - first) * 8:
        raise ValueError("another size than its shape says")
    return first, last


def _inspect_folder(folder: Path) -> Inspected:
    files = list(_files(folder))
    for path in files:
        _check_member(path, path.relative_to(folder).as_posix())
    names = sorted(path.relative_to(folder).as_posix() for path in files)
    if "model_index.json" not in names:
        raise ModelRefused(
            tr("“{name}” is no diffusers model: it has no model_index.json.", name=folder.name),
            tr("Choose the folder that holds model_index.json."),
        )
    names.remove("model_index.json")
    return Inspected("diffusers", folder, ("model_index.json", *names))


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for here, folders, names in os.walk(folder):
        for name in folders:
            if Path(here, name).is_symlink():
                raise ModelRefused(
                    tr("Refused: “{name}” is a link to another folder.", name=name),
                    tr("Copy the model, with links resolved, and add the copy."),
                )
        count += len(names)
        if count > MAX_FILES:
            raise ModelRefused(
                tr("“{name}” holds too many files.", name=folder.name), tr("Choose the model's own folder.")
            )
        yield from (Path(here, name) for name in names)


def _check_member(path: Path, name: str) -> None:
    _refuse_links(path)
    suffix = path.suffix.lower()
    if suffix in _PROGRAM_SUFFIXES or _start(path).startswith(_PROGRAM_STARTS):
        raise ModelRefused(
            tr("Refused: “{name}” in this folder can run programs.", name=name),
            tr("Use a copy of the model that has only .safetensors and .json files."),
        )
    if suffix == ".safetensors":
        _check_safetensors(path)
    elif suffix == ".json":
        _check_config(path, name)
    elif suffix not in _HARMLESS_SUFFIXES and not path.name.startswith("."):
        raise ModelRefused(
            tr("Refused: “{name}” in this folder is of a kind that the studio does not know.", name=name),
            tr("Use a copy of the model that has only .safetensors and .json files."),
        )


def _check_config(path: Path, name: str) -> None:
    broken = ModelRefused(tr("Refused: “{name}” is damaged.", name=name), tr(_GET_AGAIN))
    if path.stat().st_size > MAX_JSON:
        raise broken
    content = _json(path.read_bytes(), broken)
    if path.name == "model_index.json":
        _check_index(content, broken)
    if path.name in ("vocab.json", "added_tokens.json"):
        return
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if _REFUSED_KEYS.fullmatch(key):
                    raise ModelRefused(
                        tr("Refused: “{name}” asks to run programs ({key}).", name=name, key=key),
                        tr(_GET_AGAIN),
                    )
                if key not in _WORD_LISTS:
                    waiting.append(inner)


def _check_index(index: Any, broken: ModelRefused) -> None:
    if not isinstance(index, dict):
        raise broken
    for name, value in index.items():
        if isinstance(value, list) and value and isinstance(value[0], str) and value[0] not in _LIBRARIES:
            raise ModelRefused(
                tr(
                    "Refused: its part “{name}” comes from “{value}”, which the studio does not load.",
                    name=name,
                    value=value[0],
                ),
                tr("Use a model that needs only diffusers and transformers."),
            )


def _json(raw: bytes, broken: ModelRefused) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise broken from error
