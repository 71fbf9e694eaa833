"""Files as other programs get them: under the item's name, and never the project's own bytes."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl
from PySide6.QtGui import QImage

from studio.core.file_names import safe_name
from studio.core.item import Item
from studio.errors import StudioError
from studio.paths import handed_out_folder
from studio.ui.kit.picture_reader import picture_reader

KEEP_SECONDS = 24 * 3600
"""A program that was given a file may still read it long after the drag."""
ITEM_MIME = "application/x-studio-items"
"""Dragged items by uid, one a line: so that our own windows know them from foreign files."""
_URIS, _IMAGE = "text/uri-list", "application/x-qt-image"


class HandedOut(QMimeData):
    """Items on their way out: a drag of thousands begins at once, as files are copied for whoever wants them.

    An item whose file is gone is left out.
    """

    def __init__(self, items: Sequence[Item], find: Callable[[str], Path], *, picture: bool = False) -> None:
        """`find`: `Project.blob_path`. `picture`: the first item can be taken as a picture too."""
        super().__init__()
        self._items, self._find, self._picture = items, find, picture
        self._urls: list[QUrl] | None = None
        self.setData(ITEM_MIME, "\n".join(item.uid for item in items).encode())

    def formats(self) -> list[str]:
        return [_URIS, ITEM_MIME, *([_IMAGE] if self._picture else [])]

    def hasFormat(self, format: str) -> bool:
        return format in self.formats()

    def retrieveData(self, format: str, wanted: QMetaType) -> Any:
        if format == _IMAGE and self._picture:
            return self._read()
        if format != _URIS:
            return super().retrieveData(format, wanted)
        if self._urls is None:
            self._urls = self._copies()
        if wanted.id() == QMetaType.Type.QVariantList.value:
            return self._urls
        if wanted.id() == QMetaType.Type.QUrl.value and len(self._urls) == 1:
            return self._urls[0]
        return QByteArray(b"".join(bytes(url.toEncoded().data()) + b"\r\n" for url in self._urls))

    def _read(self) -> QImage:
        """Null where it cannot be read."""
        try:
            reader = picture_reader(self._find(self._items[0].digest))
        except StudioError:
            return QImage()
        return reader.read() if reader is not None else QImage()

    def _copies(self) -> list[QUrl]:
        urls = []
        for item in self._items:
            try:
                blob = self._find(item.digest)
            except StudioError:
                continue
            urls.append(QUrl.fromLocalFile(str(hand_out(item, blob, handed_out_folder()))))
        return urls


def uids_of(data: QMimeData) -> list[str]:
    """The items that a drag from a gallery carries; none for anything else."""
    text = bytes(data.data(ITEM_MIME).data()).decode("ascii", "replace") if data.hasFormat(ITEM_MIME) else ""
    return text.split("\n") if text else []


def hand_out(item: Item, blob: Path, folder: Path) -> Path:
    """A copy of `blob` in `folder`, named after its item; one that was made before serves again.

    A copy and not a hard link: whoever gets it may write into it. Where it cannot be made (a full disk), the
    blob itself serves.
    """
    place = folder / item.digest[:16]
    file = place / safe_name(item.name.removesuffix(item.extension), item.extension)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.stat().st_size != item.size or _is_touched(file, blob):
            part = place / f".{os.getpid()}.part"
            shutil.copyfile(blob, part)
            shutil.copystat(blob, part)
            part.replace(file)
        os.utime(place)
    except OSError:
        return blob
    return file


def _is_touched(file: Path, blob: Path) -> bool:
    return file.stat().st_mtime_ns != blob.stat().st_mtime_ns


def sweep(folder: Path) -> None:
    """Removes what was handed out more than a day ago."""
    before = time.time() - KEEP_SECONDS
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.stat().st_mtime < before:
            shutil.rmtree(place, ignore_errors=True)
