"""A study is set up by hand: chosen, clicked, typed, named, removed, taken back."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from studio_product.core.studies.catalog import materials, preset, presets
from studio_product.core.studies.study import Box, Cylinder, Face, Sphere
from studio_product.room.part.frames import Frames
from studio_product.room.study import menus, placing
from studio_product.room.study.blank import blank
from studio_product.room.study.pane import SetUpPane
from studio_product.room.study.places import STUDY, Place, thing_at
from studio_product.room.study.rows import Quantity
from studio_product.room.study.sheet import Sheet
from studio_product.room.study.words import title_at

from studio import words
from studio.plugins.speech import speak
from studio.ui.kit.controls import ComboBox


@pytest.fixture
def pane(qtbot, dressed) -> Iterator[SetUpPane]:
    frames = Frames()
    made = SetUpPane(frames)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    yield made
    frames.close()


def sheet(pane: SetUpPane) -> Sheet:
    return pane.properties.sheet(pane.model.place.kind)


def combo_of(pane: SetUpPane, name: str) -> ComboBox:
    found = sheet(pane).findChildren(ComboBox)
    return next(one for one in found if one.isVisible() and one.accessibleName() == name)


def pick(combo: ComboBox, row: int) -> None:
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def typed(pane: SetUpPane, name: str, text: str) -> None:
    """Into the box of that name."""
    boxes = sheet(pane).findChildren(Quantity)
    box = next(one for one in boxes if one.accessibleName() == name and one.isVisible())
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)


def seen(pane: SetUpPane, point: tuple[float, float, float]) -> QPoint:
    """Where a point (mm) is in the view."""
    view = pane.view
    x, y, _ = view.camera.project(np.array([point], float), view.width(), view.height())[0]
    return QPoint(round(x), round(y))


def test_a_preset_is_seen_at_once_and_can_be_taken_back(pane: SetUpPane) -> None:
    actions = {action.text(): action for action in pane.bar.presets_menu.actions()}
    assert [study.name for study in presets().values()] == list(actions)[: len(presets())]
    assert actions["MBB beam"].toolTip() == preset("mbb-beam").notes
    actions["MBB beam"].trigger()
    assert pane.model.study == preset("mbb-beam")
    assert pane.view.camera.up == "y"
    pane.bar.undo.click()
    assert pane.model.study == preset("shelf-bracket")
    assert pane.view.camera.up == "z"
    pane.bar.redo.click()
    assert pane.model.study == preset("mbb-beam")
    assert pane.bar.undo.toolTip() == "Undo: begin with MBB beam"


def test_clicking_a_bare_side_asks_what_should_be_there(pane: SetUpPane, until) -> None:
    pane.begin(blank(3, materials()[0]))
    view = pane.view
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=seen(pane, (60, 0, 30)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    words = [action.text().replace("&", "") for action in menu.actions() if action.text()]
    assert words[:2] == ["Front face", "Support this face"]
    menu.actions()[2].trigger()
    menu.close()
    (support,) = pane.model.study.supports
    assert (support.name, support.shape) == ("Front", Face(side="y-"))
    place = Place("support", 0)
    assert pane.model.place == place
    spot = seen(pane, (60, -0.4, 30))
    until(lambda: pane.view.seen(QPointF(spot))[0] == place)
    pane.select(STUDY)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)
    assert pane.model.place == place
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, view.height() - 3))
    assert pane.model.place == STUDY


def test_a_name_in_the_view_is_clicked_too(pane: SetUpPane, until) -> None:
    until(lambda: pane.view.labels.places)
    room, label = next(one for one in pane.view.labels.places if one[1].text.startswith("Books"))
    QTest.mouseClick(pane.view, Qt.MouseButton.LeftButton, pos=room.center().toPoint())
    assert pane.model.place == label.place == Place("load", 0, 0)


def test_the_side_under_the_pointer_is_shown(pane: SetUpPane, until) -> None:
    pane.begin(blank(3, materials()[0]))
    QTest.mouseMove(pane.view, seen(pane, (60, 0, 30)))
    until(lambda: pane.view.hinted == "y-")
    QTest.mouseMove(pane.view, QPoint(2, 2))
    until(lambda: pane.view.hinted is None)


def test_names_are_edited_in_the_outline_and_things_removed(pane: SetUpPane, until) -> None:
    pane.select(Place("support", 0))
    pane.outline.setFocus()
    QTest.keyClick(pane.outline, Qt.Key.Key_F2)
    field = pane.outline.findChild(QLineEdit)
    assert field is not None
    field.setText("Screw")
    QTest.keyClick(field, Qt.Key.Key_Return)
    until(lambda: pane.model.study.supports[0].name == "Screw")
    count = len(pane.model.study.supports)
    QTest.keyClick(pane.outline, Qt.Key.Key_Delete)
    assert len(pane.model.study.supports) == count - 1
    pane.select(Place("material"))
    QTest.keyClick(pane.outline, Qt.Key.Key_Delete)
    assert len(pane.model.study.supports) == count - 1


def test_a_name_that_is_typed_counts_once_it_is_left(pane: SetUpPane) -> None:
    pane.add("support")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "Screw")
    assert "Screw" not in [support.name for support in pane.model.study.supports]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pane.model.study.supports[-1].name == "Screw"
    assert pane.bar.undo.toolTip().startswith("Undo: rename")


def test_a_name_that_is_left_by_going_elsewhere_is_still_its_own(pane: SetUpPane) -> None:
    pane.add("support")
    place = pane.model.place
    QTest.keyClicks(QApplication.focusWidget(), "Screw")
    pane.select(Place("material"))
    assert pane.model.study.supports[place.index].name == "Screw"
    pane.add("load")
    QTest.keyClicks(QApplication.focusWidget(), "Lamp")
    pane.hands.remove(pane.model.place)
    assert all(load.name != "Lamp" for case in pane.model.study.cases for load in case.loads)


def test_the_outline_walks_by_keys(pane: SetUpPane) -> None:
    pane.outline.setFocus()
    QTest.keyClick(pane.outline, Qt.Key.Key_Down)
    assert pane.model.place == Place("space")
    QTest.keyClick(pane.outline, Qt.Key.Key_End)
    assert pane.model.place == Place("method")


@pytest.mark.parametrize("place", [Place("support", 0), Place("region", 0), Place("load", 0, 0)])
def test_a_shape_changes_its_sort(pane: SetUpPane, place: Place) -> None:
    pane.select(place)
    combo = combo_of(pane, "Where")
    words = [combo.itemText(row) for row in range(combo.count())]
    assert ("A whole face" in words) == (place.kind != "region")
    for name, kind in (("Sphere", Sphere), ("Box", Box), ("Cylinder", Cylinder)):
        pick(combo, words.index(name))
        assert isinstance(thing_at(pane.model.study, place).shape, kind)
    asked: list[object] = []
    pane.file_wanted.connect(asked.append)
    pick(combo, words.index("Shape from a file"))
    assert len(asked) == 1
    assert combo.currentText() == "Cylinder", "until there is a file"


def test_in_a_plate_there_are_edges_and_circles(pane: SetUpPane) -> None:
    pane.begin(blank(2, materials()[0]))
    pane.add("keep-out")
    names = [one.accessibleName() for one in sheet(pane).findChildren(Quantity) if one.isVisible()]
    assert names == ["Center, X", "Center, Y", "Radius"]
    typed(pane, "Center, X", "33")
    shape = pane.model.study.regions[0].shape
    assert isinstance(shape, Cylinder)
    assert (shape.start[0], shape.end[0], shape.end[2]) == (33.0, 33.0, 6.0)
    pane.add("support")
    assert combo_of(pane, "Where").currentText() == "A whole edge"
    pane.add("load")
    names = [one.accessibleName() for one in sheet(pane).findChildren(Quantity) if not one.isHidden()]
    assert {"Force, X", "Force, Y", "Moment, Z"} <= set(names)
    assert not {"Force, Z", "Moment, X", "Moment, Y"} & set(names)


def test_a_material_of_the_library_and_one_of_ones_own(pane: SetUpPane) -> None:
    pane.select(Place("material"))
    combo = combo_of(pane, "Material")
    pick(combo, combo.findText("Steel S235"))
    assert pane.model.study.material == next(one for one in materials() if one.name == "Steel S235")
    typed(pane, "Young's modulus", "200000")
    own = pane.model.study.material
    assert (own.youngs_modulus, own.source) == (200_000.0, "")
    assert own.name == "Own material"


def test_in_german_examples_and_materials_are_german(qtbot, dressed, tmp_path: Path) -> None:
    assert speak("de") == ""
    frames = Frames()
    pane = SetUpPane(frames)
    qtbot.addWidget(pane)
    try:
        assert pane.model.study == preset("shelf-bracket"), "a study is the same in every language"
        places = (STUDY, Place("support", 0), Place("support", 1))
        shown = [title_at(pane.model.study, place) for place in places]
        assert shown == ["Regalträger", "Obere Schraube", "Untere Schraube"]
        actions = {action.text(): action for action in pane.bar.presets_menu.actions()}
        assert actions["MBB-Balken"].toolTip().startswith("Ein Balken auf zwei Auflagern")
        pane.begin(preset("mbb-beam"))  # set up by somebody in English
        pane.select(Place("material"))
        shown = [box.currentText() for box in sheet(pane).findChildren(ComboBox)]
        assert shown == ["Stahl S235"] and pane.model.study == preset("mbb-beam")
    finally:
        words.use("en", (), tmp_path)
        frames.close()


def test_showing_a_study_again_leaves_nothing_behind(pane: SetUpPane) -> None:
    def objects() -> Counter[str]:
        gc.collect()
        kinds = map(type, gc.get_objects())
        return Counter(kind.__name__ for kind in kinds if kind.__module__.startswith(("PySide6", "studio")))

    looks = []
    for _ in range(2):  # until the first, what is imported and kept for good comes
        for _ in range(20):
            pane.refresh()
        looks.append(objects())
    assert not [kind for kind, more in (looks[1] - looks[0]).items() if more >= 20]


def test_a_share_becomes_the_mass_it_means(pane: SetUpPane) -> None:
    pane.begin(blank(3, next(one for one in materials() if one.name == "Steel S235")))
    pane.select(Place("target"))
    combo = combo_of(pane, "Given as")
    pick(combo, 1)
    assert pane.model.study.target.mass == pytest.approx(0.3 * 120 * 60 * 60 / 1000 * 7.85, rel=0.01)
    pick(combo, 0)
    assert pane.model.study.target.volume == pytest.approx(0.3, abs=0.002)


def test_axes_are_buttons_that_stay_down(pane: SetUpPane) -> None:
    pane.select(Place("making"))
    buttons = {one.accessibleName(): one for one in sheet(pane).findChildren(QPushButton)}
    buttons["Halves mirror each other along: X"].click()
    assert pane.model.study.making.symmetry == ("x", "y")
    pane.select(Place("support", 2))
    buttons = {one.accessibleName(): one for one in sheet(pane).findChildren(QPushButton)}
    (held,) = pane.model.study.supports[2].fixed
    buttons[f"Cannot move along: {held.upper()}"].click()
    assert pane.model.study.supports[2].fixed == (held,), "it would hold nothing"
    assert buttons[f"Cannot move along: {held.upper()}"].isChecked()


def test_menus_offer_what_can_be_done(pane: SetUpPane) -> None:
    def words(place: Place) -> list[str]:
        menu = menus.place_menu(pane, pane.hands, place, pane.add, pane.outline.rename)
        return [action.text().replace("&", "") for action in menu.actions()]

    assert words(Place("support", 0)) == ["Rename", "Double", "Remove"]
    assert words(Place("cases")) == ["Add a load", "Add a load case"]
    assert words(Place("material")) == []
    pane.select(Place("support", 0))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(pane.view, event)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def test_a_spot_gives_everything_that_its_menu_says(pane: SetUpPane) -> None:
    study = blank(3, materials()[0])
    spot = placing.middle_of(study, "z+")
    for row, kind in enumerate(("support", "support", "load", "load", "region", "region"), start=2):
        pane.begin(study)
        menus.spot_menu(pane, pane.hands, spot).actions()[row].trigger()
        assert pane.model.place.kind == kind


@pytest.mark.slow
def test_every_sheet_shows_every_preset(pane: SetUpPane) -> None:
    for study in (preset("mbb-beam"), preset("wall-hook")):
        pane.begin(study)
        for row in pane.outline._rows():
            pane.select(pane.outline._place(row))
        assert pane.model.study == study, "looking changes nothing"


@pytest.mark.parametrize("width", [400, 700, 1100])
def test_all_widths_have_room_for_the_three(pane: SetUpPane, width: int) -> None:
    room = QWidget()
    pane.setParent(room)
    pane.setMinimumSize(0, 0)  # it was a window
    room.resize(1200, 800)
    pane.resize(width, 400)
    room.show()
    QApplication.processEvents()
    assert pane.width() == width
    parts = (pane.outline, pane.properties, pane.view)
    assert all(part.isVisible() and part.width() > 80 and part.height() > 80 for part in parts)
    pane.setParent(None)


def drop(pane: SetUpPane, file: Path) -> bool:
    """Whether it was taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(9, 9), copy, data, left, none)
    event.ignore()
    pane.dropEvent(event)
    return event.isAccepted()


def test_studies_and_shapes_are_dropped_on_it(pane: SetUpPane, tmp_path: Path) -> None:
    studies: list[Path] = []
    shapes: list[Path] = []
    pane.study_dropped.connect(studies.append)
    pane.shape_dropped.connect(lambda file, take: shapes.append(file))
    assert drop(pane, tmp_path / "a.json")
    assert studies == [tmp_path / "a.json"]
    assert drop(pane, tmp_path / "b.STL")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.actions()[2].trigger()
    menu.close()
    assert shapes == [tmp_path / "b.STL"]
    assert not drop(pane, tmp_path / "photo.png")
