"""Gives a song players."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from studio.api.values import BadInput, tr
from studio_music.core.arrange.accompany import Wish, accompaniment
from studio_music.core.arrange.grooves import played_instead
from studio_music.core.arrange.swing import swung
from studio_music.core.chords import parse_grid
from studio_music.core.given import RULED, chords_of
from studio_music.core.harmonizing import usual_groove
from studio_music.core.song import MOST_TRACKS, Song

_PARTS = {
    "band": ("chords", "bass", "drums"),
    "rhythm": ("bass", "drums"),
    "one": ("left hand",),
    "piano": ("left hand",),
    "strings": ("chords", "bass", "drums", "strings"),
    "drums": ("drums",),
}


@dataclass(frozen=True)
class Players:
    """Who accompanies, and how."""

    name: str = "band"
    """One of `band`, `rhythm`, `one`, `piano`, `strings`, `drums`."""
    groove: str = ""
    """One of `GROOVES`; empty: one that fits meter and tempo."""
    energy: float = 0.5
    """0 to 1."""
    swing: float | None = None
    """0.5 to 0.75; None: as the groove has it."""
    fills: bool = True
    instrument: int | None = None
    """General MIDI program of the chords; None: the groove's."""
    keep: bool = False
    """Whether tracks of chords, bass and drums stay."""


def accompanied(
    song: Song, players: Players, grid: str, rng: np.random.Generator
) -> tuple[Song, tuple[str, ...]]:
    """The song with players, and what a person should know of it.

    Args:
        grid: chords; empty: the song's, or such as fit its notes.

    Raises:
        BadInput: the grid cannot be read, or nothing says which chords to play.
    """
    remarks = []
    parts = _PARTS[players.name]
    chords = parse_grid(grid, song.meter, len(song.bars)) or chords_of(song)
    if grid.strip() and len(song.meters) > 1:
        remarks.append(tr("The meter changes: the grid counts bars of {meter}.", meter=str(song.meter)))
    if not chords and parts != ("drums",):
        raise BadInput(
            tr("The song has no chords, and no notes that say which ones fit."), tr("Write a chord grid.")
        )
    if not grid.strip() and not song.chords and chords:
        remarks.append(tr("The song says no chords: they were found from its notes."))
    kept = (
        song.tracks
        if players.keep
        else tuple(track for track in song.tracks if not _is_ruled(track.role, parts))
    )
    if len(kept) + len(parts) > MOST_TRACKS:
        raise BadInput(
            tr("The song has {count} tracks; there is no room for more.", count=len(song.tracks)),
            tr("Delete tracks, and try again."),
        )
    groove = players.groove or usual_groove(song)
    if remark := played_instead(groove, song.meter):
        remarks.append(remark)
    programs: dict[str, int] = {}
    if players.name == "piano":
        programs["left hand"] = 0
    if players.instrument is not None:
        programs |= {"left hand": players.instrument, "chords": players.instrument}
    wish = Wish(groove, parts, players.energy, players.swing, players.fills, song.loop is None, programs)
    bare = replace(song, tracks=kept, chords=chords)
    added = accompaniment(bare, wish, rng)
    if players.name == "piano":
        added = tuple(replace(track, name="Left hand", role="left hand") for track in added)
    return swung(replace(bare, tracks=(*kept, *added)), wish.swing_ratio), tuple(remarks)


def _is_ruled(role: str, parts: tuple[str, ...]) -> bool:
    """Whether new players take the place of a track."""
    if parts == ("drums",):
        return role == "drums"
    return role in RULED
