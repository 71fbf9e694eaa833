"""What other programs write between notes: pedals become longer notes, the rest is told."""

from __future__ import annotations

import io
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_music.core.midi_file import read_with_remarks, song_from_bytes
from studio_music.core.midi_moving import sustained
from studio_music.core.song import Note

Event = tuple[int, mido.Message]
PEDAL_SAID = "The sustain pedal was read as longer notes."


def file_of(*tracks: list[Event]) -> bytes:
    """A MIDI file of messages at ticks."""
    file = mido.MidiFile(type=1, ticks_per_beat=480)
    for events in tracks:
        track, before = mido.MidiTrack(), 0
        for at, message in sorted(events, key=lambda event: event[0]):
            track.append(message.copy(time=at - before))
            before = at
        file.tracks.append(track)
    data = io.BytesIO()
    file.save(file=data)
    return data.getvalue()


def note(start: int, end: int, pitch: int = 60, channel: int = 0) -> list[Event]:
    return [
        (start, mido.Message("note_on", note=pitch, velocity=80, channel=channel)),
        (end, mido.Message("note_off", note=pitch, channel=channel)),
    ]


def control(at: int, number: int, value: int, channel: int = 0) -> Event:
    return at, mido.Message("control_change", control=number, value=value, channel=channel)


def read(data: bytes, folder: Path) -> tuple[tuple[Note, ...], str]:
    """The notes of the first track, and the remarks."""
    file = folder / "tune.mid"
    file.write_bytes(data)
    song, remarks = read_with_remarks(file)
    return song.tracks[0].notes, " ".join(remarks)


def test_a_pedal_holds_notes_until_it_is_lifted_or_they_are_struck_again(tmp_path: Path) -> None:
    events = [
        *note(0, 240, 48),
        *note(0, 240, 60),
        *note(480, 700, 60),
        *note(960, 1200, 64),
        control(10, 64, 127),
        control(900, 64, 63),
        control(1200, 64, 64),  # what ended as it was pressed had ended
    ]
    notes, said = read(file_of(events), tmp_path)
    assert notes == (Note(0, 480, 60), Note(0, 900, 48), Note(480, 420, 60), Note(960, 240, 64))
    assert said == PEDAL_SAID


def test_a_pedal_that_is_never_lifted_holds_to_the_last_note(tmp_path: Path) -> None:
    notes, _ = read(file_of([control(0, 64, 127), *note(0, 100), *note(480, 960, 62)]), tmp_path)
    assert notes == (Note(0, 960, 60), Note(480, 480, 62))


def test_a_pedal_may_stand_in_a_track_of_its_own(tmp_path: Path) -> None:
    pedal = [control(0, 64, 127), control(480, 64, 0)]
    notes, _ = read(file_of(pedal, note(0, 100) + note(480, 960)), tmp_path)
    assert notes == (Note(0, 480, 60), Note(480, 480, 60))


def test_drums_and_pedals_that_hold_nothing_are_as_they_were(tmp_path: Path) -> None:
    drums = [control(0, 64, 127, 9), *note(0, 100, 38, 9), *note(480, 580, 38, 9)]
    assert read(file_of(drums), tmp_path) == ((Note(0, 100, 38), Note(480, 100, 38)), "")
    lifted = [control(0, 64, 0), control(300, 64, 127), control(320, 64, 0), *note(0, 240), *note(480, 960)]
    assert read(file_of(lifted), tmp_path) == ((Note(0, 240, 60), Note(480, 480, 60)), "")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([(100, mido.Message("pitchwheel", pitch=500))], "pitch bend"),
        ([(100, mido.Message("aftertouch", value=5))], "aftertouch"),
        ([(100, mido.Message("polytouch", note=60, value=5))], "aftertouch"),
        ([control(100, 1, 30)], "modulation"),
        ([control(0, 11, 127), control(100, 11, 90)], "expression"),
        ([control(0, 7, 100), control(100, 7, 90)], "volume"),
        ([control(0, 10, 64), control(100, 10, 0)], "pan"),
        ([control(100, 1, 30), (100, mido.Message("pitchwheel", pitch=-1))], "pitch bend, modulation"),
    ],
)
def test_what_moves_within_a_track_is_said_to_be_left_out(
    events: list[Event], said: str, tmp_path: Path
) -> None:
    assert read(file_of(events + note(0, 480)), tmp_path)[1] == (
        f"What moves within a track was left out: {said}."
    )


def test_what_stays_where_it_rests_is_no_loss(tmp_path: Path) -> None:
    rests = [
        (0, mido.Message("pitchwheel", pitch=0)),
        (0, mido.Message("aftertouch", value=0)),
        control(0, 1, 0),
        control(0, 11, 127),
        control(0, 7, 90),
        control(240, 7, 90),
        control(0, 64, 0),
    ]
    assert read(file_of(rests + note(0, 480)), tmp_path)[1] == ""


def test_an_expression_that_stays_is_a_part_of_the_volume() -> None:
    song = song_from_bytes(file_of([control(0, 7, 100), control(0, 11, 64), *note(0, 480)]), "tune.mid")
    assert song.tracks[0].volume == round(100 * 64 / 127)


def played(notes: list[tuple[int, int, int, int]], pedal: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """What a synthesizer does, event after event: when each note that was struck is heard no more."""
    last = max(end for _, end, *_ in notes)
    events = [(at, 0, value) for at, value in pedal]
    for number, (start, end, *_) in enumerate(notes):
        events += [(start, 2, number), (end, 1, number)]
    down, let_go, ends = False, list[int](), dict[int, int]()
    for at, kind, value in sorted(events):
        if kind == 0:
            down = value >= 64
            if not down:
                ends |= dict.fromkeys(let_go, at)
                let_go = []
        elif kind == 1 and down:
            let_go.append(value)
        elif kind == 1:
            ends[value] = at
        else:
            again = [number for number in let_go if notes[number][2] == notes[value][2]]
            ends |= dict.fromkeys(again, at)
            let_go = [number for number in let_go if number not in again]
    ends |= dict.fromkeys(let_go, last)
    return [(start, ends[n], pitch, velocity) for n, (start, _, pitch, velocity) in enumerate(notes)]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.integers(60, 62)), min_size=1, max_size=12),
    st.dictionaries(st.integers(0, 60), st.sampled_from([0, 63, 64, 127]), max_size=8),
)
def test_notes_are_as_long_as_a_synthesizer_holds_them(
    struck: list[tuple[int, int, int]], pedal: dict[int, int]
) -> None:
    # one pitch sounds once at a time; pedals move between the ticks of notes
    notes, sounds_until = [], dict[int, int]()
    for start, length, pitch in sorted(struck):
        if start >= sounds_until.get(pitch, 0):
            notes.append((2 * start, 2 * (start + length), pitch, 80))
            sounds_until[pitch] = start + length
    last = max(end for _, end, *_ in notes)
    moves = [(2 * at + 1, value) for at, value in sorted(pedal.items()) if 2 * at + 1 < last]
    assert sustained(notes, moves) == played(notes, moves)
