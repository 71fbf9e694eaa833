"""The tools around the canvas: they show what the canvas is set to, and set it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton

from studio.errors import StudioError
from studio.ui.canvas_tool import Tool
from studio.ui.canvas_tools import CanvasPanel, Dial


@pytest.fixture
def empty(qtbot) -> CanvasPanel:
    made = CanvasPanel()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.fixture
def panel(empty: CanvasPanel, qtbot, tmp_path: Path) -> CanvasPanel:
    Image.new("RGB", (120, 80), (40, 90, 140)).save(tmp_path / "photo.png")
    with qtbot.waitSignal(empty.canvas.image_changed):
        empty.canvas.set_image(tmp_path / "photo.png")
    return empty


def test_every_action_is_grouped_named_and_told_with_its_key(panel: CanvasPanel) -> None:
    groups = panel.canvas.action_groups()
    assert set(groups) == {"Tools", "Brush", "Edit", "Mask", "View"}
    grouped = [action for actions in groups.values() for action in actions]
    assert set(grouped) == set(panel.canvas.actions())
    for action in grouped:
        assert action.text() and action.toolTip()
        key = action.shortcut().toString()
        assert not key or f"({key})" in action.toolTip()
    keys = [key.toString() for action in grouped for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_every_button_has_a_name_and_an_icon(panel: CanvasPanel) -> None:
    buttons = panel.strip.findChildren(QToolButton)
    assert len(buttons) == 9
    assert all(button.accessibleName() and not button.icon().isNull() for button in buttons)


def test_a_click_on_a_tool_chooses_it(panel: CanvasPanel) -> None:
    flood = next(b for b in panel.strip.findChildren(QToolButton) if "color" in b.accessibleName())
    QTest.mouseClick(flood, Qt.MouseButton.LeftButton)
    assert panel.canvas.tool is Tool.FLOOD
    assert panel.options.tolerance.isVisible() and not panel.options.diameter.isVisible()
    panel.canvas.tool = Tool.ERASER
    assert panel.canvas.commands.tools[Tool.ERASER].isChecked() and not flood.isChecked()
    assert panel.options.diameter.isVisible()
    panel.canvas.tool = Tool.LASSO
    hints = [
        label for label in panel.options.findChildren(QLabel) if label.isVisible() and "Alt" in label.text()
    ]
    assert len(hints) == 1


def test_dials_and_canvas_agree(panel: CanvasPanel) -> None:
    canvas, options = panel.canvas, panel.options
    options.diameter.spin.setValue(333)
    assert canvas.brush_size == 333
    options.diameter.slider.setValue(1000)
    assert canvas.brush_size == options.diameter.spin.value() == 2000
    options.diameter.slider.setValue(0)
    assert canvas.brush_size == 1
    options.hardness.spin.setValue(35)
    assert canvas.hardness == 0.35
    canvas.hardness = 0.6
    assert options.hardness.spin.value() == 60
    options.amount.spin.setValue(12)
    assert canvas.amount == 12 and canvas.commands.grow.text() == "Grow by 12 px"
    canvas.tolerance = 999
    assert options.tolerance.spin.value() == 255


@pytest.mark.parametrize("curved", [False, True])
def test_a_dial_shows_every_value_as_it_is(curved: bool, qtbot) -> None:
    told: list[int] = []
    dial = Dial("Size", "px", 1, 2000, told.append, curved=curved)
    qtbot.addWidget(dial)
    for value in (1, 2, 7, 80, 999, 1999, 2000):
        dial.show_value(value)
        assert dial.spin.value() == value
    assert told == []


def test_nothing_can_be_done_without_a_photo(empty: CanvasPanel) -> None:
    assert not any(action.isEnabled() for action in empty.canvas.actions())
    assert not empty.options.mask_button.isEnabled()


def test_undo_can_be_used_only_when_there_is_something(panel: CanvasPanel) -> None:
    commands = panel.canvas.commands
    assert not commands.undo.isEnabled() and not commands.redo.isEnabled()
    commands.invert.trigger()
    assert commands.undo.isEnabled()
    commands.undo.trigger()
    assert not commands.undo.isEnabled() and commands.redo.isEnabled()


def test_facts(panel: CanvasPanel) -> None:
    texts = lambda: " ".join(label.text() for label in panel.facts.findChildren(QLabel))  # noqa: E731
    assert "120 × 80 px" in texts() and "nothing to repaint yet" in texts()
    panel.canvas.invert()
    assert "100.0 % to repaint" in texts()
    panel.canvas.pixel_changed.emit((3, 4, QColor(1, 2, 3)))
    assert "3, 4" in texts() and "#010203" in texts()
    panel.canvas.pixel_changed.emit(None)
    assert "#" not in texts()


def test_zoom_is_shown_and_chosen(panel: CanvasPanel) -> None:
    panel.canvas.zoom_to(2.0)
    assert panel.options.zoom_button.text() == "200 %"
    panel.canvas.zoom_to(0.015)
    assert panel.options.zoom_button.text() == "1.5 %"
    choice = next(a for a in panel.options.zoom_button.menu().actions() if a.text() == "400 %")
    choice.trigger()
    assert panel.canvas.zoom == 4.0


def test_masks_are_saved_and_loaded_by_dialog(panel: CanvasPanel, qtbot, tmp_path: Path, monkeypatch) -> None:
    chosen = [str(tmp_path / "mask")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (chosen[0], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(tmp_path / "mask.png"), ""))
    commands = panel.canvas.commands
    commands.invert.trigger()
    commands.save.trigger()
    commands.clear.trigger()
    assert panel.canvas.mask_model.is_empty
    commands.load.trigger()
    assert panel.canvas.mask_model.is_full
    chosen[0] = str(tmp_path / "missing" / "mask.png")
    with qtbot.waitSignal(panel.canvas.failed) as failed:
        commands.save.trigger()
    assert isinstance(failed.args[0], StudioError)


def test_icons_follow_the_palette(panel: CanvasPanel) -> None:
    palette = QPalette(panel.palette())
    for color in (QColor("#e9eaee"), QColor("#1c1f26")):
        palette.setColor(QPalette.ColorRole.ButtonText, color)
        panel.setPalette(palette)
        image = panel.canvas.commands.undo.icon().pixmap(24, 24, QIcon.Mode.Disabled).toImage()
        seen = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        strongest = max(seen, key=QColor.alpha)
        assert abs(strongest.lightness() - color.lightness()) < 12


def test_a_narrow_panel_gives_the_sliders_up(panel: CanvasPanel) -> None:
    assert panel.options.diameter.slider.isVisible()
    panel.resize(panel.minimumSizeHint())
    assert panel.width() < 450
    assert not panel.options.diameter.slider.isVisible() and panel.options.diameter.spin.isVisible()
    panel.resize(900, 600)
    assert panel.options.diameter.slider.isVisible()
