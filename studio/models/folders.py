"""Folders that are one model: of diffusers, of transformers, and language models for ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from studio.core.model import Format
from studio.errors import ModelRefused
from studio.models.configs import (
    check_config,
    check_diffusers_index,
    check_template_file,
    check_text_json,
    check_text_model,
    damaged,
    missing,
    shards,
)
from studio.models.onnx_file import NotOnnx, check_onnx
from studio.models.plain_files import (
    ONLY_SAFE,
    PROGRAM_SUFFIXES,
    SAFE_INSTEAD,
    files_in,
    is_program,
    refuse_links,
    start_of,
)
from studio.models.safetensors_file import check_safetensors
from studio.words import tr

_HARMLESS_SUFFIXES = {
    ".txt", ".md", ".yaml", ".model", ".png", ".jpg", ".jpeg", ".webp", "",
    ".metadata", ".lock",  # what huggingface_hub leaves beside what it downloaded
}  # fmt: skip
_WHOLE, _PARTED = "model.safetensors", "model.safetensors.index.json"
_ONNX = "text.onnx"
_KINDS: dict[str, Format] = {
    "model_index.json": "diffusers",
    "text.json": "onnx-text",
    "config.json": "transformers",
}
"""What a folder is by the file that leads it; the first that is there counts."""


def inspect_folder(folder: Path) -> tuple[Format, tuple[str, ...]]:
    """What the folder is, and all its files, relative to it with forward slashes; the main one first.

    Raises:
        ModelRefused: something in it can run programs, or it is no model that the studio knows.
    """
    names = {path.relative_to(folder).as_posix(): path for path in files_in(folder)}
    main = next((main for main in _KINDS if main in names), "")
    format = _KINDS.get(main)
    own = _weights_of_text(names) if format == "onnx-text" else set()
    read = {name: check_member(path, name) for name, path in names.items() if name not in own}
    if format is None:
        raise ModelRefused(
            tr(
                "“{name}” is no model folder: it has no model_index.json and no config.json.",
                name=folder.name,
            ),
            tr("Choose the folder that holds model_index.json or config.json, or a single model file."),
        )
    if format == "diffusers":
        check_diffusers_index(read[main])
    elif format == "onnx-text":
        check_text_json(read[main])
    else:
        check_text_model(read[main], folder.name)
        _check_complete(folder, read)
    return format, (main, *sorted(name for name in names if name != main))


def check_member(path: Path, name: str) -> object:
    """Checks one file of a folder by its content. Returns what is in it, if it is JSON.

    Raises:
        ModelRefused: it can run programs, is damaged, or of no kind that belongs into a model.
    """
    size = refuse_links(path)
    suffix = path.suffix.lower()
    if suffix in PROGRAM_SUFFIXES or is_program(start_of(path)):
        raise ModelRefused(tr("Refused: “{name}” in this folder can run programs.", name=name), tr(ONLY_SAFE))
    if suffix == ".safetensors":
        check_safetensors(path, size)
    elif suffix == ".json":
        return check_config(path, name, size)
    elif suffix == ".jinja":
        check_template_file(path, name, size)
    elif suffix not in _HARMLESS_SUFFIXES:
        raise ModelRefused(
            tr("Refused: “{name}” in this folder is of a kind that the studio does not know.", name=name),
            tr(ONLY_SAFE),
        )
    return None


def _check_complete(folder: Path, read: Mapping[str, object]) -> None:
    """A transformers folder: its weights are there, and it is no addition to another model."""
    if "adapter_config.json" in read:
        raise ModelRefused(
            tr("“{name}” is no whole model but an addition to one (an adapter).", name=folder.name),
            tr("Use a version of the model that the adapter was merged into."),
        )
    if _WHOLE not in read and (_PARTED not in read or not shards(read[_PARTED])):
        raise ModelRefused(
            tr("“{name}” has no weights in .safetensors files.", name=folder.name),
            tr(SAFE_INSTEAD),
        )
    if "tokenizer.json" not in read:
        raise missing("tokenizer.json")


def _weights_of_text(names: Mapping[str, Path]) -> set[str]:
    """Checks the graph of an onnx-text folder. Returns the files that need no other check."""
    for name in (_ONNX, "tokenizer.json"):
        if name not in names:
            raise missing(name)
    refuse_links(names[_ONNX])
    try:
        return {_ONNX, *check_onnx(names[_ONNX])}
    except NotOnnx as error:
        raise damaged(_ONNX, str(error)) from error
