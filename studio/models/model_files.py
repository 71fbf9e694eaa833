"""A model's files: that they are harmless, their digests, and whether they are as they were."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from studio.core.model import Format
from studio.errors import ModelRefused
from studio.models.listed import FOLDERS, Model, ModelFile
from studio.models.safety import inspect, tokenizer_files
from studio.words import tr


def examined(path: Path) -> tuple[Format, tuple[ModelFile, ...]]:
    """What a model is, and its files with their digests: of the very bytes that were found harmless.

    Raises ModelRefused.
    """
    inspected = inspect(path)
    try:
        files = tuple(_read(inspected.root, name) for name in inspected.files)
    except OSError as error:
        raise ModelRefused(
            tr("“{name}” cannot be read.", name=path.name),
            tr("Check that its disk or stick is connected and whole."),
            ascii(error),
        ) from error
    if inspect(path) != inspected or not all(_untouched(inspected.root, file) for file in files):
        raise ModelRefused(
            tr("“{name}” changed while it was read.", name=path.name),
            tr("Wait until nothing else writes to it, and try again."),
        )
    return inspected.format, files


def _read(root: Path, name: str) -> ModelFile:
    path = root / name
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ModelFile(name=name, digest=digest, size=before.st_size, modified=before.st_mtime_ns)


def is_whole(model: Model) -> bool:
    """Whether its files are as they were, by size and time. Reads none of them."""
    return all(_untouched(model.root, file) for file in model.files) and _same_names(model)


def _same_names(model: Model) -> bool:
    """A file that was put into a model's folder, or a tokenizer beside it, may be loaded with it."""
    if model.format == "safetensors":
        try:
            return [file.name for file in model.files[1:]] == tokenizer_files(model.path)
        except ModelRefused:  # links were put beside it
            return False
    if model.format not in FOLDERS:
        return True
    there = sum(len(names) for _, _, names in os.walk(model.path))
    return there == len(model.files)


def _untouched(root: Path, file: ModelFile) -> bool:
    try:
        status = (root / file.name).lstat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified)


class HasDigest(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def digest(self) -> str: ...


def digest_of(files: Sequence[HasDigest]) -> str:
    """Of a model with these files."""
    if len(files) == 1:
        return files[0].digest
    listed = json.dumps(sorted((file.name, file.digest) for file in files))
    return hashlib.sha256(listed.encode("utf-8", "surrogateescape")).hexdigest()
