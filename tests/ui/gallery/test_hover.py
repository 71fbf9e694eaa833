"""What the item under the pointer offers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from studio.project.store import Project
from studio.ui.gallery.panel import GalleryPanel
from tests.ui.gallery.driving import Recorder, met

STARS = [f"stars_{number}" for number in range(1, 6)]


@pytest.fixture
def gallery(panel: GalleryPanel, filled: Project) -> GalleryPanel:
    panel.set_project(filled)
    panel.resize(800, 640)
    met(panel)
    QApplication.processEvents()
    return panel


def cell(panel: GalleryPanel, row: int) -> QRect:
    return panel.view.visualRect(panel.model.index(row))


def spots(panel: GalleryPanel, row: int) -> dict[str, QPoint]:
    """Where each spot of an item is, found as a hand finds it."""
    assert panel.model.item(row) is not None, "it is in memory from here on"
    area, found = cell(panel, row), {}
    for x in range(area.left(), area.right(), 3):
        for y in range(area.top(), area.bottom(), 3):
            found.setdefault(panel.view.spots.at(row, area, QPoint(x, y)), QPoint(x + 1, y + 1))
    found.pop("")
    return found


def press(panel: GalleryPanel, qtbot, row: int, spot: str) -> None:
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spots(panel, row)[spot])


def test_stars_and_the_nearest_actions(gallery: GalleryPanel, recorder: Recorder, qtbot) -> None:
    places = spots(gallery, 3)
    assert set(places) == {*STARS, "edit", "pick", "reject"}
    assert sorted(STARS, key=lambda spot: places[spot].x()) == STARS
    press(gallery, qtbot, 3, "stars_4")
    assert gallery.model.item(3).stars == 4
    assert list(gallery.view.selected) == [3], "what is changed is what is selected"
    press(gallery, qtbot, 3, "stars_4")
    assert gallery.model.item(3).stars == 0, "the last star once more takes them off"
    press(gallery, qtbot, 3, "reject")
    assert gallery.model.item(3).rejected
    press(gallery, qtbot, 3, "edit")
    assert recorder.calls[-1] == ("edit", gallery.model.item(3))
    qtbot.mouseDClick(gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=places["stars_2"])
    assert "look" not in [name for name, _ in recorder.calls], "two quick clicks on a star open nothing"


def test_on_one_of_several_that_are_selected_it_means_all_of_them(gallery: GalleryPanel, qtbot) -> None:
    for row in range(3):
        gallery.view.choose(row, toggle=True)
    press(gallery, qtbot, 1, "stars_5")
    assert [gallery.model.item(row).stars for row in range(4)] == [5, 5, 5, 0]
    assert len(gallery.view.selected) == 3
    press(gallery, qtbot, 3, "stars_1")
    assert [gallery.model.item(row).stars for row in range(4)] == [5, 5, 5, 1]


def test_in_the_trash_it_offers_to_restore(gallery: GalleryPanel, filled: Project, qtbot) -> None:
    first = gallery.model.item(0)
    gallery._post(filled.trash([first.uid]))
    gallery.show_trash()
    assert set(spots(gallery, 0)) == {"restore"}
    press(gallery, qtbot, 0, "restore")
    assert filled.item(first.uid).trashed is None


def test_a_project_that_cannot_be_changed_offers_no_change(
    gallery: GalleryPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(gallery.organizer), "is_writable", False)
    assert set(spots(gallery, 0)) == {"edit"}


def test_it_is_drawn_over_kept_cells_and_goes_when_the_view_scrolls(gallery: GalleryPanel, qtbot) -> None:
    view = gallery.view
    view.grab()
    qtbot.mouseMove(view.viewport(), cell(gallery, 1).center())
    assert view.hovered == 1
    view.grab()
    kept = dict(view._kept)
    for spot, point in spots(gallery, 1).items():
        before = view.grab().toImage()
        qtbot.mouseMove(view.viewport(), point)
        assert view._spot == spot
        assert view.grab().toImage() != before
        assert view.tip_at(point)
    assert {key: view._kept[key].cacheKey() for key in kept} == {
        key: pixmap.cacheKey() for key, pixmap in kept.items()
    }, "no cell was drawn anew"
    view.verticalScrollBar().setValue(40)
    assert view.hovered == -1


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_spots_lie_apart_within_their_cell(gallery: GalleryPanel, direction: Qt.LayoutDirection) -> None:
    gallery.setLayoutDirection(direction)
    for zoom in (96, 144, 320):
        gallery.view.set_zoom(zoom)
        gallery.model.item(0)
        area = cell(gallery, 0)
        places = gallery.view.spots._places(0, area)
        assert all(area.contains(place) for _, place in places)
        rects = [place for _, place in places]
        assert not any(one.intersects(two) for at, one in enumerate(rects) for two in rects[at + 1 :])
    assert [spot for spot, _ in places] == [*STARS, "edit", "pick", "reject"]
