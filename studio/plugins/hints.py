"""What plugins know of the values of form fields that carry a hint of theirs."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from studio.plugins.manifest_rows import ReaderRow
from studio.plugins.media import Media, installed_media


def has_reader(hint: str) -> bool:
    """Whether a value with this hint can be read from a file."""
    return bool(hint) and _media().reader_of(hint) is not None


def read_value(
    hint: str, file: Path, slots: Sequence[str], taken: Collection[str]
) -> tuple[Any, dict[str, Path]]:
    """The value that a file holds, and the files that it names, by the input that takes each.

    Args:
        slots: inputs that the value may feed.
        taken: those that get a file from elsewhere.

    Raises:
        BadInput: the file cannot be used.
    """
    found: tuple[Any, dict[str, Path]] = _named(_row(hint).read)(file, slots, taken)
    return found


def checked_value(hint: str, value: Any, inputs: Mapping[str, object]) -> Any:
    """The value as a recipe holds it; unchanged where no plugin checks values with this hint.

    Raises:
        BadInput: no job can work from it.
    """
    row = _media().reader_of(hint)
    if row is None or row.check is None:
        return value
    return _named(row.check)(value, inputs)


@functools.cache
def _media() -> Media:
    return installed_media()


def _row(hint: str) -> ReaderRow:
    row = _media().reader_of(hint)
    assert row is not None
    return row


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
