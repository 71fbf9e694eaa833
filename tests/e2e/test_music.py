"""Music from the command line to the file: the real worker, and the model that comes with the studio."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from studio_music.core.chords import chord_at, parse_grid
from studio_music.core.midi_file import read_song

from .conftest import CommandLine

pytestmark = pytest.mark.slow

WISHES = ("--chords", "Am F C G", "--bars", 8, "--seed", 5)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("home"))


def test_chords_become_a_song_that_keeps_to_them(studio: CommandLine, tmp_path: Path) -> None:
    tunes = []
    for number in range(2):
        out = tmp_path / f"tune {number}.mid"
        code, said = studio.run("run", "music/compose", *WISHES, "--out", out)
        assert code == 0, said
        assert said["files"] == [str(out)] and said["jobs"][0]["items"][0]["kind"] == "music"
        tunes.append(out.read_bytes())
    assert tunes[0] == tunes[1]
    song = read_song(tmp_path / "tune 0.mid")
    assert len(song.bars) == 8
    assert song.chords == parse_grid("Am F C G", song.meter, 8)
    melody = next(track for track in song.tracks if track.role == "melody")
    assert len(melody.notes) >= 8
    assert {note.pitch % 12 for note in melody.notes} <= song.key.pitch_classes
    for track in song.tracks:
        if track.role == "chords":
            for note in track.notes:
                chord = chord_at(song.chords, note.start)
                assert chord is not None and note.pitch % 12 in chord.pitch_classes


def test_a_song_is_written_as_sound_and_as_a_loop(studio: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "Songs.studio"
    assert studio.run("new", folder)[0] == 0
    code, said = studio.run("run", "music/compose", *WISHES, "--loop", "--project", folder)
    assert code == 0, said
    for format in ("wav", "loop"):
        code, said = studio.run("export", folder, "--to", tmp_path / format, "--format", format)
        assert code == 0, said
    [wav] = (tmp_path / "wav").glob("*.wav")
    [loop] = (tmp_path / "loop").glob("*.wav")
    code, said = studio.run("export", folder, "--to", tmp_path / "mid")
    assert code == 0, said
    [source] = (tmp_path / "mid").glob("*.mid")
    song = read_song(source)
    sound, rate = soundfile.read(loop)
    assert len(sound) == round(song.duration * rate)
    assert abs(sound).max() > 0.05
    assert soundfile.info(wav).frames > len(sound)


def test_a_grid_that_cannot_be_read_is_refused_in_words(studio: CommandLine, tmp_path: Path) -> None:
    code, said = studio.run("run", "music/compose", "--chords", "Am Q7", "--out", tmp_path / "tune.mid")
    assert code != 0
    assert "Q7" in str(said)
    assert not (tmp_path / "tune.mid").exists()
