"""How two pictures differ, pixel by pixel, computed away from the window's thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.errors import OutOfMemory, StudioError
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.photo import Photo
from studio.words import tr

_COARSE = 512
"""Pixels of the longer side that are enough to see where something changed."""
_SEEN = 6
"""A channel's difference that is more than noise."""


@dataclass(frozen=True)
class Difference:
    """`photo` shows how far each channel is apart, black where they are equal."""

    photo: Photo
    changed: float
    """The part of the reference's pixels that are not exactly alike, 0 to 1."""
    strongest: int
    """The largest difference of a channel, 0 to 255."""


def difference(first: Photo, second: Photo) -> Difference:
    """The second is fitted to the size of the first, as the views fit it."""
    import cv2
    import numpy as np

    from studio.ui.kit.pyramid import Pyramid

    reference, other = first.pyramid.levels[0], second.pyramid.levels[0]
    height, width = reference.shape[:2]
    if other.shape != reference.shape:
        scale = min(width / other.shape[1], height / other.shape[0])
        size = max(round(other.shape[1] * scale), 1), max(round(other.shape[0] * scale), 1)
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        scaled = cv2.resize(other, size, interpolation=method)
        other = np.zeros_like(reference)
        left, top = (width - size[0]) // 2, (height - size[1]) // 2
        other[top : top + size[1], left : left + size[0]] = scaled
    apart = cv2.absdiff(reference, other)
    # Four bytes as one number: a pixel differs if it is not 0, and no array of booleans a channel is needed.
    count = cv2.countNonZero(apart.view(np.int32).reshape(height, width))
    strongest = int(apart.max())
    if first.has_alpha or second.has_alpha:
        apart[..., :3] = np.maximum(apart[..., :3], apart[..., 3:])
    apart[..., 3] = 255
    photo = Photo(None, (width, height), Pyramid(apart), has_alpha=False)
    return Difference(photo, count / (width * height), strongest)


def changed_middle(first: Photo, second: Photo) -> float | None:
    """Where the part that differs has its middle, 0 (left) to 1; None if nothing does, or the sizes differ.

    Looks at a small copy of both, which takes about a millisecond.
    """
    import numpy as np

    if first.size != second.size:
        return None
    level = next(
        (n for n, pixels in enumerate(first.pyramid.levels) if max(pixels.shape[:2]) <= _COARSE),
        len(first.pyramid.levels) - 1,
    )
    one, other = first.pyramid.levels[level], second.pyramid.levels[level]
    apart = np.abs(one.astype(np.int16) - other).max(axis=(0, 2))
    columns = np.flatnonzero(apart > _SEEN)
    return None if not columns.size else float(columns[0] + columns[-1] + 1) / 2 / len(apart)


class DifferenceMaker(QObject):
    """Computes one difference at a time; a newer wish makes an older one's answer unwanted."""

    ready = Signal(object)
    """Difference."""
    failed = Signal(object)
    """StudioError."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = Bridge()
        self._bridge.listen(self._on_answer)
        self.destroyed.connect(self._bridge.close)
        self._ticket = 0
        self._turn = threading.Lock()

    def make(self, first: Photo, second: Photo) -> None:
        self._ticket += 1
        threading.Thread(
            target=self._work, args=(self._ticket, first, second), name="difference", daemon=True
        ).start()

    def cancel(self) -> None:
        self._ticket += 1

    def _work(self, ticket: int, first: Photo, second: Photo) -> None:
        with self._turn:
            if ticket != self._ticket:
                return
            try:
                answer: object = difference(first, second)
            except MemoryError:
                answer = OutOfMemory(
                    tr("There is not enough memory to compute the difference."),
                    tr("Close other programs first."),
                )
            except Exception as error:  # noqa: BLE001 - raised in the window's thread
                answer = error
            self._bridge.post((ticket, answer))

    def _on_answer(self, answered: tuple[int, object]) -> None:
        ticket, answer = answered
        if ticket != self._ticket:
            return
        if isinstance(answer, Difference):
            self.ready.emit(answer)
        elif isinstance(answer, StudioError):
            self.failed.emit(answer)
        elif isinstance(answer, Exception):
            raise answer
