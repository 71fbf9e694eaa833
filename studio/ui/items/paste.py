"""From the clipboard into the project: a picture, or files."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from studio.errors import StudioError
from studio.given_paths import exists
from studio.paths import handed_out_folder
from studio.ui.context import WindowContext
from studio.ui.items.handing import ITEM_MIME
from studio.ui.kit.local_files import local_files
from studio.words import tr

MAX_PIXELS = 200_000_000


def paste(
    context: WindowContext, bring_in: Callable[[Sequence[Path]], object], say: Callable[[str], object]
) -> None:
    """Brings in what the clipboard holds; says so where that is nothing to bring in."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None or not data.formats():
        say(tr("The clipboard is empty. Copy a picture or files first."))
        return
    if data.hasFormat(ITEM_MIME):
        say(tr("What you copied is in the gallery already."))
        return
    files = [file for file in local_files(data.urls()) if exists(file)]
    if files:
        bring_in(files)
        return
    image = picture_of(data)
    if image is None:
        say(tr("The clipboard holds no picture and no file. Copy a picture, then paste it here."))
        return
    context.tasks.start(tr("Pasting the picture"), lambda _: _written(image), lambda file: bring_in([file]))


def picture_of(data: QMimeData) -> QImage | None:
    """The picture, if it is one of a size that can be."""
    if not data.hasImage():
        return None
    image = QImage(data.imageData())
    if image.isNull() or image.width() * image.height() > MAX_PIXELS:
        return None
    return image


def _written(image: QImage) -> Path:
    """Raises StudioError."""
    folder = handed_out_folder() / f"pasted-{uuid.uuid4().hex[:12]}"
    file = folder / tr("Pasted picture.png")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        saved = image.save(str(file), "PNG")  # type: ignore[call-overload]
    except OSError:
        saved = False
    if not saved:
        raise StudioError(
            tr("The picture from the clipboard could not be written to {folder}.", folder=folder),
            tr("Make room on that disk, then paste again."),
        )
    return file
