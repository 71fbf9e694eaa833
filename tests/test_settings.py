from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import settings
from studio.settings import MAX_RECENT, Appearance, Projects, Settings


def test_nothing_saved_is_the_default(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == (Settings(), "")


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    chosen = Settings(appearance=Appearance(theme="dark"), projects=Projects(recent=("/a", "/b")))
    settings.save(chosen, tmp_path)
    assert settings.load(tmp_path) == (chosen, "")
    assert [file.name for file in tmp_path.iterdir()] == [settings.FILE]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"appearance": {"theme": "pink"}}', b"\xff\xfe\x00"])
def test_a_broken_file_is_kept_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / settings.FILE).write_bytes(content)
    loaded, notice = settings.load(tmp_path)
    assert loaded == Settings()
    assert "settings.json.broken" in notice
    assert (tmp_path / "settings.json.broken").read_bytes() == content
    assert settings.load(tmp_path) == (Settings(), "")


def test_what_a_newer_version_added_is_ignored(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('{"appearance": {"theme": "dark", "glow": 3}, "cloud": {}}')
    loaded, notice = settings.load(tmp_path)
    assert loaded.appearance.theme == "dark"
    assert notice == ""


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).mkdir()
    loaded, notice = settings.load(tmp_path)
    assert loaded == Settings()
    assert "could not be read" in notice


@given(st.lists(st.sampled_from([f"/p{n}" for n in range(15)]), max_size=40))
def test_recent_projects_are_few_and_each_once(opened: list[str]) -> None:
    projects = Projects(reopen=False)
    for folder in opened:
        projects = projects.opened(Path(folder))
    assert len(set(projects.recent)) == len(projects.recent) <= MAX_RECENT
    if opened:
        assert projects.recent[0] == opened[-1]
        assert projects.reopen
        assert opened[-1] not in projects.forgotten(Path(opened[-1])).recent
