"""Where the studio's own models lie, on a page of the preferences, and the way to another folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.kit import locales
from studio.ui.kit.choosers import choose_folder
from studio.ui.kit.controls import ElidedLabel, button, label
from studio.ui.kit.tasks import Task
from studio.ui.kit.theme import UNIT
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.ui.shell.faces import Program


def words() -> str:
    """What the search of the preferences finds it by."""
    return tr("Folder of the models")


class ModelsPlace(QWidget):
    def __init__(self, session: Program) -> None:
        super().__init__()
        self._session = session
        self.path = ElidedLabel("", "muted")
        self.amount = label("", "small", wrap=True)
        self.change = button(tr("Move…"))
        self.change.setAutoDefault(False)
        self.change.setToolTip(tr("Move the models to another folder or disk"))
        self.change.clicked.connect(self._ask)
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(self.path, 1)
        line.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label(words()))
        column.addLayout(line)
        column.addWidget(self.amount)
        self.refresh()

    def refresh(self) -> None:
        own = [model for model in self._session.models.models() if model.managed]
        size = locales.size(sum(model.size for model in own))
        self.path.setText(str(self._session.models.place))
        self.amount.setText(
            trn("{count} model, {size}. ", "{count} models, {size}. ", len(own), size=size)
            + tr("What you added yourself stays where it lies.")
        )

    def move(self, folder: Path) -> None:
        """Moves them, in the background of the first window. What was stopped goes on with the next try."""
        session = self._session

        def work(task: Task) -> int:
            from studio.models.moving import move

            return move(session.models, folder, task.progress)

        def done(count: int) -> None:
            self._on_moved()
            said = trn(
                "{count} model moved to {folder}",
                "{count} models moved to {folder}",
                count,
                folder=str(folder),
            )
            session.windows[0].workspace.notice.say(said)

        def stopped() -> None:
            self._on_moved()
            session.windows[0].workspace.notice.say(
                tr("Stopped. Models that were moved stay there; moving again goes on with the others.")
            )

        def failed(error: BaseException) -> None:
            self._on_moved()
            session.windows[0].context.report(error)

        session.windows[0].context.start_with_progress(
            tr("Moving the models"), work, done, failed, stopped=stopped
        )

    def _ask(self) -> None:
        choose_folder(self, words(), str(self._session.models.place), self.move)

    def _on_moved(self) -> None:
        from shiboken6 import isValid

        if isValid(self):
            self.refresh()
