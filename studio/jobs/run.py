"""`execute`: one generator, one recipe, once. The worker, in-process runs and tests all call it."""

from __future__ import annotations

import errno
import math
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from studio.core.generator import MAX_DRAFTS, Cancelled, NewArtifact
from studio.core.model import Number, Plan
from studio.core.recipe import Recipe
from studio.errors import DiskFull, ModelRefused, OutOfMemory, PluginError, StudioError
from studio.jobs.artifact import check_artifact
from studio.words import tr

if TYPE_CHECKING:
    from studio.core.authoring import Generator
    from studio.core.params_base import Params

T = TypeVar("T")

PROGRESS_SECONDS = 0.1
PREVIEW_SECONDS = 0.2
_LONGEST_TEXT = 16_384
"""Characters that are streamed at once, so that no message is too long."""


@dataclass(frozen=True)
class RunProgress:
    fraction: float
    """0 to 1."""
    message: str


@dataclass(frozen=True)
class RunPreview:
    image: bytes


@dataclass(frozen=True)
class RunNote:
    message: str


@dataclass(frozen=True)
class RunText:
    draft: int
    text: str


@dataclass(frozen=True)
class RunNumbers:
    numbers: tuple[Number, ...]


RunEvent = RunProgress | RunPreview | RunText | RunNumbers | RunNote


class Warm(Protocol):
    """Keeps expensive objects between jobs (see `studio.core.generator.Run.warm`)."""

    def __call__(self, key: str, make: Callable[[], T]) -> T: ...


def execute(
    generator: Generator,
    recipe: Recipe,
    inputs: Mapping[str, Path],
    models: Mapping[str, Path],
    scratch: Path,
    kept: Path,
    *,
    plan: Plan | None = None,
    emit: Callable[[RunEvent], None],
    cancelled: Callable[[], bool],
    warm: Warm,
    settings: Callable[[], Mapping[str, Any]] = dict,
) -> list[NewArtifact]:
    """Runs the generator to its end and returns what it made, checked.

    `kept` outlives the job (see `Run.kept`). `plan` is the recipe's device and nothing else by default.
    `emit` is called from this thread; `cancelled` says whether to stop and may block: that is a pause.
    `settings` is asked where the generator asks for what was set for its plugin.

    Raises:
        Cancelled: the user has cancelled.
        InvalidParams: the recipe's params do not fit the generator.
        PluginError: the generator broke the contract.
        Exception: whatever the generator raised; `in_words` makes a StudioError of it.
    """
    from studio.core.authoring import build  # where this runs pydantic is there already; the shell has none

    params = build(generator.Params, recipe.params)
    plan = plan or Plan(device=recipe.device, precision=recipe.numerics.precision)
    run = _Run(recipe, params, plan, inputs, models, scratch, kept, emit, cancelled, warm, settings)
    made: list[NewArtifact] = []
    produced = generator.generate(params, run)
    if not isinstance(produced, Iterator):
        raise PluginError(
            tr(
                "“{title}” returned {type} where it should yield artifacts.",
                title=tr(generator.title),
                type=type(produced).__name__,
            ),
            tr("Tell the plugin's author: generate() must be a generator function."),
        )
    try:
        for artifact in produced:
            _check_new(artifact, made, tr(generator.title))
            check_artifact(artifact, scratch)
            made.append(artifact)
            run.check()
    finally:
        if isinstance(produced, GeneratorType):
            produced.close()  # runs its `finally` now, not when the exception is forgotten
    if not made:
        raise PluginError(
            tr("“{title}” made nothing.", title=generator.title),
            tr("Try other settings, or tell the plugin's author."),
        )
    return made


def _check_new(artifact: object, made: list[NewArtifact], title: str) -> None:
    if not isinstance(artifact, NewArtifact):
        raise PluginError(
            tr(
                "“{title}” yielded {type} instead of a NewArtifact.",
                title=title,
                type=type(artifact).__name__,
            ),
            tr("Tell the plugin's author."),
        )
    if any(artifact.path == earlier.path for earlier in made):
        raise PluginError(
            tr("“{title}” yielded the same file twice ({name}).", title=title, name=artifact.path.name),
            tr("Tell the plugin's author: every artifact needs a file of its own."),
        )


