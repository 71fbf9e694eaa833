"""The one thing that the shell reads of a GGUF file: its fixed header. All else is parsed in a worker.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct

from studio.errors import ModelRefused
from studio.models.plain_files import GET_AGAIN
from studio.words import tr

MAGIC = b"GGUF"
_HEADER = struct.Struct("<4sIQQ")
_VERSIONS = (2, 3)
_LEAST_TENSOR = 8 + 4 + 4 + 8
"""Bytes of the shortest description of a tensor: length of its name, axes, type, offset."""
_LEAST_NOTE = 8 + 4 + 1
"""Bytes of the shortest key with its value: length of the key, type, value."""


def check_gguf(name: str, start: bytes, size: int) -> None:
    """Raises `ModelRefused` unless the header is of a version that is read here and fits the file's size."""
    damaged = ModelRefused(
        tr("Refused: the GGUF file “{name}” is damaged or cut off.", name=name), tr(GET_AGAIN)
    )
    if len(start) < _HEADER.size:
        raise damaged
    _, version, tensors, notes = _HEADER.unpack_from(start)
    if version not in _VERSIONS:
        raise ModelRefused(
            tr("Refused: “{name}” is a GGUF file of a version that the studio does not read.", name=name),
            tr("Get a newer one: version 2 or 3, as all are made since 2023."),
            f"version {version}",
        )
    if not tensors or not notes or _HEADER.size + tensors * _LEAST_TENSOR + notes * _LEAST_NOTE > size:
        raise damaged
