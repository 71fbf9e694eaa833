"""The models that plugins offer, joined with those that are here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from studio.core.kind import Kind
from studio.core.model import Need, SpecFile
from studio.core.params import ModelRule
from studio.models.listed import Model, ModelFile
from studio.ui.models.shelf import OWN, Entry, State, fit_of, reaches, recommended, shelf
from studio.ui.models.words import commercial_words, fit_words, row_words, size_words, sources_words, state_of
from tests.ui.model_building import APACHE, GB, GEMMA, spec, text_catalog

MEMORY = {"cpu": 24 * GB}


def model(name: str, number: int = 1, **values: object) -> Model:
    digest = f"{number:064x}"
    file = ModelFile(name=f"{name}.gguf", digest=digest, size=1000, modified=0)
    given = {"format": "gguf", "path": Path(f"/models/{name}.gguf"), "size": 1000, "files": (file,)}
    return Model(name=name, digest=digest, **given | values)  # type: ignore[arg-type]


def entry(key: str, *models: Model, part: int = 0) -> Entry:
    found = shelf(text_catalog(), models, MEMORY, lambda _: part)
    return next(one for one in found if one.key == key)


def test_a_model_is_available_then_here_then_prepared() -> None:
    assert entry("text/gemma").state is State.AVAILABLE
    assert entry("text/gemma", part=90).state is State.PARTIAL
    source = model("Gemma", spec="text/gemma")
    assert entry("text/gemma", source).state is State.UNPREPARED
    made = model("Gemma int4", 2, spec="text/gemma", derived_from=source.digest, format="onnx-text")
    both = entry("text/gemma", source, made)
    assert both.state is State.READY and both.models == (source, made)
    alone = entry("text/gemma", made)
    assert alone.state is State.READY and alone.source is None


def test_what_nothing_can_be_made_of_is_ready_at_once() -> None:
    own = model("photo", format="onnx")
    found = entry(OWN + own.digest, own)
    assert found.state is State.READY and found.kind == Kind.IMAGE
    assert [one.id for one in found.users] == ["test/one"]


def test_own_models_stand_with_what_was_made_of_them() -> None:
    own = model("mine")
    made = model("mine int4", 2, derived_from=own.digest, format="onnx-text")
    found = shelf(text_catalog(), [own, made], MEMORY)
    assert [one.title for one in found] == [
        "mine",
        "Gemma 3 270M",
        "Large writer 70B",
        "Qwen2.5 Coder 1.5B Instruct",
    ]
    assert found[0].prepared == (made,) and found[0].kind == Kind.TEXT


def test_an_orphan_that_was_made_of_a_model_is_listed_by_itself() -> None:
    made = model("mine int4", derived_from="f" * 64, format="onnx-text")
    found = entry(OWN + made.digest, made)
    assert found.source == made and found.converters == () and found.state is State.READY


def test_generators_of_the_own_plugin_use_it() -> None:
    assert [one.id for one in entry("text/gemma").users] == ["text/write", "text/rewrite"]


def test_what_is_recommended_is_what_a_field_takes() -> None:
    catalog = text_catalog()
    rule = ModelRule(("onnx-text",))
    found = recommended(catalog, rule)
    assert found is not None and found.id == "text/gemma"
    assert recommended(catalog, ModelRule(("diffusers",))) is None
    assert reaches(catalog, rule, "gguf", False) and not reaches(catalog, rule, "onnx", False)
    assert not reaches(catalog, ModelRule(("onnx-text",), instruct=True), "gguf", False)


needs = st.lists(
    st.builds(
        Need,
        device=st.sampled_from(["cpu", "cuda"]),
        precision=st.sampled_from(["int4", "fp16"]),
        memory=st.integers(1, 100 * GB),
    ),
    max_size=4,
)


@given(needs, st.integers(0, 100 * GB), st.integers(1, 100 * GB), st.integers(0, 100 * GB))
def test_it_fits_if_one_of_its_needs_is_met(needs: list[Need], size: int, main: int, card: int) -> None:
    memory = {"cpu": main} | ({"cuda:0": card} if card else {})
    fit = fit_of(needs, size, memory)
    there = {"cpu": main, "cuda": card}
    if needs:
        assert fit.ok == any(need.memory <= there[need.device] for need in needs)
        assert any(fit.needed == need.memory for need in needs)
    else:
        assert fit.device == "cpu" and fit.needed >= size


def test_the_words_tell_why(qapp: object) -> None:
    large = entry("text/large")
    assert state_of(large)[0] == "Too large for this computer"
    assert (
        fit_words(large.fit) == "Does not fit: it needs about 45 GB (Processor, int4), and there are 22 GB."
    )
    assert fit_words(entry("text/gemma").fit) == "Fits: about 560 MB of 22 GB (Processor, int4)"
    assert row_words(entry("text/gemma", part=90_000_000)).startswith("90.0 MB of 253.1 MB are here")


@pytest.mark.parametrize(
    ("commercial", "words"), [("yes", "Allowed."), ("no", "Not allowed."), ("conditions", "Allowed on")]
)
def test_commercial_use_is_said(commercial: str, words: str) -> None:
    assert commercial_words(replace(APACHE, commercial=commercial)).startswith(words)
    assert GEMMA.note in commercial_words(GEMMA)


def test_sources_are_named_in_their_order() -> None:
    qwen = text_catalog().models["text/qwen"]
    hub, wheels = sources_words(qwen)
    assert hub == "Model hub: Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF, version 0123456789ab"
    assert wheels == "Python packages: qwen-part1 0.1.0 and 3 more"


def test_an_unknown_size_is_said() -> None:
    made = spec("some", "Some")
    unknown = SpecFile(name="more.json", size=0, wheels=made.files[0].wheels)
    assert size_words(replace(made, files=(*made.files, unknown))) == "more than 253.1 MB"
    assert size_words(replace(made, files=(unknown,))) == "size not known"
