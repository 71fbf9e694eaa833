"""Bundles: whole ones arrive as they left, damaged and hostile ones are refused in words."""

from __future__ import annotations

import errno
import json
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.generator import Cancelled
from studio.core.model import ModelSpec
from studio.errors import BadInput, DiskFull, FetchFailed, LicenceRefused, ModelRefused, StudioError
from studio.models import bundle_file
from studio.models.bundle import export_bundle, import_bundle
from studio.models.bundle_file import Bundle, BundledFile, BundledModel, read_bundle
from studio.models.fetch import FetchProgress, Sources, install
from studio.models.store import Consent, Model, ModelStore
from studio.models.writing import Writer

from .conftest import sha256, spec_of, weights, write_files

NAME = "small.safetensors"
FILES = {NAME: weights(), "tokenizer/vocab.json": b'{"a": 0}'}
SPEC = spec_of(FILES)
SPECS = {SPEC.id: SPEC}


@pytest.fixture
def model(store: ModelStore, consent: Consent, tmp_path: Path) -> Model:
    return install(SPEC, store, Sources(local=write_files(tmp_path / "mine", FILES)), consent=consent)


@pytest.fixture
def stick(store: ModelStore, model: Model, tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    export_bundle([model], folder, store, SPECS)
    return folder


@pytest.fixture
def other(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "other computer")


def take(folder: Path, store: ModelStore, consent: Consent | None, **more: Any) -> list[Model]:
    specs: dict[str, ModelSpec] = more.pop("specs", SPECS)
    return import_bundle(
        folder, read_bundle(folder), store, specs, consents=[consent] if consent else [], **more
    )


def test_a_model_arrives_as_it_left(
    stick: Path, model: Model, other: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    told: list[FetchProgress] = []
    (arrived,) = take(stick, other, consent, on_progress=told.append)
    same = ("name", "digest", "format", "licence", "spec", "consent", "managed", "size")
    assert {key: getattr(arrived, key) for key in same} == {key: getattr(model, key) for key in same}
    assert other.path(arrived.digest) == arrived.path
    assert "Be kind." in (arrived.path.parent / "LICENCE.txt").read_text("utf-8")
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert take(stick, other, consent) == [arrived]  # once is enough
    assert "Be kind." in (stick / "READ ME.txt").read_text("utf-8")


def test_consent_is_asked_on_the_other_computer_too(stick: Path, other: ModelStore) -> None:
    with pytest.raises(LicenceRefused, match="“Test terms” was not accepted"):
        take(stick, other, None)
    assert other.models() == []


def test_a_bundle_grows_and_writes_only_what_is_missing(
    stick: Path, store: ModelStore, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = write_files(tmp_path / "more", {"added.safetensors": weights(seed=5)}) / "added.safetensors"
    added = store.add(mine, licence="MIT")
    written: list[int] = []
    write = Writer.write
    monkeypatch.setattr(Writer, "write", lambda self, chunk: written.append(len(chunk)) or write(self, chunk))
    bundle = export_bundle([model, added], stick, store, SPECS)
    assert {entry.name for entry in bundle.models} == {"Small model", "added"}
    assert read_bundle(stick) == bundle
    assert added.size < sum(written) < added.size + 20_000
    damaged = stick / "files" / sha256(FILES[NAME])
    damaged.write_bytes(b"?" * len(FILES[NAME]))
    export_bundle([model], stick, store, SPECS)
    assert damaged.read_bytes() == FILES[NAME]


def test_long_files_are_split_for_sticks_with_fat(
    store: ModelStore,
    model: Model,
    other: ModelStore,
    consent: Consent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("studio.models.bundle_file.PART", "studio.models.bundle.PART"):
        monkeypatch.setattr(module, 500_000)
    folder = tmp_path / "fat"
    for _ in range(2):  # the second time, nothing is missing
        export_bundle([model], folder, store, SPECS)
    pieces = {path.name for path in (folder / "files").iterdir()}
    assert pieces > {f"{sha256(FILES[NAME])}.{n}" for n in (1, 2, 3)}
    assert max(path.stat().st_size for path in (folder / "files").iterdir()) == 500_000
    assert take(folder, other, consent)[0].digest == model.digest
    (other.folder / "models.json").unlink()
    (folder / "files" / f"{sha256(FILES[NAME])}.2").unlink()
    with pytest.raises(BadInput, match=r"“small\.safetensors” is missing"):
        take(folder, other, consent)


def test_a_bundle_is_a_source_of_the_catalog(stick: Path, other: ModelStore, consent: Consent) -> None:
    assert install(SPEC, other, Sources(local=stick), consent=consent).digest
    elsewhere = spec_of({NAME: weights(seed=9)})
    with pytest.raises(FetchFailed, match=r"does not hold “small\.safetensors”"):
        install(msgspec.structs.replace(elsewhere, id="test/x"), other, Sources(local=stick), consent=consent)
    (stick / "bundle.json").write_text("{")
    other.remove("Small model")
    with pytest.raises(FetchFailed, match="is damaged"):
        install(SPEC, other, Sources(local=stick), consent=consent)


def test_what_is_damaged_is_refused_and_nothing_stays(
    stick: Path, other: ModelStore, consent: Consent
) -> None:
    file = stick / "files" / sha256(FILES[NAME])
    for data in (b"", b"?" * len(FILES[NAME]), FILES[NAME] + b"?", FILES[NAME][:-1]):
        file.write_bytes(data)
        with pytest.raises(BadInput, match="has other bytes"):
            take(stick, other, consent)
    file.unlink()
    with pytest.raises(BadInput, match="is missing"):
        take(stick, other, consent)
    assert other.models() == []
    assert list((other.folder / "files").iterdir()) == []


def test_a_bundle_cannot_bring_what_a_file_could_not(
    tmp_path: Path, other: ModelStore, consent: Consent
) -> None:
    """Pickles, another digest of the whole, and a place in the catalog that its bytes do not earn."""
    pickle = b"\x80\x02}q\x00." * 9
    folder = tmp_path / "evil"

    def bundle(data: bytes, name: str, digest: str) -> None:
        write_files(folder, {f"files/{sha256(data)}": data})
        entry = BundledModel(
            name="Nice",
            digest=digest,
            format="safetensors",
            files=(BundledFile(name=name, digest=sha256(data), size=len(data)),),
            spec=SPEC.id,
        )
        (folder / "bundle.json").write_bytes(msgspec.json.encode(Bundle(models=(entry,))))

    bundle(pickle, "a.safetensors", sha256(pickle))
    with pytest.raises(ModelRefused, match="can run programs"):
        take(folder, other, consent)
    fine = weights(seed=8)
    bundle(fine, "a.safetensors", sha256(b"something else"))
    with pytest.raises(ModelRefused, match="is not the model that the bundle says"):
        take(folder, other, consent)
    assert other.models() == []
    own = other.add(write_files(tmp_path / "own", {NAME: fine}) / NAME, name="Mine")
    with pytest.raises(ModelRefused, match="is not the model that the bundle says"):
        take(folder, other, consent)
    assert other.models() == [own]  # a lie about it does not cost the model that is here
    other.remove("Mine")
    bundle(fine, NAME, sha256(fine))
    assert [model.spec for model in take(folder, other, consent)] == [""]
    assert other.installed(SPEC.id) == []


@pytest.mark.parametrize(
    "name",
    [
        "../up", "a/../../up", "/etc/passwd", "\\\\server\\x", "C:x", "a\\b", "a/./b", "a//b", "", ".", "a/",
        "nul\0", "line\nbreak", "a ", "a.", "a./b", "x" * 900, "a*", "\ud800",
    ],
)  # fmt: skip
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    document = {
        "format": 1,
        "models": [
            {
                "name": "a", "digest": "0" * 64, "format": "onnx",
                "files": [{"name": name, "digest": "0" * 64, "size": 1}],
            }
        ],
    }  # fmt: skip
    (tmp_path / "bundle.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BadInput, match="is damaged"):
        read_bundle(tmp_path)


def test_names_that_meet_in_one_place_are_refused() -> None:
    def files(*names: str) -> tuple[BundledFile, ...]:
        return tuple(BundledFile(name=name, digest="0" * 64, size=1) for name in names)

    for names in (("a", "a"), ("a", "A"), ("a", "a/b"), ("A/b", "a")):
        with pytest.raises(ValueError, match=r"is there twice|is a folder as well"):
            BundledModel(name="x", digest="0" * 64, format="onnx", files=files(*names))


def test_no_bundle_and_a_newer_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no bundle"):
        read_bundle(tmp_path)
    with pytest.raises(BadInput, match="is no bundle"):
        read_bundle(Path("a\0b"))
    (tmp_path / "bundle.json").write_text('{"format": 2, "things": []}')
    with pytest.raises(BadInput, match="newer version"):
        read_bundle(tmp_path)
    (tmp_path / "bundle.json").write_bytes(b" " * (bundle_file._MOST + 1))
    with pytest.raises(BadInput, match="is damaged"):
        read_bundle(tmp_path)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["format", "models", "name", "digest", "files", "size", "licence", "description", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=300) | _VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_bundle_or_refused_in_words(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bundle.json").write_bytes(data)
        try:
            assert isinstance(read_bundle(Path(folder)), Bundle)
        except BadInput as error:
            assert error.message and error.hint


def test_full_disks_and_cancelling(
    stick: Path, store: ModelStore, model: Model, other: ModelStore, consent: Consent, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr("studio.models.bundle.free", lambda _: 1000)
        with pytest.raises(DiskFull, match=r"1\.2 MB are still needed"):
            export_bundle([model], tmp_path / "small", store, SPECS)
        with pytest.raises(DiskFull):
            take(stick, other, consent)
    asked = iter([False] * 2)
    with pytest.raises(Cancelled):
        export_bundle([model], tmp_path / "cut", store, SPECS, cancelled=lambda: next(asked, True))
    assert not list((tmp_path / "cut").rglob("*.part"))
    with pytest.raises(Cancelled):
        take(stick, other, consent, cancelled=lambda: True)

    def full(self: Writer, chunk: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Writer, "write", full)
    with pytest.raises(DiskFull):
        export_bundle([model], tmp_path / "cut", store, SPECS)
    with pytest.raises(DiskFull):
        take(stick, other, consent)
    assert other.models() == []


def test_a_place_where_nothing_can_be_written(store: ModelStore, model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="the system refused"):
        export_bundle([model], tmp_path / "file" / "in it", store, SPECS)


def test_a_changed_model_is_not_exported(store: ModelStore, model: Model, tmp_path: Path) -> None:
    model.path.write_bytes(weights(seed=3))
    with pytest.raises(ModelRefused, match="changed"):
        export_bundle([model], tmp_path / "stick", store, SPECS)
    assert not (tmp_path / "stick").exists()


def test_a_name_of_any_length_arrives(
    store: ModelStore, model: Model, other: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    named = store.add(model.path, name="名" * 500)
    export_bundle([named], tmp_path / "stick", store, SPECS)
    assert [found.name for found in take(tmp_path / "stick", other, consent)] == [named.name]


def test_what_a_killed_export_left_makes_room(store: ModelStore, model: Model, tmp_path: Path) -> None:
    left = write_files(tmp_path / "stick", {f"files/{'0' * 64}.part": b"?"}) / "files" / f"{'0' * 64}.part"
    export_bundle([model], tmp_path / "stick", store, SPECS)
    assert not left.exists()
