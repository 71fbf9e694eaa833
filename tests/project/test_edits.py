"""The journal of unfinished work: what was kept is there again, whatever happened to its end."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.project import edits as edits_module
from studio.project.edits import MOST_BYTES, SLACK, Edits

keys = st.sampled_from(["form", "image:stage", "image/mask ä"])
acts = st.lists(
    st.tuples(st.sampled_from(["keep", "add", "reopen"]), keys, st.binary(max_size=40)), max_size=30
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "edits"


@pytest.fixture
def edits(file: Path) -> Iterator[Edits]:
    made = Edits(file)
    yield made
    made.close()


def all_of(edits: Edits) -> dict[str, list[bytes]]:
    edits.flush()
    return {key: edits.kept(key) for key in edits._places}


@given(acts)
@settings(max_examples=60, deadline=None)
def test_it_is_a_dictionary_of_lists_that_outlives_the_program(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, bytes]]
) -> None:
    file = tmp_path_factory.mktemp("kept") / "edits"
    edits, expected = Edits(file), dict[str, list[bytes]]()
    for act, key, value in steps:
        if act == "keep":
            edits.keep(key, value)
            expected[key] = [value] if value else []
        elif act == "add":
            edits.add(key, value)
            expected.setdefault(key, []).append(value)
        else:
            edits.close()
            edits = Edits(file)
        assert edits.kept(key) == expected.get(key, [])
    edits.close()
    again = Edits(file)
    assert all_of(again) == {key: values for key, values in expected.items() if values}
    again.close()


def states(file: Path) -> list[tuple[int, dict[str, list[bytes]]]]:
    """A journal's lengths after each record, with what was kept then."""
    edits, found = Edits(file), list[tuple[int, dict[str, list[bytes]]]]()
    for number in range(8):
        key = f"key {number % 3}"
        (edits.add if number % 2 else edits.keep)(key, os.urandom(number * 7 + 1))
        now = all_of(edits)
        found.append((file.stat().st_size, now))
    edits.close()
    return found


def test_a_file_that_is_cut_off_anywhere_has_all_whole_records(file: Path) -> None:
    known = states(file)
    data = file.read_bytes()
    for length in range(len(data) + 1):
        file.write_bytes(data[:length])
        whole = [state for end, state in known if end <= length]
        edits = Edits(file)
        assert all_of(edits) == (whole[-1] if whole else {})
        edits.keep("after", b"more")
        assert edits.kept("after") == [b"more"]
        edits.close()
        again = Edits(file)
        assert all_of(again) == {**(whole[-1] if whole else {}), "after": [b"more"]}
        again.close()


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(deadline=None)
def test_a_flipped_bit_costs_what_came_after_it_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, place: float, bit: int
) -> None:
    file = tmp_path_factory.mktemp("kept") / "edits"
    known = states(file)
    data = bytearray(file.read_bytes())
    at = int(place * len(data))
    data[at] ^= 1 << bit
    file.write_bytes(data)
    whole = [state for end, state in known if end <= at]
    edits = Edits(file)
    assert all_of(edits) == (whole[-1] if whole else {})
    edits.close()


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("kept") / "edits"
    file.write_bytes(b"studio edits 1\n" + data)
    edits = Edits(file)
    edits.keep("key", b"value")
    assert edits.kept("key") == [b"value"]
    edits.close()


def test_what_is_no_journal_is_put_aside(file: Path) -> None:
    file.write_bytes(b"studio edits 7\nfrom the future")
    edits = Edits(file)
    edits.keep("key", b"value")
    edits.close()
    assert file.with_name("edits.broken").read_bytes() == b"studio edits 7\nfrom the future"
    assert Edits(file).kept("key") == [b"value"]


def test_values_are_made_on_its_thread_and_only_the_newest(edits: Edits) -> None:
    made, hold = list[tuple[int, str]](), threading.Event()
    edits.keep("other", lambda: b"x" if hold.wait(60) else b"")
    for number in range(9):

        def make(number: int = number) -> bytes:
            made.append((number, threading.current_thread().name))
            return bytes([number])

        edits.keep("key", make)
    hold.set()
    assert edits.kept("key") == [b"\x08"]
    assert made == [(8, "edits")]


def test_what_cannot_be_made_or_is_too_much_leaves_what_was_there(edits: Edits) -> None:
    edits.keep("key", b"before")
    edits.keep("key", lambda: bytes(1 // 0))
    edits.keep("key", lambda: b"x" * (MOST_BYTES + 1))
    assert edits.kept("key") == [b"before"]


def test_the_file_stays_small(edits: Edits, file: Path) -> None:
    for number in range(300):
        edits.keep("key", bytes([number % 256]) * 100_000)
        edits.flush()
        assert file.stat().st_size < SLACK + 5 * 100_000
    edits.add("key", b"end")
    edits.close()
    assert Edits(file).kept("key") == [bytes([299 % 256]) * 100_000, b"end"]
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_what_was_kept_longest_ago_goes_first(
    edits: Edits, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits_module, "MOST_KEPT", 1000)
    for number in range(5):
        edits.keep(f"key {number}", bytes(150))
    edits.add("key 0", bytes(450))
    assert sorted(all_of(edits)) == ["key 0"]
    assert edits.kept("key 0") == [bytes(150), bytes(450)]
    edits.close()
    assert sorted(all_of(Edits(file))) == ["key 0"]


def test_what_cannot_be_written_waits_for_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    edits = Edits(folder / "edits")
    edits.keep("key", b"one")
    edits.flush()
    folder.rename(tmp_path / "pulled")
    edits.add("key", b"two")
    edits.keep("other", b"x")
    edits.flush()
    assert not folder.exists()
    (tmp_path / "pulled").rename(folder)
    assert edits.kept("key") == [b"one", b"two"]
    edits.close()
    assert Edits(folder / "edits").kept("key") == [b"one", b"two"]
    assert Edits(folder / "edits").kept("other") == [b"x"]


def test_what_waits_is_seen_while_the_disk_is_gone(tmp_path: Path) -> None:
    edits = Edits(tmp_path / "nowhere" / "edits")
    edits.keep("key", b"one")
    edits.add("key", b"two")
    assert edits.kept("key") == [b"one", b"two"]
    edits.close()
