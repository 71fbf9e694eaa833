"""Photos for the views: read and halved away from the window's thread."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColorSpace, QImage, QImageIOHandler

from studio.errors import OutOfMemory, StudioError
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.picture_reader import picture_reader
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.images import Picture
    from studio.ui.kit.pyramid import Pixels, Pyramid

_QUICK_VIEW_OVER = 6_000_000
"""Pixels above which a JPEG is first shown from its coarse part, which decodes ten times faster."""
_QUICK_SIDE = 1600


class Photo(Struct, frozen=True):
    """A picture as the views draw it: sRGB, (H, W, 4) uint8 in the order B, G, R, A, alpha premultiplied."""

    path: Path | None
    size: tuple[int, int]
    """(width, height) of the picture. The pyramid of a quick view is smaller."""
    pyramid: Pyramid
    has_alpha: bool

    @property
    def is_quick(self) -> bool:
        """True for the first, coarse view of a picture that is still being read."""
        return self.pyramid.bounds.width != self.size[0]

    def bgr(self) -> Pixels:
        """(H, W, 3), for algorithms that look at colors. A copy."""
        import cv2

        return cv2.cvtColor(self.pyramid.levels[0], cv2.COLOR_BGRA2BGR)


def read(path: Path) -> Photo:
    """Raises BadInput as `load_image` does."""
    from studio.core.images import load_image
    from studio.ui.kit.pyramid import Pyramid

    picture = load_image(path)
    return Photo(path, picture.size, Pyramid(_bgra(picture)), picture.has_alpha)


def from_image(image: QImage, size: tuple[int, int] | None = None, path: Path | None = None) -> Photo:
    """A photo from what Qt decoded; `size` is the whole picture's if this is a coarse view of it."""
    from studio.ui.kit.pyramid import Pyramid

    pixels = _copied(_in_srgb(image))
    return Photo(path, size or (image.width(), image.height()), Pyramid(pixels), image.hasAlphaChannel())


def quick_view(path: Path) -> Photo | None:
    """A coarse view of a large JPEG; None where the picture is small or cannot be read coarsely."""
    reader = picture_reader(path)
    if reader is None or reader.format() != b"jpeg":
        return None
    size = reader.size()
    plain = reader.imageFormat() in (QImage.Format.Format_RGB32, QImage.Format.Format_Grayscale8)
    if not plain or size.width() * size.height() < _QUICK_VIEW_OVER:
        return None
    turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
    full = (size.height(), size.width()) if turned else (size.width(), size.height())
    reader.setScaledSize(size.scaled(QSize(_QUICK_SIDE, _QUICK_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else from_image(image, full, path)


class PhotoLoader(QObject):
    """Reads one photo at a time on a thread; a newer request makes an older one's answer unwanted."""

    quick = Signal(object)
    """Photo: a coarse first view. Only for large JPEGs."""
    loaded = Signal(object)
    """Photo"""
    failed = Signal(object)
    """StudioError"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = Bridge()
        self._bridge.listen(self._on_answer)
        self.destroyed.connect(self._bridge.close)  # what is still being read has nobody to come to
        self._ticket = 0
        self._turn = threading.Lock()

    def load(self, path: Path) -> None:
        self._ticket += 1
        work = threading.Thread(target=self._work, args=(self._ticket, path), name="photo", daemon=True)
        work.start()

    def cancel(self) -> None:
        self._ticket += 1

    def _work(self, ticket: int, path: Path) -> None:
        with self._turn:
            try:
                for signal, step in ((self.quick, quick_view), (self.loaded, read)):
                    if ticket != self._ticket:
                        return
                    photo = step(path)
                    if photo is not None:
                        self._bridge.post((ticket, signal, photo))
            except MemoryError:
                error = OutOfMemory(
                    tr("There is not enough memory to open “{name}”.", name=path.name),
                    tr("Close other programs first."),
                )
                self._bridge.post((ticket, self.failed, error))
            except Exception as error:  # noqa: BLE001 - told in the window's thread
                self._bridge.post((ticket, self.failed, error))

    def _on_answer(self, answer: tuple[int, SignalInstance, object]) -> None:
        ticket, signal, value = answer
        if ticket != self._ticket:
            return
        if isinstance(value, Exception) and not isinstance(value, StudioError):
            raise value
        signal.emit(value)


def _bgra(picture: Picture) -> Pixels:
    import cv2
    import numpy as np

    pixels = cv2.cvtColor(np.ascontiguousarray(picture.rgb8()), cv2.COLOR_RGB2BGRA)
    if picture.has_alpha:
        pixels[..., 3] = picture.pixels[..., -1] >> (picture.bits - 8)
    profile = (
        QColorSpace.fromIccProfile(picture.icc) if picture.icc and picture.channels > 2 else QColorSpace()
    )
    if not profile.isValid() and not picture.has_alpha:
        return pixels
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_ARGB32 if picture.has_alpha else QImage.Format.Format_RGB32
    image = QImage(pixels.data, width, height, 4 * width, kind)
    image.setColorSpace(profile)
    return _copied(_in_srgb(image))


def _in_srgb(image: QImage) -> QImage:
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    foreign = image.colorSpace().isValid() and image.colorSpace() != srgb
    return image.convertedToColorSpace(srgb) if foreign else image


def _copied(image: QImage) -> Pixels:
    import numpy as np

    alpha = image.hasAlphaChannel()
    image = image.convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    )
    return np.array(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
