"""The photos of a comparison: read one after the other, kept while they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.errors import StudioError
from studio.ui.kit.photo import Photo, PhotoLoader


class PhotoShelf(QObject):
    changed = Signal(object)
    """Path of a photo that is there now, coarsely or whole."""
    failed = Signal(object, object)
    """Path, StudioError."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos: dict[Path, Photo] = {}
        self._waiting: list[Path] = []
        self._reading: Path | None = None
        self._loader = PhotoLoader(self)
        self._loader.quick.connect(self._on_photo)
        self._loader.loaded.connect(self._on_photo)
        self._loader.failed.connect(self._on_failed)

    def photo(self, path: Path | None) -> Photo | None:
        """What is known of it so far; a coarse view first, if it is large."""
        return self._photos.get(path) if path is not None else None

    def want(self, paths: Sequence[Path]) -> None:
        """These, in this order, and no others: what else is here is let go."""
        self._photos = {path: photo for path, photo in self._photos.items() if path in paths}
        if self._reading not in paths:
            self._loader.cancel()
            self._reading = None
        self._waiting = [
            path
            for path in dict.fromkeys(paths)
            if path != self._reading and (path not in self._photos or self._photos[path].is_quick)
        ]
        self._read_next()

    def clear(self) -> None:
        self.want([])

    def _read_next(self) -> None:
        if self._reading is None and self._waiting:
            self._reading = self._waiting.pop(0)
            self._loader.load(self._reading)

    def _on_photo(self, photo: Photo) -> None:
        assert photo.path is not None
        self._photos[photo.path] = photo
        if not photo.is_quick:
            self._reading = None
            self._read_next()
        self.changed.emit(photo.path)

    def _on_failed(self, error: StudioError) -> None:
        path, self._reading = self._reading, None
        assert path is not None
        self._photos.pop(path, None)
        self._read_next()
        self.failed.emit(path, error)
