"""The log viewer: what the studio did, and what each job printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import QAction, QBrush, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QHBoxLayout, QLineEdit, QListView, QWidget

from studio import paths
from studio.log import without_home
from studio.ui.context import WindowContext, diagnostics
from studio.ui.kit import locales
from studio.ui.kit.controls import ComboBox, EmptyState, button, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.ui.shell.log_tail import Level, Line, News, Tail
from studio.words import tr, trn

FOLLOW_MS = 700
KEPT = 50_000
"""Lines in memory."""
JOB_LOGS = 100
"""The newest ones that can be chosen."""


class LogModel(QAbstractListModel):
    """The lines that are shown: of a level or above, with a text in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self._shown: list[Line] = []
        self._level, self._text = Level.ALL, ""
        self.danger: QBrush | None = None

    def take(self, news: News) -> None:
        fresh = [line for line in news.lines if self._fits(line)]
        if news.is_whole or len(self._lines) + len(news.lines) > KEPT:
            self.beginResetModel()
            before = [] if news.is_whole else self._lines
            self._lines = [*before, *news.lines][-KEPT:]
            self._shown = [line for line in self._lines if self._fits(line)]
            self.endResetModel()
            return
        self._lines += news.lines
        if fresh:
            count = len(self._shown)
            self.beginInsertRows(QModelIndex(), count, count + len(fresh) - 1)
            self._shown += fresh
            self.endInsertRows()

    def show_only(self, level: Level, text: str) -> None:
        self.beginResetModel()
        self._level, self._text = level, text.casefold()
        self._shown = [line for line in self._lines if self._fits(line)]
        self.endResetModel()

    @property
    def total(self) -> int:
        return len(self._lines)

    def texts(self, rows: Sequence[int] | None = None) -> str:
        chosen = self._shown if rows is None else [self._shown[row] for row in rows]
        return "\n".join(line.text for line in chosen)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not 0 <= index.row() < len(self._shown):
            return None
        line = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return line.text
        if role == Qt.ItemDataRole.ForegroundRole and line.level is Level.ERROR:
            return self.danger
        return None

    def _fits(self, line: Line) -> bool:
        return line.level >= self._level and (not self._text or self._text in line.text.casefold())


