"""What a job will cost, from what the last ones did."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from studio.core import images
from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription, NewArtifact
from studio.core.kind import Kind
from studio.core.params_base import Params
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.jobs.estimate import Cost, History, Work, work_of
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.plugins.catalog import Catalog, PluginDescription
from studio.project.store import Project


class Ways(Params):
    method: Literal["quick", "good"] = "quick"
    steps: Annotated[int, Field(ge=1), Ui(unit="steps", when=("method", ("good",)))] = 20
    prompt: str = ""


GENERATOR = GeneratorDescription(
    id="test/ways",
    title="Ways",
    kind=Kind.TEXT,
    version="1",
    summary="",
    inputs=(),
    params_schema=json_schema(Ways),
)


def test_work_is_told_by_its_way_and_by_the_steps_that_matter() -> None:
    quick = work_of(GENERATOR, {"method": "quick", "steps": 20}, "cpu", 100)
    good = work_of(GENERATOR, {"method": "good", "steps": 20, "prompt": "a lake"}, "cpu", 100)
    assert quick == Work("test/ways", "cpu", (("method", "quick"),), 100, None)
    assert good == Work("test/ways", "cpu", (("method", "good"),), 100, 20)


def test_nothing_is_known_of_another_way_or_device() -> None:
    history = History()
    history.add(Work("a/b", "cpu", (("method", "quick"),)), 3.0, 1000)
    assert history.expected(Work("a/b", "cpu", (("method", "good"),))) is None
    assert history.expected(Work("a/b", "cuda:0", (("method", "quick"),))) is None
    assert history.expected(Work("a/b", "cpu", (("method", "quick"),))) == Cost(3.0, 1000)


def test_the_last_five_count_and_one_slow_one_does_not_spoil_them() -> None:
    history = History()
    for seconds in (100, 4, 4, 90, 6, 7):
        history.add(Work("a/b", "cpu"), seconds, int(seconds) * 10)
    assert history.expected(Work("a/b", "cpu")) == Cost(6, 900)
    assert history.usual("a/b") == 6
    assert history.usual("a/c") is None


def test_a_larger_picture_and_more_steps_take_longer() -> None:
    history = History()
    history.add(Work("a/b", "cpu", pixels=1_000_000, steps=20), 10.0)
    assert history.expected(Work("a/b", "cpu", pixels=4_000_000, steps=10)) == Cost(20.0, None)
    assert history.expected(Work("a/b", "cpu")) == Cost(10.0, None)


def test_a_picture_is_looked_at_only_when_it_measures_another_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def probe(path: Path) -> tuple[int, int]:
        looked.append(path)
        if path.stem == "broken":
            raise BadInput("No picture.")
        return (1000, 1000) if path.stem == "small" else (2000, 2000)

    monkeypatch.setattr(images, "probe", probe)
    small, large, broken = (tmp_path / f"{name}.png" for name in ("small", "large", "broken"))
    history = History()
    assert history.expected(Work("a/b", "cpu", picture=small)) is None
    history.add(Work("a/b", "cpu", picture=small), 10.0)
    assert looked == []
    for _ in range(2):
        assert history.expected(Work("a/b", "cpu", picture=large)) == Cost(40.0, None)
        assert history.expected(Work("a/b", "cpu", pixels=500_000)) == Cost(5.0, None)
        assert history.expected(Work("a/b", "cpu", picture=broken)) == Cost(10.0, None)
    assert sorted(looked) == sorted([small, large, broken])


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.integers(1, 10**9)), min_size=1, max_size=9),
    st.none() | st.integers(1, 10**9),
)
def test_an_estimate_is_never_negative_and_scales_with_pixels(
    done: list[tuple[float, int | None]], pixels: int | None
) -> None:
    history = History()
    for seconds, size in done:
        history.add(Work("a/b", "cpu", pixels=size), seconds)
    cost = history.expected(Work("a/b", "cpu", pixels=pixels))
    assert cost is not None
    assert cost.seconds >= 0
    if pixels is not None and all(size is not None for _, size in done):
        twice = history.expected(Work("a/b", "cpu", pixels=2 * pixels))
        assert twice is not None
        assert twice.seconds == pytest.approx(2 * cost.seconds)


def test_a_project_is_remembered_from_earlier_days(tmp_path: Path) -> None:
    made = tmp_path / "brief.txt"
    made.write_text("words")
    with Project.create(tmp_path / "P.studio") as project:
        plugin = PluginDescription(name="test", distribution="d", version="1", generators=(GENERATOR,))
        catalog = Catalog(plugins=(plugin,), devices=("cpu",))
        runner = Runner(project, catalog, ModelStore(tmp_path / "models"), on_event=lambda event: None)
        params = {"method": "good", "steps": 20, "prompt": ""}
        runner.queue.submit(
            [Recipe(generator="test/ways", generator_version="1", params=params)], title="One"
        )
        job = runner.queue.claim()
        assert job is not None
        artifact = NewArtifact(made, Kind.TEXT)
        runner.queue.complete(job.id, [artifact], env={}, seconds=8.0, peak_memory=1000)
        runner.learn()
        expected = runner.history.expected(work_of(GENERATOR, {**params, "steps": 40}, "cpu"))
        assert expected == Cost(16.0, 1000)
        assert runner.expected("test/ways") == 8.0
