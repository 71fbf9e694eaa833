"""The inputs of a generator: what each is given, and the ways to give it something else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.generator import Input
from studio.core.kind import KindInfo, Kinds
from studio.given_paths import is_file
from studio.ui.generate.generator_chooser import kind_icon
from studio.ui.items.handing import uids_of
from studio.ui.kit.controls import ElidedLabel, restyle
from studio.ui.kit.form_parts import IconButton
from studio.ui.kit.local_files import local_files
from studio.ui.kit.theme import UNIT
from studio.words import tr

_ICON_PX = 20
_MOST_KEPT = 12


class SlotRow(QFrame):
    """One input. Items of the gallery and files can be dropped on it."""

    selection_wanted = Signal(str)
    cleared = Signal(str)
    item_dropped = Signal(str, str)
    """The slot, and the uid of the item."""
    file_dropped = Signal(str, object)
    """The slot, and the file's path."""

    def __init__(self, slot: Input, kind: KindInfo) -> None:
        super().__init__()
        self.slot = slot
        self._kind = kind
        self.setProperty("role", "slot")
        self.setAcceptDrops(True)
        self.title = ElidedLabel(tr(slot.title), "small")
        self.given = ElidedLabel()
        self.use = IconButton(
            "add", tr("Use what is selected in the gallery as “{slot}”", slot=tr(slot.title))
        )
        self.clear = IconButton("close", tr("Take “{slot}” away", slot=tr(slot.title)))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.given)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT // 2, UNIT // 2, UNIT // 2, UNIT // 2)
        row.setSpacing(0)
        row.addSpacing(UNIT // 2 + _ICON_PX + UNIT)
        row.addLayout(words, 1)
        row.addWidget(self.use)
        row.addWidget(self.clear)
        self.use.clicked.connect(self._on_use)
        self.clear.clicked.connect(self._on_clear)

    def show_given(self, words: str, *, chosen: bool, missing: bool) -> None:
        """`words` name what it is given; `chosen` says that it was chosen here and can be taken away."""
        self.given.setText(words)
        restyle(self.given, "role", "muted" if missing else "")
        self.clear.setVisible(chosen)
        self.setAccessibleName(tr("{slot}: {given}", slot=tr(self.slot.title), given=words))

    def offer_selection(self, on: bool) -> None:
        self.use.setEnabled(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = QRect(UNIT, (self.height() - _ICON_PX) // 2, _ICON_PX, _ICON_PX)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            place.moveRight(self.width() - UNIT)
        with QPainter(self) as painter:
            kind_icon(self._kind, self).paint(painter, place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if uids_of(event.mimeData()) or _file_in(event.mimeData()) is not None:
            event.acceptProposedAction()
            restyle(self, "over", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        restyle(self, "over", False)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, "over", False)
        data = event.mimeData()
        file = _file_in(data)
        if uids := uids_of(data):
            self.item_dropped.emit(self.slot.name, uids[0])
        elif file is not None:
            self.file_dropped.emit(self.slot.name, file)
        event.acceptProposedAction()

    def minimumSizeHint(self) -> QSize:
        return QSize(16 * UNIT, super().minimumSizeHint().height())

    def _on_use(self) -> None:
        self.selection_wanted.emit(self.slot.name)

    def _on_clear(self) -> None:
        self.cleared.emit(self.slot.name)


class InputSlots(QWidget):
    """All inputs of one generator."""

    selection_wanted = Signal(str)
    cleared = Signal(str)
    item_dropped = Signal(str, str)
    file_dropped = Signal(str, object)

    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self._kinds = kinds
        self.rows: dict[str, SlotRow] = {}
        self._kept: list[SlotRow] = []
        """Rows of other generators, for the next time."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT // 2)

    def set_slots(self, slots: Sequence[Input]) -> None:
        for old in self.rows.values():
            self._column.removeWidget(old)
            old.hide()
            self._kept.append(old)
        self.rows = {slot.name: self._row(slot) for slot in slots}
        for row in self.rows.values():
            self._column.addWidget(row)
            row.show()
        while len(self._kept) > _MOST_KEPT:
            self._kept.pop(0).deleteLater()
        self.setVisible(bool(slots))

    def _row(self, slot: Input) -> SlotRow:
        kept = next((row for row in self._kept if row.slot == slot), None)
        if kept is not None:
            self._kept.remove(kept)
            return kept
        row = SlotRow(slot, self._kinds.get(slot.kind))
        row.selection_wanted.connect(self.selection_wanted)
        row.cleared.connect(self.cleared)
        row.item_dropped.connect(self.item_dropped)
        row.file_dropped.connect(self.file_dropped)
        return row

    def offer_selection(self, slots: Collection[str]) -> None:
        """For these slots something fitting is selected in the gallery."""
        for name, row in self.rows.items():
            row.offer_selection(name in slots)


def _file_in(data: QMimeData) -> Path | None:
    files = local_files(data.urls())
    return files[0] if len(files) == 1 and is_file(files[0]) else None
