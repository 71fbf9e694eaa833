"""A recent project as a card: its newest picture, its name, where it is, when it was last opened."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QDateTime, QEvent, QLocale, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QImage, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolButton

from studio.project.store import name_of
from studio.ui.kit import locales
from studio.ui.kit.icons import icon
from studio.ui.kit.menu_entries import entry
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.picture_card import Line, PictureCard
from studio.ui.kit.theme import UNIT, Theme
from studio.words import tr, trn

_BUTTON = 28


class Recent(Struct, frozen=True):
    folder: Path
    opened: float | None = None
    """Seconds since 1970; None where it is not known."""
    is_pinned: bool = False


class RecentCard(PictureCard):
    """A click opens it."""

    pin_wanted = Signal(object, bool)
    forget_wanted = Signal(object)

    def __init__(self, recent: Recent, theme: Theme) -> None:
        super().__init__(theme)
        self.recent = recent
        self._is_missing = False
        self.pin = self._tool(
            tr("Keep at the front") if not recent.is_pinned else tr("No longer at the front")
        )
        self.pin.clicked.connect(self._toggle_pin)
        self.remove = self._tool(tr("Remove from this list"))
        self.remove.clicked.connect(self._forget)
        self.setToolTip(str(recent.folder))
        self._name()
        self.set_theme(theme)
        self._show_tools(False)

    def _tool(self, words: str) -> QToolButton:
        made = QToolButton(self)
        made.setFixedSize(_BUTTON, _BUTTON)
        made.setToolTip(words)
        made.setAccessibleName(words)
        made.setProperty("role", "on-picture")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the card's own keys and menu do the same
        return made

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.pin.setIcon(icon("star-filled" if self.recent.is_pinned else "star", theme.color("text")))
        self.remove.setIcon(icon("close", theme.color("text")))

    def show_picture(self, image: QImage, *, is_missing: bool) -> None:
        """What was found in its folder; a null image where it holds no picture."""
        self._is_missing = is_missing
        self._name()
        self.show_image(QImage() if is_missing else image)

    @property
    def is_missing(self) -> bool:
        return self._is_missing

    def facts(self) -> str:
        if self._is_missing:
            return tr("Its folder is gone")
        return ago(self.recent.opened) if self.recent.opened is not None else ""

    def _name(self) -> None:
        parts = [name_of(self.recent.folder), short(self.recent.folder.parent), self.facts()]
        if self.recent.is_pinned:
            parts.append(tr("kept at the front"))
        self.setAccessibleName(", ".join(filter(None, parts)))
        self.setAccessibleDescription(
            tr("Opens this project. Delete removes it from the list, P keeps it at the front.")
        )

    def lines(self) -> Sequence[Line]:
        return (
            Line(name_of(self.recent.folder), "text", strong=True),
            Line(short(self.recent.folder.parent), elide=Qt.TextElideMode.ElideMiddle),
            Line(self.facts(), "warning" if self._is_missing else "muted"),
        )

    def paint_nothing(self, painter: QPainter, place: QRect) -> None:
        name, role = ("warning", "warning") if self._is_missing else ("photo", "faint")
        self.paint_mark(painter, place, name, self._theme.color(role))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        y = UNIT // 2
        for place, tool in enumerate((self.remove, self.pin)):
            x = self.width() - (place + 1) * (_BUTTON + UNIT // 2)
            tool.move(
                x if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else self.width() - x - _BUTTON,
                y,
            )

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_tools(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_tools(False)

    def _show_tools(self, on: bool) -> None:
        self.pin.setVisible(on or self.recent.is_pinned)
        self.remove.setVisible(on)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._forget()
        elif key == Qt.Key.Key_P:
            self._toggle_pin()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entry(menu, tr("Open"), self.click)
        entry(menu, self.pin.toolTip(), self._toggle_pin)
        entry(menu, self.remove.toolTip(), self._forget)
        menu.popup(event.globalPos())

    def _toggle_pin(self) -> None:
        self.pin_wanted.emit(self.recent.folder, not self.recent.is_pinned)

    def _forget(self) -> None:
        self.forget_wanted.emit(self.recent.folder)


def short(folder: Path) -> str:
    """A folder as people write it: with ~ for their home."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def ago(seconds: float, now: float | None = None) -> str:
    """When a project was last opened, in words."""
    now = time.time() if now is None else now
    then, today = (QDateTime.fromMSecsSinceEpoch(round(moment * 1000)) for moment in (seconds, now))
    days = then.date().daysTo(today.date())
    if now - seconds < 60:
        return tr("Opened just now")
    if now - seconds < 3600:
        minutes = round((now - seconds) / 60)
        return trn("Opened {count} minute ago", "Opened {count} minutes ago", minutes)
    if days <= 0:
        return tr(
            "Opened today, {clock}", clock=QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
        )
    if days == 1:
        return tr("Opened yesterday")
    if days < 7:
        return trn("Opened {count} day ago", "Opened {count} days ago", days)
    return tr("Opened on {date}", date=locales.day(seconds))
