"""When the drive of the open project is pulled: one message, nothing typed is lost, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout

from studio.project.store import name_of
from studio.ui.kit.controls import button, label
from studio.ui.kit.theme import UNIT
from studio.ui.project.lost import Watch
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.context import WindowContext
    from studio.ui.project.flow import ProjectFlow


class LostBar(QFrame):
    """Over the whole window, for as long as its project is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.text = label("", "strong", wrap=True)
        self.again = button(tr("Try again"), "primary")
        self.close_project = button(tr("Close project"))
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT + 4, UNIT, UNIT + 4, UNIT)
        row.setSpacing(UNIT)
        row.addWidget(self.text, 1)
        row.addWidget(self.again)
        row.addWidget(self.close_project)
        self.hide()

    def tell(self, name: str) -> None:
        self.text.setText(
            tr(
                "The folder of “{name}” cannot be reached: its drive may have been pulled. What you typed "
                "and painted is kept, and the project opens again by itself when its folder is back.",
                name=name,
            )
        )
        self.setAccessibleName(self.text.text())
        self.show()


class LostFlow(QObject):
    """Watches the open project of a window; `attach` gives it the bar of the widgets that are there now."""

    def __init__(self, context: WindowContext, projects: ProjectFlow) -> None:
        super().__init__()
        self._projects = projects
        self._bar: LostBar | None = None
        self._context = context
        self.watch = Watch(context)
        context.keeps_back = self.watch.doubts
        self.watch.lost.connect(projects.lose)
        self.watch.back.connect(projects.come_back)
        projects.opened.connect(self._on_opened)
        projects.closed.connect(self._on_closed)
        projects.lost.connect(self._show)

    def attach(self, bar: LostBar) -> None:
        self._bar = bar
        bar.again.clicked.connect(self._projects.come_back)
        bar.close_project.clicked.connect(self._projects.close)
        self._show()

    def _show(self) -> None:
        folder = self._projects.lost_folder
        if self._bar is not None and folder is not None:
            self._bar.tell(name_of(folder))
        elif self._bar is not None:
            self._bar.hide()

    def _on_opened(self) -> None:
        self.watch.follow(self._projects.folder)
        self._show()

    def _on_closed(self) -> None:
        if self._context.project is None:
            self.watch.follow(None)
            self._show()
