"""New results: they come into view while nobody is elsewhere, and are marked until they were looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer

from studio.errors import StudioError
from studio.project.history import Changed
from studio.project.store import Project
from studio.ui.gallery.model import GalleryModel
from studio.ui.kit.grid_hands import ItemGrid
from studio.ui.kit.tasks import Task, Tasks
from studio.words import tr

AT_ONCE, PART = 200, 2000
"""Results that are marked in the window's thread, and in one part of a task: a few milliseconds."""
LOOKED_MS = 600
"""What is selected for so long was looked at: not what the arrow keys only pass."""


class News:
    """Follows the view and its model. What changes in the project goes to `post`."""

    def __init__(
        self,
        view: ItemGrid,
        model: GalleryModel,
        selected: Callable[[], array[int]],
        post: Callable[[object], object],
        tasks: Tasks,
    ) -> None:
        self._view, self._model, self._selected, self._post = view, model, selected, post
        self._tasks = tasks
        self._newest: int | None = None
        """The highest row id that was shown; None before anything was."""
        self._left_at = 0
        """Where the view was brought to last."""
        self.timer = QTimer(view, singleShot=True, interval=LOOKED_MS)
        self.timer.timeout.connect(self._see_selected)

    def forget(self) -> None:
        """Another project."""
        self.timer.stop()
        self._newest, self._left_at = None, 0

    def on_selection(self) -> None:
        if self._model.has_news:
            self.timer.start()

    def follow(self) -> None:
        """The model has other rows: the newest comes into view, unless the user is at something else."""
        before, self._newest = self._newest, self._model.newest
        view = self._view
        is_elsewhere = view.verticalOffset() not in (0, self._left_at) or view.is_banding
        if before is None or self._newest is None or self._newest <= before or is_elsewhere:
            return
        if len(view.selected) < 2 and not view.hasFocus():
            row = self._model.row_of_id(self._newest)
            if row is not None and self._model.is_new_at(row):
                view.scrollTo(self._model.index(row))
                self._left_at = view.verticalOffset()

    def see_all(self) -> None:
        """Nothing is new any more."""
        self._see(self._model.news)

    def _see_selected(self) -> None:
        self._see(self._model.news & set(self._selected()))

    def _see(self, ids: frozenset[int]) -> None:
        project = self._model.project
        if not ids or project is None or project.read_only:
            return
        if len(ids) > AT_ONCE:
            self._tasks.start(
                tr("Marking as looked at"), partial(_see_parts, project, sorted(ids)), self._post
            )
            return
        try:
            self._post(project.seen(project.uids(sorted(ids))))
        except StudioError as error:
            self._model.failed.emit(error)


def _see_parts(project: Project, ids: Sequence[int], task: Task) -> Changed:
    """In parts, between which others get at the project. Where it is stopped, what was marked stays so."""
    seen: frozenset[str] = frozenset()
    for begin in range(0, len(ids), PART):
        task.progress(begin, len(ids))
        seen |= project.seen(project.uids(ids[begin : begin + PART])).items
    return Changed(items=seen, fields=frozenset(("fresh",)))
