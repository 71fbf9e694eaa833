"""Mouse, keys and commands: what any person's hands do to whatever window is in front."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from shiboken6 import isValid

from studio.ui.shell.palette import Palette
from studio.ui.shell.studio_window import StudioWindow
from tests.monkey.steps import Step
from tests.monkey.watch import Watch

COMMANDS = ("gallery.", "items.", "item.", "recipe.", "compare.", "queue.", "generate.", "view.")
_NO_KEY = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton


class Hands:
    """Each method does one kind of step to `target`, the window in front, and may say a word for the log."""

    studio: StudioWindow
    watch: Watch

    def _at(self, target: QWidget, x: float, y: float) -> tuple[QWidget, QPoint]:
        place = QPoint(int(x * max(target.width() - 1, 1)), int(y * max(target.height() - 1, 1)))
        widget = target.childAt(place) or target
        return widget, widget.mapFrom(target, place)

    def _press(self, target: QWidget, step: Step) -> tuple[Any, ...]:
        widget, place = self._at(target, step.x, step.y)
        keys = (_NO_KEY,) * 6 + (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
        return widget, _LEFT, keys[step.number % 8], place

    def _click(self, what: tuple[Any, ...]) -> None:
        """In two, since the widget may be gone once it was pressed, which QTest does not survive."""
        QTest.mousePress(*what)
        if isValid(what[0]):
            QTest.mouseRelease(*what)

    def do_click(self, target: QWidget, step: Step) -> str:
        what = self._press(target, step)
        name = type(what[0]).__name__
        self._click(what)
        return name

    def do_double(self, target: QWidget, step: Step) -> str:
        what = self._press(target, step)
        name = type(what[0]).__name__
        self._click(what)
        if isValid(what[0]):
            QTest.mouseDClick(*what)
        return name

    def do_right(self, target: QWidget, step: Step) -> str:
        widget, place = self._at(target, step.x, step.y)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
        self._later(widget, event)
        return type(widget).__name__

    def do_drag(self, target: QWidget, step: Step) -> str:
        widget, place = self._at(target, step.x, step.y)
        end = widget.mapFrom(
            target, QPoint(int(step.to[0] * target.width()), int(step.to[1] * target.height()))
        )
        QTest.mousePress(widget, _LEFT, pos=place)
        for n in range(1, 5):
            if isValid(widget):
                QTest.mouseMove(widget, place + (end - place) * n / 4)
        if isValid(widget):
            QTest.mouseRelease(widget, _LEFT, pos=end)
        return type(widget).__name__

    def do_wheel(self, target: QWidget, step: Step) -> str:
        widget, place = self._at(target, step.x, step.y)
        delta = QPoint(0, 120 if step.number % 2 else -120)
        keys = Qt.KeyboardModifier.ControlModifier if step.number % 3 == 0 else _NO_KEY
        event = QWheelEvent(
            QPointF(place), QPointF(widget.mapToGlobal(place)), QPoint(), delta,
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self._later(widget, event)
        return type(widget).__name__

    def _later(self, widget: QWidget, event: QEvent) -> None:
        """Sends it in the next turn, where a menu may open.

        Python stays its owner: an event that was posted belongs to Qt, and PySide6 6.12 may look for
        its wrapper once that has gone, and crash.
        """

        def send() -> None:
            if isValid(widget):
                QApplication.sendEvent(widget, event)

        QTimer.singleShot(0, send)

    def _focus(self, target: QWidget) -> QWidget:
        if not target.isActiveWindow():  # a desktop gives the keys to the window in front
            target.activateWindow()
        widget = QApplication.focusWidget()
        return widget if widget is not None and target.isAncestorOf(widget) else target

    def do_key(self, target: QWidget, step: Step) -> str:
        widget, name = self._focus(target), type(self._focus(target)).__name__
        chord = QKeySequence(step.text)[0]
        QTest.keyClick(widget, chord.key(), chord.keyboardModifiers())
        return name

    do_chord = do_key

    def do_type(self, target: QWidget, step: Step) -> str:
        widget, name = self._focus(target), type(self._focus(target)).__name__
        insert = getattr(widget, "insert", None) or getattr(widget, "insertPlainText", None)
        if insert is not None and callable(getattr(widget, "selectAll", None)):
            insert(step.text)
        else:
            for sign in step.text[:8]:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    if not isValid(widget):  # a menu, whose entry has this letter
                        return name
                    QApplication.sendEvent(widget, QKeyEvent(kind, Qt.Key.Key_unknown, _NO_KEY, sign))
        return name

    def do_focus(self, target: QWidget, step: Step) -> str:
        able = [
            one
            for one in target.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible() and one.isEnabled()
        ]
        if not able:
            return ""
        chosen = able[step.number % len(able)]
        chosen.setFocus(Qt.FocusReason.TabFocusReason)
        return type(chosen).__name__

    def do_command(self, target: QWidget, step: Step) -> str:
        """Any command that is possible now; every second time one of those that work on items."""
        actions = self.studio.actions
        ids = sorted(id for id in actions if actions[id].isEnabled())
        if step.number % 2:
            ids = [id for id in ids if id.startswith(COMMANDS)] or ids
        if not ids or self._is_blocked():
            return ""
        chosen = ids[step.number // 2 % len(ids)]
        actions[chosen].trigger()
        return chosen

    def do_entry(self, target: QWidget, step: Step) -> str:
        """An entry of the menu that is open, or any that the window has."""
        is_menu = isinstance(target, QMenu)
        owner = target if is_menu else self.studio.window
        if self._is_blocked() and not is_menu:
            return ""
        entries = [
            one
            for one in owner.findChildren(QAction)
            if one.text() and one.isEnabled() and one.menu() is None and not _in_dialog(one, owner)
        ]
        if not entries:
            return ""
        chosen = entries[step.number % len(entries)]
        text = chosen.text()
        chosen.trigger()
        if isinstance(target, QMenu):
            target.close()
        return text

    def do_mode(self, target: QWidget, step: Step) -> str:
        """Another way to compare."""
        actions = self.studio.actions
        ids = sorted(id for id in actions if id.startswith("compare.") and actions[id].isEnabled())
        if not ids or self._is_blocked():
            return ""
        chosen = ids[step.number % len(ids)]
        actions[chosen].trigger()
        return chosen

    def do_undo(self, target: QWidget, step: Step) -> str:
        """Some steps back, and some of them forward again."""
        if self._is_blocked():
            return ""
        back, forward = 1 + step.number % 6, step.number // 6 % 7
        for id in ["edit.undo"] * back + ["edit.redo"] * forward:
            if self.studio.actions[id].isEnabled():
                self.studio.actions[id].trigger()
                self.watch.next()
        return f"{back} {forward}"

    def do_palette(self, target: QWidget, step: Step) -> str:
        if self._is_blocked():
            return ""
        self.studio.actions["view.palette"].trigger()
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit) or not isinstance(field.parent(), Palette):
            return ""  # something else has the keys, a menu perhaps
        field.setText(step.text)
        for _ in range(step.number % 4):
            QTest.keyClick(field, Qt.Key.Key_Down)
        QTest.keyClick(field, Qt.Key.Key_Return if step.number % 3 else Qt.Key.Key_Escape)
        return type(field).__name__

    def do_escape(self, target: QWidget, step: Step) -> str:
        if target is not self.studio.window:
            target.close()
        return type(target).__name__

    def do_resize(self, target: QWidget, step: Step) -> None:
        sizes = ((960, 600), (1024, 640), (1440, 900), (1920, 1080), (700, 400))
        self.studio.window.resize(*sizes[step.number % len(sizes)])

    def do_clip(self, target: QWidget, step: Step) -> None:
        data = QMimeData()
        data.setData("image/png", b"nonsense")
        data.setData("application/x-studio-items", b"\xff\xfe no uid")
        data.setText("\x00 nonsense \ud800".encode("utf-8", "replace").decode())
        QApplication.clipboard().setMimeData(data)

    def _is_blocked(self) -> bool:
        """Whether a dialog keeps the window from being used: nobody could choose a command then."""
        return QApplication.activeModalWidget() is not None


def _in_dialog(action: QObject, owner: QWidget) -> bool:
    """Of a dialog that was closed, and goes in a moment: nobody can reach it."""
    above = action.parent()
    while above is not None and above is not owner:
        if isinstance(above, QDialog):
            return True
        above = above.parent()
    return False
