"""Moving the studio's own models: verified, stoppable at any byte, gone on with, and never lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from studio.errors import BadInput, DiskFull, ModelRefused, StudioError
from studio.models import moving
from studio.models.locks import locked
from studio.models.model_files import is_whole
from studio.models.moving import MARK, move
from studio.models.store import Model, ModelStore


def tensors(path: Path, width: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    safetensors.numpy.save_file({"a": np.ones((2, width), np.float32)}, path)
    return path


class StopError(Exception):
    pass


@pytest.fixture
def models(store: ModelStore, tmp_path: Path) -> list[Model]:
    """Two of the studio's own, and one that was added."""
    own = []
    for name, width in (("first", 4), ("second", 8)):
        with store.making(name) as folder:
            (folder / "LICENCE.txt").write_text("MIT")
            own.append(store.add(tensors(folder / f"{name}.safetensors", width), managed=True))
    store.add(tensors(tmp_path / "mine" / "mine.safetensors", 16))
    return own


@pytest.fixture(params=["same disk", "other disk"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "other disk":
        monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    return request.param


def quiet(done: float, total: float, name: str) -> None:
    pass


def everything_is_there(store: ModelStore, models: list[Model]) -> None:
    for model in models:
        path = store.path(model.digest)
        now = next(one for one in store.models() if one.digest == model.digest)
        assert is_whole(now) and path.is_file() and (path.parent / "LICENCE.txt").read_text() == "MIT"


def test_models_move_and_new_ones_follow(
    store: ModelStore, models: list[Model], tmp_path: Path, disk: str
) -> None:
    old, target = store.place, tmp_path / "other" / "models"
    told: list[float] = []
    assert move(store, target, lambda done, total, name: told.append(done / total)) == 2
    assert told == sorted(told) and told[-1] == 1
    everything_is_there(store, models)
    assert store.place == target == store.work
    assert all(store.path(model.digest).is_relative_to(target) for model in models)
    assert not [path for path in old.iterdir() if path.is_dir()]
    assert (tmp_path / "mine" / "mine.safetensors").is_file()
    with store.making("third") as folder:
        assert folder.parent == target
        store.add(tensors(folder / "third.safetensors", 32), managed=True)
    store.remove("third")
    assert sorted(path.name for path in target.iterdir()) == ["first", "second", MARK]
    assert move(store, target, quiet) == 0
    assert move(store, old, quiet) == 2, "and back again"
    everything_is_there(store, models)
    assert store.work == store.folder and '"places"' not in (store.folder / "models.json").read_text()


@pytest.mark.parametrize("stop_at", range(12))
def test_a_move_that_is_stopped_leaves_all_usable_and_goes_on(
    store: ModelStore, models: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    monkeypatch.setattr(moving, "CHUNK", 64)
    target, asked = tmp_path / "other", 0

    def tell(done: float, total: float, name: str) -> None:
        nonlocal asked
        asked += 1
        if asked > stop_at:
            raise StopError

    with pytest.raises(StopError):
        move(store, target, tell)
    everything_is_there(store, models)
    another = ModelStore(store.folder)
    move(another, target, quiet)
    everything_is_there(another, models)
    assert sorted(path.name for path in target.iterdir()) == ["first", "second", MARK]


def test_what_is_there_already_is_not_written_again(
    store: ModelStore, models: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    written: list[str] = []
    real = moving._write

    def write(source: Path, copy: Path, *rest: object) -> str:
        written.append(source.name)
        if source.name == "second.safetensors" and written.count("second.safetensors") == 1:
            real(source, copy, *rest)  # type: ignore[arg-type]
            raise StopError
        return real(source, copy, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "_write", write)
    with pytest.raises(StopError):
        move(store, tmp_path / "other", quiet)
    written.clear()
    move(store, tmp_path / "other", quiet)
    assert "first.safetensors" not in written and "second.safetensors" not in written


def test_other_bytes_are_refused_and_the_model_stays(
    store: ModelStore, models: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    path = store.path(models[0].digest)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelRefused, match="other bytes"):
        move(store, tmp_path / "other", quiet)
    assert path.read_bytes() == data


def test_a_copy_that_a_disk_spoils_is_noticed(
    store: ModelStore, models: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    monkeypatch.setattr(moving, "_read", lambda *_: "0" * 64)
    with pytest.raises(ModelRefused, match="did not arrive"):
        move(store, tmp_path / "other", quiet)
    everything_is_there(store, models)


def test_where_they_do_not_belong_is_refused(
    store: ModelStore, models: list[Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x")
    for target in (tmp_path / "photos", store.place / "deeper", tmp_path / "photos" / "a.jpg"):
        with pytest.raises((BadInput, StudioError)):
            move(store, target, quiet)
    monkeypatch.setattr(moving, "_same_disk", lambda first, second: False)
    monkeypatch.setattr(moving, "free", lambda folder: 10)
    with pytest.raises(DiskFull):
        move(store, tmp_path / "small", quiet)
    everything_is_there(store, models)


def test_two_programs_do_not_move_at_once(store: ModelStore, models: list[Model], tmp_path: Path) -> None:
    with locked(store.folder / "moving.lock"), pytest.raises(StudioError, match="being moved already"):
        move(store, tmp_path / "other", quiet)
