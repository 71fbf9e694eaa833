"""The room for pictures: a photo on a canvas, and over it the mask of what is to be made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QWidget

from studio.api.values import Input, Kind, StudioError, safe_name, tr
from studio.ui.api import (
    Command,
    GeneratorDescription,
    Given,
    Item,
    Room,
    RoomContext,
    StageHistory,
)
from studio_image.room.saved import Saved, decode, encode
from studio_image.room.state import CanvasState
from studio_image.room.tint import standing_out
from studio_image.room.tools import CanvasPanel

if TYPE_CHECKING:
    from studio_image.room.canvas import MaskCanvas
    from studio_image.room.mask import KeptMask, MaskModel, Trail
    from studio_image.room.mask.model import Pixels


class Handed(Struct, frozen=True):
    """What a window that is built anew takes over."""

    photo: Item | None
    canvas: CanvasState
    kept: KeptMask | None
    """The mask of a photo that was being read."""
    trail: Trail | None


class ImageRoom(Room):
    FORMAT = 2

    def __init__(self, context: RoomContext) -> None:
        super().__init__(context)
        self.panel = CanvasPanel()
        self.canvas: MaskCanvas = self.panel.canvas
        self.canvas.setAcceptDrops(False)  # the window takes files, wherever they fall
        self.photo: Item | None = None
        """What is on the canvas, or being opened there."""
        self._coming: Item | None = None
        """What was to be shown last, perhaps after its file was decoded elsewhere."""
        self._kept: KeptMask | None = None
        """What was kept of the photo's mask when the photo was opened."""
        self._trail: Trail | None = None
        """Writes down what becomes of the mask on the canvas."""
        self._painted: Pixels | None = None
        """A copy of the mask, as it has been since its last edit."""
        self._handed = b""
        """What was to be saved when another window took over."""
        self.panel.beginning.choose.clicked.connect(context.choose_files)
        self.panel.beginning.sample.clicked.connect(context.open_sample)
        for signal in (self.canvas.mask_changed, self.canvas.image_changed, self.canvas.editing_changed):
            signal.connect(self._on_stage)
        self.canvas.image_changed.connect(self._follow_mask)
        self.canvas.image_changed.connect(self._show_color)
        self.canvas.mask_changed.connect(context.changed)
        self.canvas.tool_changed.connect(self._on_tool)
        self.canvas.brush_changed.connect(self._on_tool)
        self.canvas.notice.connect(context.say)
        self.canvas.failed.connect(self._on_failed)
        context.project_changed.connect(self._on_project)
        context.settings_changed.connect(self._show_color)
        self.panel.options.tint.chosen.connect(self._on_tint)
        self._show_color()

    def stage(self) -> QWidget:
        return self.panel

    # What is shown -----------------------------------------------------------------------------------------

    def open(self, items: Sequence[Item]) -> None:
        """A photo that was brought in goes onto the canvas; a result is compared, over its photo."""
        item = items[0]
        source = self._source(item)
        if source is not None:
            self.show(source)
        if source is not None or item.kind == Kind.MASK:
            self.context.compare([item])
        else:
            self.show(item)

    def begin(self) -> None:
        self.context.choose_files()

    def edit(self, item: Item) -> None:
        self.show(item)
        self.canvas.setFocus()

    def _source(self, item: Item) -> Item | None:
        """The picture that a result was made from."""
        if item.parent is None:
            return None
        first = next(iter(self.context.items.parents(item)), None)
        return first if first is not None and first.kind == Kind.IMAGE else None

    def show(self, item: Item) -> None:
        """Puts a picture on the canvas, with what was painted on it before, unless it is there already."""
        self._coming = item
        if self.photo is not None and self.photo.digest == item.digest:
            self._name(item)
        else:
            self.context.decode([item], self._put)

    def _put(self, readable: Sequence[Item]) -> None:
        """The picture that was to be shown last can be read; none if it cannot."""
        if not readable or readable[0] is not self._coming:
            return
        (item,) = readable
        try:
            file = self.context.items.file(item)
        except StudioError as error:
            self.context.report(error)
            return
        self.canvas.release_mask()
        self._kept = self._kept_mask(item)
        self.canvas.set_image(file, kept=self._kept)
        self._name(item)
        self.context.changed()

    def _kept_mask(self, photo: Item) -> KeptMask | None:
        """What was painted on a photo before."""
        records = self.context.kept.of(_mask_of(photo))
        if not records:
            return None
        from studio_image.room.mask import KeptMask  # numpy, which comes with the first photo

        return KeptMask(records)

    def _follow_mask(self) -> None:
        """Another mask is on the canvas, or none: all that becomes of it is written down."""
        model = self.canvas.mask_model
        if model is None or self.photo is None:
            self._trail = None
        elif self._trail is None or self._trail.model is not model:
            from studio_image.room.mask import Trail  # numpy, which comes with the first photo

            kept = self._kept if self._kept is not None and self._kept.model() is model else None
            count = kept.count if kept is not None else 0
            self._trail = Trail(self.context.kept, _mask_of(self.photo), model, count)

    def clear(self) -> None:
        """Takes the photo off the canvas."""
        self._coming = None
        self.canvas.clear_image()
        self._name(None)

    def _name(self, photo: Item | None) -> None:
        self.photo = photo
        self.panel.beginning.setVisible(photo is None)
        self.context.name_stage(photo.name if photo is not None else "")
        self.context.form.stage_changed()

    def shown(self) -> Sequence[Item]:
        return [self.photo] if self.photo is not None else []

    def to_export(self) -> Sequence[Item]:
        """The photo, unless something is selected: that may be more than one."""
        return () if self.context.selection else self.shown()

    # The form ----------------------------------------------------------------------------------------------

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        generator = self.context.form.generator
        if generator is None:
            return
        photo, mask = _first(generator, Kind.IMAGE), _first(generator, Kind.MASK)
        for slot, item in inputs.items():
            if photo is not None and slot == photo.name and item.kind == Kind.IMAGE:
                self.context.form.give(slot, None)
                self.show(item)
                self.context.show()
            elif mask is not None and slot == mask.name and len(inputs) > 1:
                self.canvas.set_mask(self.context.items.file(item))
                self.context.show()
            else:
                self.context.form.give(slot, item)

    def given(self, generator: GeneratorDescription) -> Mapping[str, Given]:
        photo, mask = _first(generator, Kind.IMAGE), _first(generator, Kind.MASK)
        given: dict[str, Given] = {}
        if photo is not None:
            words, missing = tr("The photo on the canvas"), tr("Drop a photo on the canvas to begin.")
            if self.photo is not None:
                words, missing = tr("{name}, on the canvas", name=self.photo.name), ""
            given[photo.name] = Given(words, self.photo, missing=missing if photo.required else "")
        if mask is not None:
            make, missing = self._mask(required=mask.required)
            given[mask.name] = Given(tr("Painted on the canvas"), make=make, missing=missing)
        return given

    def _mask(self, *, required: bool) -> tuple[Callable[[], Path] | None, str]:
        """What writes the mask, and why there is none."""
        model = self.canvas.mask_model
        if self.photo is None and required:
            return None, tr("Drop a photo on the canvas to begin.")
        if self.canvas.is_editing:
            return None, tr("The mask is being changed…")
        if required and model is None:
            return None, tr("The photo is being opened…")
        if model is None or model.is_empty or self.photo is None:
            return None, tr("Paint over what should change.") if required else ""
        pixels, name = self._copy(model), tr("Mask of {name}", name=self.photo.name)

        def make() -> Path:
            from studio_image.room.mask import files  # numpy, which comes with the first photo

            file = Path(mkdtemp(prefix="studio-mask-")) / safe_name(name, ".png")
            files.write(file, pixels)
            return file

        return make, ""

    def _copy(self, model: MaskModel) -> Pixels:
        if self._painted is None:
            self._painted = model.pixels.copy()
        return self._painted

    def subject(self) -> str:
        generator = self.context.form.generator
        slot = _first(generator, Kind.IMAGE) if generator is not None else None
        is_given = slot is not None and slot.name not in self.context.form.given()
        return self.photo.name if is_given and self.photo is not None else ""

    # Commands and undo -------------------------------------------------------------------------------------

    def commands(self) -> Sequence[Command]:
        return self.panel.commands()

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self.panel.attach_actions(actions)

    def history(self) -> StageHistory | None:
        return _MaskSteps(self.canvas)

    # Keeping -----------------------------------------------------------------------------------------------

    def save(self) -> bytes:
        if self._handed or self.photo is None:
            return self._handed
        return encode(Saved(photo=self.photo.uid, brushes=self.canvas.brushes))

    def restore(self, state: bytes, format: int) -> None:
        saved = decode(state) if format == self.FORMAT else None
        if saved is None:
            return
        self.canvas.brushes = saved.brushes
        try:
            photo = self.context.items.item(saved.photo)
        except StudioError:
            return  # the photo is gone, and its mask with it
        if self.photo is None and photo.kind == Kind.IMAGE:
            self.show(photo)

    def hand_over(self) -> object:
        self._handed = self.save()
        trail = self._trail  # goes on with the mask
        return Handed(self.photo, self.canvas.take_state(), self._kept, trail)

    def take_over(self, state: object) -> None:
        if isinstance(state, Handed):
            self._coming = None
            self.canvas.clear_image()  # what `restore` is still opening
            self._kept, self._trail = state.kept, state.trail
            self._name(state.photo)
            self.canvas.restore_state(state.canvas)

    def close(self) -> None:
        self.context.project_changed.disconnect(self._on_project)
        self.context.settings_changed.disconnect(self._show_color)
        self.canvas.blockSignals(True)
        self.canvas.clear_image()
        if self.panel.parent() is None:  # the room was asked something, and never shown
            self.panel.deleteLater()

    def _show_color(self) -> None:
        """The mask as the preferences have it, or as it is seen best on the photo."""
        settings, photo = self.context.settings, self.canvas.photo
        automatic = settings["mask-automatic"]
        color = QColor(settings["mask-color"])
        if automatic and photo is not None:
            color = QColor(standing_out(photo.pyramid.levels[-1]))
        self.panel.options.tint.show_tint(color, automatic=automatic)
        color.setAlphaF(settings["mask-strength"] / 100)
        if color != self.canvas.overlay_color:
            self.canvas.overlay_color = color

    def _on_tint(self, tint: str) -> None:
        """The user has chosen a color, or that the photo chooses it."""
        if tint:
            self.context.change_setting("mask-color", tint)
        self.context.change_setting("mask-automatic", not tint)

    # What happens ------------------------------------------------------------------------------------------

    def _on_stage(self) -> None:
        self._painted = None
        self.context.form.stage_changed()
        self.context.history_changed()

    def _on_tool(self) -> None:
        if self.photo is not None:  # else what is kept waits for its photo
            self.context.changed()

    def _on_failed(self, error: StudioError) -> None:
        if self.photo is not None and self.canvas.mask_model is None:  # the photo itself cannot be read
            self.clear()
        self.context.report(error)

    def _on_project(self) -> None:
        if not self.context.project:
            self.clear()


class _MaskSteps:
    """`StageHistory` of the mask on the canvas."""

    def __init__(self, canvas: MaskCanvas) -> None:
        self._canvas = canvas

    @property
    def undo_title(self) -> str | None:
        model = self._canvas.mask_model
        can = model is not None and not self._canvas.is_editing and model.history.can_undo
        return tr("mask edit") if can else None

    @property
    def redo_title(self) -> str | None:
        model = self._canvas.mask_model
        can = model is not None and not self._canvas.is_editing and model.history.can_redo
        return tr("mask edit") if can else None

    def undo(self) -> None:
        self._canvas.undo()

    def redo(self) -> None:
        self._canvas.redo()


def _mask_of(photo: Item) -> str:
    """What the mask of a photo is kept under: copies of a photo share it."""
    return f"mask {photo.digest}"


def _first(generator: GeneratorDescription, kind: str) -> Input | None:
    """The first input that takes this kind: the photo that a generator works from, the mask for it."""
    return next((slot for slot in generator.inputs if slot.kind == kind), None)
