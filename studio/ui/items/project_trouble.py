"""Why a project cannot be opened as it is, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import ProjectDamaged, ProjectInUse
from studio.project.store import name_of
from studio.ui.context import WindowContext
from studio.ui.kit.locales import moment
from studio.words import tr

if TYPE_CHECKING:
    from studio.project.recovery import Plan


class Trouble:
    """Asks the user; `open_read_only` and `recover` do what was answered."""

    def __init__(
        self,
        context: WindowContext,
        open_read_only: Callable[[Path], object],
        recover: Callable[[Path], object],
    ) -> None:
        self._context, self._open_read_only, self._recover = context, open_read_only, recover

    def tell(self, folder: Path, error: BaseException) -> None:
        if isinstance(error, ProjectInUse):
            self._ask(
                tr("“{name}” is open in another program.", name=name_of(folder)),
                tr("You can look at it and export from it here, but not change it."),
                tr("Open read-only"),
                lambda: self._open_read_only(folder),
            )
        elif isinstance(error, ProjectDamaged):
            self._ask_to_recover(folder, error)
        else:
            self._context.report(error)

    def _ask_to_recover(self, folder: Path, damage: ProjectDamaged) -> None:
        from studio.project.recovery import plan

        def ask(found: Plan) -> None:
            if found.made is not None:
                how = tr(
                    "The backup of {time} can take its place, with what is newer and whole.",
                    time=moment(found.made),
                )
            else:
                how = tr("There is no good backup, but it can be put together again from its files.")
            self._ask(
                tr("“{name}” is damaged.", name=name_of(folder)),
                " ".join((damage.message, how, tr("What is damaged is kept beside it."))),
                tr("Repair and open"),
                lambda: self._recover(folder),
            )

        self._context.tasks.start(tr("Looking for a backup"), lambda _: plan(folder), ask)

    def _ask(self, question: str, text: str, words: str, act: Callable[[], object]) -> None:
        from studio.ui.kit.dialogs import QuestionDialog

        QuestionDialog(self._context.window, question, text, [(words, act)]).open()
