"""The tools around the canvas: they show what the canvas is set to, and set it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton
from studio_image.room.tool import Tool
from studio_image.room.tools import CanvasPanel

from studio.errors import StudioError
from studio.ui.kit.dial import Dial
from studio.ui.kit.icons import names
from tests.studio_image.room.canvas_driving import equip


@pytest.fixture
def empty(qtbot) -> CanvasPanel:
    made = CanvasPanel()
    qtbot.addWidget(made)
    equip(made)
    made.resize(800, 600)
    made.show()
    return made


@pytest.fixture
def panel(empty: CanvasPanel, qtbot, tmp_path: Path) -> CanvasPanel:
    Image.new("RGB", (120, 80), (40, 90, 140)).save(tmp_path / "photo.png")
    with qtbot.waitSignal(empty.canvas.image_changed):
        empty.canvas.set_image(tmp_path / "photo.png")
    return empty


def by_id(panel: CanvasPanel) -> dict[str, QAction]:
    return {command.id: action for command, action in zip(panel.commands(), panel.actions(), strict=True)}


def test_every_command_has_a_place_and_keys_of_its_own(panel: CanvasPanel) -> None:
    commands = panel.commands()
    ids = [command.id for command in commands]
    assert len(ids) == len(set(ids)) and all(id.startswith("mask.") for id in ids)
    for command in commands:
        assert command.title and command.scope == "panel"
        assert command.menu == "room" or command.id in ("mask.undo", "mask.redo")
        assert not command.icon or command.icon in names()
    keys = [key for command in commands for key in command.keys.split("; ") if key]
    assert len(keys) == len(set(keys))
    assert all(not QKeySequence(key).isEmpty() for key in keys)


def test_without_actions_there_is_nothing_to_press_and_nothing_breaks(qtbot) -> None:
    panel = CanvasPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.canvas.tool = Tool.ERASER
    for button in panel.strip.buttons.values():
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.canvas.tool is Tool.ERASER


def test_a_panel_hands_its_canvas_to_the_next(panel: CanvasPanel, qtbot) -> None:
    panel.canvas.invert()
    other = CanvasPanel()
    qtbot.addWidget(other)
    equip(other)
    other.restore(panel.state())
    assert other.canvas.mask_model.is_full and by_id(other)["mask.undo"].isEnabled()
    assert panel.canvas.photo is None and not by_id(panel)["mask.undo"].isEnabled()


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
    assert by_id(panel)["mask.eraser"].isChecked() and not flood.isChecked()
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
    assert canvas.amount == 12 and by_id(panel)["mask.grow"].text() == "&Grow by 12 px"
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
    assert not any(action.isEnabled() for action in empty.actions())
    assert not empty.options.mask_button.isEnabled()


def test_undo_can_be_used_only_when_there_is_something(panel: CanvasPanel) -> None:
    commands = by_id(panel)
    assert not commands["mask.undo"].isEnabled() and not commands["mask.redo"].isEnabled()
    commands["mask.invert"].trigger()
    assert commands["mask.undo"].isEnabled()
    commands["mask.undo"].trigger()
    assert not commands["mask.undo"].isEnabled() and commands["mask.redo"].isEnabled()


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
    commands = by_id(panel)
    commands["mask.invert"].trigger()
    commands["mask.save"].trigger()
    commands["mask.clear"].trigger()
    assert panel.canvas.mask_model.is_empty
    commands["mask.load"].trigger()
    assert panel.canvas.mask_model.is_full
    chosen[0] = str(tmp_path / "missing" / "mask.png")
    with qtbot.waitSignal(panel.canvas.failed) as failed:
        commands["mask.save"].trigger()
    assert isinstance(failed.args[0], StudioError)


def test_a_narrow_panel_gives_up_sliders_words_and_hardness_in_turn(panel: CanvasPanel) -> None:
    dial = panel.options.diameter
    seen = []
    for width in range(1000, panel.minimumSizeHint().width() - 1, -10):
        panel.resize(width, 600)
        seen.append((dial.slider.isVisible(), dial.name.isVisible(), panel.options.hardness.isVisible()))
        assert dial.spin.isVisible() and panel.options.zoom_button.isVisible()
        assert panel.options.zoom_button.geometry().right() <= panel.options.width()
    assert list(dict.fromkeys(seen)) == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    ]
    assert panel.minimumSizeHint().width() < 450
    panel.resize(1000, 600)
    assert dial.slider.isVisible()


def test_larger_type_has_the_same_order_at_larger_widths(panel: CanvasPanel) -> None:
    least = panel.minimumSizeHint().width()
    font = panel.font()
    font.setPixelSize(2 * font.pixelSize() if font.pixelSize() > 0 else 26)
    panel.setFont(font)
    assert panel.options.minimumSizeHint().width() > least
    panel.resize(panel.minimumSizeHint().width(), 600)
    assert not panel.options.diameter.slider.isVisible()
