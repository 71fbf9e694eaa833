"""What tests of the comparison are made of."""

from __future__ import annotations

from pathlib import Path

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.ui.items.compare_model import Compared, Comparison


def compared(path: Path, caption: str = "", kind: str = Kind.IMAGE, **changes: object) -> Compared:
    values = {"uid": path.name, "name": path.stem, "kind": kind, "origin": Origin.ARTIFACT, **changes}
    item = Item(digest="a" * 64, extension=path.suffix, size=1, created=0.0, **values)  # type: ignore[arg-type]
    return Compared(item, path, caption)


def comparison_of(*paths: Path, kind: str = Kind.IMAGE) -> Comparison:
    return Comparison.of([compared(path, kind=kind) for path in paths])
