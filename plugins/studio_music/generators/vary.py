"""`music/vary`: a song once more, more or less different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields


class VaryParams(Params):
    strength: Annotated[
        int,
        Ui(group=fields.MUSIC, unit="%", hint="slider"),
        Field(
            title=mark("Strength"),
            description=mark(
                "The share of bars that are written anew. Chords and beginnings of phrases stay longest."
            ),
            ge=5,
            le=100,
        ),
    ] = 35
    track: fields.TRACK = ""
    count: fields.COUNT = 2
    surprise: fields.SURPRISE = 1.0
    weights: fields.WEIGHTS = "studio"
    model: fields.MODEL = ""


class Vary(Generator):
    """Writes some bars of a melody or of voices anew, over the same chords."""

    name = "vary"
    title = mark("Vary")
    kind = "music"
    inputs = (fields.SONG,)
    Params = VaryParams
    actions = (Action(words=mark("Make {count} variations"), one=mark("Vary"), count="count"),)

    def generate(self, params: VaryParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.varying import variation
        from studio_music.generators.working import artifact, chance, fill_song, given_song, loaded_model

        song = given_song(run)
        fillings = [
            variation(song, params.strength / 100, params.surprise, chance(run, number), params.track)
            for number in range(params.count)
        ]
        model = loaded_model(run, params)
        for number, filling in enumerate(fillings):
            made = fill_song(run, model, song, filling, number, params.count)
            yield artifact(run, made, tr("{title}, varied", title=song.title or tr("Song")), number)
