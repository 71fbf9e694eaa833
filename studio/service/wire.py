"""The language between the studio and its service process: JSON lines, strictly validated, of bounded length.

Thumbnails and whatever else is made travel as files.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from studio.core.export_request import ExportRequest

PROTOCOL = 1
MAX_LINE = 256 * 1024
"""Bytes, with the line's end."""
MAX_FILES = 1000
"""That one import or export may write."""


class WireError(Exception):
    """What came over the wire is no message."""


Number = Annotated[int, Meta(ge=0)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    pass


# --- to the child -------------------------------------------------------------------------------------------


class MakeThumbnail(_Message, frozen=True, tag="thumbnail"):
    id: Number
    kind: str
    function: str
    """Dotted name in a plugin; "" for what the studio makes of its stock kinds."""
    source: Path
    side: Annotated[int, Meta(ge=1, le=2048)]
    target: Path
    """The file to write: a picture, or a drawing as JSON."""


class LoadFile(_Message, frozen=True, tag="load"):
    """Turns a file of the user's own into files of items."""

    id: Number
    function: str
    source: Path
    folder: Path
    """An empty one, for what is written."""
    language: str


class ExportFile(_Message, frozen=True, tag="export"):
    id: Number
    function: str
    source: Path
    target: Path
    """In an empty folder, in which other files may be written beside it."""
    request: ExportRequest
    language: str


class Drop(_Message, frozen=True, tag="drop"):
    """Nobody wants it any more; what is begun goes on."""

    id: Number


Work = MakeThumbnail | LoadFile | ExportFile
ToChild = MakeThumbnail | LoadFile | ExportFile | Drop


# --- from the child -----------------------------------------------------------------------------------------


class Ready(_Message, frozen=True, tag="ready"):
    protocol: int


class Started(_Message, frozen=True, tag="started"):
    """Sent before anything of the work is done: whom to blame for a death."""

    id: Number


class Done(_Message, frozen=True, tag="done"):
    id: Number
    files: Annotated[tuple[Path, ...], Meta(max_length=MAX_FILES)]
    """What was written."""


class Failed(_Message, frozen=True, tag="failed"):
    id: Number
    error: dict[str, str]
    """`StudioError.to_json()`"""


class Dropped(_Message, frozen=True, tag="dropped"):
    id: Number


FromChild = Ready | Started | Done | Failed | Dropped


@functools.cache
def _decoder(kinds: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kinds, dec_hook=_path_from_the_wire)


def encode(message: ToChild | FromChild) -> bytes:
    """One line. Raises `WireError` where it would be too long or holds what is no text or number."""
    kind = message.__struct_config__.tag
    try:
        line = msgspec.json.encode(message, enc_hook=_path_on_the_wire) + b"\n"
    except (ValueError, TypeError, RecursionError) as error:
        raise WireError(f"a {kind} message cannot be written: {error}") from error
    if len(line) > MAX_LINE:
        raise WireError(f"a {kind} message of {len(line)} bytes is too long")
    return line


def to_child(line: bytes) -> ToChild:
    return _decode(ToChild, line)  # type: ignore[no-any-return]


def from_child(line: bytes) -> FromChild:
    return _decode(FromChild, line)  # type: ignore[no-any-return]


def _decode(kinds: Any, line: bytes) -> Any:
    if len(line) > MAX_LINE:
        raise WireError(f"a line of over {MAX_LINE} bytes")
    try:
        return _decoder(kinds).decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise WireError(f"no message: {line[:200]!a}") from error


def _path_on_the_wire(value: object) -> str:
    """Without loss: a path is bytes, and may be no text."""
    if isinstance(value, Path):
        return os.fsencode(value).decode("latin-1")
    raise TypeError(f"nothing for the wire: {type(value).__name__}")


def _path_from_the_wire(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise ValueError("not a path")
    return Path(os.fsdecode(value.encode("latin-1")))