class LogViewer(Dialog):
    """Stays beside the window while one works: it is no modal dialog."""

    outlives_project = True

    def __init__(self, parent: QWidget | None, context: WindowContext) -> None:
        super().__init__(parent, tr("Log"), width=112 * UNIT)
        self._context = context
        self._is_reading = False
        self._is_closed = False
        self._job: Path | None = None
        self._why = ""
        """Why the job failed that it was opened for."""
        self._tail = Tail(paths.log_folder() / "studio.log")
        self.body.addWidget(
            label(tr("What the studio did, and what each job printed. Nothing is sent anywhere."), "muted")
        )
        self.why = label("", "error", wrap=True)
        self.why.hide()
        self.body.addWidget(self.why)
        self.source = ComboBox()
        self.source.setAccessibleName(tr("Which log"))
        self.source.setMinimumWidth(30 * UNIT)
        self.source.activated.connect(lambda _: self._choose())
        self.level = ComboBox()
        self.level.setAccessibleName(tr("Which lines"))
        for words, level in (
            (tr("Everything"), Level.ALL),
            (tr("Warnings and errors"), Level.WARNING),
            (tr("Errors"), Level.ERROR),
        ):
            self.level.addItem(words, level)
        self.level.activated.connect(lambda _: self._filter())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find in the log"))
        self.search.setAccessibleName(tr("Find in the log"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._filter())
        self.follow = QCheckBox(tr("Follow"))
        self.follow.setToolTip(tr("Show new lines as they come"))
        self.follow.setChecked(True)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.source)
        row.addWidget(self.level)
        row.addWidget(self.search, 1)
        row.addWidget(self.follow)
        self.body.addLayout(row)
        self.model = LogModel(self)
        self.model.danger = self.palette().brightText()
        self.view = QListView()
        self.view.setProperty("role", "card")
        self.view.setProperty("mono", True)  # time, level and name stand in columns
        self.view.setAccessibleName(tr("Lines of the log"))
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.view.setMinimumHeight(36 * UNIT)
        self.empty = EmptyState("", "")
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.empty, 1)
        self.state = label("", "small")
        self.body.addWidget(self.state)
        self._make_buttons()
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self._follow)
        self.finished.connect(self._end)
        self.resize(self.minimumWidth(), 72 * UNIT)
        self.source.addItem(tr("Studio"), self._tail.path)
        self._tell()
        self.read()
        context.tasks.start(tr("Looking for logs"), lambda _: job_logs(context), self._offer, owner=self)
        self._timer.start()

    def open(self) -> None:
        self.show()
        self.search.setFocus()

    def _make_buttons(self) -> None:
        folder = button(tr("Open folder"), "quiet")
        folder.setAutoDefault(False)
        folder.clicked.connect(self.open_folder)
        told = button(tr("Copy diagnostics"), "quiet")
        told.setAutoDefault(False)
        told.setToolTip(tr("Versions, plugins and the end of the log, for a report"))
        told.clicked.connect(self.copy_diagnostics)
        self.buttons.insertWidget(0, folder)
        self.buttons.insertWidget(1, told)
        self.add_button(tr("Copy"), self.copy).setAutoDefault(False)
        self.add_button(tr("Close"), self.accept, role="primary").setAutoDefault(False)
        action = QAction(self)
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        action.triggered.connect(self.copy)
        self.view.addAction(action)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        find = QAction(self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self.search.setFocus)
        self.addAction(find)

    # Reading -----------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Reads what is new, on a thread."""
        if not self._is_reading and not self._is_closed:
            self._is_reading = True
            tail = self._tail
            self._context.tasks.start(
                tr("Reading the log"),
                lambda _: tail.read(),
                lambda news: self._take(tail, news),
                lambda error: self._failed(tail, error),
                owner=self,
            )

    def _take(self, tail: Tail, news: News) -> None:
        self._is_reading = False
        if self._is_closed:
            return
        if tail is not self._tail:
            self.read()
            return
        bar = self.view.verticalScrollBar()
        is_at_end = bar.value() >= bar.maximum() - 2
        self.model.take(news)
        self._tell(news.skipped)
        if news.is_whole or (is_at_end and self.follow.isChecked()):
            self.view.scrollToBottom()

    def _failed(self, tail: Tail, error: BaseException) -> None:
        self._is_reading = False
        if self._is_closed or tail is not self._tail:
            return
        self._timer.stop()
        self.model.take(News([], True))
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.empty.say(tr("The log cannot be read"), reason)
        self._show_view(False)

    def _follow(self) -> None:
        if self.follow.isChecked() and self.isVisible():
            self.read()

    def _offer(self, found: list[tuple[str, Path]]) -> None:
        if not self._is_closed:
            for words, path in found:
                if path != self._job:
                    self.source.addItem(words, path)

    def show_job(self, id: str, title: str, why: str) -> None:
        """The log of a job, with why it failed above it ("" if it did not)."""
        self._job = paths.log_folder() / "jobs" / f"{id}.log"
        self._why = why
        self.heading.setText(title)
        self.source.addItem(tr("Job “{title}”", title=title), self._job)
        self.source.setCurrentIndex(self.source.count() - 1)
        self._choose()

    def _choose(self) -> None:
        path = self.source.currentData()
        self.why.setText(self._why)
        self.why.setVisible(bool(self._why) and path == self._job)
        if path != self._tail.path:
            self._tail = Tail(path)
            self.model.take(News([], True))
            self._timer.start()
            self.read()

    def _filter(self) -> None:
        self.model.show_only(self.level.currentData(), self.search.text().strip())
        self._tell()
        self.view.scrollToBottom()

    def _tell(self, skipped: int = 0) -> None:
        shown, total = self.model.rowCount(), self.model.total
        words = trn("{count} line", "{count} lines", total)
        if shown != total:
            words = tr("{shown} of {total} lines", shown=locales.number(shown), total=locales.number(total))
        if skipped:
            words += "  ·  " + tr("the {size} before them are not shown", size=locales.size(skipped))
        self.state.setText(words)
        if total == 0:
            self.empty.say(tr("Nothing was noted yet"), tr("It begins with what happens next."))
        elif shown == 0:
            self.empty.say(tr("No line fits"), tr("Choose “Everything”, or look for something else."))
        self._show_view(shown > 0)

    def _show_view(self, on: bool) -> None:
        self.view.setVisible(on)
        self.empty.setVisible(not on)

    # Taken away --------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The selected lines, or all that are shown; the home folder as ~."""
        rows = sorted(index.row() for index in self.view.selectedIndexes())
        QGuiApplication.clipboard().setText(without_home(self.model.texts(rows or None)))

    def copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(diagnostics("", self._context.catalog))

    def open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._tail.path.parent)))

    def _end(self) -> None:
        self._is_closed = True
        self._timer.stop()

    def sizeHint(self) -> QSize:
        return QSize(112 * UNIT, 72 * UNIT)


def job_logs(context: WindowContext) -> list[tuple[str, Path]]:
    """The newest logs of jobs, each with what its job is called, as far as it is in the open project."""
    files = [(file.stat().st_mtime, file) for file in (paths.log_folder() / "jobs").glob("*.log")]
    files.sort(reverse=True)
    titles: dict[str, str] = {}
    if context.project is not None:
        ids = [file.stem for _, file in files[:JOB_LOGS]]
        marks = ", ".join("?" * len(ids))
        rows = context.project.db.read(f"SELECT id, title FROM job WHERE id IN ({marks})", ids)
        titles = {row["id"]: row["title"] for row in rows}
    return [
        (
            tr(
                "Job “{title}”, {moment}",
                title=titles.get(file.stem, file.stem[:8]),
                moment=locales.moment(changed),
            ),
            file,
        )
        for changed, file in files[:JOB_LOGS]
    ]
