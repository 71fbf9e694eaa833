"""Fetching a model: consent, order of sources, what is kept, what is refused."""

from __future__ import annotations

import errno
import threading
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
import pytest

from studio import settings
from studio.core.generator import Cancelled
from studio.core.model import Licence
from studio.errors import DiskFull, FetchFailed, LicenceRefused, ModelRefused, StudioError
from studio.models import own_files
from studio.models.fetch import FetchProgress, Sources, install
from studio.models.fetch.partial import Partial
from studio.models.meter import Meter
from studio.models.store import Consent, ModelStore
from studio.models.writing import Writer

from .conftest import LICENCE, FakeHub, as_json, sha256, spec_of, weights, write_files

NAME = "small.safetensors"
FILES = {NAME: weights()}


def test_nothing_is_fetched_without_consent_to_these_terms(
    store: ModelStore, hub: FakeHub, tmp_path: Path
) -> None:
    spec = spec_of(FILES)
    hub.files = FILES
    other = Licence(id=LICENCE.id, title=LICENCE.title, text="Other terms.")
    for consent in (None, Consent.to(other)):
        with pytest.raises(LicenceRefused, match="licence was not accepted") as refused:
            install(spec, store, consent=consent)
        assert "Read the licence and accept it" in refused.value.hint
    assert hub.requests == []
    assert not store.folder.exists()


