"""Pages of a score as pictures. Made on a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from studio_music.core.score.pages import BarPlace, NotePlace, Page

_HEAD = 10.0
"""How wide a note head is about, in the page's pixels at the usual size."""


@dataclass(frozen=True)
class Sheet:
    """One page: places on it are in the pixels of the page, `scale` of which are one on the screen."""

    page: Page
    picture: QImage
    scale: float

    @property
    def width(self) -> float:
        return self.page.width * self.scale

    @property
    def height(self) -> float:
        return self.page.height * self.scale

    def note_at(self, place: QPointF, near: float) -> NotePlace | None:
        """The note at a place of the screen, or the nearest one within `near` pixels."""
        x, y = place.x() / self.scale, place.y() / self.scale
        best = min(self.page.notes, key=lambda note: _far(note, x, y), default=None)
        return best if best is not None and _far(best, x, y) <= near else None

    def bar_at(self, place: QPointF) -> BarPlace | None:
        """The bar at a place of the screen, as high as its line of music with the room around it."""
        x, y = place.x() / self.scale, place.y() / self.scale
        here = [bar for bar in self.page.bars if bar.left <= x <= bar.right]
        best = min(here, key=lambda bar: max(bar.top - y, y - bar.bottom, 0), default=None)
        return best if best is not None and max(best.top - y, y - best.bottom) < 40 else None

    def area_of(self, note: NotePlace) -> QRectF:
        """The head of a note, on the screen."""
        return QRectF(
            (note.x - 1) * self.scale, (note.y - 5) * self.scale, _HEAD * self.scale, 10 * self.scale
        )


def sheets_of(
    pages: Sequence[Page], ink: str, width: float, ratio: float, check: Callable[[], object]
) -> list[Sheet]:
    """Draws pages `width` pixels wide in `ink` (#rrggbb), for a screen of `ratio` dots to a pixel.

    `check` is called between pages, and raises where nobody waits any more.
    """
    made: list[Sheet] = []
    for page in pages:
        check()
        scale = width / page.width
        drawing = page.svg.replace('"black"', f'"{ink}"').replace('"currentColor"', f'"{ink}"')
        wide, high = width * ratio, page.height * scale * ratio
        picture = QImage(round(wide), round(high), QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, wide, high))
        picture.setDevicePixelRatio(ratio)
        made.append(Sheet(page, picture, scale))
    return made


def _far(note: NotePlace, x: float, y: float) -> float:
    across = max(note.x - x, x - note.x - _HEAD, 0.0)
    return max(across, abs(note.y - y) - 4)
