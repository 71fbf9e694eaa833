"""What generating will cost, in words: from what the last such jobs took and what its model needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QSize

from studio import paths
from studio.backends.plan_words import device_words
from studio.core.item import Item
from studio.core.params import applies, model_fields
from studio.errors import ModelRefused, OutOfMemory, StudioError
from studio.ui.context import WindowContext
from studio.ui.generate.panel import GeneratePanel
from studio.ui.kit import locales
from studio.ui.kit.picture_reader import picture_reader
from studio.ui.kit.tasks import Task
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.jobs.estimate import Cost
    from studio.jobs.runner import Runner
    from studio.models.store import Model

Picture = Item | tuple[int, int] | None

FRESH_SECONDS = 2.0
"""So long what was said of the same values holds, as far as memory goes: to ask takes some milliseconds, and
each key in a prompt would."""


class _Answer(Struct, frozen=True):
    """What was said of a job with a model."""

    asked: object = None
    time: float = 0.0
    words: str = ""
    fits: bool = True


class Costs:
    def __init__(self, context: WindowContext) -> None:
        self._context = context
        self._learned: Runner | None = None
        self._pixels: dict[str, int | None] = {}
        self.fits = True
        """Whether the computer can do what `words` was asked about last."""
        self._then: Callable[[], object] = lambda: None
        self._asking: object = None
        self._answer = _Answer()

    def learn(self, then: Callable[[], object]) -> None:
        """Once for each project: what its jobs of earlier days took. `then` is called when more is known."""
        self._then = then
        runner = self._context.runner
        if runner is not None and runner is not self._learned:
            self._learned = runner
            self._context.tasks.start(
                tr("Reading what jobs cost"), lambda _: runner.learn(), lambda _: then()
            )

    def words(self, panel: GeneratePanel, picture: Picture) -> str:
        """Of one job with the form as it is; "" where there is nothing to ask."""
        self.fits = True
        if panel.generator is None or self._context.runner is None:
            return ""
        used = self._models(panel)
        if used:
            return self._admission(panel, picture, used)
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

    def _models(self, panel: GeneratePanel) -> list[Model]:
        """Those that the job will use; none where one is still to be chosen."""
        assert panel.generator is not None
        schema, values, store = panel.generator.params_schema, panel.values(), self._context.models
        found: list[Model] = []
        try:
            for field, rule in model_fields(schema).items():
                spec, value = schema["properties"][field], values.get(field)
                if not applies(spec, values):
                    continue
                if value:
                    found += [model for model in store.models(rule.formats) if model.digest == value]
                elif rule.is_needed:
                    found += store.fitting(rule)[:1]
        except ModelRefused:  # the form's list has told it
            return []
        return found

    def _admission(self, panel: GeneratePanel, picture: Picture, used: list[Model]) -> str:
        """How it will be computed, with which part of the memory; or why it cannot be. It is asked for on a
        thread: what is said until the answer comes is the last one."""
        generator, runner, catalog = panel.generator, self._context.runner, self._context.catalog
        assert generator is not None
        assert runner is not None
        assert catalog is not None
        device, pixels, params = panel.foot.device_id(), self._count(picture), panel.values()
        numbers = {name: value for name, value in params.items() if not isinstance(value, str)}
        asked = (generator.id, device, pixels, repr(numbers), tuple(model.digest for model in used))
        now = time.monotonic()
        is_known = self._answer.asked == asked and now - self._answer.time < FRESH_SECONDS
        if not is_known and self._asking != asked:
            self._asking = asked
            history = runner.history

            def work(_: Task) -> _Answer:
                from studio.backends.calibration import load_calibration
                from studio.jobs.admission import admit_values

                try:
                    choice = admit_values(
                        generator,
                        params,
                        device,
                        used=used,
                        catalog=catalog,
                        history=history,
                        pixels=pixels,
                        calibration=load_calibration(paths.data_folder()),
                    )[0]
                except OutOfMemory as error:
                    return _Answer(asked, time.monotonic(), str(error), fits=False)
                return _Answer(asked, time.monotonic(), f"{choice.words()}\n{choice.reason}".strip())

            self._context.tasks.start(tr("Reading what jobs cost"), work, self._answered)
        self.fits = self._answer.fits
        return self._answer.words

    def _answered(self, answer: _Answer) -> None:
        if answer.asked == self._asking:
            self._answer, self._asking = answer, None
            self._then()

    def _expected(self, panel: GeneratePanel, picture: Picture) -> Cost | None:
        runner = self._context.runner
        if panel.generator is None or runner is None:
            return None
        from studio.jobs.estimate import work_of

        work = work_of(panel.generator, panel.values(), panel.foot.device_id(), self._count(picture))
        return runner.history.expected(work)

    def _count(self, picture: Picture) -> int | None:
        if isinstance(picture, tuple):
            return picture[0] * picture[1]
        if picture is None or self._context.project is None:
            return None
        if picture.digest not in self._pixels:
            try:
                reader = picture_reader(self._context.project.blob_path(picture.digest))
                size = reader.size() if reader is not None else QSize()
                self._pixels[picture.digest] = size.width() * size.height() if size.isValid() else None
            except StudioError:
                self._pixels[picture.digest] = None
        return self._pixels[picture.digest]
