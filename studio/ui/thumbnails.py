"""Small pictures of items: made on plain threads, kept on disk by digest and size, a few in memory."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap

from studio.core.item import Item, Kind
from studio.errors import MissingBlob
from studio.ui.bridge import Bridge

THREADS = 2
MEMORY = 24 * 2**20
"""Bytes of pixmaps that are kept: some 300 at the normal size."""
SIDE = 160
"""Of the square that a thumbnail fits in, in device-independent pixels."""
DECODE_LIMIT_MB = 512


@dataclass(frozen=True)
class ThumbnailReady:
    """`image` is null where the file cannot be read as a picture."""

    digest: str
    image: QImage


class Thumbnails:
    """Gives a pixmap at once if it has one, else starts to make it and posts `ThumbnailReady` later.

    The newest wish comes first: it is what the user looks at now; wishes that have been scrolled away are
    dropped once there are more than `WAITING`.
    """

    WAITING = 256

    def __init__(self, folder: Path, bridge: Bridge, *, scale: float = 1.0) -> None:
        self._folder = folder
        self._side = round(SIDE * scale)
        self._scale = scale
        self._bridge = bridge
        self._pixmaps: OrderedDict[str, QPixmap] = OrderedDict()
        self._bytes = 0
        self._find: Callable[[Item], Path] | None = None
        self._wishes: OrderedDict[str, Path] = OrderedDict()
        self._asked: set[str] = set()
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

    def get(self, item: Item) -> QPixmap | None:
        """The pixmap, null if there can be none; None while it is being made. In the window's thread."""
        if item.kind not in (Kind.IMAGE, Kind.MASK):
            return QPixmap()
        found = self._pixmaps.get(item.digest)
        if found is not None:
            self._pixmaps.move_to_end(item.digest)
            return found
        if self._find is None or item.digest in self._asked:
            return None
        try:
            source = self._find(item)
        except MissingBlob:
            self._keep(item.digest, QPixmap())
            return self._pixmaps[item.digest]
        self._wish(item.digest, source)
        return None

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()

    def _wish(self, digest: str, source: Path) -> None:
        with self._wake:
            self._asked.add(digest)
            self._wishes[digest] = source
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
                digest, source = self._wishes.popitem()
            self._bridge.post(ThumbnailReady(digest, self._make(digest, source)))

    def _make(self, digest: str, source: Path) -> QImage:
        kept = self._folder / digest[:2] / f"{digest}-{self._side}.webp"
        image = QImage(str(kept)) if kept.exists() else QImage()
        if image.isNull():
            image = decode(source, self._side)
            if not image.isNull():
                with suppress(OSError):  # a cache that cannot be written only makes the next start slower
                    self._cache(image, kept)
        return image

    def _cache(self, image: QImage, kept: Path) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}.new")
        if image.save(str(fresh), "WEBP", 90):  # type: ignore[call-overload]
            fresh.replace(kept)

    def _on_event(self, event: object) -> None:
        if isinstance(event, ThumbnailReady):
            self._asked.discard(event.digest)
            pixmap = QPixmap.fromImage(event.image)
            pixmap.setDevicePixelRatio(self._scale)
            self._keep(event.digest, pixmap)

    def _keep(self, digest: str, pixmap: QPixmap) -> None:
        self._pixmaps[digest] = pixmap
        self._bytes += _bytes_of(pixmap)
        while self._bytes > MEMORY:
            _, dropped = self._pixmaps.popitem(last=False)
            self._bytes -= _bytes_of(dropped)


def decode(source: Path, side: int) -> QImage:
    """The picture in a square of `side` pixels, turned as its EXIF says; null if it cannot be read."""
    reader = QImageReader(str(source))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        box = QSize(side, side)
        if size.width() > side or size.height() > side:
            reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return image
    if image.width() > side or image.height() > side:
        image = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return image.convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied if image.hasAlphaChannel() else QImage.Format.Format_RGB32
    )


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
