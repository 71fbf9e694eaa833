"""Models by name, digest and path; changed ones are noticed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from studio.core.model import Licence
from studio.core.params import ModelRule
from studio.errors import DiskFull, ModelRefused, StudioError
from studio.models.model_files import is_whole
from studio.models.safety import inspect
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


def own_folder(store: ModelStore) -> Path:
    with store.making("m") as folder:
        return folder


def licensed() -> Licence:
    return Licence(id="MIT", title="MIT License", text="Do as you like.")


def test_a_model_of_the_studio_goes_with_its_entry(store: ModelStore, tmp_path: Path) -> None:
    consent = Consent.to(licensed())
    with store.making("My model / 1") as folder:
        assert folder.parent == store.folder / "files" and folder.name == "My-model-1"
        path = tensors(folder / "a.safetensors")
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
    model = store.add(tensors(own_folder(store) / "a.safetensors"), managed=True)
    store.folder.rename(tmp_path / "stick")
    moved = ModelStore(tmp_path / "stick")
    assert moved.path(model.digest) == tmp_path / "stick" / "files" / "m" / "a.safetensors"
    assert "stick" not in (tmp_path / "stick" / "models.json").read_text("utf-8")


def test_adding_a_copy_does_not_take_the_studios_own(store: ModelStore, tmp_path: Path) -> None:
    own = store.add(tensors(own_folder(store) / "a.safetensors"), spec="p/m", managed=True)
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
    fetched = store.add(tensors(own_folder(store) / "a.safetensors"), suggested="M", managed=True)
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
    first = store.add(tensors(own_folder(store) / "a.safetensors"), suggested="M (int4)", managed=True)
    second = store.add(tensors(own_folder(store) / "a.safetensors"), suggested="M (int4)", managed=True)
    assert (second.name, second.digest) == (first.name, first.digest)
    assert second.path != first.path and not first.path.parent.exists()
    assert store.models() == [second]


def test_what_a_killed_program_left_goes(store: ModelStore, tmp_path: Path) -> None:
    """A folder that was being written, one that was being deleted; not one that somebody writes still, nor
    what the list names."""
    files = store.folder / "files"
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(store.folder)], check=False, capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (files / ".0123abcd.leaving").mkdir()
    assert (files / "half" / "weights").exists() and len(store.models()) == 1
    with store.making("half") as mine:
        assert sorted(path.name for path in files.iterdir()) == [".half.unfinished", "done", "half"]
        assert list(mine.iterdir()) == []
        with store.making("half") as other:
            assert other.name == "half-2" and mine.exists()
        store.remove("nothing")
        assert mine.exists()
    assert sorted(path.name for path in files.iterdir()) == ["done", "half", "half-2"]
    assert store.path(store.models()[0].digest)


_KILLED = """
import os, signal, sys
from pathlib import Path
import numpy, safetensors.numpy
from studio.models.store import ModelStore

store = ModelStore(Path(sys.argv[1]))
with store.making("done") as done, store.making("half") as half:
    safetensors.numpy.save_file({"a": numpy.zeros(3)}, done / "a.safetensors")
    store.add(done / "a.safetensors", managed=True)
    (half / "weights").write_bytes(b"?" * 1000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_fails_leaves_nothing(store: ModelStore) -> None:
    with pytest.raises(RuntimeError), store.making("m"):
        raise RuntimeError
    assert list((store.folder / "files").iterdir()) == []


@pytest.mark.parametrize("name", ["名" * 150, "x" * 1000, "aux", "../..", "...", "a/b\\c:d", "\ud800", ""])
def test_any_name_gives_a_folder(store: ModelStore, name: str) -> None:
    with store.making(name) as folder:
        assert folder.parent == store.folder / "files"
        assert 0 < len(folder.name.encode()) <= 120 and folder.name.casefold() != "aux"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\nb\tc  d", "a b c d"),
        ("x" * 300, "x" * 100),
        ("\x1b[31mred\u202e", "[31mred"),
        ("  ", "a"),
        ("Gemüse 名前 \U0001f469\u200d\U0001f33e", "Gemüse 名前 \U0001f469\u200d\U0001f33e"),
    ],
)
def test_a_name_is_a_line_of_text(store: ModelStore, tmp_path: Path, given: str, kept: str) -> None:
    path = tensors(tmp_path / "a.safetensors")
    model = store.add(path, name=given, licence="MIT\n\x1b")
    assert (model.name, model.licence) == (kept, "MIT")
    assert store.free_name(given) == ("model" if kept == "a" else f"{kept} 2")


def test_a_file_that_is_still_being_written_is_refused(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found harmless is what counts: not what lies there a moment later."""
    path = tensors(tmp_path / "a.safetensors")

    def swapped(file: Path) -> object:
        found = inspect(file)
        tensors(path, 2)
        return found

    monkeypatch.setattr("studio.models.model_files.inspect", swapped)
    with pytest.raises(ModelRefused, match="changed while it was read"):
        store.add(path)
    assert store.models() == []


def test_links_beside_one_model_do_not_trouble_the_others(store: ModelStore, tmp_path: Path) -> None:
    model = store.add(tensors(tmp_path / "m" / "a.safetensors"))
    (tmp_path / "m" / "tokenizer").symlink_to(tmp_path)
    assert not is_whole(model)
    with pytest.raises(ModelRefused, match="is a link"):
        store.path(model.digest)


@pytest.mark.skipif(os.name == "nt", reason="the call is fcntl's")
@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, DiskFull, "list of models was not saved"),
        (errno.EROFS, StudioError, "refused .read-only file system"),
    ],
)
def test_a_list_that_cannot_be_saved_is_said(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type, words: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    first = store.add(tensors(tmp_path / "a.safetensors"))
    with monkeypatch.context() as patched:
        patched.setattr("studio.models.listed.sync_file", refuse)
        with pytest.raises(kind, match=words) as caught:
            store.add(tensors(tmp_path / "b.safetensors", 2))
        assert caught.value.hint
    assert store.models() == [first]
    assert sorted(path.name for path in store.folder.iterdir()) == ["models.json", "models.lock"]


def test_a_list_that_cannot_be_read_or_locked_is_said(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "store" / "models.json").mkdir(parents=True)
    with pytest.raises(ModelRefused, match="cannot be read") as caught:
        store.models()
    assert "models.json" in caught.value.hint
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="list of models was not saved"):
        ModelStore(tmp_path / "file" / "models").pin("a", "0" * 64)


def test_the_studios_files_come_back_after_the_list_was_lost(store: ModelStore) -> None:
    path = tensors(own_folder(store) / "a.safetensors")
    store.add(path, managed=True)
    (store.folder / "models.json").write_text("{")
    with pytest.raises(ModelRefused) as caught:
        store.models()
    assert str(store.folder / "models.json") in caught.value.hint and "files" in caught.value.hint
    (store.folder / "models.json").unlink()
    assert store.add(path).managed
    store.remove("a")
    assert not path.exists()
