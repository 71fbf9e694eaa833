"""Models by name, digest and path; changed ones are noticed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from studio.core.model import Licence
from studio.core.params import ModelRule
from studio.errors import ModelRefused
from studio.models.store import Consent, ModelStore


def tensors(path: Path, value: float = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    safetensors.numpy.save_file({"a": np.full(3, value, np.float32)}, path)
    return path


def folder(path: Path) -> Path:
    tensors(path / "unet" / "m.safetensors")
    (path / "model_index.json").write_text(json.dumps({"unet": ["diffusers", "UNet2DConditionModel"]}))
    return path


def test_a_model_is_found_by_name_digest_and_path(store: ModelStore, tmp_path: Path) -> None:
    path = tensors(tmp_path / "lama.safetensors")
    model = store.resolve(str(path), ("safetensors",))
    assert model.name == "lama"
    assert model.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert model.size == path.stat().st_size
    assert store.resolve("lama", ()) == store.resolve(model.digest, ()) == model
    assert store.path(model.digest) == path
    assert ModelStore(tmp_path / "store").models(["safetensors"]) == [model]
    assert store.models(["onnx"]) == []


def test_words_for_what_is_not_there(store: ModelStore, tmp_path: Path) -> None:
    for value in ("", "nothing", "0" * 64, "a" * 300, "a\0b"):
        with pytest.raises(ModelRefused, match="There is no model"):
            store.resolve(value, ())
    store.add(tensors(tmp_path / "a.safetensors"))
    with pytest.raises(ModelRefused, match="format safetensors; needed is onnx"):
        store.resolve("a", ("onnx",))
    with pytest.raises(ModelRefused, match="not in your list"):
        store.path("0" * 64)


def test_names_do_not_clash(store: ModelStore, tmp_path: Path) -> None:
    store.add(tensors(tmp_path / "1" / "m.safetensors", 1))
    second = store.add(tensors(tmp_path / "2" / "m.safetensors", 2))
    assert second.name == "m 2"
    with pytest.raises(ModelRefused, match="named “m”"):
        store.add(tensors(tmp_path / "3" / "x.safetensors", 3), name="m")


def test_adding_again_moves_a_model(store: ModelStore, tmp_path: Path) -> None:
    store.add(tensors(tmp_path / "a.safetensors"), name="mine", licence="MIT")
    moved = store.add(tensors(tmp_path / "elsewhere.safetensors"))
    assert (moved.name, moved.licence) == ("mine", "MIT")
    assert len(store.models()) == 1
    assert store.path(moved.digest).name == "elsewhere.safetensors"


def test_a_changed_file_is_noticed(store: ModelStore, tmp_path: Path) -> None:
    path = tensors(tmp_path / "a.safetensors")
    model = store.add(path)
    os.utime(path, ns=(1, 1))
    assert store.path(model.digest) == path  # touched only: read again, and the same
    tensors(path, 2)
    with pytest.raises(ModelRefused, match="changed since you added it"):
        store.path(model.digest)
    path.unlink()
    with pytest.raises(ModelRefused, match="not where it was"):
        store.path(model.digest)


def test_a_folder_is_one_model(store: ModelStore, tmp_path: Path) -> None:
    path = folder(tmp_path / "sd")
    model = store.add(path)
    assert (model.format, model.name, len(model.files)) == ("diffusers", "sd", 2)
    assert store.path(model.digest) == path
    assert store.add(folder(tmp_path / "copy")).digest == model.digest
    (tmp_path / "copy" / "more.json").write_text("{}")
    with pytest.raises(ModelRefused, match="changed"):
        store.path(model.digest)
    (tmp_path / "copy" / "more.json").rename(tmp_path / "copy" / "unet" / "pipeline.py")
    with pytest.raises(ModelRefused, match="can run programs"):
        store.path(model.digest)


def test_a_tokenizer_beside_a_file_is_a_part_of_the_model(store: ModelStore, tmp_path: Path) -> None:
    path = tensors(tmp_path / "sd" / "sd.safetensors")
    alone = store.add(path)
    words = tmp_path / "sd" / "tokenizer" / "vocab.json"
    words.parent.mkdir()
    words.write_text('{"a": 0}')
    with pytest.raises(ModelRefused, match="changed since you added it"):
        store.path(alone.digest)
    model = store.add(path)
    assert model.digest != alone.digest
    assert [file.name for file in model.files] == ["sd.safetensors", "tokenizer/vocab.json"]
    assert store.path(model.digest) == path
    words.write_text('{"b": 0}')
    with pytest.raises(ModelRefused, match="changed since you added it"):
        store.path(model.digest)
    assert store.add(path).digest not in (alone.digest, model.digest)
    (words.parent / "tokenizer.py").write_text("")
    with pytest.raises(ModelRefused, match="can run programs"):
        store.add(path)


def test_several_programs_may_add_at_the_same_time(tmp_path: Path) -> None:
    for n in range(24):
        tensors(tmp_path / f"{n % 3}" / f"model {n}.safetensors", n)
    script = (
        "import sys; from pathlib import Path; from studio.models.store import ModelStore\n"
        "for file in Path(sys.argv[2]).iterdir(): ModelStore(Path(sys.argv[1])).add(file)"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path / "store", tmp_path / str(n)])
        for n in range(3)
    ]
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    names = {model.name for model in ModelStore(tmp_path / "store").models()}
    assert names == {f"model {n}" for n in range(24)}


def test_remove_forgets_and_leaves_the_file(store: ModelStore, tmp_path: Path) -> None:
    path = tensors(tmp_path / "a.safetensors")
    store.add(path)
    store.remove("a")
    assert store.models() == []
    assert path.exists()


def test_a_damaged_list_is_said_in_words(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "models.json").write_text("{")
    with pytest.raises(ModelRefused, match="list of models is damaged"):
        store.models()


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
def test_a_file_whose_name_is_no_text_is_refused(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match="not text in UTF-8"):
        store.add(tensors(tmp_path / "a.safetensors").rename(tmp_path / "\udcff.safetensors"))
    assert store.models() == []


@pytest.mark.parametrize(
    "text", ['{"models": [{"name": 3}]}', '{"models": [], "more": 1}', "\xff", "[" * 100_000, "null"]
)
def test_a_list_of_other_things_is_damaged_too(store: ModelStore, tmp_path: Path, text: str) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "models.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelRefused, match="list of models is damaged"):
        store.models()


def licensed() -> Licence:
    return Licence(id="MIT", title="MIT License", text="Do as you like.")


def test_a_model_of_the_studio_goes_with_its_entry(store: ModelStore, tmp_path: Path) -> None:
    folder = store.new_folder("My model / 1")
    assert folder.parent == store.folder / "files" and folder.name == "My-model-1"
    path = tensors(folder / "a.safetensors")
    consent = Consent.to(licensed())
    model = store.add(path, suggested="Mine", spec="p/mine", managed=True, consent=consent)
    assert (model.name, model.spec, model.consent) == ("Mine", "p/mine", consent)
    assert (consent.licence, consent.digest) == ("MIT", licensed().digest)
    assert store.installed("p/mine") == [model]
    store.remove("Mine")
    assert not folder.exists()
    assert list((store.folder / "files").iterdir()) == []


def test_only_what_is_in_the_studios_own_folder_is_deleted(store: ModelStore, tmp_path: Path) -> None:
    path = tensors(tmp_path / "elsewhere" / "a.safetensors")
    store.add(path, managed=True)
    (store.folder / "files").mkdir()
    store.remove("a")
    assert path.exists()
    inside = tensors(store.folder / "files" / "b.safetensors")
    store.add(inside, managed=True)
    store.remove("b")
    assert inside.exists()  # a file beside the models' folders is nobody's folder


def test_the_studios_folder_may_move(store: ModelStore, tmp_path: Path) -> None:
    model = store.add(tensors(store.new_folder("m") / "a.safetensors"), managed=True)
    store.folder.rename(tmp_path / "stick")
    moved = ModelStore(tmp_path / "stick")
    assert moved.path(model.digest) == tmp_path / "stick" / "files" / "m" / "a.safetensors"
    assert "stick" not in (tmp_path / "stick" / "models.json").read_text("utf-8")


def test_adding_a_copy_does_not_take_the_studios_own(store: ModelStore, tmp_path: Path) -> None:
    own = store.add(tensors(store.new_folder("m") / "a.safetensors"), spec="p/m", managed=True)
    copy = tensors(tmp_path / "a.safetensors")
    again = store.add(copy, licence="MIT")
    assert (again.path, again.managed, again.spec, again.licence) == (own.path, True, "p/m", "MIT")
    own.path.write_bytes(b"?")
    other = store.add(copy)
    assert (other.path, other.managed) == (copy, False)
    assert not own.path.exists()


def test_fetching_what_was_added_makes_it_the_studios(store: ModelStore, tmp_path: Path) -> None:
    mine = tensors(tmp_path / "a.safetensors")
    store.add(mine, name="mine")
    fetched = store.add(tensors(store.new_folder("m") / "a.safetensors"), suggested="M", managed=True)
    assert (fetched.name, fetched.managed) == ("mine", True)
    assert mine.exists() and len(store.models()) == 1


def test_what_was_converted_comes_after_what_was_fetched(store: ModelStore, tmp_path: Path) -> None:
    made = store.add(
        tensors(tmp_path / "made.safetensors", 2), spec="p/m", derived_from="0" * 64, made_by="c"
    )
    base = store.add(tensors(tmp_path / "base.safetensors"), spec="p/m")
    assert store.installed("p/m") == [base, made]
    assert store.installed("p/other") == []


def test_the_models_of_a_field_in_order_of_preference(store: ModelStore, tmp_path: Path) -> None:
    assert store.fitting(ModelRule(("safetensors",))) == []
    old = store.add(tensors(tmp_path / "old.safetensors"))
    new = store.add(tensors(tmp_path / "new.safetensors", 2))
    whole = store.add(folder(tmp_path / "sd"))
    assert store.fitting(ModelRule(("safetensors", "diffusers"))) == [new, old, whole]
    assert store.fitting(ModelRule(("diffusers", "safetensors"))) == [whole, new, old]


def test_models_that_follow_instructions_come_first(store: ModelStore, tmp_path: Path) -> None:
    follows = store.add(tensors(tmp_path / "a.safetensors"), instruct=True)
    unknown = store.add(tensors(tmp_path / "b.safetensors", 2))
    base = store.add(tensors(tmp_path / "c.safetensors", 3), instruct=False)
    assert store.fitting(ModelRule(("safetensors",))) == [follows, unknown, base]
    assert store.fitting(ModelRule(("safetensors",), instruct=True)) == [follows, unknown]
    assert store.add(base.path).instruct is False  # adding again forgets nothing


def test_pins_stay_when_the_model_goes(store: ModelStore, tmp_path: Path) -> None:
    assert store.pinned("file") == ""
    store.pin("file", "a" * 64)
    store.add(tensors(tmp_path / "a.safetensors"))
    store.remove("a")
    assert store.pinned("file") == "a" * 64


def test_no_model_is_loaded_by_a_library_that_is_too_old(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise ModelRefused("torch 2.9 is too old.")

    model = store.add(tensors(tmp_path / "a.safetensors"))
    monkeypatch.setattr("studio.models.store.check_floors", refuse)
    with pytest.raises(ModelRefused, match="too old"):
        store.path(model.digest)


def test_a_conversion_that_is_made_again_takes_the_place_of_the_first(store: ModelStore) -> None:
    first = store.add(tensors(store.new_folder("m") / "a.safetensors"), suggested="M (int4)", managed=True)
    second = store.add(tensors(store.new_folder("m") / "a.safetensors"), suggested="M (int4)", managed=True)
    assert (second.name, second.digest) == (first.name, first.digest)
    assert second.path != first.path and not first.path.parent.exists()
    assert store.models() == [second]
