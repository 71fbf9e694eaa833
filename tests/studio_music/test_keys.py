"""Keys: read, written, and how pitches are spelled in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.keys import SCALES, Key, Spelling, parse_key, parse_pitch_class, spell

from studio.api.values import BadInput

keys = st.builds(Key, st.integers(0, 11), st.sampled_from(list(SCALES)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A minor", Key(9, "minor")),
        ("Am", Key(9, "minor")),
        ("F# dorian", Key(6, "dorian")),
        ("Bb", Key(10)),
        ("e", Key(4, "minor")),
        ("C harmonic minor", Key(0, "harmonic minor")),
        ("D Mixolydian", Key(2, "mixolydian")),
    ],
)
def test_keys_are_read_as_musicians_write_them(text: str, key: Key) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize("text", ["", "H", "A sharp", "A minor minor", "C" * 90, "7"])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="is no key"):
        parse_key(text)


@given(keys)
def test_a_name_is_read_again(key: Key) -> None:
    assert parse_key(key.name) == key


@given(st.integers(0, 127), keys)
def test_a_spelling_sounds_as_the_pitch(pitch: int, key: Key) -> None:
    step, alter, octave = spell(pitch, key)
    natural = parse_pitch_class(step)
    assert natural is not None
    assert (octave + 1) * 12 + natural + alter == pitch


@given(st.sampled_from(["major", "minor", "dorian", "mixolydian", "phrygian", "lydian"]), st.integers(0, 11))
def test_the_scale_has_seven_letters(mode: str, tonic: int) -> None:
    key = Key(tonic, mode)
    written = [spell(60 + tone, key) for tone in key.pitch_classes]
    assert len({one.step for one in written}) == 7
    assert sum(one.alter for one in written) == key.fifths


def test_leading_tones_of_minor_are_sharps() -> None:
    assert spell(68, parse_key("A minor")) == Spelling("G", 1, 4)
    assert spell(59, parse_key("C minor")) == Spelling("B", 0, 3)
    assert parse_key("Eb minor").name == "Eb minor"
