"""The instruments of General MIDI."""

from __future__ import annotations

from studio_music.core.instruments import (
    DRUM_NOTES,
    GROUPS,
    INSTRUMENTS,
    drum_kit_title,
    program_title,
)


def test_every_program_has_a_name_of_its_own_and_a_range() -> None:
    assert len(INSTRUMENTS) == 128
    assert len({instrument.title for instrument in INSTRUMENTS}) == 128
    assert all(0 <= instrument.low < instrument.high <= 127 for instrument in INSTRUMENTS)
    assert len(GROUPS) == 16


def test_programs_stand_where_general_midi_has_them() -> None:
    named = {
        0: "Grand piano",
        24: "Nylon-string guitar",
        40: "Violin",
        56: "Trumpet",
        73: "Flute",
        127: "Gunshot",
    }
    assert {program: program_title(program) for program in named} == named


def test_drums() -> None:
    assert sorted(DRUM_NOTES) == list(range(35, 82))
    assert (DRUM_NOTES[36], DRUM_NOTES[38], DRUM_NOTES[42]) == ("Bass drum", "Snare drum", "Closed hi-hat")
    assert (drum_kit_title(0), drum_kit_title(26), drum_kit_title(127)) == (
        "Standard drum kit",
        "Analog drum kit",
        "Orchestra drum kit",
    )
