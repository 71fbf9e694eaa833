"""What one project has learned of jobs, the next one knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.jobs.estimate import Cost, History, Work
from studio.jobs.learned import FILE, keep, recall
from studio.jobs.time_left import Pace


def test_costs_are_known_in_another_project(tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    Image.new("RGB", (20, 10)).save(picture)
    history = History()
    history.add(Work("a/b", "cpu", (("method", "good"),), steps=20, picture=picture), 4.0, 1000)
    history.add(Work("a/c", "cuda:0"), 1.5)
    slow_end = Pace((0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45))
    history.add_pace(Work("a/c", "cuda:0", picture=picture), slow_end)
    keep(tmp_path / "cache", history)
    assert b"secret" not in (tmp_path / "cache" / FILE).read_bytes()
    again = History()
    recall(tmp_path / "cache", again)
    twice = Work("a/b", "cpu", (("method", "good"),), pixels=400, steps=40)
    assert again.expected(twice) == Cost(16.0, 1000)
    assert again.expected(Work("a/c", "cuda:0")) == Cost(1.5, None)
    assert again.expected(Work("a/c", "cpu")) is None
    assert again.paces() == [(Work("a/c", "cuda:0", pixels=200), slow_end)]
    assert again.has(Work("a/c", "cuda:0"), 1.5) and not again.has(Work("a/c", "cuda:0"), 1.6)


SHORT_PACE = b'[{"work": {"generator": "a/b", "device": "cpu"}, "pace": {"shares": [0.5]}}]'


@given(
    st.binary(max_size=50)
    | st.sampled_from([b"[{}]", b'[{"work": 1, "cost": 2}]', b"{}", b"null", SHORT_PACE])
)
def test_any_file_can_lie_there(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("cache")
    (folder / FILE).write_bytes(data)
    history = History()
    recall(folder, history)
    assert (history.known(), history.paces()) == ([], [])


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keep(tmp_path / "file" / "cache", History())
    recall(tmp_path / "file" / "cache", History())
