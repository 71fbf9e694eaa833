"""What every generator does around the notes: load the model, tell how far it is, write the songs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from studio.api import NewArtifact, Run, tr

if TYPE_CHECKING:
    import numpy as np

    from studio_music.core.compose.model import MusicModel
    from studio_music.core.compose.request import FillRequest
    from studio_music.core.filling import Filling
    from studio_music.core.live import BarDone
    from studio_music.core.song import Note, Song

MUSIC_KIND = "music"


def loaded_model(run: Run, params: Any) -> MusicModel:
    """The model that the params name, or the one that comes with the plugin; kept for the next jobs.

    Raises:
        BadInput: it is no model that writes music.
        ModelRefused: it is missing, or has been changed.
    """
    from studio_music.core.compose.model import MusicModel  # for speed

    named = params.model if params.weights == "other" else ""
    path = run.model("model") if named else None
    run.progress(0, 1, tr("Loading the model"))
    return run.warm(f"music {named}", lambda: MusicModel.load(path))


def chance(run: Run, number: int = 0) -> np.random.Generator:
    """The chance of a job's song number `number`, which its seed decides."""
    import numpy as np  # for speed

    return np.random.default_rng([run.seed, number])


def filled(
    model: MusicModel, request: FillRequest, rng: np.random.Generator
) -> Iterator[tuple[int, dict[int, tuple[Note, ...]]]]:
    """The bars that the model writes, each as soon as it is there: its number, the notes of each voice."""
    from studio_music.core.compose.engine import fill  # for speed

    for bar in fill(model, request, rng):
        yield bar.bar, bar.notes


def artifact(run: Run, song: Song, name: str, number: int = 0) -> NewArtifact:
    """Writes a song. Raises `BadInput` where it is too large for a file."""
    from studio_music.core.midi_file import write_song  # for speed

    path = run.scratch / _file(number)
    write_song(song, path)
    return NewArtifact(path, MUSIC_KIND, name)


def keep(run: Run, made: NewArtifact) -> None:
    """For the next run of this job, if this one is broken off before its last song is there."""
    aside = run.kept / f"{made.path.name}.part"
    shutil.copyfile(made.path, aside)
    aside.replace(run.kept / made.path.name)


def kept(run: Run, name: str, number: int) -> NewArtifact | None:
    """The song as an earlier run of this job has written it, if it has."""
    earlier, path = run.kept / _file(number), run.scratch / _file(number)
    if not earlier.exists():
        return None
    shutil.copyfile(earlier, path)
    return NewArtifact(path, MUSIC_KIND, name)


def _file(number: int) -> str:
    return f"song-{number + 1}.mid"


def given_song(run: Run) -> Song:
    """The song of the input `song`; what its reader mended is told. Raises `BadInput`."""
    from studio_music.core.midi_file import read_with_remarks  # for speed

    path = run.input("song")
    assert path is not None, "the input is required"
    song, remarks = read_with_remarks(path)
    for remark in remarks:
        run.note(remark)
    return song


def fill_song(
    run: Run,
    model: MusicModel,
    song: Song,
    filling: Filling,
    number: int,
    count: int,
    shift: int | None = 0,
    new_bars: bool = False,
) -> Song:
    """A song with bars filled in, of which each is told as soon as it is written.

    Args:
        number: of the song, counted from 0, of `count` that the job writes.
        shift: by how many ticks the given song's notes come later in this one; None: its tracks are others.
        new_bars: whether the bars are new, so that what all other tracks play in them is told too.
    """
    from studio_music.core.filling import fill_in  # for speed
    from studio_music.core.live import SongBegun, line_of

    run.text(line_of(SongBegun(without_notes(song), shift)), number)
    total = len(filling.bars)
    done = 0

    def tell(bar: BarDone) -> None:
        nonlocal done
        done += 1
        if new_bars:
            others = {place: _within(track.notes, bar) for place, track in enumerate(song.tracks)}
            bar = replace(bar, notes={**others, **bar.notes})
        run.text(line_of(bar), number)
        run.progress(number * total + done, count * total, tr("Writing bar {bar}", bar=bar.bar + 1))

    return fill_in(song, filling, model, chance(run, 2000 + number), tell)


def _within(notes: tuple[Note, ...], bar: BarDone) -> tuple[Note, ...]:
    return tuple(note for note in notes if bar.start <= note.start < bar.end)


def without_notes(song: Song) -> Song:
    """The song with empty tracks, as the first line of what is told live."""
    return replace(song, tracks=tuple(replace(track, notes=()) for track in song.tracks))
