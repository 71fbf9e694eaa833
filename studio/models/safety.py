"""Which model files may be used at all. What a file is, its bytes say, never its name.

Only formats that cannot run programs are let in: safetensors, ONNX, GGUF (which only workers parse), and
folders of diffusers and transformers with safetensors and JSON. The rules answer the known attacks: pickles,
`auto_map` and its kin in configs, paths in ONNX external data, libraries of operators, links out of the
model's folder.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from studio.core.model import Format
from studio.errors import ModelRefused
from studio.models.folders import check_member, inspect_folder
from studio.models.gguf_file import MAGIC, check_gguf
from studio.models.onnx_file import NotOnnx, check_onnx
from studio.models.plain_files import (
    PROGRAM_SUFFIXES,
    files_in,
    is_program,
    program,
    refuse_links,
    start_of,
)
from studio.models.safetensors_file import check_safetensors
from studio.words import tr

_TOKENIZERS = ("tokenizer", "tokenizer_2")


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
    try:
        is_folder = path.is_dir() and not path.is_symlink()
    except ValueError:
        is_folder = False  # a name that nothing can have
    if is_folder:
        format, files = inspect_folder(path)
        return Inspected(format, path, files)
    size = refuse_links(path)
    start = start_of(path)
    if start.startswith(MAGIC):
        check_gguf(path.name, start, size)
        return Inspected("gguf", path.parent, (path.name,))
    if is_program(start):
        raise program(path.name)
    if start[8:9] == b"{":
        check_safetensors(path, size)
        beside = tokenizer_files(path)
        for name in beside:
            check_member(path.parent / name, name)
        return Inspected("safetensors", path.parent, (path.name, *beside))
    try:
        return Inspected("onnx", path.parent, (path.name, *check_onnx(path)))
    except NotOnnx as error:
        if path.suffix.lower() in PROGRAM_SUFFIXES:
            raise program(path.name) from error
        raise ModelRefused(
            tr("“{name}” is no model that the studio knows.", name=path.name),
            tr(
                "Choose a .safetensors, .onnx or .gguf file, or the folder of a model (the one with "
                "model_index.json or config.json)."
            ),
            str(error),
        ) from error


def tokenizer_files(path: Path) -> list[str]:
    """The files of the tokenizers that lie beside a single-file model, relative to its folder: such a file
    does not hold the words that it knows, so they are a part of the model.

    They are in folders `tokenizer` and `tokenizer_2`, beside the file or in a folder called like it.

    Raises:
        ModelRefused: one of them is a link, or holds a mine of files.
    """
    places = [base / name for base in (path.with_suffix(""), path.parent) for name in _TOKENIZERS]
    return sorted(
        file.relative_to(path.parent).as_posix()
        for place in places
        if place.is_dir()
        for file in files_in(place)
    )
