"""What an exporter of a plugin is asked for."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class ExportRequest(Struct, frozen=True, kw_only=True):
    """The third argument of a plugin's `export(source: Path, target: Path, request: ExportRequest)`."""

    kind: str
    """Of the item."""
    format: str
    """Id of the exporter in the plugin's manifest."""
    name: str = ""
    """What the item is called in its project."""
    created: float = 0.0
    """When the item was made: seconds since 1970-01-01, UTC."""
    options: dict[str, Any] = {}
    """As the person set them; the exporter checks them."""
