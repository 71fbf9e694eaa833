"""The row at the top of a form: which preset it shows, whether it was changed, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from studio.core.generator import GeneratorDescription
from studio.core.params import defaults
from studio.errors import BadInput
from studio.ui.generate.presets import ENDING, Preset, PresetStore, dump
from studio.ui.kit.controls import ComboBox, button
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT
from studio.words import mark, tr

FILES = mark("Presets (*.json)")


class PresetCombo(ComboBox):
    """Says that the chosen preset was changed since, however long its name is."""

    def __init__(self) -> None:
        super().__init__()
        self._modified = False

    def show_modified(self, on: bool) -> None:
        self._modified = on
        name = self.currentText()
        self.setAccessibleDescription(tr("{name}, modified", name=name) if on else name)
        self.update()

    def shown_text(self, width: int) -> str:
        """What fits into so many pixels."""
        metrics, end = self.fontMetrics(), tr(" · modified") if self._modified else ""
        room = width - metrics.horizontalAdvance(end)
        return metrics.elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room) + end

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.shown_text(field.width() - UNIT)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class PresetBar(QWidget):
    """Knows the preset that is chosen for the current generator; the form's values come by `note_values`."""

    apply_wanted = Signal(object)
    """Values for the form; whoever takes them answers with `applied`."""
    reset_wanted = Signal()
    notice = Signal(str)
    elsewhere = Signal(str, str)
    """A preset was taken in for another generator (its id) under this name."""
    changed = Signal()

    def __init__(self, store: PresetStore) -> None:
        super().__init__()
        self._store = store
        self._generator: GeneratorDescription | None = None
        self._values: Mapping[str, Any] = {}
        self._kept: Mapping[str, Any] | None = None
        self._refused = False
        self._note = ""
        self.name = ""
        """Of the chosen preset; "" for none."""
        self.combo = PresetCombo()
        self.combo.setAccessibleName(tr("Preset"))
        self.combo.setMinimumContentsLength(5)
        self.combo.activated.connect(self._on_activated)
        self.save = IconButton("save-mask", tr("Save the changes to this preset"))
        self.save.clicked.connect(self.save_now)
        self.first = button(tr("Save as a preset…"), "quiet")
        self.first.setToolTip(tr("Keeps these settings under a name, to come back to them"))
        self.first.clicked.connect(self.save_now)
        self.more = IconButton("more", tr("More about presets"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = KeyMenu(self)
        self.menu.aboutToShow.connect(self._enable)
        self.more.setMenu(self.menu)
        self._actions: dict[str, QAction] = {}
        for name, text, act in self._entries():
            if name:
                self._actions[name] = entry(self.menu, text, act)
            else:
                self.menu.addSeparator()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self.first, 1)
        row.addWidget(self.combo, 1)
        row.addWidget(self.save)
        row.addWidget(self.more)
        self._show()

    @property
    def is_modified(self) -> bool:
        return bool(self.name) and self._kept is not None and dict(self._values) != dict(self._kept)

    def set_generator(self, generator: GeneratorDescription, name: str) -> None:
        """`name` is the preset chosen last for it; it is only shown, the form has its own values."""
        self._generator = generator
        self.name, self._kept, self._refused, self._note = "", None, False, ""
        if name in self._store.names(generator.id):
            outcome = self._store.read(generator.id, name)
            if outcome.preset is not None:
                self.name = name
                self._kept = {**defaults(generator.params_schema), **outcome.preset.values}
                self._note = outcome.preset.note
        self._show()

    def note_values(self, values: Mapping[str, Any]) -> None:
        """The form's values, after each change."""
        was = self.is_modified
        self._values = dict(values)
        if was != self.is_modified:
            self._show()

    def choose(self, name: str) -> None:
        """Puts a preset into the form; "" lets go of the one that is chosen."""
        if self._generator is None:
            return
        if not name:
            self.name, self._kept, self._note = "", None, ""
        else:
            outcome = self._store.read(self._generator.id, name)
            if outcome.preset is None:
                self.notice.emit(outcome.notice)
            else:
                self.name, self._note = name, outcome.preset.note
                self.apply_wanted.emit(outcome.preset.values)
        self._show()
        self.changed.emit()

    def applied(self, values: Mapping[str, Any], refused: bool) -> None:
        """What the form made of the preset's values; `refused` says that it did not take all of them."""
        self._values = dict(values)
        self._kept, self._refused = dict(values), refused
        self._show()

    # What people do ----------------------------------------------------------------------------------------

    def save_now(self) -> None:
        """Over the chosen preset; where none is chosen it asks for a name."""
        if self.name:
            self._write(self.name, self._note)
        else:
            self.save_as()

    def save_as(self) -> None:
        from studio.ui.generate.preset_dialog import PresetDialog

        if self._generator is not None:
            generator = self._generator.id
            PresetDialog(
                self.window(),
                tr("Save these settings as a preset"),
                self.name,
                self._write,
                note=self._note,
                is_taken=lambda name: self._store.has(generator, name),
            ).open()

    def rename(self) -> None:
        from studio.ui.generate.preset_dialog import PresetDialog

        if self._generator is not None and self.name:
            PresetDialog(self.window(), tr("Rename the preset"), self.name, self._rename).open()

    def remove(self) -> None:
        from studio.ui.kit.dialogs import QuestionDialog

        if self._generator is not None and self.name:
            QuestionDialog(
                self.window(),
                tr("Delete the preset “{name}”?", name=self.name),
                tr("The settings in the form stay as they are."),
                [(tr("Delete"), self._remove)],
            ).open()

    def ask_import(self) -> None:
        from studio.ui.kit.choosers import choose_file

        choose_file(self.window(), tr("Import a preset"), tr(FILES), self.take_in)

    def ask_export(self) -> None:
        from studio.ui.kit.choosers import choose_target

        if self._generator is not None:
            name = self._store.clean(self.name or self._generator.title)
            choose_target(
                self.window(), tr("Export the preset"), Path(f"{name}{ENDING}"), self.export, names=tr(FILES)
            )

    def take_in(self, file: Path) -> None:
        """A preset file from elsewhere: kept, and chosen if it is for this generator."""
        try:
            name, preset = self._store.take_in(file)
        except BadInput as error:
            self.notice.emit(str(error))
            return
        except OSError as error:
            self._tell_failed(error)
            return
        if self._generator is not None and preset.generator == self._generator.id:
            self.choose(name)
        else:
            self.elsewhere.emit(preset.generator, name)

    def export(self, file: Path) -> None:
        preset = self._preset(self._note)
        if preset is not None:
            self._guard(lambda: file.write_bytes(dump(preset)))

    # How it is done ----------------------------------------------------------------------------------------

    def _entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            ("save_as", tr("Save as…"), self.save_as),
            ("rename", tr("Rename…"), self.rename),
            ("remove", tr("Delete…"), self.remove),
            ("", "", lambda: None),
            ("import", tr("Import…"), self.ask_import),
            ("export", tr("Export to a file…"), self.ask_export),
            ("reset", tr("Reset all settings"), self.reset_wanted.emit),
        ]

    def _preset(self, note: str) -> Preset | None:
        if self._generator is None:
            return None
        return Preset(self._generator.id, self._generator.version, dict(self._values), note)

    def _write(self, name: str, note: str) -> None:
        preset = self._preset(note)
        if preset is None:
            return
        keep = self._refused and name == self.name

        def write() -> None:
            self.name = self._store.write(name, preset, keep=keep)
            self._kept, self._refused, self._note = preset.values, False, note

        self._guard(write)

    def _rename(self, name: str, _: str) -> None:
        generator = self._generator
        if generator is not None:

            def rename() -> None:
                self.name = self._store.rename(generator.id, self.name, name)

            self._guard(rename)

    def _remove(self) -> None:
        generator = self._generator
        if generator is not None:
            self._guard(lambda: self._store.remove(generator.id, self.name))
            if self.name not in self._store.names(generator.id):
                self.choose("")

    def _guard(self, act: Callable[[], object]) -> None:
        """Does something with files, and says why where it cannot."""
        try:
            act()
        except BadInput as error:
            self.notice.emit(str(error))
        except OSError as error:
            self._tell_failed(error)
        self._show()
        self.changed.emit()

    def _tell_failed(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self.notice.emit(tr("The file could not be read or written: {reason}.", reason=reason))

    def _enable(self) -> None:
        for name in ("rename", "remove"):
            self._actions[name].setEnabled(bool(self.name))

    def _on_activated(self, row: int) -> None:
        self.choose(self.combo.itemData(row))

    def _show(self) -> None:
        names = self._store.names(self._generator.id) if self._generator is not None else []
        self.combo.clear()
        self.combo.addItem(tr("No preset") if names else tr("No presets yet"), "")
        for name in names:
            self.combo.addItem(name, name)
        self.combo.setCurrentIndex(max(0, self.combo.findData(self.name)))
        self.combo.show_modified(self.is_modified)
        self.combo.setToolTip(self._note)
        for part in (self.combo, self.save):  # nothing to choose from is nothing to show
            part.setVisible(bool(names))
        self.first.setVisible(not names)
        self.save.setEnabled(self._generator is not None and (not self.name or self.is_modified))
        self.save.say(
            tr("Save the changes to this preset") if self.name else tr("Save these settings as a preset")
        )
