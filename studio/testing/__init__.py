"""A pytest plugin for plugin authors: put `pytest_plugins = ["studio.testing"]` into your conftest.py.

It only offers fixtures; it changes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from studio.backends.cache import WarmCache
from studio.core.authoring import Generator, describe
from studio.core.generator import NewArtifact
from studio.core.params import validate
from studio.core.recipe import Numerics, Recipe
from studio.jobs.run import RunEvent, RunNote, RunNumbers, RunPreview, RunProgress, RunText, execute

__all__ = ["Result", "RunGenerator", "run_generator"]


@dataclass
class Result:
    """What a run made and said."""

    artifacts: list[NewArtifact] = field(default_factory=list)
    progress: list[RunProgress] = field(default_factory=list)
    previews: list[bytes] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    """What was streamed, by draft."""
    numbers: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class RunGenerator(Protocol):
    def __call__(
        self,
        generator: type[Generator],
        params: Mapping[str, Any] | None = None,
        *,
        inputs: Mapping[str, Path] | None = None,
        models: Mapping[str, Path] | None = None,
        seed: int = 0,
        device: str = "cpu",
        threads: int = 1,
        cancel_after: int | None = None,
        kept: Path | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Result:
        """Runs a generator as the studio does, without a worker, and returns what it made.

        Params are completed with their defaults. `cancel_after` cancels once it has asked that often whether
        to go on (each `progress`, `preview` and `check` asks). `kept` is what an earlier run left there,
        `settings` what was set for its plugin.

        Raises:
            ValueError: the class breaks the contract.
            Cancelled: after `cancel_after`.
            Exception: whatever the generator raised.
        """


@pytest.fixture
def run_generator(tmp_path_factory: pytest.TempPathFactory) -> RunGenerator:
    """Runs a generator class for real. Objects of `run.warm` are kept within one test."""
    warm = WarmCache()

    def run(
        generator: type[Generator],
        params: Mapping[str, Any] | None = None,
        *,
        inputs: Mapping[str, Path] | None = None,
        models: Mapping[str, Path] | None = None,
        seed: int = 0,
        device: str = "cpu",
        threads: int = 1,
        cancel_after: int | None = None,
        kept: Path | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Result:
        description = describe("test", generator)
        recipe = Recipe(
            generator=description.id,
            generator_version=description.version,
            params=validate(description.params_schema, params or {}),
            seed=seed,
            device=device,
            numerics=Numerics(threads=threads),
        )
        result = Result()
        asked = 0

        def emit(event: RunEvent) -> None:
            match event:
                case RunProgress():
                    result.progress.append(event)
                case RunPreview():
                    result.previews.append(event.image)
                case RunText():
                    result.texts[event.draft] = result.texts.get(event.draft, "") + event.text
                case RunNumbers():
                    result.numbers.update((number.name, number.value) for number in event.numbers)
                case RunNote():
                    result.notes.append(event.message)

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return cancel_after is not None and asked > cancel_after

        result.artifacts = execute(
            generator(),
            recipe,
            inputs or {},
            models or {},
            tmp_path_factory.mktemp("scratch"),
            kept or tmp_path_factory.mktemp("kept"),
            emit=emit,
            cancelled=cancelled,
            warm=warm,
            settings=lambda: settings or {},
        )
        return result

    return run
