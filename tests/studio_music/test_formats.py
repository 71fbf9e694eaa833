"""Songs as files for other programs, and their thumbnails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from studio_music.core.midi_file import read_song, write_song
from studio_music.core.song import Note, Song, Track
from studio_music.formats import audio, exporting
from studio_music.formats.reading.musicxml_reader import read_musicxml
from studio_music.formats.thumbnail import thumbnail

from studio.api.values import BadInput, ExportRequest, Notes, TextPage

SONG = Song(
    "",
    (
        Track("Lead", tuple(Note(n * 240, 240, 60 + n % 8) for n in range(16)), 73, role="melody"),
        Track("Kit", tuple(Note(n * 480, 60, 36) for n in range(8)), is_drums=True, role="drums"),
    ),
    3840,
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tune.mid"
    write_song(SONG, path)
    return path


def asked(format: str, **options: object) -> ExportRequest:
    return ExportRequest(kind="music", format=format, name="My tune.mid", options=options)


def test_midi_and_musicxml(source: Path, tmp_path: Path) -> None:
    (midi,) = exporting.export_midi(source, tmp_path / "out.mid", asked("mid"))
    assert read_song(midi) == SONG
    (score,) = exporting.export_musicxml(source, tmp_path / "out.musicxml", asked("musicxml"))
    read = read_musicxml(score.read_bytes(), "x")
    assert read.title == "My tune"
    assert [n[:3] for n in read.tracks[0].notes] == [n[:3] for n in SONG.tracks[0].notes]


@pytest.mark.slow
@pytest.mark.parametrize(("format", "begin"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_engraved_scores(source: Path, tmp_path: Path, format: str, begin: bytes) -> None:
    pytest.importorskip("verovio")
    written = exporting.export_score(source, tmp_path / f"out.{format}", asked(format))
    assert [path.name for path in written] == [f"out.{format}"]
    content = written[0].read_bytes()
    assert content.startswith(begin)
    again = exporting.export_score(source, tmp_path / f"again.{format}", asked(format))
    assert again[0].read_bytes() == content


@pytest.mark.slow
def test_the_printed_score_is_not_empty(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("verovio")
    image = pytest.importorskip("PIL.Image")
    (page,) = exporting.export_score(source, tmp_path / "out.png", asked("png"))
    pixels = np.asarray(image.open(page).convert("L"))
    assert pixels.shape[1] == 2481
    assert 0.005 < (pixels < 128).mean() < 0.2


@pytest.mark.slow
def test_a_long_score_has_several_pages(tmp_path: Path) -> None:
    pytest.importorskip("verovio")
    path = tmp_path / "long.mid"
    write_song(Song("", (Track("", tuple(Note(n * 240, 240, 60) for n in range(1600))),), 240 * 1600), path)
    written = exporting.export_score(path, tmp_path / "out.svg", asked("svg"))
    assert [path.name for path in written[:2]] == ["out.svg", "out-2.svg"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_audio(source: Path, tmp_path: Path, suffix: str) -> None:
    soundfile = pytest.importorskip("soundfile")
    wanted = asked(suffix, bits=24, loudness=-20, fade=0.5)
    (written,) = audio.export_audio(source, tmp_path / f"out.{suffix}", wanted)
    sound, rate = soundfile.read(written)
    assert rate == 44100
    assert len(sound) / rate > SONG.duration * 0.95
    assert np.abs(sound).max() > 0.01


@pytest.mark.slow
def test_loops_are_as_long_as_their_bars(source: Path, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    (whole,) = audio.export_loop(source, tmp_path / "loop.wav", asked("loop"))
    assert soundfile.info(whole).frames == round(SONG.duration * 44100)
    parts = audio.export_loops(source, tmp_path / "set.wav", asked("loops", bars=1))
    assert [part.name for part in parts] == ["set.wav", "set-2-2.wav"]
    assert {soundfile.info(part).frames for part in parts} == {round(SONG.duration * 44100 / 2)}


@pytest.mark.slow
def test_stems_are_beside_the_mix(source: Path, tmp_path: Path) -> None:
    written = audio.export_stems(source, tmp_path / "all.wav", asked("stems"))
    assert [path.name for path in written] == ["all.wav", "all_Lead.wav", "all_Kit.wav"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bits": 20}, "20"),
        ({"bits": 8}, "bits"),
        ({"loudness": 3}, "loudness"),
        ({"loudness": float("nan")}, "no number"),
        ({"fade": "long"}, "no number"),
        ({"fade": True}, "no number"),
        ({"bars": 0}, "bars"),
    ],
)
def test_options_out_of_their_range_are_refused(
    source: Path, tmp_path: Path, options: dict, said: str
) -> None:
    export = audio.export_loops if "bars" in options else audio.export_audio
    with pytest.raises(BadInput, match=said):
        export(source, tmp_path / "out.wav", asked("wav", **options))


def test_the_thumbnail_has_the_notes(source: Path, tmp_path: Path) -> None:
    drawn = thumbnail(source, 256)
    assert isinstance(drawn, Notes)
    assert len(drawn.notes) == 24
    assert {channel for *_, channel in drawn.notes} == {0, 9}
    write_song(Song("Empty", (), 1920), source)
    assert thumbnail(source, 256) == TextPage(("# Empty",))
    write_song(Song("", (Track("", tuple(Note(n, 1, 60) for n in range(9000))),), 9600), source)
    drawn = thumbnail(source, 256)
    assert isinstance(drawn, Notes)
    assert len(drawn.notes) == 3000
    source.write_bytes(b"no")
    with pytest.raises(BadInput):
        thumbnail(source, 256)
