"""Painting cannot end the program: Qt dies of a painter that is left open when its widget paints again."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from studio.core.item import Item
from studio.errors import ProjectClosed, StudioError
from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.items.thumbnails import Thumbnails
from studio.ui.kit.theme import LIGHT
from tests.ui.builders import picture
from tests.ui.gallery.driving import fill

ROOT = Path(__file__).parents[2]
ERRORS = [StudioError("Gone."), ProjectClosed("Closed."), sqlite3.OperationalError("disk I/O error")]


class Pictures:
    """Thumbnails that break off while they are drawn."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = 0

    def get(self, item: Item, side: int) -> QPixmap:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return QPixmap()


@pytest.fixture
def filled(project: Project, tmp_path: Path) -> Project:
    digest, size = project.store_blob(picture(tmp_path / "one.png"), extension=".png")
    fill(project, 50, digest, size)
    return project


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
def panel(
    qtbot, dressed, desk: WindowContext, filled: Project, pictures: Pictures, until
) -> Iterator[GalleryPanel]:
    nothing = dict.fromkeys(GalleryActions.__struct_fields__, lambda *_: None)
    made = GalleryPanel(desk, pictures.get, LIGHT, GalleryActions(**nothing))
    qtbot.addWidget(made)
    desk.bridge.listen(made.on_event)
    made.resize(420, 640)
    made.show()
    made.set_project(filled)
    until(lambda: made.model.peek(0) is not None)
    yield made
    made.close_panel()


def paint(panel: GalleryPanel) -> None:
    panel.view.forget()
    panel.view.viewport().repaint()
    QApplication.processEvents()


def calls_of_painters(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QPainter":
            yield node


def test_every_painter_is_closed_whatever_happens() -> None:
    left_open, seen = [], 0
    for file in [*ROOT.glob("studio/**/*.py"), *ROOT.glob("plugins/**/*.py")]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        closed = {
            id(item.context_expr)
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            for item in node.items
        }
        for call in calls_of_painters(tree):
            seen += 1
            if id(call) not in closed:
                left_open.append(f"{file.relative_to(ROOT)}:{call.lineno}")
    assert seen > 20
    assert not left_open, "write `with QPainter(...) as painter:`"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_the_gallery_paints_on_after_a_read_that_failed(
    qtlog, panel: GalleryPanel, pictures: Pictures, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("studio.ui.kit.grid_view.COMPOSE_SECONDS", 60)  # else as many cells as fit a frame
    pictures.error = error
    for _ in range(3):
        with pytest.raises(type(error)):
            paint(panel)
    pictures.error, pictures.asked = None, 0
    error.with_traceback(None)  # which holds what the paints had made
    paint(panel)
    assert not [record.message for record in qtlog.records if "paint" in record.message.lower()]
    assert pictures.asked > 1
    assert panel.view.viewport().grab().toImage().pixelColor(1, 1).name() == LIGHT.surface


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_project_that_cannot_be_read_raises_nothing_in_a_paint(
    qtbot, desk: WindowContext, filled: Project, panel: GalleryPanel, until, error: Exception
) -> None:
    tried: list[Item] = []

    def find(item: Item) -> Path:
        tried.append(item)
        raise error

    thumbnails = Thumbnails(desk.service, desk.bridge)
    thumbnails.set_source(find)
    panel.view.cells._thumbnail = thumbnails.get
    item = panel.model.peek(0)
    assert item is not None
    with qtbot.captureExceptions() as caught:
        paint(panel)
        until(lambda: tried and thumbnails.get(item) is not None)
        paint(panel)
    thumbnails.close()
    assert not caught
    picture_of = thumbnails.get(item)
    assert picture_of is not None and picture_of.isNull()


def test_the_gallery_of_a_closed_project_is_painted(
    qtbot, desk: WindowContext, filled: Project, panel: GalleryPanel
) -> None:
    thumbnails = Thumbnails(desk.service, desk.bridge)
    thumbnails.set_source(lambda item: filled.blob_path(item.digest))
    panel.view.cells._thumbnail = thumbnails.get
    filled.close()
    with qtbot.captureExceptions() as caught:
        paint(panel)
        panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum())
        paint(panel)
    thumbnails.close()
    assert not caught
