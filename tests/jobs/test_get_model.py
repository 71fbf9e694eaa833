"""What `get_model` does after a model was fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core.model import ConverterDescription
from studio.errors import OutOfMemory
from studio.jobs import get_model as module
from studio.jobs.get_model import converter_for, get_model
from studio.models.fetch import Sources
from studio.models.store import Model, ModelStore
from studio.plugins.catalog import Catalog, PluginDescription

CONVERTER = ConverterDescription(
    id="text/onnx", title="ONNX", sources=("gguf",), target="onnx-text", precisions=("int4", "int8")
)
CATALOG = Catalog(
    plugins=(PluginDescription(name="text", distribution="x", version="1", converters=(CONVERTER,)),)
)
FETCHED = Model(name="m", digest="a" * 64, format="gguf", path=Path("/m"), size=1, files=())
MADE = Model(
    name="m (int4)",
    digest="b" * 64,
    format="onnx-text",
    path=Path("/n"),
    size=1,
    files=(),
    derived_from="a" * 64,
)


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []

    def convert(*arguments: Any, **_: Any) -> Model:
        calls.append(arguments)
        return MADE

    monkeypatch.setattr(module, "install", lambda *_, **__: FETCHED)
    monkeypatch.setattr(module, "convert", convert)
    return calls


def get(store: ModelStore, catalog: Catalog = CATALOG, **more: Any) -> module.Got:
    return get_model(None, store, catalog, Sources(), consent=None, threads=1, **more)  # type: ignore[arg-type]


def test_it_is_converted_once_in_the_usual_precision(
    converted: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path)
    assert get(store).converted == MADE
    assert converted == [(FETCHED, CONVERTER, "int4", store)]
    monkeypatch.setattr(store, "models", lambda: [FETCHED, MADE])
    assert get(store).converted == MADE
    assert len(converted) == 1


def test_it_is_left_as_it_came_where_that_was_asked_for_or_is_faster(
    converted: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    store = ModelStore(tmp_path)
    assert get(store, converts=False).converted is None
    assert get(store, Catalog()).converted is None
    assert get(store, Catalog(plugins=CATALOG.plugins, devices=("cpu", "cuda:0"))).converted is None
    assert converted == []
    assert converter_for(CATALOG, "onnx") is None


def test_a_model_that_cannot_be_converted_is_still_there(
    converted: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def convert(*_: Any, **__: Any) -> Model:
        raise OutOfMemory("Too large.")

    monkeypatch.setattr(module, "convert", convert)
    got = get(ModelStore(tmp_path))
    assert (got.model, got.converted, got.problem and got.problem.message) == (FETCHED, None, "Too large.")
