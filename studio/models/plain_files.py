"""What every file of a model must be before anybody looks further: an ordinary file, no link, no program."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.errors import ModelRefused
from studio.words import mark, tr

MAX_FILES = 1000
"""Files and folders of one model."""

MAX_HEADER = 16 * 1024 * 1024
"""Bytes of a safetensors file's own description of itself; those of the largest models take a tenth."""

PROGRAM_SUFFIXES = {
    ".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle", ".joblib", ".npy", ".npz", ".keras", ".h5", ".hdf5",
    ".py",
}  # fmt: skip
_PROGRAM_STARTS = (
    b"PK\3\4", b"PK\5\6",  # zip: torch's and Keras' format
    b"\x80\2", b"\x80\3", b"\x80\4", b"\x80\5",  # pickle, and torch's old format
    b"\x89HDF", b"\x93NUMPY",
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"x\x01", b"x\x9c", b"x\xda",  # joblib's pickles, compressed
)  # fmt: skip
_OLD_PICKLE = re.compile(rb"\(?c[\w.]+\n[\w.]+\n[(pq)\]}]|\([ldt]p\d|[\]})]q[\0-\x0f]|\(i[\w.]+\n[\w.]+\n")
"""Protocols 0 and 1: a global and what is done with it, or an empty list, dictionary or tuple."""

_TAR = (257, b"ustar")
"""Torch's oldest format is a tar of pickles."""

SAFE_INSTEAD = mark("Use a .safetensors version.")
GET_AGAIN = mark("Get the model again from its source.")
ONLY_SAFE = mark("Use a copy of the model that has only .safetensors and .json files.")
_COPY = mark("Copy the model, with links resolved, and add the copy.")


def start_of(path: Path) -> bytes:
    """Enough to tell what it is. Only for what `refuse_links` let through: a pipe would never answer."""
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError as error:
        raise _unreadable(path, error) from error


def is_program(start: bytes) -> bool:
    """Whether it begins as a file from which a library may run what it says."""
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= MAX_HEADER:
        return False  # safetensors: a header of 640 bytes begins like a pickle
    place, magic = _TAR
    return bool(
        start.startswith(_PROGRAM_STARTS)
        or _OLD_PICKLE.match(start)
        or start[place : place + len(magic)] == magic
    )


def program(name: str) -> ModelRefused:
    return ModelRefused(tr("Refused: this model file can run programs."), tr(SAFE_INSTEAD), ascii(name))


def refuse_links(path: Path) -> int:
    """Its size in bytes. Raises `ModelRefused` unless it is an ordinary file with one name."""
    try:
        status = path.lstat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if stat.S_ISLNK(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink > 1):
        raise ModelRefused(tr("Refused: “{name}” is a link to another file.", name=path.name), tr(_COPY))
    if not stat.S_ISREG(status.st_mode):
        raise ModelRefused(
            tr("Refused: “{name}” is no ordinary file.", name=path.name), tr("Choose a model file or folder.")
        )
    return status.st_size


def files_in(folder: Path) -> list[Path]:
    """All files below a folder, sorted. Raises `ModelRefused` for a linked folder, or a mine of files."""
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    count = 0
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if here.is_symlink():
            raise ModelRefused(
                tr("Refused: “{name}” is a link to another folder.", name=here.name), tr(_COPY)
            )
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    count += 1
                    if count > MAX_FILES:
                        raise ModelRefused(
                            tr("“{name}” holds too many files.", name=folder.name),
                            tr("Choose the model's own folder."),
                        )
                    path = here / entry.name
                    if path.is_dir():
                        waiting.append(path)
                    else:
                        yield path
        except OSError as error:
            raise _unreadable(here, error) from error


def is_plain_name(name: object) -> bool:
    """Whether it names a file in the same folder, on every system."""
    return isinstance(name, str) and name not in ("", ".", "..") and not re.search(r"[/\\:\0]", name)


def read_json(raw: bytes, broken: ModelRefused) -> Any:
    """Raises `broken` unless it is JSON in UTF-8 that all parsers read alike: no key is there twice."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise broken from error


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is there twice")
    return made


def _unreadable(path: Path, error: Exception) -> ModelRefused:
    return ModelRefused(
        tr("“{name}” cannot be read.", name=path.name), tr("Check that the file is there."), str(error)
    )
