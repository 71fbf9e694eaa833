"""Keeps the pictures small: one sheet for all looks of a view; docs/panels.md shows the sheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from scenes import Scene

DOCS = Path(__file__).resolve().parent.parent
IMAGES = DOCS / "images"
PANELS = IMAGES / "panels"
LOOKS = ("light-en", "dark-en", "light-de", "dark-de")
SHEET_WIDTH, GAP = 1080, 8
PAPER = (120, 124, 132)
README_QUALITY, README_MOST = 94, 350_000
SHEET_QUALITY, ALL_MOST = 30, 1_700_000


def grabbed(widget: QWidget) -> Image.Image:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")


def readme(widget: QWidget, name: str) -> None:
    file = IMAGES / name
    grabbed(widget).save(file, quality=README_QUALITY, method=6)
    size = file.stat().st_size
    if size > README_MOST:
        raise SystemExit(f"{file} has {size:,} bytes: lower README_QUALITY.")


class Sheets:
    """Collects the pictures by view and look; with `full` each is also written there as PNG."""

    def __init__(self, full: Path | None) -> None:
        self._full = full
        self._taken: dict[str, dict[str, Image.Image]] = {}
        if full is not None:
            full.mkdir(parents=True, exist_ok=True)

    def take(self, view: str, look: str, widget: QWidget) -> None:
        image = grabbed(widget)
        self._taken.setdefault(view, {})[look] = image
        if self._full is not None:
            image.save(self._full / f"{view}-{look}.png")

    def write(self, scenes: Sequence[Scene]) -> None:
        """Writes the sheets and their page anew, and lets go of those of earlier days."""
        PANELS.mkdir(parents=True, exist_ok=True)
        for old in PANELS.glob("*.webp"):
            old.unlink()
        for view, looks in self._taken.items():
            _sheet([looks[look] for look in LOOKS]).save(
                PANELS / f"{view}.webp", quality=SHEET_QUALITY, method=6
            )
        size = sum(file.stat().st_size for file in PANELS.glob("*.webp"))
        print(f"{len(self._taken)} sheets: {size / 1000:.0f} kB")
        if size > ALL_MOST:
            raise SystemExit(f"The sheets have {size:,} bytes together: lower SHEET_QUALITY.")
        (DOCS / "panels.md").write_text(self._page(scenes), encoding="utf-8")

    def _page(self, scenes: Sequence[Scene]) -> str:
        parts = [
            "# Every panel",
            "In the light and the dark theme, in English and German; the whole window in three sizes.\n"
            "`docs/screenshots` makes these pictures by driving the program; "
            "do not change them by hand.",
        ]
        groups = [("window", "The window"), ("compare", "Ways to compare")]
        groups += [(scene.name, scene.words) for scene in scenes]
        for name, words in groups:
            views = [view for view in self._taken if view.rpartition("-")[0].split("-")[0] == name]
            parts.append(f"## {words}")
            parts += [f"![{view.replace('-', ' ')}](images/panels/{view}.webp)" for view in views]
        return "\n\n".join(parts) + "\n"


def _sheet(images: Sequence[Image.Image]) -> Image.Image:
    """All looks side by side if they are narrow, else two by two; never larger than they are."""
    columns = 4 if max(image.width for image in images) <= 420 else 2
    most = (SHEET_WIDTH - GAP * (columns + 1)) // columns
    scale = min(1.0, most / max(image.width for image in images))
    small = [
        image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
        for image in images
    ]
    width, height = max(image.width for image in small), max(image.height for image in small)
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), PAPER)
    for number, image in enumerate(small):
        row, column = divmod(number, columns)
        sheet.paste(image, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet
