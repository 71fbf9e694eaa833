"""Which kinds of items go out in which formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.core.item import Item, Kind
from studio.export import convert as pictures
from studio.export import documents

PICTURES: dict[str, str] = pictures.EXTENSIONS
TEXTS: dict[str, str] = documents.EXTENSIONS
EXTENSIONS: dict[str, str] = {**PICTURES, **TEXTS}
"""Every format that can be asked for, with its extension."""


def of_kind(kind: Kind) -> dict[str, str]:
    """The formats that items of this kind can be converted to; none: they go out as they are."""
    if kind in (Kind.IMAGE, Kind.MASK):
        return PICTURES
    return TEXTS if kind is Kind.TEXT else {}


def of_file(kind: Kind, extension: str) -> str | None:
    """The format that a file with this extension has, for items of this kind."""
    if kind is Kind.TEXT:
        return documents.format_of(extension)
    return pictures.format_of(extension) if of_kind(kind) else None


def wanted(item: Item, formats: Sequence[str | None]) -> str | None:
    """Which of the formats this item must be converted to; None: its own bytes go out."""
    for format in formats:
        if format in of_kind(item.kind):
            is_already = documents.is_already if item.kind is Kind.TEXT else pictures.is_already
            return None if is_already(item.extension, format) else format
    return None


def convert(item: Item, source: Path, format: str) -> bytes:
    """An item's file in another format. Raises StudioError: see the modules for each kind."""
    if item.kind is Kind.TEXT:
        return documents.convert(source, format, item.name.removesuffix(item.extension))
    return pictures.convert(source, format)
