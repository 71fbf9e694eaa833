"""The search field: says what can be asked while one types, and underlines what it does not understand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
)
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.kind import KindInfo, Kinds
from studio.plugins.catalog import Catalog
from studio.project.query import Problem, completions
from studio.project.store import Project
from studio.ui.kit.controls import restyle
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT, Theme
from studio.words import tr

Values = Callable[[str], Sequence[str]]
_WHOLE, _HINT = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_ROWS = 12


class SearchField(QLineEdit):
    """`left_down`: the arrow down, to the items. `problem` is what is wrong, "" if nothing is."""

    left_down = Signal()

    def __init__(self, theme: Theme, values: Values) -> None:
        """`values`: see `query.completions`."""
        super().__init__()
        self._values, self._theme = values, theme
        self.problem = ""
        self.setPlaceholderText(tr("Search names, prompts, tags…"))
        self.setAccessibleName(tr("Search the gallery"))
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)
        self._sign = QAction(self)
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self._offers = QStandardItemModel(self)
        self._completer = QCompleter(self._offers, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCompletionRole(_WHOLE)
        self._completer.setMaxVisibleItems(_ROWS)
        self.setCompleter(self._completer)
        self._delegate = _Offer(theme)
        self._completer.popup().setItemDelegate(self._delegate)
        self._completer.popup().setProperty("role", "card")
        self._completer.popup().setAccessibleName(tr("Suggestions"))
        self._completer.activated.connect(self._go_on)
        self.textEdited.connect(self._offer)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = self._delegate.theme = theme
        self._sign.setIcon(icon("search", theme.color("muted")))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Underlines them; the first is `problem`. A key whose value is still to be typed is none."""
        problems = [one for one in problems if not self._is_begun(one)]
        said = problems[0].words if problems else ""
        if said == self.problem and not problems:
            return
        self.problem = said
        restyle(self, "wrong", bool(problems))
        marks = []
        for one in problems:
            line = QTextCharFormat()
            line.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            line.setUnderlineColor(self._theme.color("danger"))
            attribute = QInputMethodEvent.Attribute(
                QInputMethodEvent.AttributeType.TextFormat,
                one.start - self.cursorPosition(),
                one.end - one.start,
                line,
            )
            marks.append(attribute)
        QCoreApplication.sendEvent(self, QInputMethodEvent("", marks))

    def _is_begun(self, problem: Problem) -> bool:
        at_end = self.hasFocus() and problem.end == self.cursorPosition()
        return at_end and self.text()[problem.start : problem.end].endswith(":")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            if self.text():
                self.left_down.emit()
            else:
                self._offer()
                self._completer.complete()
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def _go_on(self) -> None:
        """After a key its values are offered at once."""
        if self.text().endswith(":"):
            self._offer()
            self._completer.complete()

    def _offer(self) -> None:
        text = self.text()
        offers = completions(text, self.cursorPosition(), self._values)
        self._offers.clear()
        for one in offers[:50]:
            row = QStandardItem(one.text)
            row.setData(text[: one.start] + one.text + text[one.end :], _WHOLE)
            row.setData(one.hint, _HINT)
            row.setEditable(False)
            self._offers.appendRow(row)


def known_values(project: Project | None, catalog: Catalog | None, kinds: Kinds, key: str) -> list[str]:
    """What there is to complete a word of the search with."""
    if key == "kind":
        return [kind.id for kind in known_kinds(project, kinds)]
    if project is None:
        return []
    if key == "tag":
        return [tag for tag, _ in project.tags()]
    if key == "in":
        return [one.name for one in project.collections()]
    if catalog is None:
        return []
    if key == "generator":
        return [*catalog.generators]
    return [plugin.name for plugin in catalog.plugins] if key == "plugin" else []


def known_kinds(project: Project | None, kinds: Kinds) -> list[KindInfo]:
    """The kinds that are installed, and others that the project has items of."""
    held = project.kinds() if project is not None else []
    return kinds.several((*(kind.id for kind in kinds), *held))


class _Offer(QStyledItemDelegate):
    """What would be typed, and beside it what it means."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect, direction = option.rect, option.direction
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self.theme.color("selected"))
        words = rect.adjusted(UNIT, 0, -UNIT, 0)
        leading = (
            QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        )
        text, hint = index.data(), index.data(_HINT) or ""
        font = painter.font()
        font.setPixelSize(self.theme.text_px)
        painter.setFont(font)
        painter.setPen(self.theme.color("text"))
        painter.drawText(words, leading | Qt.AlignmentFlag.AlignAbsolute, text)
        taken = painter.fontMetrics().horizontalAdvance(text) + UNIT
        room = QStyle.visualRect(direction, words, words.adjusted(taken, 0, 0, 0))
        painter.setPen(self.theme.color("muted"))
        shown = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, leading | Qt.AlignmentFlag.AlignAbsolute, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(QRect(option.rect).width(), self.theme.px(28))
