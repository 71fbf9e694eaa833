"""`music/continue`: goes on with a song, at its end or before its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields


class ContinueParams(Params):
    side: Annotated[
        Literal["right", "left"],
        Ui(
            group=fields.MUSIC,
            hint="choice",
            labels=(("right", mark("At the end")), ("left", mark("Before the beginning"))),
        ),
        Field(title=mark("Where")),
    ] = "right"
    bars: Annotated[
        int,
        Ui(group=fields.MUSIC, unit=mark("bars"), hint="slider"),
        Field(title=mark("New bars"), ge=1, le=32),
    ] = 8
    chords: fields.GRID = ""
    close: Annotated[
        bool,
        Ui(group=fields.CHORDS, when=("side", ("right",))),
        Field(title=mark("Close"), description=mark("The new end is a cadence.")),
    ] = True
    count: fields.COUNT = 1
    surprise: fields.SURPRISE = 1.0
    weights: fields.WEIGHTS = "studio"
    model: fields.MODEL = ""


class Continue(Generator):
    """Goes on with a song, at its end or before its beginning; what is there stays to the note.

    The model writes its melody or its four voices; the other tracks keep their patterns.
    """

    name = "continue"
    title = mark("Continue")
    kind = "music"
    inputs = (fields.SONG,)
    Params = ContinueParams
    actions = (Action(words=mark("Go on in {count} ways"), one=mark("Go on"), count="count"),)

    def generate(self, params: ContinueParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.continuing import longer
        from studio_music.generators.working import artifact, chance, fill_song, given_song, loaded_model

        song = given_song(run)
        left = params.side == "left"
        closes = params.close and song.loop is None
        plans = [
            longer(song, left, params.bars, params.chords, closes, params.surprise, chance(run, number))
            for number in range(params.count)
        ]
        model = loaded_model(run, params)
        for number, plan in enumerate(plans):
            made = fill_song(run, model, plan.song, plan.filling, number, params.count, plan.shift, True)
            yield artifact(run, made, tr("{title}, continued", title=song.title or tr("Song")), number)
