"""`music/accompany`: a song gets players, by rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields

Players = Literal["band", "rhythm", "one", "piano", "strings", "drums"]


class AccompanyParams(Params):
    players: Annotated[
        Players,
        Ui(
            group=fields.SOUND,
            hint="choice",
            labels=(
                ("band", mark("Chords, bass and drums")),
                ("rhythm", mark("Bass and drums")),
                ("one", mark("One player")),
                ("piano", mark("A left hand of the piano")),
                ("strings", mark("Band with strings")),
                ("drums", mark("Drums")),
            ),
        ),
        Field(title=mark("Players")),
    ] = "band"
    groove: Annotated[
        fields.GrooveName,
        Ui(group=fields.SOUND, hint="choice", labels=fields.GROOVE_LABELS),
        Field(title=mark("Groove")),
    ] = "auto"
    energy: fields.ENERGY = 50
    swing: fields.SWING = 0
    fills: fields.FILLS = True
    instrument: Annotated[
        str,
        Ui(group=fields.SOUND, hint="music-instrument"),
        Field(
            title=mark("Instrument of the chords"),
            description=mark(
                "By its name or its General MIDI number, 1 to 128. Empty: as the groove has it."
            ),
            max_length=60,
        ),
    ] = ""
    chords: Annotated[
        str,
        Ui(group=fields.CHORDS, hint="chord-grid"),
        Field(
            title=mark("Chords"),
            description=mark("Empty: the song's, or else such as fit its notes."),
            max_length=8000,
        ),
    ] = ""
    keep: Annotated[
        bool,
        Ui(group=fields.SOUND, advanced=True),
        Field(
            title=mark("Keep the old accompaniment"),
            description=mark("Otherwise tracks of chords, bass and drums are replaced."),
        ),
    ] = False
    count: fields.COUNT = 1


class Accompany(Generator):
    """Adds chords, a bass and drums to a song, by rules: grooves with swing, fills and voice leading."""

    name = "accompany"
    title = mark("Accompany")
    kind = "music"
    inputs = (fields.SONG,)
    Params = AccompanyParams
    actions = (Action(words=mark("Accompany {count} times"), one=mark("Accompany"), count="count"),)

    def generate(self, params: AccompanyParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.accompanying import Players, accompanied
        from studio_music.core.words import instrument_named
        from studio_music.generators.working import artifact, chance, given_song

        song = given_song(run)
        players = Players(
            params.players,
            fields.groove_of(params.groove),
            params.energy / 100,
            max(50, params.swing) / 100 if params.swing else None,
            params.fills,
            instrument_named(params.instrument) if params.instrument.strip() else None,
            params.keep,
        )
        for number in range(params.count):
            made, remarks = accompanied(song, players, params.chords, chance(run, number))
            if number == 0:
                for remark in remarks:
                    run.note(remark)
            run.progress(number + 1, params.count)
            yield artifact(run, made, tr("{title}, accompanied", title=song.title or tr("Song")), number)
