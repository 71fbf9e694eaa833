"""Which kinds of items go out in which formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio_product.formats import convert as parts
from studio_text.formats import documents

from studio.core.item import Item
from studio.core.kind import Kind
from studio.export import convert as pictures

PICTURES: dict[str, str] = pictures.EXTENSIONS
TEXTS: dict[str, str] = documents.EXTENSIONS
PARTS: dict[str, str] = parts.EXTENSIONS
EXTENSIONS: dict[str, str] = {**PICTURES, **TEXTS, **PARTS}
"""Every format that can be asked for, with its extension."""

_PART = "part"
_MODULES = {Kind.IMAGE: pictures, Kind.MASK: pictures, Kind.TEXT: documents, _PART: parts}


def of_kind(kind: str) -> dict[str, str]:
    """The formats that items of this kind can be converted to; none: they go out as they are."""
    return _MODULES[kind].EXTENSIONS if kind in _MODULES else {}


def of_file(kind: str, extension: str) -> str | None:
    """The format that a file with this extension has, for items of this kind."""
    return _MODULES[kind].format_of(extension) if kind in _MODULES else None


def wanted(item: Item, formats: Sequence[str | None]) -> str | None:
    """Which of the formats this item must be converted to; None: its own bytes go out."""
    for format in formats:
        if format in of_kind(item.kind):
            return None if _MODULES[item.kind].is_already(item.extension, format) else format
    return None


def convert(item: Item, source: Path, format: str, *, deviation: float | None = None) -> bytes:
    """An item's file in another format. Raises StudioError: see the modules for each kind.

    `deviation` is for parts: see `studio_product.formats.convert`.
    """
    name = item.name.removesuffix(item.extension)
    if item.kind == Kind.TEXT:
        return documents.convert(source, format, name)
    if item.kind == _PART:
        return parts.convert(source, format, name, item.created, deviation)
    return pictures.convert(source, format)


def beside(item: Item, source: Path, format: str | None) -> dict[str, bytes]:
    """What stands beside an item's file when it goes out in this format (None: as it is), by what the files'
    names end in: the numbers of parts, for one.

    Raises:
        BadInput: see `studio_product.formats.beside`.
    """
    return parts.beside(source, format, item.name) if item.kind == _PART else {}
