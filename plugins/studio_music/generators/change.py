"""`music/change`: a song, changed as words say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import Action, BadInput, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields


class ChangeParams(Params):
    words: Annotated[
        str,
        Ui(group=fields.MUSIC, hint="prompt"),
        Field(
            title=mark("What to change"),
            description=mark(
                "Such as: calmer, minor, fewer notes, up a tone, in D minor, staccato, with flute, 120 bpm. "
                "English and German words, read by plain rules."
            ),
            max_length=400,
        ),
    ] = ""


class Change(Generator):
    """Changes a song as words say: tempo, key, density, register, loudness, articulation, instrument."""

    name = "change"
    title = mark("Change")
    kind = "music"
    inputs = (fields.SONG,)
    Params = ChangeParams
    actions = (Action(words=mark("Change")),)

    def generate(self, params: ChangeParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.changing import changed
        from studio_music.core.words import EXAMPLES, read_words
        from studio_music.generators.working import artifact, chance, given_song

        if not params.words.strip():
            raise BadInput(
                tr("No words say what to change."),
                tr("Write some, such as: {examples}.", examples=tr(EXAMPLES)),
            )
        song = given_song(run)
        reading = read_words(params.words)
        if reading.unknown:
            run.note(tr("Not understood: {words}.", words=", ".join(reading.unknown)))
        made = changed(song, reading.change, chance(run))
        said = ", ".join(reading.understood)
        yield artifact(run, made, tr("{title}, {words}", title=song.title or tr("Song"), words=said))
