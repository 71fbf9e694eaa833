"""Small pictures of items: made by the service process, kept on disk by digest and size, a few in memory.

The window's own thread only looks into memory. A thread finds the item's file in the project, reads what the
service process made of it (a small picture, or data for a drawing) and draws it.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QImage, QPixmap

from studio.core.item import Item
from studio.errors import StudioError
from studio.service.service import Service
from studio.service.thumbnail_file import read_drawing
from studio.service.wish import Outcome, Wish
from studio.ui.items.thumbnail_drawing import draw
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.picture_reader import picture_reader

MEMORY = 24 * 2**20
"""Bytes of pixmaps that are kept: some 300 at the normal size."""
SIDE, LARGE, LARGEST = 160, 320, 640
"""Of the square that a thumbnail fits in, in device-independent pixels: usually, for large cells, and for
wide pictures of the library."""

log = logging.getLogger(__name__)


class Key(Struct, frozen=True):
    """The same bytes look different as another kind of item."""

    digest: str
    kind: str
    side: int
    """Device-independent pixels."""


class ThumbnailReady(Struct, frozen=True):
    """`image` is null where no picture can be made of the file."""

    digest: str
    image: QImage
    key: Key


class _Asked:
    """A thumbnail on its way."""

    def __init__(self, key: Key, item: Item, find: Callable[[Item], Path]) -> None:
        self.key = key
        self.item = item
        self.find = find
        self.wish: Wish | None = None
        """What the service was asked for, if the thumbnail had to be made."""
        self.outcome: Outcome | None = None


class Thumbnails:
    """Gives a pixmap at once if it has one, else has it made and posts `ThumbnailReady` later.

    The newest wish comes first: it is what the user looks at now; wishes that have been scrolled away are
    dropped once there are more than `WAITING`.
    """

    WAITING = 256

    def __init__(self, service: Service, bridge: Bridge, *, scale: float = 1.0) -> None:
        self._service = service
        self._scale = scale
        self._bridge = bridge
        self._pixmaps: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._find: Callable[[Item], Path] | None = None
        self._asked: OrderedDict[Key, _Asked] = OrderedDict()
        """Everything that was asked for and is not there yet, the oldest first."""
        self._todo: list[_Asked] = []
        """What the thread has to look at, the newest last."""
        self._wake = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        bridge.listen(self._on_event)

    @property
    def sides(self) -> tuple[int, int]:
        """Of what is kept, in pixels: usually, and for large cells."""
        return round(SIDE * self._scale), round(LARGE * self._scale)

    def set_source(self, find: Callable[[Item], Path] | None) -> None:
        """Where the files of items are (`Project.blob_path`), or None when no project is open.

        `find` is called on a thread; whatever it raises means that there is no thumbnail.
        """
        with self._wake:
            self._find = find
            self._todo.clear()
            dropped = [*self._asked.values()]
            self._asked.clear()
        self._drop(dropped)

    def get(self, item: Item, side: int = SIDE) -> QPixmap | None:
        """The pixmap, null if there can be none; None while it is being made. In the window's thread.

        It may be called while painting: it reads neither the database nor the disk, and raises nothing.
        `side`: SIDE, LARGE or LARGEST.
        """
        key = Key(item.digest, item.kind, side)
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
            return found
        self._ask(key, item)
        return None

    def close(self) -> None:
        self.set_source(None)
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _ask(self, key: Key, item: Item) -> None:
        dropped = []
        with self._wake:
            if self._find is None or key in self._asked or self._closed:
                return
            asked = self._asked[key] = _Asked(key, item, self._find)
            self._todo.append(asked)
            while len(self._asked) > self.WAITING:
                dropped.append(self._asked.popitem(last=False)[1])
            self._wake.notify()
        self._drop(dropped)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="thumbnails", daemon=True)
            self._thread.start()

    def _drop(self, dropped: list[_Asked]) -> None:
        for asked in dropped:
            if asked.wish is not None:
                self._service.drop(asked.wish)

    # --- on the thumbnails' thread --------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._todo and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                asked = self._todo.pop()
                if self._asked.get(asked.key) is not asked:  # dropped meanwhile
                    continue
            try:
                image = self._image(asked)
            except Exception:
                log.info("No thumbnail of %s", asked.key.digest, exc_info=True)
                image = QImage()
            if image is not None:
                self._give(asked, image)

    def _give(self, asked: _Asked, image: QImage) -> None:
        with self._wake:
            if self._asked.get(asked.key) is not asked:
                return
        self._bridge.post(ThumbnailReady(asked.key.digest, image, asked.key))

    def _image(self, asked: _Asked) -> QImage | None:
        """The thumbnail, null if there can be none; None while the service makes it."""
        key, pixels = asked.key, round(asked.key.side * self._scale)
        kept = self._service.thumbnail_file(key.kind, key.digest, pixels)
        if asked.outcome is not None:
            return _read(kept, pixels) if asked.outcome.files else QImage()
        if not self._service.has_thumbnails(key.kind):
            return QImage()
        try:
            source = asked.find(asked.item)
        except StudioError:
            return QImage()
        image = _read(kept, pixels) if kept.exists() else QImage()
        if not image.isNull():
            return image

        def done(outcome: Outcome) -> None:
            with self._wake:
                asked.outcome = outcome
                self._todo.append(asked)
                self._wake.notify()

        asked.wish = self._service.thumbnail(key.kind, source, key.digest, pixels, done)
        return None

    # --- in the window's thread -----------------------------------------------------------------------------

    def _on_event(self, event: object) -> None:
        if isinstance(event, ThumbnailReady):
            with self._wake:
                self._asked.pop(event.key, None)
            pixmap = QPixmap.fromImage(event.image)
            pixmap.setDevicePixelRatio(self._scale)
            self._keep(event.key, pixmap)

    def _keep(self, key: Key, pixmap: QPixmap) -> None:
        self._pixmaps[key] = pixmap
        self._bytes += _bytes_of(pixmap)
        while self._bytes > MEMORY:
            _, dropped = self._pixmaps.popitem(last=False)
            self._bytes -= _bytes_of(dropped)


def _read(file: Path, pixels: int) -> QImage:
    """What the service process wrote; null if it is damaged."""
    drawing = read_drawing(file.read_bytes())
    if drawing is not None:
        return draw(drawing, pixels)
    reader = picture_reader(file)
    image = reader.read() if reader is not None else QImage()
    if image.isNull() or not image.hasAlphaChannel():
        return image
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
