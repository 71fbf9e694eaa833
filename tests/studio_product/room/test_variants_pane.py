"""Variants in views, a chart and a table with one choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from studio_product.room.part.frames import Frames
from studio_product.room.part.looking import Coloring
from studio_product.room.part.standard_views import Look
from studio_product.room.variants.grid import MOST, columns_for
from studio_product.room.variants.pane import VariantsPane
from studio_product.room.variants.variant import best, ordered, quantities

from studio.core.model import Number
from tests.studio_product.room.part_making import Still, ask_at_once, item, solid, variants
from tests.ui.reach import nameless, without_role

FIGURES = [(100, 40), (80, 55), (120, 45), (90, 60), (60, 90), (110, 35)]
"""(mass, compliance): 0, 1, 4 and 5 are on the front."""
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def frames(qapp) -> Iterator[Frames]:
    made = Still()
    yield made
    made.close()


@pytest.fixture
def empty(frames: Frames, dressed, qtbot) -> VariantsPane:
    made = VariantsPane(frames)
    qtbot.addWidget(made)
    made.attach(ask_at_once)
    made.resize(1100, 800)
    made.show()
    return made


@pytest.fixture
def pane(empty: VariantsPane, qapp) -> VariantsPane:
    empty.show_variants(variants(FIGURES), "Block")
    qapp.processEvents()
    return empty


def uids_in_table(pane: VariantsPane) -> list[str]:
    return [one.item.uid for one in pane.table._model.variants]


def place(pane: VariantsPane, uid: str) -> QPoint:
    scatter = pane.chart.scatter
    return next(scatter.place(dot) for dot in scatter.dots if dot.uid == uid).toPoint()


# Without a widget ------------------------------------------------------------------------------------------


def test_the_best_comes_first_and_what_is_unknown_last() -> None:
    made = variants(FIGURES)
    made[2] = replace(made[2], numbers=type(made[2].numbers)())
    mass, _, safety = quantities(made)
    assert [one.number for one in ordered(made, mass)] == [5, 2, 4, 1, 6, 3]
    assert [one.number for one in ordered(made, mass, reverse=True)] == [6, 1, 4, 2, 5, 3]
    assert [one.number for one in ordered(made, None)] == [1, 2, 3, 4, 5, 6]
    assert best(made, mass) == 60
    assert safety.heading == "Safety factor"
    assert mass.heading == "Mass (g)"


@pytest.mark.parametrize(
    ("count", "size", "columns"),
    [(1, (800, 400), 1), (8, (800, 400), 4), (8, (200, 900), 1), (3, (900, 300), 3), (12, (800, 300), 4)],
)
def test_cells_are_as_large_as_they_can_be(count: int, size: tuple[int, int], columns: int) -> None:
    assert columns_for(count, *size) == columns


# Choosing --------------------------------------------------------------------------------------------------


def test_the_front_is_what_nothing_beats(pane: VariantsPane) -> None:
    assert [dot.uid for dot in pane.chart.scatter.front] == ["4", "1", "0", "5"]


def test_a_rubber_band_chooses_in_chart_table_and_grid(pane: VariantsPane) -> None:
    told: list[tuple[str, ...]] = []
    pane.chosen_changed.connect(told.append)
    scatter = pane.chart.scatter
    around = [place(pane, "1"), place(pane, "3")]
    begin = QPoint(min(p.x() for p in around) - 12, min(p.y() for p in around) - 12)
    end = QPoint(max(p.x() for p in around) + 12, max(p.y() for p in around) + 12)
    QTest.mousePress(scatter, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(scatter, (begin + end) / 2)
    QTest.mouseMove(scatter, end)
    assert scatter.band is not None
    QTest.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=end)
    assert pane.chosen.uids == ("1", "3")
    assert told[-1] == ("1", "3")
    assert {index.row() for index in pane.table.selectionModel().selectedRows()} == {1, 3}
    assert [cell.uid for cell in pane.grid.shown if cell.caption.isChecked()] == ["1", "3"]
    QTest.mouseClick(scatter, Qt.MouseButton.LeftButton, CTRL, place(pane, "4"))
    assert pane.chosen.uids == ("1", "3", "4")


def test_a_click_beside_all_points_chooses_none(pane: VariantsPane) -> None:
    pane.chosen.choose(["0", "1"])
    corner = pane.chart.scatter.plot().topRight().toPoint() + QPoint(-3, 3)
    QTest.mouseClick(pane.chart.scatter, Qt.MouseButton.LeftButton, pos=corner)
    assert pane.chosen.uids == ()


def test_keys_go_from_point_to_point(pane: VariantsPane) -> None:
    scatter = pane.chart.scatter
    scatter.setFocus()
    pane.chosen.move_to("0")
    QTest.keyClick(scatter, Qt.Key.Key_Right)
    assert pane.chosen.uids == ("5",)
    QTest.keyClick(scatter, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert pane.chosen.uids == ("0", "5")
    assert "40.0 ± 1.0 N·mm" in scatter.accessibleDescription()
    QTest.keyClick(scatter, Qt.Key.Key_A, CTRL)
    assert len(pane.chosen.uids) == 6
    QTest.keyClick(scatter, Qt.Key.Key_Escape)
    assert pane.chosen.uids == ()
    opened: list[str] = []
    scatter.opened.connect(opened.append)
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    assert opened == [pane.chosen.current]


def test_pointing_shows_a_card(pane: VariantsPane, qapp) -> None:
    scatter = pane.chart.scatter
    before = scatter.grab().toImage()
    QTest.mouseMove(scatter, place(pane, "3"))
    assert scatter.hovered == "3"
    assert scatter.grab().toImage() != before
    dot = next(dot for dot in scatter.dots if dot.uid == "3")
    assert scatter.words(dot)[:2] == ["4  Block 3", "Mass: 90.00 g"]
    front = next(dot for dot in scatter.dots if dot.uid == "1")
    assert "No other variant is better in both." in scatter.words(front)


def test_rows_choose_too(pane: VariantsPane) -> None:
    table = pane.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert pane.chosen.uids == ("1",)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert pane.chosen.uids == ("1", "2")
    assert pane.chosen.current == "2"


def test_cells_choose_by_click_and_keys(pane: VariantsPane) -> None:
    cells = pane.grid.shown
    QTest.mouseClick(cells[2].caption, Qt.MouseButton.LeftButton)
    assert pane.chosen.uids == ("2",)
    cells[2].pressed.emit("4", CTRL)
    assert pane.chosen.uids == ("2", "4")
    cells[2].pressed.emit("5", Qt.KeyboardModifier.ShiftModifier)
    assert pane.chosen.uids == ("2", "4", "5")
    pane.chosen.move_to("0")
    QTest.keyClick(cells[0].caption, Qt.Key.Key_Right)
    assert pane.chosen.uids == ("1",)
    QTest.keyClick(cells[1].caption, Qt.Key.Key_Down)
    assert (pane.grid.columns, pane.chosen.current) == (3, "4")
    QTest.keyClick(cells[4].caption, Qt.Key.Key_Space)
    assert pane.chosen.uids == ()


def test_what_the_gallery_selects_is_not_told_back(pane: VariantsPane) -> None:
    told: list[object] = []
    pane.chosen_changed.connect(told.append)
    pane.choose(["1", "2", "gone"])
    assert pane.chosen.uids == ("1", "2")
    assert told == []


# Looking ---------------------------------------------------------------------------------------------------


def test_all_views_turn_together(pane: VariantsPane) -> None:
    first, *others = [cell.view for cell in pane.grid.shown]
    assert len({view.camera for view in (first, *others)}) == 1
    first.turn(25, 0)
    assert all(view.camera == first.camera for view in others)
    pane.fit()
    assert first.camera == others[-1].camera
    pane.look_from(Look.TOP)
    assert first.camera.elevation == 90


def test_a_header_sorts_everything_and_again_the_other_way(pane: VariantsPane) -> None:
    header = pane.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert uids_in_table(pane) == ["4", "1", "3", "0", "5", "2"]
    assert [cell.uid for cell in pane.grid.shown] == uids_in_table(pane)
    assert pane.bar.order.currentText() == "Mass"
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert uids_in_table(pane) == ["2", "5", "0", "3", "1", "4"]
    QTest.keyClick(pane.bar.order, Qt.Key.Key_Home)
    assert uids_in_table(pane) == ["0", "1", "2", "3", "4", "5"]


def test_axes_are_chosen(pane: VariantsPane) -> None:
    axes = pane.chart.axes
    assert axes is not None
    assert [axis.name for axis in axes] == ["mass", "compliance"]
    QTest.keyClick(pane.chart.up, Qt.Key.Key_Down)
    axes = pane.chart.axes
    assert axes is not None
    assert [axis.name for axis in axes] == ["mass", "safety"]
    assert "upwards: Safety factor" in pane.chart.scatter.accessibleDescription()


def test_how_different_they_are_is_said(empty: VariantsPane) -> None:
    common = [Number("variants", "Variants", 2), Number("least_distance", "Least distance", 34.4, "%")]
    empty.show_variants(variants(FIGURES[:2]), "Two", common)
    assert empty.bar.told.whole_text().startswith("2 variants · Least distance: 34 %")


def test_what_hardly_differs_is_no_axis_at_first(empty: VariantsPane) -> None:
    empty.show_variants(variants([(100, 40), (100.02, 55), (99.9, 60)]), "One volume")
    axes = empty.chart.axes
    assert axes is not None
    assert [axis.name for axis in axes] == ["compliance", "mass"]


def test_two_to_four_can_be_seen_alone(pane: VariantsPane) -> None:
    button = pane.bar.side_by_side
    assert not button.isEnabled()
    pane.chosen.choose(["1", "2", "3"])
    assert button.isEnabled()
    pane.look_side_by_side()
    assert [cell.uid for cell in pane.grid.shown] == ["1", "2", "3"]
    pane.chosen.choose(())
    assert button.isEnabled()  # the way back
    pane.look_side_by_side()
    assert len(pane.grid.shown) == 6


def test_one_legend_for_all(pane: VariantsPane) -> None:
    assert not pane.legend.isVisible()
    QTest.keyClick(pane.bar.coloring, Qt.Key.Key_Down)
    assert pane.grid.coloring is Coloring.STRESS
    assert pane.legend.isVisible()
    assert pane.legend.accessibleName().endswith("30")


def test_what_is_rejected_is_crossed_out_and_can_be_hidden(pane: VariantsPane) -> None:
    pane.items_changed([item("1", rejected=True)])
    assert "1" not in [dot.uid for dot in pane.chart.scatter.front]
    assert len(pane.grid.shown) == 6
    pane.bar.hide_rejected.click()
    assert "1" not in uids_in_table(pane)
    assert len(pane.grid.shown) == 5


def test_what_is_in_the_trash_is_gone(pane: VariantsPane) -> None:
    pane.items_changed([item("1", trashed=1.0)])
    assert "1" not in uids_in_table(pane)
    pane.items_changed([item("1")])
    assert "1" in uids_in_table(pane)


def test_stars_go_to_all_that_are_chosen(pane: VariantsPane) -> None:
    told: list[tuple[list, object]] = []
    pane.rated.connect(lambda items, stars: told.append(([one.uid for one in items], stars)))
    pane.rejected.connect(lambda items, on: told.append(([one.uid for one in items], on)))
    pane.chosen.choose(["1", "2"])
    pane.rate(4)
    pane.reject()
    assert told == [(["1", "2"], 4), (["1", "2"], True)]
    pane.items_changed([item("1", rejected=True), item("2", rejected=True)])
    pane.reject()
    assert told[-1] == (["1", "2"], False)


def test_many_variants_are_drawn_up_to_a_bound(empty: VariantsPane) -> None:
    empty.show_variants(variants([(n, 100 - n) for n in range(1, MOST + 6)]), "Many")
    assert len(empty.grid.shown) == MOST
    assert len(uids_in_table(empty)) == MOST + 5
    assert f"first {MOST}" in empty.bar.told.whole_text()


def test_a_file_that_cannot_be_read_says_so_in_its_place(empty: VariantsPane) -> None:
    from studio.errors import BadInput

    def ask(asked, done, failed) -> None:
        failed(BadInput("It is cut short.", "")) if asked.uid == "1" else done(solid())

    empty.attach(ask)
    empty.show_variants(variants(FIGURES[:2]), "Two")
    first, second = empty.grid.shown
    assert second.caption.accessibleDescription() == "It is cut short."
    assert first.solid is not None


def test_variants_without_numbers_are_still_seen(empty: VariantsPane) -> None:
    plain = [replace(one, numbers=type(one.numbers)()) for one in variants(FIGURES[:2])]
    empty.show_variants(plain, "Two")
    assert len(empty.grid.shown) == 2
    assert empty.chart.axes is None
    assert empty.chart.scatter.accessibleDescription() == "No numbers to show."
    empty.chart.scatter.grab()
    QTest.mouseClick(empty.chart.scatter, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.keyClick(empty.chart.scatter, Qt.Key.Key_Right)


def test_little_room_shows_one_thing_at_a_time(pane: VariantsPane, qapp) -> None:
    assert pane.grid.isVisible() and pane.chart.isVisible() and pane.table.isVisible()
    pane.resize(480, 700)
    qapp.processEvents()
    assert pane.grid.isVisible()
    assert pane.chart.isVisible() != pane.table.isVisible()
    pane.resize(480, 400)
    qapp.processEvents()
    assert [pane.grid.isVisible(), pane.chart.isVisible(), pane.table.isVisible()].count(True) == 1


def test_everything_has_a_name_and_a_role(pane: VariantsPane) -> None:
    assert nameless(pane) == []
    assert without_role(pane) == []


def test_a_rebuilt_window_shows_the_same(pane: VariantsPane, frames: Frames, qtbot) -> None:
    pane.chosen.choose(["2", "3"])
    pane._on_header("compliance")
    pane.grid.cells[0].view.turn(33, 0)
    QTest.keyClick(pane.bar.coloring, Qt.Key.Key_Down)
    other = VariantsPane(frames)
    qtbot.addWidget(other)
    other.attach(ask_at_once)
    other.restore(pane.state())
    assert uids_in_table(other) == uids_in_table(pane)
    assert set(other.chosen.uids) == {"2", "3"}
    assert other.grid.camera == pane.grid.camera
    assert other.grid.coloring is Coloring.STRESS
    assert other.title == "Block"


def test_cleared_it_says_what_to_do(pane: VariantsPane) -> None:
    pane.clear()
    assert pane.empty.isVisible()
    assert pane.title == ""


def test_a_narrow_bar_leaves_the_stars_to_their_keys(pane: VariantsPane, qapp) -> None:
    assert pane.bar.rating.isVisible()
    pane.bar.setFixedWidth(400)
    qapp.processEvents()
    assert not pane.bar.rating.isVisible()
    pane.chosen.choose(["1"])
    with_stars: list[int] = []
    pane.rated.connect(lambda items, stars: with_stars.append(stars))
    pane.rate(3)
    assert with_stars == [3]


def test_what_is_seen_alone_is_fitted_to_its_larger_room(pane: VariantsPane, qapp) -> None:
    qapp.processEvents()
    pane.chosen.choose(["1", "2"])
    before = pane.grid.shown[1].view.width()
    pane.look_side_by_side()
    for _ in range(3):
        qapp.processEvents()
    view = pane.grid.shown[0].view
    assert view.width() > before
    fitted = view.camera.fit(solid().bounds, view.width(), view.height(), margin=0.05)
    assert view.camera.distance == pytest.approx(fitted.distance)
