"""The tour, done as a person does it: by mouse and keys in the whole window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from studio.project.store import Project
from studio.ui.export.dialog import ExportDialog
from studio.ui.kit.coach import CoachCard
from studio.ui.kit.theme import DARK, LIGHT
from studio.ui.project.tour import COMPARE, DONE, EXPORT, GENERATE, MARK, OPEN
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.pictures import canvas_of


@pytest.fixture
def touring(studio: StudioWindow, qtbot, until) -> StudioWindow:
    studio.window.resize(1280, 800)
    QApplication.processEvents()
    qtbot.mouseClick(studio.window.welcome.tour, Qt.MouseButton.LeftButton)
    assert studio.extras.tour.step == OPEN
    return studio


def paint(studio: StudioWindow, qtbot) -> None:
    canvas = canvas_of(studio)
    middle = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    for step in range(12):
        qtbot.mouseMove(canvas, middle + QPoint(4 * step, step))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(48, 12))


@pytest.mark.slow
def test_five_steps_by_doing_them(touring: StudioWindow, qtbot, until, tmp_path: Path) -> None:
    studio, tour = touring, touring.extras.tour
    studio.session.look_for_plugins()
    until(lambda: studio.context.catalog is not None, 60)
    qtbot.mouseClick(studio.window.welcome.sample, Qt.MouseButton.LeftButton)
    until(lambda: tour.step == MARK and canvas_of(studio).mask_model is not None)
    assert tour.card.ring.isVisible()
    paint(studio, qtbot)
    until(lambda: tour.step == GENERATE)
    assert tour.card.title.text() == "Press “Remove”" == f"Press “{studio.panel.button.text()}”"
    until(studio.panel.button.isEnabled)
    qtbot.mouseClick(studio.panel.button, Qt.MouseButton.LeftButton)
    until(lambda: tour.step == COMPARE, 60)
    viewer = studio.workspace.viewer
    until(lambda: studio.workspace.is_comparing and viewer.is_comparing)
    qtbot.mousePress(viewer, Qt.MouseButton.LeftButton, pos=viewer.rect().center())
    qtbot.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=viewer.rect().center() + QPoint(40, 0))
    until(lambda: tour.step == EXPORT)
    qtbot.mouseClick(studio.workspace.export, Qt.MouseButton.LeftButton)
    dialog = studio.window.findChild(ExportDialog)  # another test's may still be there
    dialog.folder.setText(str(tmp_path / "out"))
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    until(lambda: tour.step == DONE)
    assert list((tmp_path / "out").glob("*.png"))
    assert not studio.context.settings.tour.done
    qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    assert not tour.is_on
    assert studio.context.settings.tour.done


def test_it_can_be_left_at_any_time(touring: StudioWindow, qtbot) -> None:
    tour = touring.extras.tour
    card = tour.card
    qtbot.keyClick(touring.window, Qt.Key.Key_Escape)
    assert not tour.is_on
    assert not card.isVisible()
    assert not card.ring.isVisible()
    assert touring.context.settings.tour.done
    touring.actions["help.tour"].trigger()
    assert tour.step == OPEN
    for _ in range(DONE):
        qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    assert tour.step == DONE
    qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    assert not tour.is_on


def test_from_another_project_the_card_opens_the_sample(
    studio: StudioWindow, qtbot, until, tmp_path: Path
) -> None:
    trip = Project.create(tmp_path / "Trip.studio")
    trip.close()
    studio.projects.open(trip.folder)
    until(lambda: studio.context.project is not None)
    studio.items.show_room("image")  # away from the first page, which has a button for it
    studio.actions["help.tour"].trigger()
    tour = studio.extras.tour
    assert tour.step == OPEN and tour.card.next.text() == "Open it"
    qtbot.mouseClick(tour.card.next, Qt.MouseButton.LeftButton)
    until(lambda: tour.step == MARK)
    assert studio.context.project.folder.name.startswith("Sample")


def test_it_goes_on_in_a_window_that_was_built_anew(touring: StudioWindow) -> None:
    tour = touring.extras.tour
    before = tour.card
    touring.rebuild()
    assert tour.step == OPEN
    assert tour.card is not before
    assert tour.card.parentWidget() is touring.window
    assert tour.card.isVisibleTo(touring.window)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
@pytest.mark.parametrize("size", [QSize(640, 480), QSize(1600, 1000)])
def test_the_card_is_always_inside_the_window(qtbot, dressed, direction, size: QSize) -> None:
    window = QWidget()
    window.setLayoutDirection(direction)
    qtbot.addWidget(window)
    window.resize(size)
    target = QWidget(window)
    window.show()
    card = CoachCard(window, LIGHT)
    for place in (QPoint(0, 0), QPoint(size.width() - 60, 0), QPoint(200, size.height() - 30)):
        target.setGeometry(place.x(), place.y(), 60, 30)
        card.tell("Step 1 of 5", "A title", "Some words " * 20, "Skip", target)
        assert window.rect().contains(card.geometry())
        assert not card.geometry().intersects(target.geometry())
    target.hide()
    card.place()
    assert not card.ring.isVisible(), "what cannot be seen is not pointed at"
    assert window.rect().contains(card.geometry())


def test_it_begins_in_the_theme_of_now(studio: StudioWindow) -> None:
    studio.set_theme("dark")
    studio.extras.start_tour()
    assert studio.extras.tour.card.ring.theme == DARK
