"""One part with its numbers and how it is looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from studio_product.core.part_numbers import CONCEPT
from studio_product.room.part.frames import Frames
from studio_product.room.part.looking import Coloring, Looking
from studio_product.room.part.pane import PartPane

from studio.errors import BadInput
from tests.studio_product.room.part_making import Still, ask_at_once, item, solid
from tests.ui.reach import nameless, without_role


@pytest.fixture
def frames(qapp) -> Iterator[Frames]:
    made = Still()
    yield made
    made.close()


@pytest.fixture
def empty(frames: Frames, dressed, qtbot) -> PartPane:
    made = PartPane(frames)
    qtbot.addWidget(made)
    made.attach(ask_at_once)
    made.resize(900, 640)
    made.show()
    return made


@pytest.fixture
def pane(empty: PartPane) -> PartPane:
    empty.show_item(item("one"))
    return empty


def test_without_a_part_it_says_what_to_do(empty: PartPane) -> None:
    assert empty.empty.isVisible()
    assert not empty.view.isVisible()
    assert empty.title == ""
    assert empty.sight() is None


def test_numbers_have_errors_and_open_to_their_cases(pane: PartPane) -> None:
    tree = pane.numbers.tree
    rows = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [row.text(0) for row in rows] == ["Mass", "Compliance", "Safety factor"]
    assert rows[0].text(1) == "100.0 g"
    assert rows[1].text(1) == "40.0 ± 1.0 N·mm"
    assert [rows[1].child(n).text(0) for n in range(rows[1].childCount())] == ["Down", "Across"]
    assert rows[2].childCount() == 0
    closed = tree.height()
    rows[1].setExpanded(True)
    assert tree.height() > closed


def test_it_says_that_this_is_a_concept(pane: PartPane) -> None:
    assert pane.numbers.concept.text() == CONCEPT
    assert pane.numbers.concept.isVisible()


def test_stress_comes_with_its_legend(pane: PartPane) -> None:
    assert not pane.bar.isVisible()
    pane.look.coloring.setFocus()
    QTest.keyClick(pane.look.coloring, Qt.Key.Key_Down)
    assert pane.look.looking.coloring is Coloring.STRESS
    assert pane.bar.isVisible()
    assert "MPa" in pane.bar.accessibleName()
    assert pane.bar.accessibleDescription() == "0 to 30"
    QTest.keyClick(pane.look.case, Qt.Key.Key_Down)
    assert pane.look.looking.case == 1
    assert pane.bar.accessibleDescription() == "0 to 10"


def test_the_deformation_says_its_factor(pane: PartPane) -> None:
    pane.look.bending.setFocus()
    for _ in range(20):
        QTest.keyClick(pane.look.bending, Qt.Key.Key_Right)
    assert pane.look.looking.bending == pytest.approx(1.0)
    assert pane.look.bent.text() == "×20"


def test_a_section_has_a_place_and_a_side(pane: PartPane) -> None:
    assert not pane.look.cut.isVisible()
    QTest.mouseClick(pane.look.axis.part(2), Qt.MouseButton.LeftButton)
    looking = pane.look.looking
    assert (looking.axis, looking.from_below) == ("y", True)
    assert pane.look.cut.isVisible()
    assert pane.look.cut_words.text() == "10.0 mm"
    QTest.keyClick(pane.look.cut, Qt.Key.Key_End)
    assert pane.look.cut_words.text() == "20.0 mm"
    QTest.mouseClick(pane.look.axis.part(0), Qt.MouseButton.LeftButton)
    assert not pane.look.cut.isVisible()


def test_a_mesh_without_fields_offers_none(pane: PartPane) -> None:
    pane.look._set(coloring=Coloring.STRESS, bending=1.0)
    plain = replace(solid(), cases=(), study=None)
    pane.attach(lambda _, done, failed: done(plain))
    pane.show_item(item("two", job=None))
    assert not pane.look.of_cases.isVisible()
    assert pane.look.looking.coloring is Coloring.NOTHING
    assert not pane.bar.isVisible()
    assert not pane.study.isVisible()
    assert not pane.others.isVisible()


def test_a_broken_file_is_told_in_its_place(pane: PartPane) -> None:
    pane.attach(lambda _, done, failed: failed(BadInput("It is cut short.", "Generate it again.")))
    pane.show_item(item("two"))
    assert pane.empty.isVisible()
    assert "cannot be shown" in pane.empty.title.text()
    assert "cut short. Generate it again." in pane.empty.text.text()


def test_what_comes_late_for_another_part_is_not_shown(empty: PartPane) -> None:
    waiting = []
    empty.attach(lambda _, done, failed: waiting.append(done))
    empty.show_item(item("one"))
    empty.show_item(item("two"))
    waiting[0](solid())
    assert empty.solid is None
    waiting[1](solid())
    assert empty.solid is not None


def test_the_camera_stays_from_part_to_part(pane: PartPane) -> None:
    pane.view.turn(30, 10)
    turned = pane.view.camera
    pane.show_item(item("two"))
    assert (pane.view.camera.azimuth, pane.view.camera.elevation) == (turned.azimuth, turned.elevation)


def test_stars_are_given_and_taken_away(pane: PartPane) -> None:
    told: list[tuple[list, int]] = []
    pane.rated.connect(lambda items, stars: told.append((items, stars)))
    QTest.mouseClick(pane.rating.stars[2], Qt.MouseButton.LeftButton)
    assert told[-1] == ([pane.item], 3)
    pane.items_changed([replace(item("one"), stars=3)])
    QTest.mouseClick(pane.rating.stars[2], Qt.MouseButton.LeftButton)
    assert told[-1][1] == 0
    rejected: list[tuple[list, bool]] = []
    pane.rejected.connect(lambda items, on: rejected.append((items, on)))
    QTest.mouseClick(pane.rating.reject, Qt.MouseButton.LeftButton)
    assert rejected == [([pane.item], True)]


def test_its_buttons_ask_for_what_they_say(pane: PartPane) -> None:
    told: list[object] = []
    pane.study_wanted.connect(told.append)
    pane.variants_wanted.connect(told.append)
    pane.pictures_wanted.connect(told.append)
    for button in (pane.study, pane.others, pane.pictures):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told[:2] == [pane.item, pane.item]
    assert told[2].camera == pane.view.camera


def test_in_a_narrow_room_the_panel_is_below(pane: PartPane, qapp) -> None:
    assert pane.panel.x() > pane.view.x()
    pane.resize(480, 640)
    qapp.processEvents()
    assert pane.panel.x() == pane.view.x()
    assert pane.panel.y() > pane.view.y()


def test_everything_has_a_name_and_a_role(pane: PartPane) -> None:
    pane.look._set(coloring=Coloring.STRESS, axis="x")
    assert nameless(pane) == []
    assert without_role(pane) == []


def test_a_rebuilt_window_looks_at_the_same(pane: PartPane, frames: Frames, qtbot) -> None:
    pane.view.turn(40, 5)
    pane.look._set(coloring=Coloring.DISPLACEMENT, axis="z", cut=0.3)
    other = PartPane(frames)
    qtbot.addWidget(other)
    other.attach(ask_at_once)
    other.restore(pane.state())
    assert other.item == pane.item
    assert other.view.camera == pane.view.camera
    assert other.look.looking == Looking(Coloring.DISPLACEMENT, axis="z", cut=0.3)
