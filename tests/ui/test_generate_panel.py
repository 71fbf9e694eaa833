"""The panel with its chooser, presets, inputs, form, seed and buttons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.generator import Input
from studio.core.kind import STOCK_KINDS, Kind
from studio.settings import Generating
from studio.ui.context import WindowContext
from studio.ui.generate.form_tools import FormTools, form_tools
from studio.ui.generate.panel import GeneratePanel
from studio.ui.generate.preset_dialog import PresetDialog
from studio.ui.generate.presets import Preset, dump
from studio.ui.kit import theme
from studio.ui.kit.controls import NumberBox
from studio.ui.kit.dialogs import QuestionDialog
from studio.ui.kit.theme import UNIT
from tests.ui.builders import PHOTO_AND_MASK, Sample, describe

MODELS = [("a" * 64, "Lama")]
ONE = describe(Sample)
TWO = describe(
    Sample, id="test/two", title="Another", inputs=(Input(name="style", title="Style", kind=Kind.IMAGE),)
)


@pytest.fixture
def tools(desk: WindowContext) -> FormTools:
    return form_tools(desk)


@pytest.fixture
def panel(qtbot, dressed, tools: FormTools) -> GeneratePanel:
    made = GeneratePanel(lambda formats: MODELS, tools, STOCK_KINDS)
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.set_catalog([ONE, TWO], ["cpu"], Generating())
    made.show()
    return made


def told(panel: GeneratePanel) -> list[str]:
    words: list[str] = []
    panel.notice.connect(words.append)
    return words


# Generators ------------------------------------------------------------------------------------------------


def test_generators_are_chosen_by_title_and_summary(panel: GeneratePanel) -> None:
    popup = panel.chooser.open()
    assert popup.list.model().rowCount() == 2
    assert popup.list.currentIndex().row() == 0
    popup.chosen.emit(1)
    assert panel.generator == TWO
    assert panel.chooser.text() == "Another"
    assert list(panel.slots.rows) == ["style"]


def test_it_gets_no_narrower_than_its_form(panel: GeneratePanel, qapp) -> None:
    font = panel.font()
    try:
        larger = QFont(font)
        larger.setPixelSize(20)
        qapp.setFont(larger)
        panel.choose(TWO.id)
        panel.resize(panel.minimumWidth(), 900)
        qapp.processEvents()
        room = panel._scroll.viewport().width()
        assert panel.minimumWidth() == 48 * UNIT or panel._inner.minimumSizeHint().width() <= room
    finally:
        qapp.setFont(font)


def test_what_was_folded_and_shown_comes_back(panel: GeneratePanel, qtbot, tools: FormTools) -> None:
    panel.form.fold(["Quality"])
    panel.toggle_advanced()
    panel.seed.set_seed(7)
    panel.seed.lock.setChecked(True)
    panel.seed.used()
    panel.set_value("steps", 33)
    again = GeneratePanel(lambda formats: MODELS, tools, STOCK_KINDS)
    qtbot.addWidget(again)
    again.set_catalog([ONE, TWO], ["cpu"], Generating(**panel.kept()))
    assert again.form.folded() == ("Quality",)
    assert again.form.shows_advanced
    assert again.values()["steps"] == 33
    assert (again.seed.seed(), again.seed.recent()) == (7, (7,))
    again.restore((9, 0))
    assert again.seed.seed() == 9
    again.choose("test/two")
    assert not again.form.shows_advanced


def test_looking_at_the_plugins_again_loses_nothing(panel: GeneratePanel) -> None:
    panel.choose("test/two")
    panel.set_value("steps", 33)
    panel.seed.set_seed(7)
    panel.set_catalog([ONE, TWO], ["cpu"], Generating())
    assert (panel.generator, panel.values()["steps"], panel.seed.seed()) == (TWO, 33, 7)
    panel.set_catalog([ONE], ["cpu"], Generating())
    assert panel.generator == ONE


def test_without_generators_the_panel_says_so(qtbot, dressed, tools: FormTools) -> None:
    panel = GeneratePanel(lambda formats: MODELS, tools, STOCK_KINDS)
    qtbot.addWidget(panel)
    panel.set_catalog([], ["cpu"], Generating())
    panel.show()
    assert panel.title.text() == "No generators"
    assert not panel.presets.isVisible()
    assert panel.missing() == "No generator is ready yet."


# Presets ---------------------------------------------------------------------------------------------------


def save_as(panel: GeneratePanel, name: str, note: str = "") -> None:
    panel.presets.save_as()
    dialog = panel.window().findChild(PresetDialog)
    dialog.name.setText(name)
    dialog.note.setPlainText(note)
    dialog.go.click()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete


def test_a_preset_is_saved_changed_and_taken_back(panel: GeneratePanel) -> None:
    presets = panel.presets
    assert presets.combo.currentText() == "No presets yet"
    panel.set_value("steps", 33)
    save_as(panel, "Night", "for skies")
    assert (presets.name, presets.combo.currentText(), presets.combo.toolTip()) == (
        "Night",
        "Night",
        "for skies",
    )
    assert not presets.save.isEnabled()
    panel.set_value("steps", 12)
    assert presets.is_modified
    assert presets.combo.shown_text(300) == "Night · modified"
    assert presets.combo.shown_text(90).endswith("… · modified")
    assert presets.combo.accessibleDescription() == "Night, modified"
    presets.choose("Night")
    assert panel.values()["steps"] == 33
    assert not presets.is_modified
    panel.set_value("steps", 12)
    presets.save.click()
    assert not presets.is_modified
    panel.reset_all()
    presets.choose("Night")
    assert panel.values()["steps"] == 12


def test_presets_belong_to_their_generator_and_stay_chosen(panel: GeneratePanel) -> None:
    save_as(panel, "Night")
    panel.choose("test/two")
    assert panel.presets.combo.count() == 1
    panel.choose("test/one")
    assert panel.presets.name == "Night"
    assert panel.kept()["presets"] == {"test/one": "Night"}


def test_a_preset_is_renamed_and_deleted(panel: GeneratePanel, qtbot) -> None:
    save_as(panel, "Night")
    panel.presets.rename()
    dialog = panel.findChild(PresetDialog)
    assert not dialog.note.isVisible()
    dialog.name.setText("Day")
    dialog.go.click()
    assert panel.presets.name == "Day"
    panel.presets.remove()
    question = panel.findChild(QuestionDialog)
    next(b for b in question.findChildren(type(panel.button)) if b.text() == "Delete").click()
    assert panel.presets.combo.currentText() == "No presets yet"


def test_a_taken_name_says_that_it_replaces(panel: GeneratePanel) -> None:
    save_as(panel, "Night")
    panel.presets.save_as()
    dialog = panel.findChildren(PresetDialog)[-1]
    dialog.name.setText("Night")
    assert dialog.go.text() == "Replace"
    dialog.name.setText(" ")
    assert not dialog.go.isEnabled()


def test_values_that_are_no_longer_offered_are_told_and_kept(
    panel: GeneratePanel, tools: FormTools, home: Path
) -> None:
    words = told(panel)
    gone = {"steps": 999, "method": "onnx", "model": "f" * 64, "old": 1, "tile": True}
    tools.presets.write("Old", Preset("test/one", "0", gone))
    panel.presets.choose("Old")
    assert panel.values()["tile"] is True
    assert panel.values()["steps"] == 20
    assert panel.values()["model"] == ""
    assert words == [
        "Some settings of this preset are no longer offered and stay at their default: Model, Steps, old"
    ]
    panel.set_value("steps", 5)
    panel.presets.save_now()
    folder = home / "config" / "presets" / "test" / "one"
    assert json.loads((folder / "Old.json.broken").read_text())["values"] == gone
    assert json.loads((folder / "Old.json").read_text())["values"]["steps"] == 5


def test_a_damaged_preset_leaves_the_form_as_it_is(panel: GeneratePanel, home: Path) -> None:
    words = told(panel)
    save_as(panel, "Night")
    file = home / "config" / "presets" / "test" / "one" / "Night.json"
    file.write_bytes(b"\x00")
    panel.set_value("steps", 12)
    panel.presets.choose("Night")
    assert panel.values()["steps"] == 12
    assert "damaged" in words[-1]
    assert file.with_name("Night.json.broken").exists()


def drop(panel: GeneratePanel, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    panel.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_preset_file_dropped_on_the_form_is_kept_and_used(panel: GeneratePanel, tmp_path: Path) -> None:
    words = told(panel)
    file = tmp_path / "From a friend.json"
    file.write_bytes(dump(Preset("test/one", "1", {"steps": 41})))
    drop(panel, file)
    assert panel.presets.name == "From a friend"
    assert panel.values()["steps"] == 41
    file.write_bytes(dump(Preset("test/two", "1", {"steps": 42})))
    drop(panel, file)
    assert panel.values()["steps"] == 41
    assert words == ["“From a friend” is for “Another” and is kept there."]
    file.write_bytes(dump(Preset("not/there", "1", {})))
    drop(panel, file)
    assert "not installed: not/there" in words[-1]
    file.write_text("nonsense")
    drop(panel, file)
    assert "not a preset" in words[-1]


def test_a_preset_goes_out_as_a_file_and_comes_in_again(panel: GeneratePanel, tmp_path: Path) -> None:
    panel.set_value("steps", 44)
    panel.presets.export(tmp_path / "Mine.json")
    panel.reset_all()
    panel.presets.take_in(tmp_path / "Mine.json")
    assert panel.values()["steps"] == 44
    words = told(panel)
    panel.presets.export(tmp_path / "no" / "folder.json")
    assert "could not be read or written" in words[-1]


# Seed ------------------------------------------------------------------------------------------------------


def test_seeds_of_before_can_be_taken_again(panel: GeneratePanel) -> None:
    seed = panel.seed
    assert not seed.before.isEnabled()
    for number in (5, 6, 5):
        seed.set_seed(number)
        seed.used()
    assert seed.recent() == (5, 6)
    assert seed.seed() != 5
    seed.menu.aboutToShow.emit()
    seed.menu.actions()[1].trigger()
    assert seed.seed() == 6
    seed.lock.click()
    seed.used()
    assert seed.seed() == 6


def test_the_seed_is_set_by_keyboard_alone(panel: GeneratePanel, qtbot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.seed.before.setFocus()
    for part in (panel.seed.dice, panel.seed.lock):
        part.setFocus()
        assert part.hasFocus()
    qtbot.keyClick(panel.seed.lock, Qt.Key.Key_Space)
    assert panel.seed.lock.isChecked()
    before = panel.seed.seed()
    qtbot.keyClick(panel.seed.dice, Qt.Key.Key_Space)
    assert panel.seed.seed() != before


# Pressing the button ---------------------------------------------------------------------------------------


def test_what_is_wrong_in_the_form_gets_the_focus(panel: GeneratePanel, qtbot) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.set_value("method", "onnx")
    assert panel.missing() == "Choose a file for “Model”."
    assert panel.go_to_missing()
    assert panel.form.rows["model"].editor.focus.hasFocus()
    panel.set_value("model", "a" * 64)
    assert not panel.go_to_missing()
    panel.form.fold(["Quality"])
    panel.form.model.set("steps", 0)
    panel.form.refresh(write=False)
    assert panel.go_to_missing()
    assert panel.form.rows["steps"].findChild(NumberBox).hasFocus()
    assert panel.form.rows["steps"].error.isVisible()


def test_the_cost_gives_way_to_the_reason(panel: GeneratePanel) -> None:
    panel.foot.show_cost("About 12 s")
    panel.set_ready("")
    assert panel.reason.text() == "About 12 s"
    panel.set_ready("Drop a photo.")
    assert panel.reason.text() == "Drop a photo."
    assert not panel.foot.queue.isEnabled()
    panel.foot.show_cost("About 14 s")
    assert panel.reason.text() == "Drop a photo."
    panel.set_ready("Steps is wrong.", in_form=True)
    assert panel.button.isEnabled()
    panel.set_ready("")
    assert panel.reason.text() == "About 14 s"


@pytest.mark.parametrize("scale", [100, 150])
def test_everything_fits_a_narrow_panel(qtbot, qapp: QApplication, tools: FormTools, scale: int) -> None:
    theme.apply(theme.LIGHT.changed(font_scale=scale), qapp)
    panel = GeneratePanel(lambda formats: MODELS, tools, STOCK_KINDS)
    qtbot.addWidget(panel)
    panel.set_catalog([german(), TWO], ["cpu", "cuda:0"], Generating())
    panel.foot.show_cost("Ungefähr 2 h 10 min, 1,4 GB auf dem Hauptprozessor")
    panel.set_ready("")
    panel.resize(260, 900)
    panel.show()
    QTest.qWait(50)
    assert panel.minimumSizeHint().width() <= 260
    assert panel._scroll.widget().minimumSizeHint().width() <= panel._scroll.viewport().width()
    for part in (panel.button, panel.foot.queue, panel.foot.many, panel.seed, panel.device):
        assert part.width() >= part.minimumSizeHint().width()
    qapp.setStyleSheet("")


def german():
    """A generator with long German words."""
    slots = tuple(
        Input(name=slot.name, title="Ausgangsfotografie", kind=slot.kind) for slot in PHOTO_AND_MASK
    )
    return describe(Sample, title="Hintergrundbeschreibung vervollständigen", inputs=slots)
