"""Jobs held against the memory of machines that are not here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from studio import settings
from studio.backends.device import Memory
from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind
from studio.core.recipe import ModelUse, Recipe
from studio.errors import ModelRefused, OutOfMemory
from studio.jobs import admission
from studio.jobs.admission import admit, admit_values, machine_memory
from studio.jobs.estimate import History, work_of
from studio.jobs.weights import weights_of
from studio.models.store import Model, ModelStore
from studio.plugins.catalog import Catalog, PluginDescription
from studio.project.store import Project

GB = 1 << 30
GENERATOR = GeneratorDescription(
    id="test/paint",
    title="Paint",
    kind=Kind.IMAGE,
    version="1",
    summary="",
    inputs=(),
    params_schema={
        "properties": {
            "model": {"type": "string", "default": "", "x-ui": {"model": ["diffusers", "safetensors"]}},
            "steps": {"type": "integer", "default": 30, "x-ui": {"unit": "steps"}},
            "length": {"type": "integer", "default": 100, "x-ui": {"unit": "words"}},
            "drafts": {"type": "integer", "default": 3},
        }
    },
)
CATALOG = Catalog(
    plugins=(PluginDescription(name="test", distribution="test", version="1", generators=(GENERATOR,)),),
    devices=("cpu", "cuda:0"),
    device_memory={"cpu": 16 * GB, "cuda:0": 8 * GB},
)


def tensors(path: Path, numbers: int = 1000, dtype: Any = np.float16) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    safetensors.numpy.save_file({"a": np.ones(numbers, dtype)}, path)
    return path


def listed(path: Path, format: Any, files: list[str], size: int = 1000) -> Model:
    """As the store has it, without its checks."""
    from studio.models.listed import ModelFile

    known = tuple(ModelFile(name=name, digest="0" * 64, size=1, modified=0) for name in files)
    return Model(name=path.name, digest="1" * 64, format=format, path=path, size=size, files=known)


@pytest.fixture
def huge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model is as large as Stable Diffusion XL."""
    real = weights_of

    def larger(model: Model, spec: Any = None) -> Any:
        import msgspec

        return msgspec.structs.replace(real(model, spec), parameters=3_470_000_000, side=1024, largest=0.74)

    monkeypatch.setattr(admission, "weights_of", larger)


def on(monkeypatch: pytest.MonkeyPatch, **memory: Memory) -> None:
    monkeypatch.setattr(
        admission, "machine_memory", lambda *_: {"cpu": memory["cpu"], "cuda:0": memory["cuda"]}
    )


@pytest.mark.usefixtures("huge")
def test_a_recipe_is_held_against_the_device(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path / "models")
    model = store.add(tensors(tmp_path / "xl.safetensors"))
    recipe = Recipe(
        generator="test/paint",
        generator_version="1",
        params={"model": model.digest, "steps": 30},
        models={"model": ModelUse(name="xl", digest=model.digest)},
        device="cuda:0",
    )
    asked: dict[str, Any] = {"catalog": CATALOG, "models": store, "history": History(), "project": project}
    on(monkeypatch, cpu=Memory(16 * GB, 16 * GB), cuda=Memory(8 * GB, 8 * GB))
    found = admit(recipe, **asked)
    assert (found[0].plan.device, found[0].plan.offload) == ("cuda:0", "model")
    assert found[0].reason
    on(monkeypatch, cpu=Memory(4 * GB, 4 * GB), cuda=Memory(2 * GB, 2 * GB))
    with pytest.raises(OutOfMemory, match="larger than the memory"):
        admit(recipe, **asked)
    store.remove(model.name)
    with pytest.raises(ModelRefused, match="not in your list"):
        admit(recipe, **asked)


def test_a_form_is_told_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, cpu=Memory(16 * GB, 16 * GB), cuda=Memory(8 * GB, 8 * GB))
    small = listed(tensors(tmp_path / "m.safetensors"), "safetensors", ["m.safetensors"])
    params = {"model": small.digest, "steps": 30, "length": 100, "drafts": 2}
    history = History()
    asked: dict[str, Any] = {"catalog": CATALOG, "history": history}
    assert admit_values(GENERATOR, params, "cpu", used=[], **asked)[0].seconds is None
    history.add(work_of(GENERATOR, params, "cpu"), 12.0, GB)
    first = admit_values(GENERATOR, params, "cpu", used=[small], **asked)[0]
    assert first.seconds == 12.0
    assert first.words().startswith("Processor, fp32, about 12 s")
    preferred = params | {"model": ""}
    assert admit_values(GENERATOR, preferred, "cpu", used=[small], **asked)[0].seconds == 12.0
    other = params | {"model": "another"}
    assert admit_values(GENERATOR, other, "cpu", used=[small], **asked)[0].seconds is None


