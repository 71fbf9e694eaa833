"""Small pictures of items: made on plain threads, kept on disk by digest and size, a few in memory."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QImage, QImageReader, QPixmap

from studio.core.item import Item
from studio.core.kind import Kind
from studio.errors import MissingBlob
from studio.ui.items.thumbnail_kinds import draw
from studio.ui.kit.bridge import Bridge

THREADS = 2
MEMORY = 24 * 2**20
"""Bytes of pixmaps that are kept: some 300 at the normal size."""
SIDE, LARGE = 160, 320
"""Of the square that a thumbnail fits in, in device-independent pixels: usually, and for large cells."""
DECODE_LIMIT_MB = 512
_PICTURES = (Kind.IMAGE, Kind.MASK)


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


class Thumbnails:
    """Gives a pixmap at once if it has one, else starts to make it and posts `ThumbnailReady` later.

    The newest wish comes first: it is what the user looks at now; wishes that have been scrolled away are
    dropped once there are more than `WAITING`.
    """

    WAITING = 256

    def __init__(self, folder: Path, bridge: Bridge, *, scale: float = 1.0) -> None:
        self._folder = folder
        self._scale = scale
        self._bridge = bridge
        self._pixmaps: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._find: Callable[[Item], Path] | None = None
        self._wishes: OrderedDict[Key, Path] = OrderedDict()
        self._asked: set[Key] = set()
        self._wake = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []
        QImageReader.setAllocationLimit(DECODE_LIMIT_MB)
        bridge.listen(self._on_event)

    def set_source(self, find: Callable[[Item], Path] | None) -> None:
        """Where the files of items are (`Project.blob_path`), or None when no project is open."""
        with self._wake:
            self._find = find
            self._wishes.clear()
            self._asked.clear()

    def get(self, item: Item, side: int = SIDE) -> QPixmap | None:
        """The pixmap, null if there can be none; None while it is being made. In the window's thread.

        `side`: SIDE or LARGE.
        """
        key = Key(item.digest, item.kind, side)
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
            return found
        if self._find is None or key in self._asked:
            return None
        try:
            source = self._find(item)
        except MissingBlob:
            self._keep(key, QPixmap())
            return self._pixmaps[key]
        self._wish(key, source)
        return None

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()

    def _wish(self, key: Key, source: Path) -> None:
        with self._wake:
            self._asked.add(key)
            self._wishes[key] = source
            while len(self._wishes) > self.WAITING:
                dropped, _ = self._wishes.popitem(last=False)
                self._asked.discard(dropped)
            self._wake.notify()
        if len(self._threads) < THREADS:
            thread = threading.Thread(target=self._work, name=f"thumbnails {len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._wishes and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                key, source = self._wishes.popitem()
            self._bridge.post(ThumbnailReady(key.digest, self._make(key, source), key))

    def _make(self, key: Key, source: Path) -> QImage:
        pixels = round(key.side * self._scale)
        look = "picture" if key.kind in _PICTURES else str(key.kind)
        kept = self._folder / key.digest[:2] / f"{key.digest}-{look}-{pixels}.webp"
        image = QImage(str(kept)) if kept.exists() else QImage()
        if image.isNull():
            image = draw(key.kind, source, pixels)
            if not image.isNull():
                with suppress(OSError):  # a cache that cannot be written only makes the next start slower
                    self._cache(image, kept)
        return image

    def _cache(self, image: QImage, kept: Path) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        if image.save(str(fresh), "WEBP", 90):  # type: ignore[call-overload]
            fresh.replace(kept)

    def _on_event(self, event: object) -> None:
        if isinstance(event, ThumbnailReady):
            self._asked.discard(event.key)
            pixmap = QPixmap.fromImage(event.image)
            pixmap.setDevicePixelRatio(self._scale)
            self._keep(event.key, pixmap)

    def _keep(self, key: Key, pixmap: QPixmap) -> None:
        self._pixmaps[key] = pixmap
        self._bytes += _bytes_of(pixmap)
        while self._bytes > MEMORY:
            _, dropped = self._pixmaps.popitem(last=False)
            self._bytes -= _bytes_of(dropped)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