def in_words(error: BaseException, title: str, explain: Callable[[Exception], str | None]) -> StudioError:
    """What a person should read about an exception from a generator. `explain` asks its plugin for help."""
    if isinstance(error, StudioError):
        return error
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return OutOfMemory(
            tr("“{title}” ran out of memory.", title=title),
            tr("Use a smaller picture or a smaller model, or close other programs, and try again."),
            trace,
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(
            tr(
                "Disk full: “{title}” could not write its files. Everything saved before is safe.",
                title=title,
            ),
            tr("Free some space on the project's disk and try again."),
            trace,
        )
    if not isinstance(error, Exception):
        return PluginError(
            tr("“{title}” tried to end the program ({type}).", title=title, type=type(error).__name__),
            tr("Tell the plugin's author."),
            trace,
        )
    try:
        hint = explain(error)
    except Exception:  # noqa: BLE001 - a plugin's hook may raise anything, and must not hide the first error
        hint = None
    reason = str(error).strip().split("\n", 1)[0] or type(error).__name__
    return PluginError(
        tr("“{title}” failed: {reason}", title=title, reason=reason),
        hint or tr("Try other settings. If it goes on, tell the plugin's author."),
        trace,
    )


class _Work:
    """Progress and cancellation, which jobs and conversions share."""

    def __init__(self, threads: int, emit: Callable[[RunEvent], None], cancelled: Callable[[], bool]) -> None:
        self.threads = threads
        self._emit = emit
        self._cancelled = cancelled
        self._last_progress = -math.inf
        self._last_fraction = -1.0

    def progress(self, done: float, total: float, message: str = "") -> None:
        self.check()
        fraction = done / total if total > 0 else 0.0
        fraction = min(max(fraction, 0.0), 1.0) if math.isfinite(fraction) else 0.0
        now = time.monotonic()
        at_end = fraction == 1.0 and self._last_fraction != 1.0
        if at_end or now - self._last_progress >= PROGRESS_SECONDS:
            self._last_progress, self._last_fraction = now, fraction
            self._emit(RunProgress(fraction, message))

    def check(self) -> None:
        if self._cancelled():
            raise Cancelled

    def note(self, message: str) -> None:
        self._emit(RunNote(message))


class Conversion(_Work):
    """What `studio.core.generator.ConvertRun` promises to a converter."""


class _Run(_Work):
    """What `studio.core.generator.Run` promises to a generator."""

    def __init__(
        self,
        recipe: Recipe,
        params: Params,
        plan: Plan,
        inputs: Mapping[str, Path],
        models: Mapping[str, Path],
        scratch: Path,
        kept: Path,
        emit: Callable[[RunEvent], None],
        cancelled: Callable[[], bool],
        warm: Warm,
        settings: Callable[[], Mapping[str, Any]],
    ) -> None:
        super().__init__(recipe.numerics.threads, emit, cancelled)
        self.params = params
        self.seed = recipe.seed
        self.plan = plan
        self.device = plan.device
        self.scratch = scratch
        self.kept = kept
        self.warm = warm
        self._inputs = inputs
        self._models = models
        self._last_preview = -math.inf
        self._settings = settings

    @property
    def settings(self) -> Mapping[str, Any]:
        return self._settings()

    def input(self, name: str) -> Path | None:
        return self._inputs.get(name)

    def model(self, field: str) -> Path:
        path = self._models.get(field)
        if path is None:
            raise ModelRefused(
                tr("No model is chosen for “{field}”.", field=field),
                tr("Choose one, or add one under Models, and try again."),
            )
        return path

    def preview(self, image: bytes) -> None:
        self.check()
        now = time.monotonic()
        if now - self._last_preview >= PREVIEW_SECONDS:
            self._last_preview = now
            self._emit(RunPreview(image))

    def text(self, delta: str, draft: int = 0) -> None:
        self.check()
        if not 0 <= draft < MAX_DRAFTS:
            raise PluginError(
                tr("A text was streamed for draft {draft}.", draft=draft),
                tr("Tell the plugin's author: drafts count from 0 to {last}.", last=MAX_DRAFTS - 1),
            )
        for start in range(0, len(delta), _LONGEST_TEXT):
            self._emit(RunText(draft, delta[start : start + _LONGEST_TEXT]))

    def numbers(self, *numbers: Number) -> None:
        finite = tuple(number for number in numbers if math.isfinite(number.value))
        if finite:
            self._emit(RunNumbers(finite))
