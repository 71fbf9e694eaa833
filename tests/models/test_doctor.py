"""The doctor's report: who is ready, what is missing, what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind
from studio.core.model import ConverterDescription
from studio.errors import ModelRefused, StudioError
from studio.models.doctor import Report, examine, problems_of
from studio.models.fetch import Sources, install
from studio.models.floors import Floor
from studio.models.store import Consent, Model, ModelStore

from .conftest import sha256, spec_of, weights, write_files

DATA = weights(1000)
SPEC = msgspec.structs.replace(
    spec_of({"a.gguf": DATA}, format="gguf"), id="text/small", kind=Kind.TEXT, starter=True
)
TO_ONNX = ConverterDescription(
    id="text/onnx", title="ONNX", sources=("gguf",), target="onnx-text", precisions=("int4",)
)


def generator(
    id: str, kind: str, *formats: str, needs: bool = False, listed: bool = True, instruct: bool = False
) -> GeneratorDescription:
    ui = {"model": list(formats), "needs_model": needs, "instruct": instruct}
    field = {"type": "string", "default": "", "x-ui": ui}
    return GeneratorDescription(
        id=id,
        title=id,
        kind=kind,
        version="1",
        summary="",
        inputs=(),
        params_schema={"properties": {"model": field} if formats else {}},
        listed=listed,
    )


GENERATORS = (
    generator("image/fill", Kind.IMAGE, "onnx"),
    generator("text/write", Kind.TEXT, "onnx-text", needs=True),
    generator("text/gguf", Kind.TEXT, "gguf", needs=True),
    generator("text/hidden", Kind.TEXT, "gguf", needs=True, listed=False),
    generator("image/paint", Kind.IMAGE, "diffusers", needs=True),
)


def model(format: str, name: str = "m") -> Model:
    return Model(name=name, digest=sha256(name.encode()), format=format, path=Path("/m"), size=5, files=())


def report(models: list[Model], **more: Any) -> Report:
    known: dict[str, Any] = {
        "generators": GENERATORS,
        "specs": {SPEC.id: SPEC},
        "converters": [TO_ONNX],
        "problems": {},
        "unfit": {},
        "floors": (Floor("torch", "2.10", "2.13"), Floor("onnx", "1.21", "")),
        "plugins": {},
        "notes": [],
        "devices": {"cpu": 8},
        "providers": (),
        "disk_free": 9,
    }
    return examine(models=models, **{**known, **more})


def test_a_fresh_machine_names_every_missing_file_with_size_and_digest() -> None:
    found = report([])
    assert {state.id: state.ready for state in found.generators} == {
        "image/fill": True, "text/write": False, "text/gguf": False, "image/paint": False,
    }  # fmt: skip
    wanted = {state.id: state.wanted for state in found.generators}
    assert wanted["text/write"] == wanted["text/gguf"] == ("text/small",)  # as it is, or once converted
    assert wanted["image/paint"] == ()
    (missing,) = found.missing
    assert missing.recommended
    assert [(file.name, file.size, file.sha256) for file in missing.files] == [
        ("a.gguf", len(DATA), sha256(DATA))
    ]
    assert found.sound and not found.ready


def test_models_make_generators_ready() -> None:
    found = report([model("onnx-text"), model("gguf", "g"), model("diffusers", "d")])
    assert found.ready and found.sound
    assert found.missing == ()
    assert {state.id: state.models for state in found.generators}["text/gguf"] == ("g",)


def test_a_base_model_makes_nothing_ready_that_needs_instructions() -> None:
    rewrite = generator("text/rewrite", Kind.TEXT, "onnx-text", needs=True, instruct=True)
    base = msgspec.structs.replace(model("onnx-text"), instruct=False)
    better = msgspec.structs.replace(SPEC, id="text/better", instruct=True)
    specs = {SPEC.id: SPEC, better.id: better}
    (state,) = report([base], generators=[rewrite], specs=specs).generators
    assert (state.ready, state.models, state.wanted) == (False, (), ("text/better",))
    follows = msgspec.structs.replace(base, instruct=True)
    assert report([follows], generators=[rewrite], specs=specs).ready


def test_a_broken_model_makes_nothing_ready() -> None:
    broken = model("gguf", "g")
    why = {broken.digest: ModelRefused("It changed.", "Get it again.")}
    found = report([broken], problems=why)
    assert not found.sound
    assert [(state.problem, state.hint) for state in found.models] == [("It changed.", "Get it again.")]
    assert {state.id: state.ready for state in found.generators}["text/gguf"] is False
    assert found.missing


def test_what_else_makes_it_unsound_and_what_does_not() -> None:
    assert not report([], floors=(Floor("torch", "2.10", "2.9"),)).sound
    assert not report([], plugins={"broken": "It cannot be imported."}).sound
    assert report([model("onnx")], unfit={sha256(b"m"): "Too large."}, notes=["A note."]).sound


def test_models_are_looked_at(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    files = {"small.safetensors": weights()}
    found = install(
        spec_of(files), store, Sources(local=write_files(tmp_path / "mine", files)), consent=consent
    )
    assert problems_of(store) == {}
    found.path.write_bytes(b"?")
    (problem,) = problems_of(store).values()
    assert isinstance(problem, StudioError) and problem.hint
