"""One deed for each kind of edit, done in the real window by mouse and keys, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from studio.ui.kit.controls import Slider
from studio.ui.shell.studio_window import StudioWindow

LEFT = Qt.MouseButton.LeftButton
Until = Callable[..., None]


@dataclass(frozen=True)
class Deed:
    do: Callable[[StudioWindow, Until], Any]
    """May give what is there after it, where looking for it would be another deed."""
    tell: Callable[[StudioWindow], Any]
    """What is there: JSON values."""
    kept: Sequence[tuple[str, bytes]]
    """Keys of the journal, and what is among their values once the last of it is kept."""


def press(widget: QWidget, *points: QPointF) -> None:
    """Presses the mouse at the first point and lets it go at the last."""
    places = [point.toPoint() for point in points]
    QTest.mousePress(widget, LEFT, Qt.KeyboardModifier.NoModifier, places[0])
    for place in places[1:]:
        QTest.mouseMove(widget, place)
        QApplication.processEvents()
    QTest.mouseRelease(widget, LEFT, Qt.KeyboardModifier.NoModifier, places[-1])


def room_of(studio: StudioWindow, id: str) -> Any:
    room = studio.parts.rooms.get(id)
    assert room is not None
    return room


def run(studio: StudioWindow, command: str) -> None:
    studio.actions[command].trigger()


def open_item(studio: StudioWindow, name: str) -> None:
    """As a click in the gallery does it."""
    project = studio.context.project
    assert project is not None
    item = next(one for one in project.items() if one.name == name)
    studio.gallery.select(item.uid)


# Masks -----------------------------------------------------------------------------------------------------


def paint(studio: StudioWindow, until: Until) -> None:
    """Strokes on one photo, one of them taken back; then one on another photo, which stays in front."""
    for name, strokes in (("lake", 3), ("sea", 1)):
        open_item(studio, name)
        room = room_of(studio, "image")
        canvas = room.canvas
        until(lambda room=room, name=name: room.photo is not None and room.photo.name == name)
        until(lambda canvas=canvas: canvas.mask_model is not None and not canvas._busy)
        for number in range(strokes):
            y = 20.0 + 30 * number
            press(canvas, canvas.to_view(QPointF(20, y)), canvas.to_view(QPointF(90, y)))
    canvas.setFocus()
    run(studio, "edit.undo")
    run(studio, "edit.redo")
    run(studio, "mask.lasso")


def tell_masks(studio: StudioWindow) -> Any:
    room = room_of(studio, "image")
    model = room.canvas.mask_model
    if model is None or room.photo is None:
        return None
    return {
        "photo": room.photo.name,
        "painted": int(model.pixels.sum()),
        "steps": model.history.depth,
        "brush": list(msgspec.to_builtins(room.canvas.brushes).values()),
        "records": [
            len(room.context.kept.of(f"mask {item.digest}"))
            for item in room.context.items.newest(["image"], 9)
        ],
    }


# Forms -----------------------------------------------------------------------------------------------------


def fill_in(studio: StudioWindow, until: Until) -> None:
    """Words into a text's form, another generator in its room; a number of another room's form."""
    studio.items.go_to("text")
    panel = studio.panel
    until(lambda: panel.generator is not None and panel.form is not None)
    assert panel.form is not None
    lines = [one for one in panel.form.findChildren(QLineEdit) if one.isVisible() and one.isEnabled()]
    lines[0].setFocus()
    lines[0].selectAll()
    QTest.keyClicks(lines[0], "A lamp for reading")
    studio.items.go_to("music")
    until(lambda: panel.generator is not None and panel.generator.id.startswith("music/"))
    assert panel.form is not None
    slider = next(one for one in panel.form.findChildren(Slider) if one.isVisible())
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    panel.seed.lock.click()


def tell_forms(studio: StudioWindow) -> Any:
    panel = studio.panel
    if panel.generator is None:
        return None
    kept = panel.kept()
    return {
        "generator": panel.generator.id,
        "shown": panel.values(),
        "texts": [one for id, one in sorted(kept["values"].items()) if "A lamp for reading" in one.values()],
        "seed": [panel.seed.seed(), panel.seed.lock.isChecked()],
    }


# Studies ---------------------------------------------------------------------------------------------------


def set_up(studio: StudioWindow, until: Until) -> None:
    """A load is added to the study, and given another force by the keyboard."""
    from studio_product.room.part.page import SET_UP
    from studio_product.room.study.places import Place
    from studio_product.room.study.rows import Quantity

    studio.items.go_to("product")
    page = room_of(studio, "product").page
    page.tabs.part(SET_UP).click()
    until(lambda: page.has(SET_UP) and studio.panel.values().get("study"))
    pane = page.set_up
    pane.bar.add_menu.actions()[1].trigger()
    pane.select(Place("load", 0, 0))
    boxes = pane.properties.sheet("load").findChildren(Quantity)
    box = next(one for one in boxes if one.accessibleName() == "Force, Z")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "-777")
    QTest.keyClick(box, Qt.Key.Key_Tab)


def set_up_and_leave(studio: StudioWindow, until: Until) -> Any:
    set_up(studio, until)
    told = tell_study(studio)
    studio.items.go_to("image")
    return told


def go_back(studio: StudioWindow) -> Any:
    if studio.workspace.room == "image":
        studio.items.go_to("product")
    return tell_study(studio)


def tell_study(studio: StudioWindow) -> Any:
    from studio_product.core.studies.study_value import value_of

    page = room_of(studio, "product").page
    if not page.has(0) or not studio.panel.values().get("study"):
        return None
    return {"study": value_of(page.set_up.model.study), "form": studio.panel.values()["study"]}


# Texts -----------------------------------------------------------------------------------------------------


def write(studio: StudioWindow, until: Until) -> None:
    studio.items.go_to("text")
    run(studio, "document.new")
    page = room_of(studio, "text").page
    until(lambda: page.has_document)
    QTest.keyClicks(page.pane.editor, "A lamp that follows you. It is built to be opened.")


def tell_text(studio: StudioWindow) -> Any:
    page = room_of(studio, "text").page
    return page.pane.editor.text() if page.is_built and page.has_document else None


# Songs -----------------------------------------------------------------------------------------------------


def draw_notes(studio: StudioWindow, until: Until) -> None:
    studio.items.go_to("music")
    room = room_of(studio, "music")
    run(studio, "music.draw")
    until(lambda: room.page.is_built and room.page.roll.isVisible())
    roll = room.page.roll
    view = roll.state.view
    view.show_middle(62)
    QApplication.processEvents()
    for number, pitch in enumerate((60, 64, 67)):
        start, end = number * 960, number * 960 + 900
        y = view.y_of(pitch) + view.row / 2
        press(roll.field, QPointF(view.x_of(start) + 3, y), QPointF(view.x_of(end), y))
    assert sum(len(track.notes) for track in room.model.song.tracks) == 3


def tell_song(studio: StudioWindow) -> Any:
    song = room_of(studio, "music").model.song
    return msgspec.to_builtins(song.tracks) if song is not None else None


# Places ----------------------------------------------------------------------------------------------------


def look_around(studio: StudioWindow, until: Until) -> None:
    """A photo is opened, then the library."""
    open_item(studio, "sea")
    room = room_of(studio, "image")
    until(lambda: room.photo is not None and room.photo.name == "sea")
    studio.items.go_to("library")


def tell_place(studio: StudioWindow) -> Any:
    return {"room": studio.workspace.room, "selected": [item.name for item in studio.gallery.selected()]}


def read_text(studio: StudioWindow, until: Until) -> None:
    """A text is opened and read, and nothing in it is changed."""
    open_item(studio, "lamp")
    room = room_of(studio, "text")
    until(lambda: studio.workspace.room == "text" and [item.name for item in room.shown()] == ["lamp"])


def tell_read(studio: StudioWindow) -> Any:
    room = room_of(studio, "text")
    return {**tell_place(studio), "shown": [item.name for item in room.shown()], "text": tell_text(studio)}


DEEDS = {
    "mask": Deed(paint, tell_masks, [(":place", b'"shown":["'), ("image:stage", b"lasso")]),
    "form": Deed(fill_in, tell_forms, [(":form", b'"seed_locked":true'), (":place", b'"music"')]),
    "study": Deed(set_up, tell_study, [(":form", b"-777"), (":place", b'"product"')]),
    "study behind": Deed(
        set_up_and_leave, go_back, [(":form", b'"generator":"image/'), (":place", b'"image"')]
    ),
    "text": Deed(write, tell_text, [("text:stage", b"to be opened.")]),
    "song": Deed(draw_notes, tell_song, [("music:stage", b'[[3,"')]),
    "library": Deed(look_around, tell_place, [(":place", b'"library"')]),
    "reading": Deed(read_text, tell_read, [(":place", b'"room":"text"'), (":place", b'"shown":["')]),
}
