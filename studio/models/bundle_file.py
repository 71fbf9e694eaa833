"""What lies in a bundle: `bundle.json`, and the files by their digests.

bundle.json              the models with their descriptions
READ ME.txt              for people
files/<digest>           a file; longer ones as <digest>.1, <digest>.2 …, for sticks with FAT
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from studio.core.model import Format, ModelSpec
from studio.core.recipe import Digest
from studio.errors import BadInput
from studio.given_paths import is_file
from studio.words import tr

NAME = "bundle.json"
FILES = "files"
PART = 4_000_000_000
"""Bytes of one piece of a file at most: FAT takes less than 4 GiB."""

_MOST = 16 * 1024 * 1024
_MODELS, _FILES = 500, 1000
_BAD = re.compile(r'[\0-\x1f\x7f<>:"|?*\\]|(^|/)(\.{0,2}|[^/]*[ .])(/|$)')
"""In no file's name: what some system gives a meaning to, empty or dotted parts, and parts ending in dots."""

Text = Annotated[str, msgspec.Meta(max_length=1000)]


class BundledFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Text
    """Relative to the model's folder, with forward slashes."""
    digest: Digest
    size: Annotated[int, msgspec.Meta(ge=0, le=1 << 50)]

    def __post_init__(self) -> None:
        if _BAD.search(self.name) or len(self.name.encode()) > 500:
            raise ValueError(f"no file name inside a folder: {self.name!a}")

    @property
    def parts(self) -> list[str]:
        """Where it lies, in the folder of files."""
        count = -(-self.size // PART)
        return [self.digest] if count <= 1 else [f"{self.digest}.{n}" for n in range(1, count + 1)]


class BundledModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    digest: Digest
    format: Format
    licence: Text = ""
    files: Annotated[tuple[BundledFile, ...], msgspec.Meta(min_length=1, max_length=_FILES)]
    """The main one first."""
    spec: Text = ""
    derived_from: Text = ""
    made_by: Text = ""
    instruct: bool | None = None
    description: ModelSpec | None = None
    """As the catalog had it, with the terms."""

    def __post_init__(self) -> None:
        names = [file.name.casefold() for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a file is there twice")
        if any(inner.startswith(f"{outer}/") for inner in names for outer in names):
            raise ValueError(f"{self.name}: a file is a folder as well")

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1] = 1
    models: Annotated[tuple[BundledModel, ...], msgspec.Meta(max_length=_MODELS)] = ()

    def file(self, digest: str) -> BundledFile | None:
        """One that has these bytes."""
        every = (file for model in self.models for file in model.files)
        return next((file for file in every if file.digest == digest), None)


def is_bundle(folder: Path) -> bool:
    return is_file(folder / NAME)


def read_bundle(folder: Path) -> Bundle:
    """What a bundle says of itself; none of its files is read yet.

    Raises:
        BadInput: there is none, it is damaged, or of a newer Studio.
    """
    if not is_bundle(folder):
        raise BadInput(
            tr("“{name}” is no bundle of models: it has no {file}.", name=folder.name, file=NAME),
            tr("Choose the folder that studio models export-bundle wrote."),
        )
    try:
        with (folder / NAME).open("rb") as file:
            raw = file.read(_MOST + 1)
        if len(raw) > _MOST:
            raise ValueError("too long")
        return msgspec.json.decode(raw, type=Bundle)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        if _format(folder) > 1:
            raise BadInput(
                tr("The bundle “{name}” is of a newer version of Studio.", name=folder.name),
                tr("Update Studio on this computer."),
            ) from error
        raise BadInput(
            tr("The bundle “{name}” is damaged: its {file} cannot be read.", name=folder.name, file=NAME),
            tr("Export it again on the computer that it comes from."),
            ascii(error),
        ) from error


def _format(folder: Path) -> int:
    try:
        with (folder / NAME).open("rb") as file:
            found = json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return 0
    number = found.get("format") if isinstance(found, dict) else 0
    return number if isinstance(number, int) else 0
