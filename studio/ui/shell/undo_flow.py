"""Undo and redo: of the text field or the stage that has the focus, or else of the project."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from studio.errors import StudioError
from studio.jobs.events import ItemsAdded, QueueChanged
from studio.project.history import Changed, PartlyDoneError
from studio.ui.context import WindowContext
from studio.ui.kit.actions import Actions
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.history import History
    from studio.ui.kit.room import StageHistory
    from studio.ui.shell.room_host import RoomHost
    from studio.ui.shell.workspace import Workspace

READ_MS = 60
"""A batch changes the project many times a second."""
LARGE = 8192
"""Bytes of a step that has a few hundred items: a larger one is not taken back in the window's thread."""
UNDO, REDO = "edit.undo", "edit.redo"


class UndoFlow(QObject):
    def __init__(
        self,
        context: WindowContext,
        workspace: Workspace,
        rooms: RoomHost,
        window: QWidget,
        show: Callable[[frozenset[str]], object],
    ) -> None:
        """`show` goes to items (uids) that a step of the project has changed."""
        super().__init__(window)
        self._show = show
        self._context, self._workspace, self._rooms, self._window = context, workspace, rooms, window
        self._told_damage: object = None
        """The project whose damaged history was told."""
        self._actions: Actions | None = None
        self._titles: tuple[str | None, str | None] = (None, None)
        """Of the project's steps back and forward."""
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_MS)
        self._reading.timeout.connect(self.read)

    def attach(self, actions: Actions) -> None:
        self._actions = actions
        QApplication.instance().focusChanged.connect(self._on_focus)
        self.refresh()

    def close(self) -> None:
        """Before its window goes."""
        QApplication.instance().focusChanged.disconnect(self._on_focus)
        self._reading.stop()

    def on_event(self, event: object) -> None:
        """From the bridge: something in the project, or in its queue, was changed."""
        if isinstance(event, (Changed, QueueChanged, ItemsAdded)) and not self._reading.isActive():
            self._reading.start()

    def read(self) -> None:
        """Asks the project for its steps: when it was opened or changed, not at every change of the focus."""
        self._reading.stop()
        history = self._history()
        try:
            self._titles = (None, None) if history is None else (history.undo_title, history.redo_title)
        except StudioError as error:
            self._titles = (None, None)
            self._tell_once(error)
        self.refresh()

    def _tell_once(self, error: StudioError) -> None:
        """The history is damaged: all else goes on, so that one word about it is enough."""
        if self._told_damage is not self._context.project:
            self._told_damage = self._context.project
            self._context.report(error)

    def undo(self) -> None:
        self._step(forward=False)

    def redo(self) -> None:
        self._step(forward=True)

    def undo_project(self) -> None:
        """The project's last step, whatever has the focus: for a notice that offers it."""
        self._project_step(forward=False)
        self.refresh()

    def refresh(self) -> None:
        """After anything that can be undone: names the two steps, or turns them off."""
        if self._actions is None:
            return
        for id, forward in ((UNDO, False), (REDO, True)):
            title = self._title(forward=forward)
            self._actions[id].setEnabled(title is not None)
            self._actions[id].setText(title or (tr("&Redo") if forward else tr("&Undo")))

    def _step(self, *, forward: bool) -> None:
        text = self._text(forward=forward)
        if text is not None:
            text.redo() if forward else text.undo()
        elif (stage := self._stage(forward=forward)) is not None:
            self._rooms.call(self._rooms.current, lambda _: stage.redo() if forward else stage.undo(), None)
        else:
            self._project_step(forward=forward)
        self.read()

    def _project_step(self, *, forward: bool) -> None:
        history = self._history()
        if history is None:
            return
        turn = history.redo if forward else history.undo

        def done(changed: Changed) -> None:
            self._context.bridge.post(changed)
            if isValid(self):
                said = tr("Done again: {step}", step=title) if forward else tr("Undone: {step}", step=title)
                self._workspace.notice.say(said)
                self._show(changed.items)

        def stopped() -> None:
            if isValid(self):
                self._workspace.notice.say(tr("Stopped. Nothing was changed."))

        def failed(error: BaseException) -> None:
            if isinstance(error, PartlyDoneError):
                self._context.bridge.post(error.changed)
            self._context.report(error)

        try:
            title = history.redo_title if forward else history.undo_title
            if title is None:
                return
            if history.size(undone=forward) > LARGE:
                self._context.start_watched(title, turn, done, failed, stopped)
            else:
                done(turn())
        except StudioError as error:
            failed(error)

    def _title(self, *, forward: bool) -> str | None:
        if self._text(forward=forward) is not None:
            return tr("&Redo typing") if forward else tr("&Undo typing")
        stage = self._stage(forward=forward)
        title = self._titles[forward] if stage is None else stage.redo_title if forward else stage.undo_title
        return None if title is None else _named(title, forward=forward)

    def _history(self) -> History | None:
        project = self._context.project
        return project.history if project is not None and not project.read_only else None

    def _stage(self, *, forward: bool) -> StageHistory | None:
        """The steps of the stage that has the focus, if there is one to take."""
        focus, room = self._focus(), self._rooms.current
        if focus is None or self._workspace.is_comparing or not self._workspace.isAncestorOf(focus):
            return None
        history = self._rooms.call(room, lambda there: there.history(), None)
        if history is None:
            return None
        return history if (history.redo_title if forward else history.undo_title) is not None else None

    def _text(self, *, forward: bool) -> QLineEdit | QPlainTextEdit | QTextEdit | None:
        """The field with the focus, if it has something to take back. A number that is being typed on a stage
        that has steps is one of those."""
        field = self._focus()
        if isinstance(field, QLineEdit):
            able = field.isRedoAvailable() if forward else field.isUndoAvailable()
        elif isinstance(field, (QPlainTextEdit, QTextEdit)) and not field.isReadOnly():
            document = field.document()
            able = document.isRedoAvailable() if forward else document.isUndoAvailable()
        else:
            return None
        if isinstance(field, QLineEdit) and isinstance(field.parentWidget(), QAbstractSpinBox):
            able = able and self._stage(forward=forward) is None
        return field if able else None

    def _focus(self) -> QWidget | None:
        return self._window.focusWidget()

    def _on_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if isValid(self._window):  # a window that is being deleted gives its focus away
            self.refresh()


def _named(step: str, *, forward: bool) -> str:
    words = step.replace("&", "&&")
    return tr("&Redo {step}", step=words) if forward else tr("&Undo {step}", step=words)