def test_a_file_of_mine_is_verified_and_copied(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    spec = spec_of(FILES)
    mine = write_files(tmp_path / "mine", {"downloaded (1).safetensors": FILES[NAME]})
    told: list[FetchProgress] = []
    model = install(
        spec,
        store,
        Sources(local=mine / "downloaded (1).safetensors"),
        consent=consent,
        on_progress=told.append,
    )
    assert (model.name, model.spec, model.licence, model.managed) == (
        "Small model", "test/small", "LicenseRef-Test", True,
    )  # fmt: skip
    assert model.consent == consent
    assert model.digest == sha256(FILES[NAME])
    assert model.path == store.folder / "files" / "small" / NAME
    assert model.path.stat().st_nlink == 1
    assert "Be kind." in (model.path.parent / "LICENCE.txt").read_text("utf-8")
    assert not any((store.folder / "partial").iterdir())
    assert [progress.total for progress in told] == [spec.size] * len(told)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert told[-1].done == spec.size
    assert store.path(model.digest) == model.path
    assert store.installed("test/small") == [model]


def test_a_model_that_is_there_is_not_fetched_again(
    store: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    spec = spec_of(FILES)
    mine = Sources(local=write_files(tmp_path / "mine", FILES))
    first = install(spec, store, mine, consent=consent)
    assert install(spec, store, Sources(local=tmp_path / "gone"), consent=consent) == first
    first.path.write_bytes(b"damaged")
    again = install(spec, store, mine, consent=consent)
    assert (again.digest, again.name) == (first.digest, first.name)
    assert store.models() == [again]
    assert store.path(again.digest).read_bytes() == FILES[NAME]
    assert [path.name for path in (store.folder / "files").iterdir()] == [again.path.parent.name]


def test_a_folder_of_mine_by_names_and_by_size(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    files = {
        "small.safetensors": FILES[NAME],
        "tokenizer/vocab.json": b'{"a": 0}',
        "tokenizer/merges.txt": b"a b",
    }
    spec = spec_of(files)
    mine = write_files(
        tmp_path / "mine",
        {"renamed.bin": FILES[NAME], "tokenizer/vocab.json": b'{"a": 0}', "merges.txt": b"a b"},
    )
    model = install(spec, store, Sources(local=mine), consent=consent)
    assert {file.name for file in model.files} == set(files)
    with pytest.raises(FetchFailed, match=r"“tokenizer/vocab.json” is not in “half”"):
        install(
            msgspec.structs.replace(spec, id="test/other", name="other"),
            store,
            Sources(local=write_files(tmp_path / "half", {NAME: FILES[NAME]})),
            consent=consent,
        )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (weights(seed=1), "has other bytes than the ones that were checked"),
        (FILES[NAME][:-7], "cut off, or another file"),
        (b"", "cut off, or another file"),
    ],
)
def test_a_wrong_file_is_not_taken(
    store: ModelStore, consent: Consent, tmp_path: Path, data: bytes, why: str
) -> None:
    mine = write_files(tmp_path / "mine", {NAME: data}) / NAME
    with pytest.raises(FetchFailed, match=why) as caught:
        install(spec_of(FILES), store, Sources(local=mine), consent=consent)
    assert caught.value.hint
    assert store.models() == []
    assert not list((store.folder / "partial").rglob("*.part"))


def test_a_source_that_is_not_there_is_said(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", Path("a\0b"), Path("x" * 5000)):
        with pytest.raises(FetchFailed, match=r"Your files: “small\.safetensors” is not in"):
            install(spec_of(FILES), store, Sources(local=place), consent=consent)
    with pytest.raises(FetchFailed, match="no source of this kind"):
        install(spec_of(FILES), store, Sources(only="wheels"), consent=consent)


def test_what_can_run_programs_is_refused_even_with_the_right_digest(
    store: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    files = {"small.ckpt": b"\x80\x02}q\x00." * 9}
    with pytest.raises(ModelRefused, match="can run programs"):
        install(spec_of(files), store, Sources(local=write_files(tmp_path / "mine", files)), consent=consent)
    assert store.models() == []
    assert list((store.folder / "files").iterdir()) == []
    assert not list((store.folder / "partial").rglob("small*"))


def test_files_that_nobody_could_verify_are_pinned_by_the_first_download(
    store: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    spec = spec_of(FILES, pinned=False)
    model = install(spec, store, Sources(local=write_files(tmp_path / "a", FILES)), consent=consent)
    assert model.digest == sha256(FILES[NAME])
    store.remove(model.name)
    other = write_files(tmp_path / "b", {NAME: weights(seed=2)})
    with pytest.raises(FetchFailed, match="has other bytes"):
        install(spec, store, Sources(local=other), consent=consent)
    assert install(spec, store, Sources(local=tmp_path / "a"), consent=consent).digest == model.digest


def test_too_little_space_is_said_before_anything_is_written(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.models.fetch.installing.free", lambda _: 1_000_000)
    with pytest.raises(DiskFull, match=r"1.2 MB are still needed .* are free"):
        install(spec_of(FILES), store, Sources(local=write_files(tmp_path / "mine", FILES)), consent=consent)
    assert not list((store.folder / "partial").rglob("*.part"))


def test_a_disk_that_gets_full_in_the_middle_is_said(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: Writer, chunk: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    mine = Sources(local=write_files(tmp_path / "mine", FILES))
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "write", write)
        with pytest.raises(DiskFull, match="The disk is full") as caught:
            install(spec_of(FILES), store, mine, consent=consent)
    assert "goes on where it stopped" in caught.value.hint
    assert install(spec_of(FILES), store, mine, consent=consent).size == len(FILES[NAME])


def test_cancel_ends_it(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        install(
            spec_of(FILES),
            store,
            Sources(local=write_files(tmp_path / "mine", FILES)),
            consent=consent,
            cancelled=lambda: next(asked, True),
        )
    assert store.models() == []


def test_a_failure_while_it_is_listed_keeps_what_was_fetched(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    mine = write_files(tmp_path / "mine", FILES)
    with monkeypatch.context() as patched:
        patched.setattr(ModelStore, "add", full)
        with pytest.raises(DiskFull):
            install(spec_of(FILES), store, Sources(local=mine), consent=consent)
    (mine / NAME).unlink()
    assert install(spec_of(FILES), store, Sources(local=mine), consent=consent).digest


@pytest.mark.parametrize("format", ["safetensors", "diffusers"])
def test_a_killed_program_costs_no_second_download(
    store: ModelStore, consent: Consent, tmp_path: Path, format: str
) -> None:
    index = {"unet": ["diffusers", "UNet2DConditionModel"]}
    files = {**FILES, "model_index.json": as_json(index)} if format == "diffusers" else FILES
    spec = spec_of(files, format=format)
    install(spec, store, Sources(local=write_files(tmp_path / "mine", files)), consent=consent)
    place = store.folder / "files" / "small"
    (store.folder / "models.json").unlink()
    own_files.mark_of(place).touch()  # as if it had been killed just before it was listed
    write_files(store.folder / "files" / "other", FILES)
    own_files.mark_of(place.with_name("other")).touch()
    model = install(spec, store, Sources(local=tmp_path / "gone"), consent=consent)
    assert store.path(model.digest).is_relative_to(place)
    assert [path.name for path in (store.folder / "files").iterdir()] == ["small"]


def test_two_programs_do_not_fetch_the_same_at_the_same_time(
    store: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    spec = spec_of(FILES)
    mine = Sources(local=write_files(tmp_path / "mine", FILES))
    inside, leave = threading.Event(), threading.Event()

    def wait(_: FetchProgress) -> None:
        inside.set()
        leave.wait(20)

    thread = threading.Thread(
        target=lambda: install(spec, store, mine, consent=consent, on_progress=wait), daemon=True
    )
    thread.start()
    try:
        assert inside.wait(20)
        with pytest.raises(StudioError, match="being fetched already"):
            install(spec, store, mine, consent=consent)
    finally:
        leave.set()
        thread.join()
    assert len(store.models()) == 1


def test_what_another_program_has_just_fetched_is_not_fetched_again(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_of(FILES)
    mine = Sources(local=write_files(tmp_path / "mine", FILES))
    alone, done = Partial.alone, []

    def late(self: Partial) -> AbstractContextManager[None]:
        if not done:
            done.append("begun")
            done.append(install(spec, store, mine, consent=consent).digest)
        return alone(self)

    monkeypatch.setattr(Partial, "alone", late)
    told: list[FetchProgress] = []
    again = install(spec, store, mine, consent=consent, on_progress=told.append)
    assert done == ["begun", again.digest] and told == []
    assert not list((store.folder / "partial").iterdir())


def test_room_for_packages_is_asked_for_only_where_they_are_fetched(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_of(FILES, parts=2)
    monkeypatch.setattr("studio.models.fetch.installing.free", lambda _: spec.size + 1)
    with pytest.raises(DiskFull):
        install(spec, store, Sources(only="wheels"), consent=consent)
    mine = write_files(tmp_path / "mine", FILES)
    assert install(spec, store, Sources(local=mine), consent=consent)


def test_what_is_kept_counts(store: ModelStore) -> None:
    spec = spec_of(FILES)
    partial = Partial(store.folder, spec, Meter(0, lambda _: None, lambda: False))
    assert partial.missing == spec.size
    partial.part(spec.files[0], "hub").write_bytes(b"a" * 1000)
    partial.part(spec.files[0], "wheels").write_bytes(b"a" * 5000)
    assert partial.missing == spec.size - 5000


def test_a_file_that_only_lies_beside_the_model(store: ModelStore, consent: Consent, tmp_path: Path) -> None:
    files = {**FILES, "NOTICE.txt": b"Mind this."}
    model = install(
        spec_of(files), store, Sources(local=write_files(tmp_path / "mine", files)), consent=consent
    )
    assert [file.name for file in model.files] == [NAME]
    assert (model.path.parent / "NOTICE.txt").read_bytes() == b"Mind this."


def test_nothing_goes_to_a_network_that_is_turned_off(
    store: ModelStore, consent: Consent, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    settings.save(settings.Settings(network=settings.Network(use="off")), tmp_path / "home" / "config")
    hub.files = FILES
    with pytest.raises(FetchFailed, match="turned off in the preferences"):
        install(spec_of(FILES), store, consent=consent)
    assert hub.requests == []
    mine = write_files(tmp_path / "mine", FILES)
    assert install(spec_of(FILES), store, Sources(local=mine / NAME), consent=consent).size
