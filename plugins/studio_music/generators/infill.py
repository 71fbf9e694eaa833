"""`music/infill`: writes chosen bars anew, of the melody, of one voice or of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields


class InfillParams(Params):
    bars: Annotated[
        str,
        Ui(group=fields.MUSIC),
        Field(
            title=mark("Bars"),
            description=mark("Which ones are written anew, counted from 1, such as 5-8, 11."),
            max_length=400,
        ),
    ] = ""
    track: fields.TRACK = ""
    density: fields.DENSITY = 0
    range: fields.RANGE = ""
    count: fields.COUNT = 1
    surprise: fields.SURPRISE = 1.0
    weights: fields.WEIGHTS = "studio"
    model: fields.MODEL = ""


class Infill(Generator):
    """Writes bars of a melody or of voices anew; all the rest stays to the note.

    The bars keep to the song's key and chords. Tracks of chords, basses and drums take patterns of other
    bars.
    """

    name = "infill"
    title = mark("Fill in bars")
    kind = "music"
    inputs = (fields.SONG,)
    Params = InfillParams
    actions = (Action(words=mark("Fill in {count} times"), one=mark("Fill in"), count="count"),)

    def generate(self, params: InfillParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.given import bars_named
        from studio_music.core.infilling import infilling, is_ruled, other_patterns
        from studio_music.generators.working import artifact, chance, fill_song, given_song, loaded_model

        song = given_song(run)
        bars = bars_named(song, params.bars)
        name = tr("{title}, new bars", title=song.title or tr("Song"))
        if is_ruled(song, params.track):
            for number in range(params.count):
                made = other_patterns(song, params.track, bars, chance(run, number))
                run.progress(number + 1, params.count)
                yield artifact(run, made, name, number)
            return
        filling, remarks = infilling(
            song, params.track, bars, params.density or None, params.range, params.surprise
        )
        for remark in remarks:
            run.note(remark)
        model = loaded_model(run, params)
        for number in range(params.count):
            made = fill_song(run, model, song, filling, number, params.count)
            yield artifact(run, made, name, number)
