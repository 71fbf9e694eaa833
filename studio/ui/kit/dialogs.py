"""Dialogs that tell something: an error, the plugins, a job's log, the progress of long work."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.errors import StudioError
from studio.plugins.catalog import Catalog
from studio.ui.kit.controls import BusyBar, button, label
from studio.ui.kit.locales import number
from studio.ui.kit.tasks import Task, TaskEnded, TaskProgress
from studio.ui.kit.theme import TEXT_PX, UNIT
from studio.words import tr


class Dialog(QDialog):
    """A dialog with our margins: a heading, a body, and a row of buttons."""

    outlives_project = False
    """Whether it stays when the project of its window is closed: it is about none, or about all."""

    def __init__(
        self, parent: QWidget | None, title: str, *, heading: str = "", width: int = 56 * UNIT
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        column.setSpacing(2 * UNIT)
        self.heading = label(heading or title, "heading", wrap=True)
        column.addWidget(self.heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(UNIT)
        column.addLayout(self.body)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(UNIT)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)

    def fit(self) -> None:
        """As tall as its wrapped words need at its width, which Qt overestimates."""
        self.resize(self.minimumWidth(), self.layout().heightForWidth(self.minimumWidth()))

    def grow(self, width: int, height: int) -> None:
        """So large at 100 %, larger with larger type, as far as the screen and its buttons have it."""
        scale = max(1.0, self.font().pixelSize() / TEXT_PX)
        room = self.screen().availableSize() * 0.9
        self.setMinimumSize(0, 0)  # what its layout needs counts then
        self.resize(QSize(round(width * scale), round(height * scale)).boundedTo(room))

    def add_button(self, text: str, act: Callable[[], object], *, role: str = "") -> QPushButton:
        made = button(text, role)
        made.setAutoDefault(role == "primary")
        made.setDefault(role == "primary")
        made.clicked.connect(lambda: act())
        self.buttons.addWidget(made)
        return made


def in_words(error: BaseException) -> StudioError:
    """Any exception as something that a person can read; its traceback goes behind "Details"."""
    if isinstance(error, StudioError):
        return error
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return StudioError(
            tr("There is not enough memory for this."), tr("Close other programs, then try again."), trace
        )
    if isinstance(error, OSError) and error.strerror:
        if error.filename:
            told = tr(
                "The system refused this: {reason} (“{file}”).", reason=error.strerror, file=error.filename
            )
        else:
            told = tr("The system refused this: {reason}.", reason=error.strerror)
        return StudioError(told, tr("Check the folder and the free space."), trace)
    return StudioError(
        tr("Something went wrong inside the studio. Your project is safe: every change is on disk."),
        tr("Try again. If it comes back, copy the diagnostics and send them to us."),
        trace,
    )


class ErrorDialog(Dialog):
    """What happened and why, what to do, and the rest on demand."""

    outlives_project = True

    def __init__(
        self, parent: QWidget | None, error: BaseException, diagnostics: Callable[[str], str]
    ) -> None:
        told = in_words(error)
        super().__init__(parent, "Studio", heading=told.message)
        self.error = told
        if told.hint:
            self.body.addWidget(label(told.hint, "muted", wrap=True))
        self.details = QPlainTextEdit(told.detail or f"{told.code}: {told.message}")
        self.details.setReadOnly(True)
        self.details.setProperty("role", "card")
        self.details.setMinimumHeight(24 * UNIT)
        self.details.hide()
        self.body.addWidget(self.details)
        self.more = button(tr("Details"), "quiet")
        self.more.setAutoDefault(False)
        self.more.clicked.connect(self._toggle)
        self.copy = button(tr("Copy diagnostics"), "quiet")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(
                diagnostics(f"{told.message}\n{told.hint}\n\n{told.detail}")
            )
        )
        self.buttons.insertWidget(0, self.more)
        self.buttons.insertWidget(1, self.copy)
        self.add_button(tr("OK"), self.accept, role="primary").setFocus()
        self.fit()

    def _toggle(self) -> None:
        self.details.setVisible(not self.details.isVisible())
        self.more.setText(tr("Fewer details") if self.details.isVisible() else tr("Details"))
        self.fit()


class QuestionDialog(Dialog):
    """A question with named answers; the first one is the recommended one. Closing it answers nothing."""

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        text: str,
        answers: Sequence[tuple[str, Callable[[], object]]],
    ) -> None:
        super().__init__(parent, "Studio", heading=question)
        self.body.addWidget(label(text, "muted", wrap=True))
        for place, (words, act) in enumerate(reversed([*answers, (tr("Cancel"), lambda: None)])):
            first = place == len(answers)
            self.add_button(words, partial(self._answer, act), role="primary" if first else "")
        self.fit()

    def _answer(self, act: Callable[[], object]) -> None:
        self.accept()
        act()


class TextDialog(Dialog):
    """A text to read and copy: a log, diagnostics."""

    def __init__(self, parent: QWidget | None, title: str, heading: str, explanation: str, text: str) -> None:
        super().__init__(parent, title, heading=heading, width=88 * UNIT)
        if explanation:
            self.body.addWidget(label(explanation, "muted", wrap=True))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setProperty("role", "card")
        self.text.setMinimumHeight(40 * UNIT)
        self.text.setAccessibleName(heading or title)
        self.body.addWidget(self.text)
        self.add_button(tr("Copy"), lambda: QGuiApplication.clipboard().setText(text))
        self.add_button(tr("Close"), self.accept, role="primary")


class PluginsDialog(Dialog):
    """Every plugin: what it offers, how long its import takes, and why it fails if it does."""

    WIDEST = 26 * UNIT
    """Of a column: whether each plugin works is to be seen without scrolling."""
    outlives_project = True

    def __init__(self, parent: QWidget | None, catalog: Catalog, look_again: Callable[[], object]) -> None:
        super().__init__(parent, tr("Plugins"), width=96 * UNIT)
        self.tree = QTreeWidget()
        self.tree.setProperty("role", "card")
        self.tree.setHeaderLabels(
            [tr("Plugin"), tr("Version"), tr("Generators"), tr("Hooks"), tr("Import"), tr("State")]
        )
        self.tree.setAccessibleName(tr("Plugins"))
        self.tree.setMinimumHeight(28 * UNIT)
        self.tree.setRootIsDecorated(False)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setProperty("role", "card")
        self.details.setMaximumHeight(20 * UNIT)
        self.details.setAccessibleName(tr("State"))
        self.details.hide()
        self._traces: dict[int, str] = {}
        for plugin in catalog.plugins:
            state = plugin.failure.reason if plugin.failure else tr("Works")
            row = QTreeWidgetItem(
                [
                    plugin.name,
                    plugin.version,
                    ", ".join(tr(generator.title) for generator in plugin.generators) or "–",
                    ", ".join(plugin.hooks) or "–",
                    tr("{seconds} s", seconds=number(plugin.import_seconds, 2)),
                    state,
                ]
            )
            for column in (2, 3, 5):
                row.setToolTip(column, row.text(column))
            row.setToolTip(0, f"{plugin.distribution} {plugin.version}\n{plugin.licence}".strip())
            self.tree.addTopLevelItem(row)
            if plugin.failure:
                row.setForeground(5, self.palette().brightText())
                self._traces[self.tree.topLevelItemCount() - 1] = plugin.failure.traceback or state
        for column in range(self.tree.columnCount()):
            self.tree.resizeColumnToContents(column)
            self.tree.setColumnWidth(column, min(self.tree.columnWidth(column), self.WIDEST))
        self.tree.currentItemChanged.connect(lambda *_: self._show_trace())
        libraries = ",  ".join(f"{name} {version}" for name, version in sorted(catalog.libraries.items()))
        self.body.addWidget(self.tree)
        self.body.addWidget(self.details)
        self.body.addWidget(label(tr("Computing with: {libraries}", libraries=libraries), "small", wrap=True))
        self.add_button(tr("Look again"), lambda: (self.accept(), look_again()))
        self.add_button(tr("Close"), self.accept, role="primary")

    def _show_trace(self) -> None:
        current = self.tree.currentItem()
        trace = self._traces.get(self.tree.indexOfTopLevelItem(current)) if current is not None else None
        self.details.setPlainText(trace or "")
        self.details.setVisible(trace is not None)


class ProgressDialog(Dialog):
    """Long work that the user waits for, with a way out. Appears only if the work lasts."""

    def __init__(
        self, parent: QWidget | None, task: Task, *, stoppable: bool = True, takes_back: bool = False
    ) -> None:
        """`takes_back`: what was done is taken back when it is stopped, and the dialog waits for that."""
        super().__init__(parent, "Studio", heading=task.title, width=48 * UNIT)
        self._stoppable, self._takes_back = stoppable, takes_back
        self._task = task
        self.message = label("", "muted")
        self.bar = BusyBar()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.message)
        if stoppable:
            self.stop = self.add_button(tr("Cancel"), self.reject)
            self.rejected.connect(task.cancel)

    def reject(self) -> None:
        if self._takes_back:
            self._task.cancel()
            self.stop.setEnabled(False)
            self.bar.setRange(0, 0)
            self.message.setText(tr("Everything is put back as it was"))
        elif self._stoppable:
            super().reject()

    def on_event(self, event: object) -> None:
        if isinstance(event, TaskProgress) and event.task is self._task and not event.task.is_cancelled():
            if event.fraction is not None:
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(event.fraction * 1000))
            self.message.setText(event.message)
        elif isinstance(event, TaskEnded) and event.task is self._task:
            self.accept()


def close_dialogs(window: QWidget) -> None:
    """Closes what is open over a window whose project is gone, but for what is not about that project."""
    for one in QApplication.topLevelWidgets():
        is_temporary = isinstance(one, QDialog) or one.windowType() is Qt.WindowType.Popup
        if is_temporary and one.isVisible() and not getattr(one, "outlives_project", False):
            above = one.parentWidget()
            while above is not None and above is not window:
                above = above.parentWidget()
            if above is window:
                one.close()
