"""Many results, one page of the grid after the other: what a batch made, a stack, or just very many."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from studio.core.item import Item
from studio.errors import StudioError
from studio.jobs.events import JobChanged
from studio.ui.context import WindowContext
from studio.ui.items.compare_model import MOST
from studio.ui.kit import locales
from studio.ui.shell.workspace import Workspace
from studio.words import tr

Show = Callable[[Sequence[Item], bool], object]
"""Shows items beside each other; True: as a grid to choose from."""


class Choosing(QObject):
    """When a batch of the room in front has ended, its results come up to choose from; who has gone on with
    something else meanwhile keeps that, and is offered to choose."""

    def __init__(
        self,
        context: WindowContext,
        workspace: Workspace,
        *,
        open_all: Callable[[Sequence[Item]], object],
        show: Show,
        awaits: Callable[[str], bool],
    ) -> None:
        """`open_all` shows all of them in their room's way; `show` a page of at most `MOST`. `awaits` tells
        whether the user has gone on with nothing since a batch was asked for, by its id."""
        super().__init__(workspace)
        self._context, self._workspace = context, workspace
        self._open_all, self._show, self._awaits = open_all, show, awaits
        self._items: Sequence[Item] = ()
        self._first = 0
        self._is_choice = False
        workspace.compare.page_wanted.connect(self.turn)
        context.bridge.listen(self.on_event)

    def show(self, items: Sequence[Item], *, choice: bool) -> None:
        """The first page of them."""
        self._items, self._first, self._is_choice = items, 0, choice
        self._show_page()

    def turn(self, way: int) -> None:
        """The next page (1), or the previous one (-1)."""
        first = self._first + way * MOST
        if 0 <= first < len(self._items):
            self._first = first
            self._show_page()

    def shown(self) -> None:
        """The page is there: says which one of how many."""
        if len(self._items) > MOST:
            last = min(self._first + MOST, len(self._items))
            said = tr("{first}–{last} of {count}", first=self._first + 1, last=last, count=len(self._items))
            self._workspace.compare.show_pages(said, before=self._first > 0, after=last < len(self._items))

    def on_event(self, event: object) -> None:
        """From the bridge."""
        project = self._context.project
        if not isinstance(event, JobChanged) or not event.job.state.is_final or project is None:
            return
        host = self._workspace.host
        if host.of_generator(event.job.recipe.generator) != self._workspace.room:
            return
        try:
            items = project.results_of(event.job.batch)
        except StudioError as error:
            self._context.report(error)
            return
        if len({item.job for item in items}) < 2:
            return
        if self._awaits(event.job.batch):
            self._open_all(items)
        else:
            count = locales.number(len(items))
            self._workspace.notice.say(
                tr("{count} results are ready.", count=count),
                tr("Choose from {count}", count=count),
                lambda: self._open_all(items),
            )

    def _show_page(self) -> None:
        self._show(self._items[self._first : self._first + MOST], self._is_choice)
