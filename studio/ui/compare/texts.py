"""Two texts compared: side by side with equal lines beside each other, or as one with what changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit, QVBoxLayout

from studio.errors import BadInput, StudioError
from studio.ui.compare.widget import CompareWidget
from studio.ui.items.compare_model import Comparison, Mode
from studio.ui.items.recipe_rows import piece_format
from studio.ui.kit import locales
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.text_diff import Piece, Row, counts, folded, rows
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

LARGEST = 500_000
"""Bytes of a text that is compared: more is no reading, and the comparison would take minutes."""
MOST_ROWS = 4000
"""Rows that are shown; equal ones far from any change are folded anyhow."""


@dataclass(frozen=True)
class _Answer:
    ticket: int
    rows: Sequence[Row]
    error: Exception | None = None


class TextCompare(CompareWidget):
    """Removed words are struck through and added ones underlined, so that no color is needed."""

    def __init__(self) -> None:
        super().__init__()
        self.page = QTextEdit()
        self.page.setReadOnly(True)
        self.page.setAccessibleName(tr("Comparison of two texts"))
        self.page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.page.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT + 4, UNIT, UNIT + 4, UNIT)
        column.addWidget(self.page)
        self.setFocusProxy(self.page)
        self._mode = Mode.SIDE_BY_SIDE
        self._pair: tuple[Path, Path] | None = None
        self._rows: Sequence[Row] = ()
        self._ticket = 0
        self._bridge = Bridge()
        self._bridge.listen(self._on_answer)
        self.destroyed.connect(self._bridge.close)

    def show_comparison(self, comparison: Comparison) -> None:
        pair = (comparison.items[comparison.first].path, comparison.items[comparison.second].path)
        if pair == self._pair:
            return
        self._pair = pair
        self._ticket += 1
        self._rows = ()
        self.page.clear()
        self.told.emit("")
        names = [comparison.items[place].item.name for place in (comparison.first, comparison.second)]
        threading.Thread(
            target=self._work, args=(self._ticket, pair, names), name="texts", daemon=True
        ).start()

    def set_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._fill()

    def clear(self) -> None:
        self._ticket += 1
        self._pair, self._rows = None, ()
        self.page.clear()
        self.told.emit("")

    def zoom(self, way: int) -> None:
        if way > 0:
            self.page.zoomIn()
        elif way < 0:
            self.page.zoomOut()

    def take_state(self) -> int:
        return self.page.verticalScrollBar().value()

    def restore(self, state: object) -> None:
        if isinstance(state, int):
            self.page.verticalScrollBar().setValue(state)

    # Work --------------------------------------------------------------------------------------------------

    def _work(self, ticket: int, pair: tuple[Path, Path], names: Sequence[str]) -> None:
        try:
            first, second = (read_text(path, name) for path, name in zip(pair, names, strict=True))
            self._bridge.post(_Answer(ticket, rows(first, second)))
        except Exception as error:  # noqa: BLE001 - told in the window's thread
            self._bridge.post(_Answer(ticket, (), error))

    def _on_answer(self, answer: _Answer) -> None:
        if answer.ticket != self._ticket:
            return
        if isinstance(answer.error, StudioError):
            self.failed.emit(answer.error)
        elif answer.error is not None:
            raise answer.error
        else:
            self._rows = answer.rows
            self._fill()
            self.told.emit(self._summary())

    def _summary(self) -> str:
        if all(row.is_same for row in self._rows):
            return tr("The texts are alike")
        found = counts(self._rows)
        removed = trn("{count} word removed", "{count} words removed", found.removed)
        added = trn("{count} word added", "{count} words added", found.added)
        return tr("{removed}, {added}", removed=removed, added=added)

    # Showing -----------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._rows:
            self._fill()

    def _fill(self) -> None:
        at = self.page.verticalScrollBar().value()
        self.page.clear()
        alike = all(row.is_same for row in self._rows)
        shown = list(self._rows) if alike else folded(self._rows)
        if len(shown) > MOST_ROWS:
            shown = [*shown[:MOST_ROWS], len(shown) - MOST_ROWS]
        if shown:
            two = self._mode is Mode.SIDE_BY_SIDE
            cursor = QTextCursor(self.page.document())
            cursor.beginEditBlock()
            if two:
                self._fill_table(cursor, shown)
            else:
                self._fill_unified(cursor, shown)
            cursor.endEditBlock()
        self.page.verticalScrollBar().setValue(at)

    def _table(self, cursor: QTextCursor, count: int, widths: Sequence[QTextLength]) -> QTextTable:
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        shape.setCellSpacing(0)
        shape.setCellPadding(3)
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setColumnWidthConstraints(list(widths))
        return cursor.insertTable(count, len(widths), shape)

    def _fill_table(self, cursor: QTextCursor, shown: Sequence[Row | int]) -> None:
        number = QTextLength(QTextLength.Type.FixedLength, 5 * UNIT)
        half = QTextLength(QTextLength.Type.PercentageLength, 44)
        table = self._table(cursor, len(shown), (number, half, number, half))
        for place, row in enumerate(shown):
            if isinstance(row, int):
                self._write(table, place, 1, (Piece("same", _left_out(row)),), muted=True)
                continue
            for column, side, at in ((0, row.left, row.left_number), (2, row.right, row.right_number)):
                if side is not None and at is not None:
                    self._write(table, place, column, (Piece("same", str(at)),), muted=True)
                    self._write(table, place, column + 1, side)

    def _fill_unified(self, cursor: QTextCursor, shown: Sequence[Row | int]) -> None:
        sign = QTextLength(QTextLength.Type.FixedLength, 3 * UNIT)
        rest = QTextLength(QTextLength.Type.PercentageLength, 96)
        lines: list[tuple[str, Sequence[Piece], bool]] = []
        for row in shown:
            if isinstance(row, int):
                lines.append(("", (Piece("same", _left_out(row)),), True))
            elif row.is_same:
                lines.append(("", row.left or (), False))
            else:
                lines += [("−", row.left, False)] if row.left is not None else []
                lines += [("+", row.right, False)] if row.right is not None else []
        table = self._table(cursor, len(lines), (sign, rest))
        for place, (mark, pieces, muted) in enumerate(lines):
            self._write(table, place, 0, (Piece("same", mark),), muted=True)
            self._write(table, place, 1, pieces, muted=muted)

    def _write(
        self, table: QTextTable, row: int, column: int, pieces: Sequence[Piece], *, muted: bool = False
    ) -> None:
        cell = table.cellAt(row, column)
        cursor = cell.firstCursorPosition()
        cursor.setBlockFormat(QTextBlockFormat())
        for piece in pieces:
            shape: QTextCharFormat = piece_format(piece, self.palette())
            role = QPalette.ColorRole.PlaceholderText if muted else QPalette.ColorRole.Text
            shape.setForeground(self.palette().color(role))
            cursor.insertText(piece.text, shape)


def read_text(path: Path, name: str) -> str:
    """The text of an item's file. Raises BadInput: it is too large, or no text in UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(
                tr("“{name}” is too large to be compared.", name=name),
                tr("Texts of up to {size} can be compared.", size=locales.size(LARGEST)),
            )
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise BadInput(tr("“{name}” could not be read.", name=name), error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            tr("“{name}” is no text in UTF-8, so it cannot be compared.", name=name), tr("Convert it first.")
        ) from error


def _left_out(count: int) -> str:
    return trn("{count} equal line", "{count} equal lines", count)
