"""Chooses what of a song is written anew, so that it stays recognizable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio_music.core.arrange.dynamics import PHRASE
from studio_music.core.chords import chord_at
from studio_music.core.compose.request import Cadence
from studio_music.core.filling import Filling
from studio_music.core.finding import found_chords
from studio_music.core.given import check_meter, chords_of, voices_of
from studio_music.core.song import Song
from studio_music.core.tokens.vocabulary import METERS

_HOLD = (0.15, 0.5, 0.75, 0.6)
"""How readily each bar of a phrase is varied: its first bar, by which it is known, the least."""


def variation(
    song: Song, strength: float, surprise: float, rng: np.random.Generator, track: str = ""
) -> Filling:
    """What to write anew: a share of the bars, the beginnings of phrases last. The chords stay.

    Args:
        strength: the share of the bars, above 0 up to 1.
        track: its name or number; empty: the melody, or four voices.

    Raises:
        BadInput: the song has no melody, or no bar whose meter is composed in.
    """
    voices = voices_of(song, track)
    whole = [
        bar for bar in song.bars if bar.end - bar.start == bar.meter.bar_ticks and str(bar.meter) in METERS
    ]
    if not whole:
        check_meter(song.meter)
    count = max(1, round(strength * len(whole)))
    weights = np.array([_HOLD[bar.number % PHRASE % len(_HOLD)] for bar in whole])
    keys = rng.random(len(whole)) ** (
        1.0 / weights
    )  # weighted choice without repeats (Efraimidis and Spirakis)
    chosen = sorted(whole[place].number for place in np.argsort(-keys, kind="stable")[:count])
    tracks = [song.tracks[place] for place in voices.places]
    chords = chords_of(song, voices.places) or found_chords(song, tracks)
    return Filling(
        voices,
        tuple(chosen),
        chords=chords,
        cadence=cadence_of(replace(song, chords=chords)),
        ends=song.loop is None,
        surprise=surprise,
    )


def cadence_of(song: Song) -> Cadence:
    """How a song that is given closes where its last bar is written anew."""
    last = chord_at(song.chords, song.length - 1)
    if song.loop is not None and song.loop[1] >= song.length:
        return "loop"
    return "full" if last is not None and last.root == song.key.tonic else "none"
