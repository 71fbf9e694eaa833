"""Another tempo, key or meter for a song: each returns a new one."""

from __future__ import annotations

from dataclasses import replace

from studio_music.core.chords import PlacedChord
from studio_music.core.keys import Key
from studio_music.core.meter import Meter
from studio_music.core.song import KeyChange, MeterChange, Note, Song, TempoChange


def with_tempo(song: Song, tick: int, bpm: float) -> Song:
    """The tempo that is in force at a tick becomes another."""
    place = _in_force([change.start for change in song.tempos], tick)
    changed = TempoChange(song.tempos[place].start, bpm)
    return replace(song, tempos=(*song.tempos[:place], changed, *song.tempos[place + 1 :]))


def with_meter(song: Song, tick: int, meter: Meter) -> Song:
    """The meter that is in force at a tick becomes another.

    Notes stay where they are; the song ends with a whole bar.
    """
    place = _in_force([change.start for change in song.meters], tick)
    changed = MeterChange(song.meters[place].start, meter)
    made = replace(song, meters=(*song.meters[:place], changed, *song.meters[place + 1 :]))
    return replace(made, length=max(song.length, made.bars[-1].end)) if made.bars else made


def with_key(song: Song, tick: int, key: Key, *, move: bool) -> Song:
    """The key that is in force at a tick becomes another, up to the next key.

    `move` transposes what sounds in it, chords too and drums not, by at most half an octave. A note
    that would leave the range of MIDI goes an octave back.
    """
    place = _in_force([change.start for change in song.keys], tick)
    start, old = song.keys[place]
    end = song.keys[place + 1].start if place + 1 < len(song.keys) else max(song.length, 1)
    made = replace(song, keys=(*song.keys[:place], KeyChange(start, key), *song.keys[place + 1 :]))
    steps = (key.tonic - old.tonic + 6) % 12 - 6
    if not move or not steps:
        return made
    is_last = place + 1 == len(song.keys)
    tracks = tuple(
        track
        if track.is_drums
        else replace(
            track,
            notes=tuple(
                sorted(
                    _moved(note, steps) if start <= note.start and (is_last or note.start < end) else note
                    for note in track.notes
                )
            ),
        )
        for track in song.tracks
    )
    chords = tuple(
        PlacedChord(at, chord.transposed(steps))
        if chord is not None and start <= at and (is_last or at < end)
        else PlacedChord(at, chord)
        for at, chord in song.chords
    )
    return replace(made, tracks=tracks, chords=chords)


def _moved(note: Note, steps: int) -> Note:
    pitch = note.pitch + steps
    return note._replace(pitch=pitch + 12 if pitch < 0 else pitch - 12 if pitch > 127 else pitch)


def _in_force(starts: list[int], tick: int) -> int:
    return max(place for place, start in enumerate(starts) if start <= max(tick, 0))
