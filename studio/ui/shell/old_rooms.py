"""Rooms whose media still lie in the window: each goes when its plugin brings its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from studio.core.generator import GeneratorDescription
from studio.core.item import Item
from studio.core.kind import Kind
from studio.ui.items.inputs import first_of_kind
from studio.ui.kit.room import Given, Room, RoomContext, StageHistory
from studio.ui.shell.workspace import Workspace
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.canvas.canvas import MaskCanvas
    from studio.ui.canvas.state import CanvasState


class CanvasRoom(Room):
    def __init__(self, context: RoomContext, workspace: Workspace) -> None:
        super().__init__(context)
        self._workspace = workspace
        self.canvas: MaskCanvas = workspace.canvas
        self.photo: Item | None = None
        """The photo on the canvas, once it is in the project."""
        for signal in (self.canvas.mask_changed, self.canvas.image_changed, self.canvas.editing_changed):
            signal.connect(context.form.stage_changed)
        self.canvas.mask_changed.connect(context.history_changed)
        self.canvas.mask_changed.connect(context.changed)
        self.canvas.setAcceptDrops(False)  # the window takes files, wherever they fall
        self._masks: dict[str, CanvasState] = {}
        """What was painted on other photos, by digest."""
        context.project_changed.connect(self._on_project)

    def stage(self) -> QWidget:
        self._workspace.canvas_panel.setFocusProxy(self.canvas)
        return self._workspace.canvas_panel

    def open(self, items: Sequence[Item]) -> None:
        item = items[0]
        parents = self.context.items.parents(item)[:1] if item.parent is not None else []
        if item.kind == Kind.MASK or any(parent.kind == Kind.IMAGE for parent in parents):
            if parents and parents[0].kind == Kind.IMAGE:
                self.show(parents[0])
            self.context.compare([item])
        else:
            self.show(item)

    def edit(self, item: Item) -> None:
        self.show(item)
        self.canvas.setFocus()

    def show(self, item: Item) -> None:
        """Puts a photo on the canvas, unless it is there already."""
        if self.photo is None or self.photo.digest != item.digest:
            if self.photo is not None:
                self._masks[self.photo.digest] = self.canvas.take_state()
            if item.digest in self._masks:
                self.canvas.restore_state(self._masks.pop(item.digest))
            else:
                self.canvas.set_image(self.context.items.file(item))
        self.set_photo(item)

    def set_photo(self, item: Item | None) -> None:
        self.photo = item
        self.context.name_stage(item.name if item is not None else "")
        self.context.form.stage_changed()

    def reuse(self, inputs: Mapping[str, Item]) -> None:
        generator = self.context.form.generator
        if generator is None:
            return
        photo, mask = first_of_kind(generator, Kind.IMAGE), first_of_kind(generator, Kind.MASK)
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
        photo, mask = first_of_kind(generator, Kind.IMAGE), first_of_kind(generator, Kind.MASK)
        given: dict[str, Given] = {}
        if photo is not None:
            words, missing = tr("The photo on the canvas"), tr("Drop a photo on the canvas to begin.")
            if self.photo is not None:
                words, missing = tr("{name}, on the canvas", name=self.photo.name), ""
            given[photo.name] = Given(words, self.photo, missing=missing if photo.required else "")
        if mask is not None:
            make, missing = self._painted(required=mask.required)
            given[mask.name] = Given(tr("Painted on the canvas"), make=make, missing=missing)
        return given

    def _painted(self, *, required: bool) -> tuple[Callable[[], Path] | None, str]:
        """What writes the mask, and why there is none."""
        model = self.canvas.mask_model
        painted = model is not None and not model.is_empty
        if self.photo is None and required:
            return None, tr("Drop a photo on the canvas to begin.")
        if self.canvas.is_editing:
            return None, tr("The mask is being changed…")
        if required and model is None:
            return None, tr("The photo is being opened…")
        if model is None or not painted or self.photo is None:
            return None, tr("Paint over what should change.") if required else ""
        pixels, name = model.pixels.copy(), tr("Mask of {name}", name=self.photo.name)

        def make() -> Path:
            from studio.core.file_names import safe_name
            from studio.ui.canvas.mask import files

            file = Path(mkdtemp(prefix="studio-mask-")) / safe_name(name, ".png")
            files.write(file, pixels)
            return file

        return make, ""

    def subject(self) -> str:
        generator = self.context.form.generator
        slot = first_of_kind(generator, Kind.IMAGE) if generator is not None else None
        on_canvas = slot is not None and slot.name not in self.context.form.given()
        return self.photo.name if on_canvas and self.photo is not None else ""

    def history(self) -> StageHistory | None:
        return _MaskSteps(self.canvas)

    def hand_over(self) -> object:
        return self.photo

    def take_over(self, state: object) -> None:
        assert state is None or isinstance(state, Item)
        self.set_photo(state)

    def _on_project(self) -> None:
        if not self.context.project:
            self._masks.clear()
            self.canvas.clear_image()
            self.set_photo(None)


class _MaskSteps:
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
