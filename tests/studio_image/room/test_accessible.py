"""The canvas by keyboard and screen reader alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from studio_image.room.tools import CanvasPanel

from studio.ui.kit import accessible
from tests.studio_image.room.canvas_driving import equip, show, write_photo
from tests.ui.reach import by_tab, nameless, role, stops, told, unexplained, without_role


@pytest.fixture(autouse=True)
def _roles(qapp: QApplication) -> None:
    accessible.install()


@pytest.fixture
def canvas_panel(qtbot, tmp_path: Path) -> CanvasPanel:
    panel = CanvasPanel()
    qtbot.addWidget(panel)
    equip(panel)
    panel.resize(1000, 600)
    panel.show()
    show(panel.canvas, qtbot, write_photo(tmp_path / "photo.png"))
    return panel


def test_the_canvas_and_its_tools_by_keyboard(canvas_panel: CanvasPanel, qtbot) -> None:
    with qtbot.waitActive(canvas_panel):
        canvas_panel.activateWindow()
    canvas_panel.canvas.setFocus()
    assert set(by_tab(canvas_panel)) == set(stops(canvas_panel))
    assert nameless(canvas_panel) == without_role(canvas_panel) == unexplained(canvas_panel) == []


def test_the_canvas_tells_what_is_on_it(canvas_panel: CanvasPanel) -> None:
    canvas = canvas_panel.canvas
    assert told(canvas) == "Mask canvas"
    assert role(canvas) is QAccessible.Role.Canvas
    assert "200" in told(canvas, QAccessible.Text.Description)
    canvas.invert()
    assert "100.0 % to repaint" in told(canvas, QAccessible.Text.Description)
