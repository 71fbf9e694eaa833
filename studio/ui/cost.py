"""What generating will cost, in words: from what the last such jobs took."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from studio.core.item import Item
from studio.errors import StudioError
from studio.ui import locales
from studio.ui.desk import Desk
from studio.ui.generate_panel import GeneratePanel
from studio.ui.picture_reader import picture_reader
from studio.ui.recipe_model import device_words
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.jobs.estimate import Cost
    from studio.jobs.runner import Runner

Picture = Item | tuple[int, int] | None


class Costs:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._learned: Runner | None = None
        self._pixels: dict[str, int | None] = {}

    def learn(self, then: Callable[[], object]) -> None:
        """Once for each project: what its jobs of earlier days took."""
        runner = self._desk.runner
        if runner is not None and runner is not self._learned:
            self._learned = runner
            self._desk.tasks.start(tr("Reading what jobs cost"), lambda _: runner.learn(), lambda _: then())

    def words(self, panel: GeneratePanel, picture: Picture) -> str:
        """Of one job with the form as it is; "" where there is nothing to ask."""
        if panel.generator is None or self._desk.runner is None:
            return ""
        cost = self._expected(panel, picture)
        if cost is None:
            return tr("Time and memory are not known yet.")
        time, device = locales.duration(cost.seconds), device_words(panel.foot.device_id())
        memory = "" if cost.memory is None else locales.rough_size(cost.memory)
        if panel.foot.device.count() <= 1:  # it goes without saying
            if not memory:
                return tr("About {time}", time=time)
            return tr("About {time}, {memory}", time=time, memory=memory)
        if not memory:
            return tr("About {time} on {device}", time=time, device=device)
        return tr("About {time}, {memory} on {device}", time=time, memory=memory, device=device)

    def for_many(self, panel: GeneratePanel, picture: Picture, count: int) -> str:
        """Of so many jobs, one after the other."""
        cost = self._expected(panel, picture) if count else None
        results = trn("{count} result", "{count} results", count)
        if cost is None:
            return results
        return tr("{results}, about {time}", results=results, time=locales.duration(cost.seconds * count))

    def _expected(self, panel: GeneratePanel, picture: Picture) -> Cost | None:
        runner = self._desk.runner
        if panel.generator is None or runner is None:
            return None
        from studio.jobs.estimate import work_of

        work = work_of(panel.generator, panel.values(), panel.foot.device_id(), self._count(picture))
        return runner.history.expected(work)

    def _count(self, picture: Picture) -> int | None:
        if isinstance(picture, tuple):
            return picture[0] * picture[1]
        if picture is None or self._desk.project is None:
            return None
        if picture.digest not in self._pixels:
            try:
                reader = picture_reader(self._desk.project.blob_path(picture.digest))
                size = reader.size() if reader is not None else QSize()
                self._pixels[picture.digest] = size.width() * size.height() if size.isValid() else None
            except StudioError:
                self._pixels[picture.digest] = None
        return self._pixels[picture.digest]
