"""Streamed texts, live numbers, plans that get smaller, and conversions: from a generator to the shell."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.backends.plan import Choice
from studio.core.generator import Cancelled
from studio.core.item import JobState
from studio.core.model import Number, Plan
from studio.errors import ModelRefused, OutOfMemory, PluginError
from studio.jobs import wire
from studio.jobs.convert import convert
from studio.jobs.describe import discover
from studio.jobs.events import JobNumbers, JobPlanned, JobText
from studio.jobs.host import WorkerHost
from studio.models.store import Consent, Model, ModelStore
from studio.plugins.catalog import Catalog
from studio.project.store import Project

WRITER = '''
import json, time
from pathlib import Path
from studio.api import *

class WriterParams(Params):
    what: str = "write"

class Writer(Generator):
    """Writes."""
    name, title, kind, listed = "writer", "Writer", Kind.TEXT, False
    Params = WriterParams

    def generate(self, params, run):
        getattr(self, params.what)(params, run)
        path = run.scratch / "draft.md"
        path.write_text("done")
        yield NewArtifact(path, Kind.TEXT)

    def write(self, params, run):
        for word in ("One ", "two", " thr\\u00e9e\\ud800"):
            run.text(word, draft=0)
            run.text(word.upper(), draft=1)
        run.text("")
        run.numbers(Number("rate", "Rate", 12.5, "tok/s"), Number("odd", "Odd", float("inf")))
        run.numbers(Number("rate", "Rate", 13.0, "tok/s"))

    def long(self, params, run):
        run.text("x" * 200_000)

    def many(self, params, run):
        run.text("no", draft=64)

    def hungry(self, params, run):
        """Has enough memory for small numbers only."""
        assert not list(run.scratch.iterdir())
        run.text(f"in {run.plan.precision}", draft=0)
        (run.scratch / "half.md").write_text("half")
        if run.plan.precision == "fp32":
            raise MemoryError

    def greedy(self, params, run):
        raise MemoryError

class Double(Converter):
    name, title = "double", "Doubled"
    sources, target, precisions = ("onnx",), "onnx", ("int8", "int4")

    def convert(self, source, target, precision, run):
        for step in range(10):
            run.progress(step, 10, "Doubling")
        if precision == "int4":
            while True:
                run.progress(1, 2, "waiting")
                time.sleep(0.01)
        import onnx
        model = onnx.load(source)
        model.doc_string = "doubled"
        onnx.save(model, target / "doubled.onnx")

@hookimpl
def register_generators(): return [Writer]
@hookimpl
def register_converters(): return [Double]
@hookimpl
def register_models():
    return [ModelSpec(
        name="small", title="Small", kind=Kind.TEXT, family="gemma3", format="gguf",
        files=(SpecFile(name="small.gguf", size=4, sha256="0" * 64,
                        wheels=(WheelPart(distribution="small", version="1", member="*.gguf"),)),),
        licence=Licence(id="Apache-2.0", title="Apache 2.0", commercial="yes"),
    )]
@hookimpl
def plugin_notes(): return ["a template could not be read"]
'''


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, plugin_maker: Any) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("plugins")
    plugin_maker(folder, "writer", WRITER)
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "STUDIO_HOME": os.environ["STUDIO_HOME"]}


@pytest.fixture(scope="module")
def catalog(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return discover(tmp_path_factory.mktemp("catalog"), environment=environment)


def test_models_converters_and_notes_are_described(catalog: Catalog) -> None:
    spec = catalog.models["writer/small"]
    assert (spec.id, spec.size, spec.licence.commercial) == ("writer/small", 4, "yes")
    (converter,) = [found for found in catalog.converters("onnx") if found.id == "writer/double"]
    assert converter.precisions == ("int8", "int4")
    assert not catalog.generator("writer/writer").listed
    (row,) = [plugin for plugin in catalog.plugins if plugin.name == "writer"]
    assert row.notes == ("a template could not be read",)


@pytest.mark.slow
class TestRuns:
    @pytest.fixture
    def rig(
        self, project: Project, catalog: Catalog, environment: dict[str, str], tmp_path: Path
    ) -> Iterator[Any]:
        from tests.jobs.conftest import Rig

        rig = Rig(project, catalog, environment, ModelStore(tmp_path / "models"))
        rig.runner.start()
        yield rig
        rig.runner.stop()

    def run(self, rig: Any, what: str) -> Any:
        from studio.core.recipe import Recipe

        recipe = Recipe(generator="writer/writer", generator_version="1", params={"what": what})
        (job,) = rig.runner.submit([recipe], title=what)
        return rig.runner.wait([job.id], 100)[0]

    def streamed(self, rig: Any, draft: int) -> str:
        return "".join(
            event.text for event in rig.events if isinstance(event, JobText) and event.draft == draft
        )

    def test_texts_and_numbers_arrive_in_order(self, rig: Any) -> None:
        job = self.run(rig, "write")
        assert job.state is JobState.DONE
        assert self.streamed(rig, 0) == "One two thrée?"  # what is no text is replaced
        assert self.streamed(rig, 1).startswith("ONE TWO")
        told = [event.numbers for event in rig.events if isinstance(event, JobNumbers)]
        assert told[-1] == (Number("rate", "Rate", 13.0, "tok/s"),)
        assert [number["value"] for number in rig.queue.env(job.id)["numbers"]] == [13.0]

    def test_a_long_text_is_whole(self, rig: Any) -> None:
        self.run(rig, "long")
        assert self.streamed(rig, 0) == "x" * 200_000

    def test_too_many_drafts_are_the_plugins_fault(self, rig: Any) -> None:
        job = self.run(rig, "many")
        assert isinstance(job.error, PluginError)
        assert "draft 64" in job.error.message

    def test_the_plan_is_told_first(self, rig: Any) -> None:
        self.run(rig, "write")
        told = [event for event in rig.events if isinstance(event, JobPlanned | JobText)]
        assert isinstance(told[0], JobPlanned)
        assert told[0].choice.plan.device == "cpu"


def request(tmp_path: Path, what: str, choices: tuple[Choice, ...]) -> wire.RunJob:
    from studio.core.recipe import Recipe

    staging = tmp_path / "staging"
    (staging / "work").mkdir(parents=True)
    recipe = Recipe(generator="writer/writer", generator_version="1", params={"what": what})
    return wire.RunJob(
        job="a",
        recipe=recipe,
        inputs={},
        models={},
        staging=staging,
        kept=staging,
        language="en",
        choices=choices,
    )


@pytest.mark.slow
@pytest.mark.parametrize("what", ["hungry", "greedy"])
def test_out_of_memory_tries_the_next_smaller_plan(
    tmp_path: Path, environment: dict[str, str], what: str
) -> None:
    plans = (Plan(device="cpu", precision="fp32"), Plan(device="cpu", precision="bf16"))
    host = WorkerHost(on_line=lambda line: None, environment=environment)
    host.start()
    told: list[wire.Told] = []
    try:
        outcome = host.run(request(tmp_path, what, tuple(Choice(plan=plan) for plan in plans)), told.append)
    finally:
        host.stop()
    assert [message.choice.plan for message in told if isinstance(message, wire.Planned)] == list(plans)
    if what == "hungry":
        assert isinstance(outcome, wire.Done)
        assert outcome.env["plan"]["precision"] == "bf16"
        assert [made.path.name for made in outcome.artifacts] == ["draft.md"]
    else:
        assert isinstance(outcome, wire.Failed)
        assert isinstance(outcome.error.error(), OutOfMemory)


@pytest.mark.slow
class TestConversion:
    @pytest.fixture
    def store(self, tmp_path: Path) -> ModelStore:
        return ModelStore(tmp_path / "models")

    @pytest.fixture
    def model(self, store: ModelStore, tmp_path: Path) -> Model:
        from onnx import TensorProto, helper, save

        value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
        graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [value], [
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])])  # fmt: skip
        path = tmp_path / "source.onnx"
        save(helper.make_model(graph, ir_version=10), path)
        consent = Consent(licence="Apache-2.0", digest="1" * 64, time=1.0)
        return store.add(path, name="Source", licence="Apache-2.0", spec="writer/small", consent=consent)

    @pytest.fixture(autouse=True)
    def plugins(self, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])

    def test_the_result_is_kept_with_its_origin(
        self, store: ModelStore, model: Model, catalog: Catalog
    ) -> None:
        (converter,) = [found for found in catalog.converters("onnx") if found.id == "writer/double"]
        told: list[tuple[float, str]] = []
        made = convert(model, converter, "int8", store, threads=1, on_progress=lambda *a: told.append(a))
        assert told[0] == (0.0, "Doubling")
        assert (made.format, made.name, made.managed) == ("onnx", "Source (int8)", True)
        assert (made.derived_from, made.made_by) == (model.digest, "writer/double int8")
        assert (made.spec, made.licence, made.consent) == (model.spec, model.licence, model.consent)
        assert b"doubled" in store.path(made.digest).read_bytes()

    def test_it_can_be_cancelled_and_leaves_nothing(
        self, store: ModelStore, model: Model, catalog: Catalog
    ) -> None:
        (converter,) = [found for found in catalog.converters("onnx") if found.id == "writer/double"]
        stop = threading.Event()
        with pytest.raises(Cancelled):
            convert(
                model,
                converter,
                "int4",
                store,
                threads=1,
                on_progress=lambda fraction, words: stop.set() if words == "waiting" else None,
                cancelled=stop.is_set,
            )
        assert not list((store.folder / "files").iterdir())
        assert [kept.name for kept in store.models()] == ["Source"]

    def test_another_precision_is_refused(self, store: ModelStore, model: Model, catalog: Catalog) -> None:
        (converter,) = [found for found in catalog.converters("onnx") if found.id == "writer/double"]
        with pytest.raises(ModelRefused, match="int2"):
            convert(model, converter, "int2", store, threads=1, on_progress=lambda *a: None)
