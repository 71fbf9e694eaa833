"""`music/harmonize`: a melody gets chords, or voices below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields


class HarmonizeParams(Params):
    to: Annotated[
        Literal["choir", "strings", "piano", "chords"],
        Ui(
            group=fields.MUSIC,
            hint="choice",
            labels=(
                ("choir", mark("Four-part choir")),
                ("strings", mark("String quartet")),
                ("piano", mark("Piano")),
                ("chords", mark("Melody and chords")),
            ),
        ),
        Field(
            title=mark("For"),
            description=mark("The model writes voices for choir and quartet; rules write the others."),
        ),
    ] = "choir"
    track: Annotated[
        str,
        Ui(group=fields.MUSIC, hint="music-track"),
        Field(
            title=mark("Melody"),
            description=mark("The name or number of its track. Empty: found."),
            max_length=120,
        ),
    ] = ""
    key: Annotated[
        str,
        Ui(group=fields.MUSIC, hint="music-key"),
        Field(title=mark("Key"), description=mark("Empty: the song's."), max_length=40),
    ] = ""
    chords: Annotated[
        str,
        Ui(group=fields.CHORDS, hint="chord-grid"),
        Field(
            title=mark("Chords"),
            description=mark("Empty: the song's, or else such as fit the melody."),
            max_length=8000,
        ),
    ] = ""
    groove: Annotated[
        fields.GrooveName,
        Ui(group=fields.SOUND, hint="choice", labels=fields.GROOVE_LABELS, when=("to", ("piano", "chords"))),
        Field(title=mark("Groove")),
    ] = "auto"
    count: fields.COUNT = 1
    surprise: fields.SURPRISE = 0.9
    weights: fields.WEIGHTS = "studio"
    model: fields.MODEL = ""


class Harmonize(Generator):
    """Finds chords for a melody, and writes voices or an accompaniment. The melody stays to the note."""

    name = "harmonize"
    title = mark("Harmonize")
    kind = "music"
    inputs = (fields.SONG,)
    Params = HarmonizeParams
    actions = (Action(words=mark("Harmonize {count} times"), one=mark("Harmonize"), count="count"),)

    def generate(self, params: HarmonizeParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.harmonizing import for_four, for_players, melody_with_chords, wish_for
        from studio_music.core.keys import parse_key
        from studio_music.generators.working import artifact, chance, fill_song, given_song, loaded_model

        song = given_song(run)
        key = parse_key(params.key) if params.key.strip() else None
        melody = melody_with_chords(song, params.track, params.chords, key)
        for remark in melody.remarks:
            run.note(remark)
        name = tr("{title}, harmonized", title=song.title or tr("Song"))
        if params.to in ("piano", "chords"):
            for number in range(params.count):
                wish = wish_for(melody.song, params.to, fields.groove_of(params.groove))
                made = for_players(melody.song, wish, chance(run, number))
                run.progress(number + 1, params.count)
                yield artifact(run, made, name, number)
            return
        voices, filling = for_four(melody.song, params.to, params.surprise)
        model = loaded_model(run, params)
        for number in range(params.count):
            made = fill_song(run, model, voices, filling, number, params.count, None, True)
            yield artifact(run, made, name, number)
