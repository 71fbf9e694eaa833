"""Items on their way to a stage or the comparison: only those that the service could decode get there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from studio.core.item import Item
from studio.errors import StudioError
from studio.ui.context import WindowContext
from studio.ui.shell.gate import Gate
from studio.ui.shell.workspace import Workspace
from studio.words import tr, trn

PATIENCE_MS = 300
"""After which the stage says that something is being read, instead of showing what was there before."""

Go = Callable[[Sequence[Item]], object]


class Opening(QObject):
    """One thing at a time is on its way to the stage: what the user does later replaces it."""

    def __init__(self, context: WindowContext, gate: Gate, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._context, self._gate, self._workspace = context, gate, workspace
        self._turn: object = None
        """Tells what is on its way now from what was before."""
        self._waiting: Sequence[Item] = ()
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(lambda: workspace.cover_stage(self._waiting))

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way, or could not be read."""
        return self._turn is not None or self._workspace.is_covered

    def begin(self, items: Sequence[Item], go: Go) -> None:
        """Does `go` with those of the items that can be read: at once where that is known of all of them.

        Where none of them can be read, the stage says why.
        """
        turn, workspace = object(), self._workspace
        self._turn = turn
        self._timer.stop()

        def answered(wrong: Mapping[str, StudioError]) -> None:
            if self._turn is not turn:
                return
            self.drop()
            readable = [item for item in items if item.uid not in wrong]
            if readable:
                self._tell(items, wrong)
                go(readable)
            else:
                workspace.cover.trash.setVisible(not self._is_read_only)
                workspace.cover_stage(items, wrong[items[0].uid])

        self._ask(items, answered)
        if self._turn is turn:
            self._waiting = items
            self._timer.start()

    def drop(self) -> None:
        """What is on its way comes no more, and the stage is seen again."""
        self._turn = None
        self._timer.stop()
        self._workspace.uncover_stage()

    def ask(self, items: Sequence[Item], go: Go) -> None:
        """As `begin`, for what does not replace what is on the stage: `go` may get none of the items."""

        def answered(wrong: Mapping[str, StudioError]) -> None:
            self._tell(items, wrong)
            go([item for item in items if item.uid not in wrong])

        self._ask(items, answered)

    @property
    def _is_read_only(self) -> bool:
        return self._context.project is None or self._context.project.read_only

    def _ask(self, items: Sequence[Item], answer: Callable[[Mapping[str, StudioError]], object]) -> None:
        project = self._context.project

        def answered(wrong: Mapping[str, StudioError]) -> None:
            if self._context.project is project:
                answer(wrong)

        self._gate.ask(items, answered)

    def _tell(self, items: Sequence[Item], wrong: Mapping[str, StudioError]) -> None:
        """Which of several items cannot be read."""
        names = [item.name for item in items if item.uid in wrong]
        if len(names) == 1:
            (error,) = wrong.values()
            self._workspace.notice.say(
                tr("“{name}” cannot be opened.", name=names[0]),
                tr("Why?"),
                lambda: self._context.report(error),
            )
        elif names:
            listed = ", ".join(names)
            self._workspace.notice.say(
                trn(
                    "{count} item cannot be opened: {names}", "{count} items cannot be opened: {names}",
                    len(names), names=listed,
                )
            )  # fmt: skip
