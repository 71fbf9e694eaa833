"""The newest picture of a project that is not open, for its card. For a thread: it reads the disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from studio.core.kind import Kind
from studio.errors import StudioError
from studio.given_paths import is_file, is_folder
from studio.project.blobs import Blobs
from studio.project.database import reading
from studio.project.layout import DATABASE
from studio.service.service import Service

SIDE = 480
"""Pixels: a card at twice the usual density."""
_NEWEST = (
    "SELECT digest, extension FROM item WHERE kind = 'image' AND trashed IS NULL"
    " ORDER BY origin = 'artifact' DESC, created DESC LIMIT 3"
)


def newest_picture(folder: Path, service: Service) -> QImage | None:
    """The picture, made small by the service process. None where the folder is gone; a null image where it
    holds no picture that can be read."""
    if not is_folder(folder):
        return None
    file = folder / DATABASE
    if not is_file(file):
        return QImage()
    try:
        with reading(file) as connection:
            rows = connection.execute(_NEWEST).fetchall()
    except Exception:  # noqa: BLE001 - an old or damaged project has no picture, and is none of our business here
        return QImage()
    for row in rows:
        try:
            source = Blobs(folder).find(row["digest"], [row["extension"]])
            image = QImage(str(service.thumbnail_now(Kind.IMAGE, source, row["digest"], SIDE)))
        except (StudioError, OSError):
            continue
        if not image.isNull():
            return image
    return QImage()
