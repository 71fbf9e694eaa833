"""Every command with its shortcut, to be searched, recorded anew, and reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.ui.kit import shortcuts
from studio.ui.kit.actions import Actions, Entry, plain
from studio.ui.kit.controls import button, label
from studio.ui.kit.theme import UNIT
from studio.ui.shell.palette_entries import menu_place
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.shell.faces import Program

_ID = Qt.ItemDataRole.UserRole
SHARED = ("edit.undo", "edit.redo")
"""Their keys may be those of a stage's own undo and redo: the one that the hand is at comes first."""


class KeyRecorder(QKeySequenceEdit):
    """Takes one combination of keys; Tab and Escape stay what they are, so that nobody is caught in it."""

    accessible_role = QAccessible.Role.HotkeyField
    recorded = Signal(object)
    """The QKeySequence."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.setAccessibleName(tr("New shortcut"))
        self.setToolTip(tr("Press the keys that the command should have"))
        self.editingFinished.connect(self._on_finished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = Qt.Key(event.key()), Qt.Key
        if key in (keys.Key_Tab, keys.Key_Backtab):
            self.focusNextPrevChild(key == keys.Key_Tab)
        elif key == keys.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)

    def _on_finished(self) -> None:
        sequence = self.keySequence()
        if not sequence.isEmpty():
            self.clear()
            self.recorded.emit(sequence)


class ShortcutsPage(QWidget):
    def __init__(self, session: Program) -> None:
        super().__init__()
        self._session = session
        self._wanted: QKeySequence | None = None
        """What was recorded and belongs to another command, until the user says what to do."""
        self.tree = QTreeWidget()
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels([tr("Command"), tr("Shortcut"), tr("Menu")])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setProperty("role", "card")
        self.tree.setAccessibleName(tr("Commands and their shortcuts"))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(2, session.looks.theme.px(14 * UNIT))
        self.recorder = KeyRecorder()
        self.remove = button(tr("Remove"))
        self.back = button(tr("Reset"))
        self.back_all = button(tr("Reset all"), "quiet")
        self.told = label("", "muted", wrap=True)
        self.take = button(tr("Use it here instead"))
        self._arrange()
        self.tree.currentItemChanged.connect(self._on_current)
        self.tree.itemActivated.connect(self._on_activated)
        self.recorder.recorded.connect(self._on_recorded)
        self.remove.clicked.connect(self._on_remove)
        self.back.clicked.connect(self._on_back)
        self.back_all.clicked.connect(self._on_back_all)
        self.take.clicked.connect(self._on_take)
        self.refresh()

    @property
    def actions_of(self) -> Actions:
        """All windows have the same commands."""
        return self._session.windows[0].actions

    def refresh(self) -> None:
        """The shortcuts changed, here or elsewhere."""
        chosen, actions = self.chosen(), self.actions_of
        in_the_way = shortcuts.conflicts(actions.holders(), may_share)
        self.tree.clear()
        for entry in actions.entries():
            id = entry.command.id
            row = QTreeWidgetItem([plain(entry.command.title), _native(actions.keys(id)), menu_place(entry)])
            row.setData(0, _ID, id)
            if actions.is_changed(id):
                font = row.font(1)
                font.setBold(True)
                row.setFont(1, font)
                row.setToolTip(1, tr("Yours; it was: {keys}", keys=_native(entry.defaults) or tr("none")))
            if id in in_the_way:
                others = ", ".join(self._name(other) for other in sorted(in_the_way[id]))
                row.setToolTip(1, tr("Also the shortcut of: {names}", names=others))
                row.setText(1, tr("{keys} (not only)", keys=row.text(1)))
            self.tree.addTopLevelItem(row)
        self.back_all.setEnabled(any(actions.is_changed(id) for id in actions))
        self.choose(chosen or next(iter(actions)))

    def choose(self, id: str) -> None:
        for number in range(self.tree.topLevelItemCount()):
            if self.tree.topLevelItem(number).data(0, _ID) == id:
                self.tree.setCurrentIndex(self.tree.model().index(number, 0))

    def chosen(self) -> str:
        """The id of the command in the current row; "" if there is none."""
        row = self.tree.currentItem()
        return str(row.data(0, _ID)) if row is not None else ""

    def filter(self, typed: str) -> int:
        """Shows the commands that fit only; returns how many these are."""
        words, count = typed.casefold().split(), 0
        for number in range(self.tree.topLevelItemCount()):
            row = self.tree.topLevelItem(number)
            entry = self.actions_of.entry(row.data(0, _ID))
            text = " ".join([*(row.text(column) for column in range(3)), entry.command.words]).casefold()
            fits = all(word in text for word in words)
            row.setHidden(not fits)
            count += fits
        return count

    # What the user does ------------------------------------------------------------------------------------

    def _on_current(self) -> None:
        self._wanted = None
        self.take.hide()
        id = self.chosen()
        self.told.setText(tr("Press the keys that “{name}” should have.", name=self._name(id)) if id else "")
        self.recorder.setEnabled(bool(id))
        self.remove.setEnabled(bool(id) and bool(self.actions_of.keys(id)))
        self.back.setEnabled(bool(id) and self.actions_of.is_changed(id))

    def _on_activated(self) -> None:
        self.recorder.setFocus()

    def _on_recorded(self, keys: QKeySequence) -> None:
        others = self._others(keys)
        if others:
            self._wanted = keys
            names = ", ".join(self._name(id) for id in others)
            told = tr("{keys} belongs to: {names}", keys=_native((keys,)), names=names)
            self.told.setText(told)
            self.take.show()
        else:
            self._set({self.chosen(): shortcuts.portable((keys,))})

    def _on_take(self) -> None:
        keys = self._wanted
        if keys is None:
            return
        changes: dict[str, str | None] = {self.chosen(): shortcuts.portable((keys,))}
        for other in self._others(keys):
            rest = [one for one in self.actions_of.keys(other) if not shortcuts.collide(one, keys)]
            changes[other] = shortcuts.portable(rest)
        self._set(changes)

    def _on_remove(self) -> None:
        self._set({self.chosen(): ""})

    def _on_back(self) -> None:
        """To the default, unless that has been given away since."""
        id = self.chosen()
        self._wanted = None
        taken = [keys for keys in self.actions_of.entry(id).defaults if self._others(keys)]
        if taken:
            self._on_recorded(taken[0])
        else:
            self._set({id: None})

    def _on_back_all(self) -> None:
        self._set(dict.fromkeys(self._session.shared.values.keys, None))

    def _set(self, changes: dict[str, str | None]) -> None:
        """A shortcut that is the default again is not written down."""
        for id, text in changes.items():
            if text is not None and shortcuts.parse(text) == self.actions_of.entry(id).defaults:
                changes[id] = None
        self._session.shared.change("keys", **changes)
        self._on_current()

    def _others(self, keys: QKeySequence) -> list[str]:
        """Who has these keys already, where the chosen command would be heard too."""
        actions, id = self.actions_of, self.chosen()
        place = actions.entry(id).place
        return [
            holder.id
            for holder in actions.holders()
            if holder.id != id
            and not may_share(holder.id, id)
            and shortcuts.meet(holder.place, place)
            and any(shortcuts.collide(one, keys) for one in holder.keys)
        ]

    def _name(self, id: str) -> str:
        entry: Entry = self.actions_of.entry(id)
        return plain(entry.command.title)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.recorder, 1)
        row.addWidget(self.remove)
        row.addWidget(self.back)
        foot = QHBoxLayout()
        foot.setSpacing(UNIT)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.take)
        foot.addWidget(self.back_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 2 * UNIT, 3 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(label(tr("Keyboard shortcuts"), "heading"))
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        column.addLayout(foot)


def _native(keys: tuple[QKeySequence, ...]) -> str:
    return tr(" or ").join(one.toString(QKeySequence.SequenceFormat.NativeText) for one in keys)


def may_share(id: str, other: str) -> bool:
    """Whether two commands may have the same keys."""
    same_verb = id.rpartition(".")[2] == other.rpartition(".")[2]
    return same_verb and (id in SHARED or other in SHARED)
