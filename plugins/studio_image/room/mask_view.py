"""A photo and over it the mask of what is to be repainted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from studio.api.values import OutOfMemory, StudioError, tr
from studio.ui.api import Bridge, PictureView, Rect, blit, locales
from studio_image.room.state import Look, MaskState

if TYPE_CHECKING:
    from studio.ui.api import Photo, ScrolledImage
    from studio_image.room.mask import KeptMask, MaskModel
    from studio_image.room.mask.model import Pixels
    from studio_image.room.mask_layer import MaskLayer

Edit = Callable[[], "tuple[Rect, Pixels]"]
"""Computes, on any thread, what is then put into a part of the mask."""

OVERLAY = QColor(255, 45, 95, 115)
"""What the mask is shown in, on any photo."""

LARGE = 4_000_000
"""Pixels: reading or flooding so many is felt, so that it goes on a thread."""


class MaskView(PictureView):
    """There is no `mask_model` until a photo has been read."""

    image_changed = Signal()
    """A photo has been read and can be painted on, or the view was cleared."""
    mask_changed = Signal()
    """After every finished edit; not while a stroke goes on."""
    notice = Signal(str)
    """Something that a person should know, in words."""
    editing_changed = Signal()
    """A long edit began or ended; see `is_editing`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mask_model: MaskModel | None = None
        self._layer: MaskLayer | None = None
        self._overlay = QColor(OVERLAY)
        self._keep_mask = False
        self._last_mask: Pixels | None = None
        self._loading: Path | None = None
        self._wanted_mask: Path | None = None
        self._kept: KeptMask | None = None
        self._edited: MaskModel | None = None
        self._editing: tuple[str, Edit] | None = None
        self._veil: ScrolledImage | None = None
        self._bridge = Bridge()
        self._bridge.listen(self._on_edited)

    def set_image(self, path: Path, *, keep_mask: bool = False, kept: KeptMask | None = None) -> None:
        """Read a photo and begin an empty mask, or go on with the one that was `kept` of this photo.

        With `keep_mask` the mask that is shown stays if the size is the same.
        """
        self._keep_mask = keep_mask
        self._kept = kept
        self._wanted_mask = None
        self._loading = path
        self.load(path)

    def set_mask(self, path: Path) -> None:
        """Take over a mask from a file; while the photo is being read, as soon as it has been."""
        model = self.mask_model
        if self._busy or model is None:
            self._wanted_mask = path
        elif model.pixels.size < LARGE:
            self._try(lambda model: model.load(path))
        else:
            self._edit_on_thread(tr("Opening the mask"), lambda: (model.bounds, model.read(path)))

    @property
    def shown_path(self) -> Path | None:
        """The file of the photo, or of the one that is being read to take its place."""
        return self._loading or (self.photo.path if self.photo is not None else None)

    def release_mask(self) -> None:
        """The photo gets no other mask until the next photo is here. An edit that is still being computed is
        dropped."""
        if self.mask_model is not None:
            self.mask_model.end_stroke()
            self._remember_mask()
            self.mask_model = self._layer = None
            self.update()
            self.image_changed.emit()

    def clear_image(self) -> None:
        self._loader.cancel()
        self._loading = self._kept = None
        self._remember_mask()
        self.mask_model = self._layer = None
        self.show_photo(None)
        self.image_changed.emit()

    def save_mask(self, path: Path) -> Path:
        """Write the mask as an 8-bit gray PNG. Raises StudioError; there must be a photo."""
        assert self.mask_model is not None
        return self.mask_model.save(path)

    @property
    def has_last_mask(self) -> bool:
        """True if there is a mask of an earlier photo to reuse."""
        return self._last_mask is not None

    def use_last_mask(self) -> None:
        """Put the mask of the photo before onto this one, scaled if it has another size."""
        last = self._last_mask
        if last is None or self.mask_model is None or self.is_editing:
            return
        height, width = last.shape
        if (width, height) != self.mask_model.size:
            self.notice.emit(
                tr(
                    "The last mask was painted on {width} × {height} pixels and was scaled to this photo.",
                    width=locales.number(width),
                    height=locales.number(height),
                )
            )
        self._edit(self.mask_model.replace(last))

    def _remember_mask(self) -> None:
        if self.mask_model is not None and not self.mask_model.is_empty:
            self._last_mask = self.mask_model.pixels

    def _on_quick(self, photo: Photo) -> None:
        self._remember_mask()
        if not self._keeps_mask(photo):
            self.mask_model = self._layer = None
        busy = self._busy
        super()._on_quick(photo)
        self._busy = busy

    def _keeps_mask(self, photo: Photo) -> bool:
        return self._keep_mask and self.mask_model is not None and self.mask_model.size == photo.size

    def _on_loaded(self, photo: Photo) -> None:
        from studio_image.room.mask import MaskModel

        self._loading = None
        self._remember_mask()
        kept, self._kept = self._kept, None
        if kept is not None and kept.size == photo.size:
            self._take_model(kept.model())
        elif not self._keeps_mask(photo):
            self._take_model(MaskModel(*photo.size))
        super()._on_loaded(photo)
        self.image_changed.emit()
        wanted, self._wanted_mask = self._wanted_mask, None
        if wanted is not None:
            self.set_mask(wanted)

    def _take_model(self, model: MaskModel) -> None:
        from studio.ui.api import ScrolledImage
        from studio_image.room.mask_layer import MaskLayer

        self.mask_model = model
        self._layer = MaskLayer(model, self._overlay)
        self._veil = ScrolledImage(QImage.Format.Format_ARGB32_Premultiplied)

    def _on_failed(self, error: StudioError) -> None:
        self._loading = self._kept = None
        super()._on_failed(error)
        if self.photo is None:
            self.image_changed.emit()

    @property
    def overlay_color(self) -> QColor:
        """What the mask is shown in; its alpha counts."""
        return self._overlay

    @overlay_color.setter
    def overlay_color(self, color: QColor) -> None:
        self._overlay = QColor(color)
        if self._layer is not None:
            self._layer.set_color(self._overlay)
        if self._veil is not None:
            self._veil.spoil()
        self.update()

    @property
    def is_editing(self) -> bool:
        """True while a long edit is computed: the mask stays as it is until that ends."""
        return self._edited is not None and self._edited is self.mask_model

    def _edit_on_thread(self, words: str, work: Edit) -> None:
        """Computes what is then put into the mask; `words` are shown meanwhile."""
        model = self.mask_model
        if model is None or self.is_editing:
            return

        def run() -> None:
            try:
                answer: object = work()
            except MemoryError:
                answer = OutOfMemory(
                    tr("There is not enough memory for this."), tr("Close other programs first.")
                )
            except Exception as error:  # noqa: BLE001 - told in the window's thread
                answer = error
            self._bridge.post((model, words, answer))

        self._edited = model
        self._editing = (words, work)
        self._busy = words
        self._busy_timer.start()
        self.editing_changed.emit()
        threading.Thread(target=run, name="mask", daemon=True).start()

    def _on_edited(self, answered: tuple[MaskModel, str, object]) -> None:
        model, words, answer = answered
        if model is not self._edited:
            return
        self._edited = self._editing = None
        if self._busy == words:
            self._busy = ""
            self.update()
        if model is self.mask_model and isinstance(answer, tuple):
            self._edit(model.put(*answer))
        self.editing_changed.emit()
        if isinstance(answer, StudioError):
            self.failed.emit(answer)
        elif isinstance(answer, Exception):
            raise answer
        wanted = self._wanted_mask
        if wanted is not None and not self._busy:
            self._wanted_mask = None
            self.set_mask(wanted)

    def _try(self, change: Callable[[MaskModel], Rect]) -> None:
        if self.mask_model is None or self.is_editing:
            return
        try:
            dirty = change(self.mask_model)
        except StudioError as error:
            self.failed.emit(error)
        else:
            self._edit(dirty)

    def _edit(self, dirty: Rect) -> None:
        """Show a finished edit and tell about it."""
        self._show(dirty)
        self.mask_changed.emit()

    def _show(self, dirty: Rect) -> None:
        if dirty.is_empty or self._layer is None:
            return
        self._layer.update(dirty)
        seen = self.view_window.device_rect(dirty).padded(3)
        if self._veil is not None:
            self._veil.spoil(seen)
        ratio = self.devicePixelRatioF()
        box = QRectF(seen.x / ratio, seen.y / ratio, seen.width / ratio, seen.height / ratio)
        self.update(box.toAlignedRect().intersected(self.rect()))

    # Painting ----------------------------------------------------------------------------------------------

    def paint_layer(self, painter: QPainter, device: Rect) -> None:
        if self._layer is not None and self._veil is not None:
            image = self._veil.shown(self.view_window, *self._device_size(), self._draw_veil)
            blit(painter, image, device, device.x, device.y, self.devicePixelRatioF())

    def _draw_veil(self, painter: QPainter, device: Rect) -> None:
        assert self._layer is not None
        self._layer.paint(painter, self.view_window, device)

    # Handing over ------------------------------------------------------------------------------------------

    def take_mask_state(self) -> MaskState:
        """What is shown, to be handed to another view; this one is empty afterwards."""
        middle = self.to_picture(QRectF(self.rect()).center())
        state = MaskState(
            photo=self.photo,
            model=self.mask_model,
            last_mask=self._last_mask,
            look=Look(self.zoom, middle, self.is_fitted),
            loading=self._loading,
            keep_mask=self._keep_mask,
            kept=self._kept,
            wanted_mask=self._wanted_mask,
            editing=self._editing if self.is_editing else None,
        )
        if self.mask_model is not None:
            self.mask_model.end_stroke()
        self._edited = self._editing = self._veil = None
        self._last_mask = self._wanted_mask = self._kept = self.mask_model = self._layer = None
        self.clear_image()
        return state

    def restore_mask_state(self, state: MaskState) -> None:
        """Shows what another view has handed over, at the same zoom and place."""
        self._last_mask = state.last_mask
        if state.model is not None:
            self._take_model(state.model)
        if state.photo is not None:
            self.show_photo(state.photo)
            if not state.look.fitted:
                middle = QRectF(self.rect()).center() * self.devicePixelRatioF()
                self._look(state.look.zoom, middle - state.look.middle * state.look.zoom)
        self.image_changed.emit()
        if state.editing is not None:
            self._edit_on_thread(*state.editing)
        if state.loading is not None:
            self.set_image(state.loading, keep_mask=state.keep_mask, kept=state.kept)
        self._wanted_mask = state.wanted_mask
