"""What a job will cost: how long it takes and how much memory, from what the last such jobs did."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind
from studio.core.params import applies, model_fields
from studio.core.recipe import Recipe
from studio.errors import StudioError
from studio.jobs.time_left import Pace, TimeLeft

if TYPE_CHECKING:
    from studio.project.store import Project

_REMEMBERED = 10
"""Jobs of each sort."""
_COUNTED = 5
"""The last of them, of which the median is what the next one costs."""


class Cost(Struct, frozen=True):
    seconds: float
    """Of the generator's own work, without waiting and loading."""
    memory: int | None
    """Bytes, of the whole worker process at its highest; None if nobody measured it."""


class Work(Struct, frozen=True):
    """What the cost of a job depends on, as far as the studio can see it."""

    generator: str
    device: str
    way: tuple[tuple[str, str], ...] = ()
    """The fields that decide which others matter (a method), and the models, with their values."""
    pixels: int | None = None
    """Of the picture that it works from."""
    steps: float | None = None
    """The product of the fields whose unit is "steps"."""
    picture: Path | None = None
    """That picture, where nobody has counted its pixels: they are, once another job is measured by it."""


def work_of(
    generator: GeneratorDescription, params: Mapping[str, Any], device: str, pixels: int | None = None
) -> Work:
    """The work that these params ask for."""
    properties = generator.params_schema.get("properties", {})
    ui = {name: spec.get("x-ui", {}) for name, spec in properties.items()}
    deciding = {one["when"]["field"] for one in ui.values() if "when" in one}
    deciding |= {name for name in model_fields(generator.params_schema) if applies(properties[name], params)}
    way = tuple((name, str(params.get(name))) for name in sorted(deciding))
    steps = None
    for name, own in ui.items():
        when = own.get("when")
        matters = when is None or params.get(when["field"]) in when["values"]
        value = params.get(name)
        if own.get("unit") == "steps" and matters and isinstance(value, int | float) and value > 0:
            steps = (steps or 1.0) * value
    return Work(generator.id, device, way, pixels, steps)


def work_of_recipe(project: Project, generator: GeneratorDescription, recipe: Recipe) -> Work:
    """The work of a job that is queued or done."""
    digests = [recipe.inputs.get(slot.name) for slot in generator.inputs if slot.kind == Kind.IMAGE]
    picture = None
    for digest in filter(None, digests[:1]):
        with suppress(StudioError, OSError):
            picture = project.blob_path(digest)
    return replace(work_of(generator, recipe.params, recipe.device), picture=picture)


class History:
    """What the last jobs of each sort cost, to say something about the next before it has begun.

    Any thread may add and ask.
    """

    def __init__(self) -> None:
        self._done: dict[tuple[object, ...], deque[tuple[Work, Cost]]] = {}
        self._counted: dict[Path, int | None] = {}
        self._paces: dict[tuple[object, ...], deque[tuple[Work, Pace]]] = {}
        self._lock = Lock()

    def add(self, work: Work, seconds: float, memory: int | None = None) -> None:
        """What a job cost."""
        with self._lock:
            done = self._done.setdefault(_sort(work), deque(maxlen=_REMEMBERED))
            done.append((work, Cost(seconds, memory)))

    def has(self, work: Work, seconds: float) -> bool:
        """Whether a job of this sort that took exactly so long is known: then it is the same one."""
        with self._lock:
            return any(cost.seconds == seconds for _, cost in self._done.get(_sort(work), ()))

    def add_pace(self, work: Work, pace: Pace) -> None:
        """How a job got on."""
        with self._lock:
            self._paces.setdefault(_sort(work), deque(maxlen=_REMEMBERED)).append((work, pace))

    def expected(self, work: Work) -> Cost | None:
        """The median of the last such jobs, each scaled to this one's pixels and steps; the most memory."""
        with self._lock:
            done = list(self._done.get(_sort(work), ()))[-_COUNTED:]
        if not done:
            return None
        memory = max((cost.memory for _, cost in done if cost.memory), default=None)
        return Cost(_median(self._scaled(work, done)), memory)

    def known(self) -> list[tuple[Work, Cost]]:
        """All that was added and still counts, with the pictures' pixels counted."""
        with self._lock:
            done = [one for sort in self._done.values() for one in sort]
        return [(replace(work, pixels=self._pixels(work)), cost) for work, cost in done]

    def paces(self) -> list[tuple[Work, Pace]]:
        """The same of how jobs got on."""
        with self._lock:
            paces = [one for sort in self._paces.values() for one in sort]
        return [(replace(work, pixels=self._pixels(work)), pace) for work, pace in paces]

    def time_left(self, work: Work, *, ends_early: bool = False) -> TimeLeft:
        """What is known of a job's time before it begins. `ends_early`: see `TimeLeft`."""
        with self._lock:
            done = list(self._done.get(_sort(work), ()))
            own = [pace for _, pace in self._paces.get(_sort(work), ())]
            kin = [
                pace for sort, paces in self._paces.items() if sort[0] == work.generator for _, pace in paces
            ]
        paces = own or kin[-_REMEMBERED:]
        return TimeLeft(self._scaled(work, done), paces, kin=not own, ends_early=ends_early)

    def _scaled(self, work: Work, done: Sequence[tuple[Work, Cost]]) -> list[float]:
        return [
            cost.seconds * _ratio(self._pixels(work), self._pixels(past)) * _ratio(work.steps, past.steps)
            for past, cost in done
        ]

    def _pixels(self, work: Work) -> int | None:
        """Reads the header of its picture, once, unless they were counted already."""
        if work.picture is None or work.pixels is not None:
            return work.pixels
        if work.picture not in self._counted:
            from studio.core.images import probe

            self._counted[work.picture] = None
            with suppress(StudioError, OSError):
                width, height = probe(work.picture)
                self._counted[work.picture] = width * height
        return self._counted[work.picture]

    def usual(self, generator: str) -> float | None:
        """Seconds that the last jobs of a generator took, whatever they were."""
        with self._lock:
            seconds = [
                cost.seconds
                for sort, done in self._done.items()
                if sort[0] == generator
                for _, cost in list(done)[-_COUNTED:]
            ]
        return _median(seconds) if seconds else None


def _sort(work: Work) -> tuple[object, ...]:
    return work.generator, work.device, work.way


def _ratio(now: float | None, then: float | None) -> float:
    return now / then if now and then else 1.0


def _median(numbers: Sequence[float]) -> float:
    """As `statistics.median`, whose import would be felt when the window opens."""
    ordered, middle = sorted(numbers), len(numbers) // 2
    return ordered[middle] if len(numbers) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
