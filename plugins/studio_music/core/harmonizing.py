"""Harmonizes a melody: chords for it, and what each new voice is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.accompany import Wish, accompaniment
from studio_music.core.arrange.swing import swung
from studio_music.core.chords import parse_grid
from studio_music.core.compose.request import Cadence
from studio_music.core.ensembles import ENSEMBLES
from studio_music.core.filling import Filling
from studio_music.core.finding import found_chords
from studio_music.core.given import Voices, check_meter, key_of, melody_of, track_named
from studio_music.core.keys import Key
from studio_music.core.pitches import pitch_name
from studio_music.core.song import TICKS, KeyChange, Note, Song, Track
from studio_music.core.tokens.vocabulary import DENSITY_EDGES, class_of
from studio_music.core.varying import cadence_of

_SOPRANO_CENTER = 69


@dataclass(frozen=True)
class Melody:
    """A melody with its chords, and nothing else."""

    song: Song
    """One track: the melody, one note at a time."""
    remarks: tuple[str, ...] = ()
    """What a person should know, each in a sentence."""


def melody_with_chords(song: Song, track: str, grid: str, key: Key | None) -> Melody:
    """A song's melody by itself, with chords for it: typed ones, the song's, or such as fit.

    Args:
        track: the name or number of the melody's track; empty: found.
        grid: a chord grid; empty: the song's chords, or found ones.
        key: None: the song's, or the one that the notes are in.

    Raises:
        BadInput: there is no melody, or the grid cannot be read.
    """
    place = track_named(song, track) if track.strip() else melody_of(song)
    given = song.tracks[place]
    line = one_at_a_time(given.notes)
    if given.is_drums or not line:
        raise BadInput(
            tr("The track “{name}” has no notes with pitches.", name=given.name), tr("Choose another track.")
        )
    remarks = []
    if len(line) < len(given.notes):
        remarks.append(
            tr("The track “{name}” has chords: its highest notes count as the melody.", name=given.name)
        )
    chosen = key or key_of(replace(song, tracks=(given,)))
    if key is None and chosen != song.key:
        remarks.append(
            tr(
                "The notes do not lie in {said}; they seem to be in {key}.",
                said=song.key.name,
                key=chosen.name,
            )
        )
    alone = replace(
        song,
        tracks=(replace(given, notes=line, role="melody", muted=False, solo=False),),
        keys=song.keys if chosen == song.key else (KeyChange(0, chosen),),
    )
    chords = parse_grid(grid, song.meter, len(song.bars)) or song.chords or found_chords(alone, alone.tracks)
    return Melody(replace(alone, chords=chords), tuple(remarks))


def one_at_a_time(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Of notes that begin together the highest; each ends where the next begins."""
    tops: dict[int, Note] = {}
    for note in notes:
        if note.start not in tops or tops[note.start].pitch < note.pitch:
            tops[note.start] = note
    line = [tops[start] for start in sorted(tops)]
    ends = [note.start for note in line[1:]]
    return tuple(
        note._replace(length=min(note.length, end - note.start))
        for note, end in zip(line, [*ends, line[-1].end if line else 0], strict=True)
    )


def for_four(melody: Song, ensemble: str, surprise: float) -> tuple[Song, Filling]:
    """The melody as the highest of four voices, and what the model is asked for the other three.

    The voices move by octaves where the melody lies low or high.

    Raises:
        BadInput: the meter is not composed in, or the melody lies too low for voices below it.
    """
    players = ENSEMBLES[ensemble]
    for bar in melody.bars:
        check_meter(bar.meter)
    line = melody.tracks[0].notes
    center = float(np.median([note.pitch for note in line]))
    shift = int(min(12, max(-12, round(center - _SOPRANO_CENTER))))
    lowest = min(note.pitch for note in line)
    ranges = [(part.low + shift, part.high + shift) for part in players.voices]
    ranges[0] = (min(ranges[0][0], lowest), max(ranges[0][1], max(note.pitch for note in line)))
    if ranges[-1][0] < 24:
        raise BadInput(
            tr(
                "The melody lies too low for three voices below it: its lowest note is {note}.",
                note=pitch_name(lowest),
            ),
            tr("Move it up by an octave, or accompany it instead."),
        )
    tracks: list[Track] = [part.track for part in players.voices]
    tracks[0] = replace(tracks[0], notes=line)
    song = replace(melody, tracks=tuple(tracks))
    filling = Filling(
        Voices(players.learnt, (0, 1, 2, 3)),
        tuple(range(len(song.bars))),
        written=frozenset((1, 2, 3)),
        ranges=tuple(ranges),
        chords=song.chords,
        cadence=_closing(song, line),
        ends=song.loop is None,
        density=max(
            1, class_of(len(line) * TICKS / song.length, DENSITY_EDGES)
        ),  # one less than the melody's
        surprise=surprise,
    )
    return song, filling


def usual_groove(song: Song) -> str:
    """A groove that fits a song's meter and tempo."""
    fast = song.tempo >= 100
    if song.meter.unit >= 8:
        return "jig" if fast else "ballad"
    if song.meter.beats % 3 == 0:
        return "waltz"
    return "folk" if fast else "ballad"


def wish_for(song: Song, to: str, groove: str) -> Wish:
    """How a melody is accompanied: `to` is `piano` or `chords`; an empty groove is one that fits."""
    programs = {"left hand": 0} if to == "piano" else {}
    return Wish(groove or usual_groove(song), ("left hand",), ends=song.loop is None, programs=programs)


def for_players(melody: Song, wish: Wish, rng: np.random.Generator) -> Song:
    """The melody with an accompaniment by rules."""
    added = accompaniment(melody, wish, rng)
    tracks = (*melody.tracks, *added)
    if wish.programs.get("left hand") == 0:
        names = (("Right hand", "right hand"), ("Left hand", "left hand"))
        tracks = tuple(
            replace(track, name=name, role=role, program=0, volume=104, pan=64)
            for track, (name, role) in zip(tracks, names, strict=True)
        )
    return swung(replace(melody, tracks=tracks), wish.swing_ratio)


def _closing(song: Song, line: tuple[Note, ...]) -> Cadence:
    """A full cadence where the melody ends on the tonic over its chord."""
    wanted = cadence_of(song)
    return wanted if wanted != "full" or line[-1].pitch % 12 == song.key.tonic else "none"