def test_lengths_and_drafts_are_read_from_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(admission, "choices", lambda demand, *_: seen.append(demand))
    params = {"model": "", "steps": 20, "length": 100, "drafts": 2}
    admit_values(GENERATOR, params, "cpu", used=[], catalog=CATALOG, history=History())
    assert (seen[0].steps, seen[0].tokens, seen[0].rows) == (20, 140, 2)


def test_our_own_workers_give_up_what_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "device_memory", lambda _: Memory(64 * GB, GB))
    assert machine_memory(CATALOG, worker=1)["cuda:0"] == Memory(8 * GB, 8 * GB)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        mine = machine_memory(CATALOG, worker=child.pid)["cpu"].free
        all_of_them = machine_memory(CATALOG)["cpu"].free
        another = machine_memory(CATALOG, worker=1)["cpu"].free
        child.communicate(b"\n")
    assert GB == another < mine <= all_of_them


def test_numbers_are_counted_in_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "sd"
    for name, count in (("unet/a.safetensors", 3000), ("vae/b.safetensors", 500)):
        tensors(folder / name, count, np.float32)
        tensors(folder / name.replace(".safetensors", ".fp16.safetensors"), count)
    tensors(folder / "safety_checker" / "c.safetensors", 9000)
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*.safetensors")]
    found = weights_of(listed(folder, "diffusers", files))
    assert (found.parameters, found.side) == (3500, 512)


def test_the_shape_of_language_models_is_read(tmp_path: Path) -> None:
    config = {
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "hidden_size": 640,
        "head_dim": 256,
        "num_hidden_layers": 18,
        "max_position_embeddings": 32768,
        "vocab_size": 1000,
    }
    folder = tmp_path / "llm"
    tensors(folder / "model.safetensors", 7000)
    (folder / "config.json").write_text(json.dumps(config))
    found = weights_of(listed(folder, "transformers", ["config.json", "model.safetensors"]))
    assert (found.parameters, found.cache, found.context) == (7000, 2 * 18 * 256, 32768)
    text = {
        "layers": 18,
        "kv_heads": 1,
        "head_size": 256,
        "context": 2048,
        "vocabulary": 99,
        "precision": "int4",
    }
    (folder / "text.json").write_text(json.dumps(text))
    found = weights_of(listed(folder, "onnx-text", [], size=600))
    assert (found.stored, found.cache, found.parameters, found.vocabulary) == ("int4", 2 * 18 * 256, 750, 99)


@pytest.mark.parametrize(("name", "each"), [("m-Q4_K_M", 0.6), ("m-q8_0", 1.06), ("m-BF16", 2), ("m", 0.6)])
def test_gguf_files_are_judged_by_their_names(tmp_path: Path, name: str, each: float) -> None:
    found = weights_of(listed(tmp_path / f"{name}.gguf", "gguf", [], size=6000))
    assert found.parameters == int(6000 / each)


@pytest.mark.parametrize("format", ["onnx", "onnx-text", "transformers", "safetensors", "diffusers", "gguf"])
def test_files_that_are_gone_or_damaged_are_no_trouble(tmp_path: Path, format: Any) -> None:
    assert weights_of(listed(tmp_path / "gone", format, ["a.safetensors"])).size == 1000
    for name in ("text.json", "config.json"):
        (tmp_path / name).write_bytes(b"[" * 10_000)
    (tmp_path / "a.safetensors").write_bytes(b"\xff" * 20)
    assert weights_of(listed(tmp_path, format, ["a.safetensors"])).parameters >= 0


def test_jobs_may_plan_with_no_more_than_the_person_lets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    monkeypatch.setattr(admission, "device_memory", lambda device: Memory(10 * GB, 8 * GB))
    monkeypatch.setattr(admission, "held_by", lambda worker: 0)
    assert machine_memory(CATALOG)["cpu"] == Memory(10 * GB, 8 * GB)
    chosen = settings.Settings(computer=settings.Computer(memory=50, graphics_memory=25))
    settings.save(chosen, tmp_path / "config")
    assert machine_memory(CATALOG) == {
        **machine_memory(CATALOG),
        "cpu": Memory(5 * GB, 5 * GB),
        "cuda:0": Memory(2 * GB, 2 * GB),
    }
