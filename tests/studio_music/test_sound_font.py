"""Sound fonts: ours, one made here, and broken ones, which are refused in words before anything is played."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_music.core.song import Note, Song, Track
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.core.sound.synth import render_track

from studio.api.values import BadInput

RATE = 22050


def chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def sine(frames: int = 2205, hertz: float = 441.0) -> np.ndarray:
    return (20000 * np.sin(2 * np.pi * hertz * np.arange(frames) / RATE)).astype("<i2")


def font_bytes(
    *,
    end: int = 2205,
    rate: int = RATE,
    instrument: int = 0,
    sample: int = 0,
    bag: int = 1,
    kind: int = 1,
    data: bytes | None = None,
    loop: tuple[int, int] = (50, 2150),
) -> bytes:
    """A sound font of one instrument: a sine of A4, which is repeated."""
    data = sine().tobytes() if data is None else data
    generators = struct.pack("<HHHHHH", 54, 1, 58, 69, 53, sample)
    tables = [
        (
            b"phdr",
            struct.pack("<20sHHHIII", b"One", 0, 0, 0, 0, 0, 0)
            + struct.pack("<20sHHHIII", b"EOP", 0, 0, bag, 0, 0, 0),
        ),
        (b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
        (b"pmod", bytes(10)),
        (b"pgen", struct.pack("<HHHH", 41, instrument, 0, 0)),
        (b"inst", struct.pack("<20sH", b"One", 0) + struct.pack("<20sH", b"EOI", 1)),
        (b"ibag", struct.pack("<HHHH", 0, 0, 3, 0)),
        (b"imod", bytes(10)),
        (b"igen", generators + bytes(4)),
        (b"shdr", struct.pack("<20sIIIIIBbHH", b"Sine", 0, end, *loop, rate, 69, 0, 0, kind) + bytes(46)),
    ]
    info = chunk(b"LIST", b"INFO" + chunk(b"ifil", b"\2\0\1\0") + chunk(b"INAM", b"Sine font\0"))
    body = info + chunk(b"LIST", b"sdta" + chunk(b"smpl", data))
    body += chunk(b"LIST", b"pdta" + b"".join(chunk(*table) for table in tables))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"sfbk" + body


def opened(folder: Path, data: bytes) -> SoundFont:
    path = folder / "font.sf2"
    path.write_bytes(data)
    return SoundFont(path)


def played(font: SoundFont, pitch: int = 69) -> np.ndarray:
    song = Song("", (Track("", (Note(0, 960, pitch, 100),)),), 1920)
    return render_track(song, 0, font)


def loudest_hertz(sound: np.ndarray, rate: int = 44100) -> float:
    part = sound[2000 : 2000 + 32768, 0]
    return float(np.abs(np.fft.rfft(part * np.hanning(len(part)))).argmax() * rate / len(part))


def test_a_font_of_one_sine_sounds_at_the_pitch_of_each_key(tmp_path: Path) -> None:
    with opened(tmp_path, font_bytes()) as font:
        assert font.name == "Sine font"
        for pitch, hertz in ((57, 220.5), (69, 441), (76, 660.7), (81, 882)):
            assert loudest_hertz(played(font, pitch)) == pytest.approx(hertz, abs=1.5)


def test_a_sine_stays_a_sine_when_it_is_played_higher_and_repeated(tmp_path: Path) -> None:
    with opened(tmp_path, font_bytes()) as font:
        sound = played(font, 76)[2000 : 2000 + 32768, 0]
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound))))
    tone = spectrum.argmax()
    beside = np.delete(spectrum, np.arange(tone - 12, tone + 13))
    assert 20 * np.log10(beside.max() / spectrum[tone]) < -60


def test_samples_in_vorbis_are_decoded(tmp_path: Path) -> None:
    coded = io.BytesIO()
    soundfile.write(coded, sine() / 32768, RATE, format="OGG", subtype="VORBIS")
    data = coded.getvalue()
    with opened(tmp_path, font_bytes(data=data, end=len(data), kind=0x11)) as font:
        assert loudest_hertz(played(font)) == pytest.approx(441, abs=1.5)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"MThd" + bytes(100), id="another format"),
        pytest.param(b"RIFF" + struct.pack("<I", 4) + b"WAVE", id="a sound"),
        pytest.param(font_bytes()[:-200], id="cut off"),
        pytest.param(font_bytes(end=5000), id="a sample beyond the end"),
        pytest.param(font_bytes(end=0), id="an empty sample"),
        pytest.param(font_bytes(rate=0), id="no rate"),
        pytest.param(font_bytes(instrument=7), id="an instrument that is not there"),
        pytest.param(font_bytes(sample=9), id="a sample that is not there"),
        pytest.param(font_bytes(bag=60000), id="a zone that is not there"),
        pytest.param(font_bytes(data=b""), id="no samples"),
    ],
)
def test_a_broken_font_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        opened(tmp_path, data)
    assert "font.sf2" in str(refused.value)
    assert refused.value.hint


def test_vorbis_that_is_none_is_refused_when_it_is_played(tmp_path: Path) -> None:
    for data in (bytes(4000), b"OggS" + bytes(4000)):
        font = opened(tmp_path, font_bytes(data=data, end=4000, kind=0x11))
        with font, pytest.raises(BadInput):
            played(font)


def test_a_font_that_is_absent_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sf2", tmp_path):
        with pytest.raises(BadInput):
            SoundFont(path)


def test_a_loop_outside_of_its_sample_is_not_repeated(tmp_path: Path) -> None:
    with opened(tmp_path, font_bytes(loop=(100, 90000))) as font:
        sound = played(font)
    assert np.abs(sound[6000:]).max() < 1e-3


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 5000), junk=st.binary(min_size=1, max_size=8), cut=st.integers(0, 400))
def test_damaged_bytes_are_played_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, junk: bytes, cut: int
) -> None:
    data = bytearray(font_bytes())
    place %= len(data)
    data[place : place + len(junk)] = junk
    data = data[: len(data) - cut] if cut % 3 == 0 else data
    try:
        with opened(tmp_path_factory.mktemp("font"), bytes(data)) as font:
            assert np.isfinite(played(font)).all()
    except BadInput:
        pass


def test_our_font_has_every_instrument_and_drums() -> None:
    with SoundFont(OUR_FONT) as font:
        for program in range(128):
            assert any(font.regions(program, False, pitch, 80) for pitch in range(36, 96)), program
        for drum in range(35, 82):
            assert font.regions(0, True, drum, 80), drum
    assert "MIT" in OUR_FONT.with_suffix(".license.txt").read_text()
