"""Everything that is seen follows the language: also what was made and named in another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from studio_music.core.midi_file import write_song

from studio.core.kind import Kind
from studio.jobs.describe import discover
from studio.paths import cache_folder
from studio.project import dump
from studio.project.recovery import recover
from studio.project.store import Project
from tests.studio_music.room_songs import song
from tests.ui.builders import picture
from tests.ui.english import English


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with something for each room, named in no language, and a collection that lost its name."""
    with Project.create(tmp_path / "Fjord.studio") as made:
        photo = made.add_asset(picture(tmp_path / "fjord.png"), kind=Kind.IMAGE)
        words, tune = tmp_path / "fjord.md", tmp_path / "fjord.mid"
        words.write_text("# Fjord\n")
        made.add_asset(words, kind=Kind.TEXT)
        write_song(song("Fjord"), tune)
        made.add_asset(tune, kind="music")
        made.make_collection("Lost", [photo.uid])
    text = made.folder / dump.NAME
    lines = text.read_text("utf-8").splitlines()
    text.write_text("\n".join(line for line in lines if not line.startswith('{"collection"')), "utf-8")
    (made.folder / "project.db").unlink()
    recover(made.folder)
    return made.folder


def test_english_is_told_from_what_people_write() -> None:
    english = English()
    assert english.in_text("Cancel") and english.in_text("Undo: Rate “Fjord”")
    assert english.in_text("Fjord · Shelf bracket") == "Shelf bracket"
    for text in ("", "Fjord", "Abbrechen", "Text", "Rückgängig: „Fjord“ bewerten", "3 Einträge"):
        assert not english.in_text(text), text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_english_in_german(home: Path, folder: Path) -> None:
    discover(cache_folder())
    seen, found = _look(home, folder, "")
    assert seen > 200, "in English it sees English"
    assert found == []
    _, found = _look(home, folder, "begun")
    assert found == [], "after a start in German"


def _look(home: Path, folder: Path, is_begun: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.english", str(folder), is_begun],
        env={**os.environ, "STUDIO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    seen, found = json.loads(done.stdout.strip().splitlines()[-1])
    return seen, found
