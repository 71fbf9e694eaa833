"""`music/compose`: a new song."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from studio.api import Action, Field, Generator, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields

if TYPE_CHECKING:
    from studio_music.core.compose.model import MusicModel
    from studio_music.core.plan import Plan, Wishes
    from studio_music.core.song import Note


class ComposeParams(Params):
    mood: fields.MOOD = "bright"
    ensemble: fields.ENSEMBLE = "chords"
    key: fields.KEY = ""
    meter: fields.METER = "4/4"
    tempo: fields.TEMPO = 0
    bars: fields.BARS = 16
    density: fields.DENSITY = 0
    range: fields.RANGE = ""
    chords: fields.GRID = ""
    suggest: Annotated[
        bool,
        Ui(group=fields.CHORDS),
        Field(
            title=mark("Suggest chords"),
            description=mark("Where you write none. Without any, melodies, choirs and quartets are free."),
        ),
    ] = True
    loop: Annotated[
        bool,
        Ui(group=fields.CHORDS),
        Field(title=mark("Loop"), description=mark("The last bar leads back to the first one.")),
    ] = False
    repeats: Annotated[
        bool,
        Ui(group=fields.CHORDS, advanced=True),
        Field(
            title=mark("Phrases come again"),
            description=mark(
                "Phrases of four bars begin as earlier ones do, where their chords are the same."
            ),
        ),
    ] = True
    groove: fields.GROOVE = "auto"
    instrument: fields.INSTRUMENT = ""
    count: fields.COUNT = 1
    surprise: fields.SURPRISE = 1.0
    weights: fields.WEIGHTS = "studio"
    model: fields.MODEL = ""


class Compose(Generator):
    """Composes a melody, a song with chords, a choir, a quartet, a piano piece or a small band.

    Key, meter, bars, range and chords are kept to; accompaniments come from rules.
    """

    name = "compose"
    title = mark("Compose")
    kind = "music"
    Params = ComposeParams
    actions = (Action(words=mark("Compose {count} songs"), one=mark("Compose"), count="count"),)

    def generate(self, params: ComposeParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.plan import finished, planned
        from studio_music.generators.working import artifact, chance, keep, kept, loaded_model

        wishes = wishes_of(params)
        plans = [planned(wishes, chance(run, number)) for number in range(params.count)]
        for remark in dict.fromkeys(remark for plan in plans for remark in plan.notes):
            run.note(remark)
        model = loaded_model(run, params)
        for number, plan in enumerate(plans):
            made = kept(run, _name(plan), number)
            if made is None:
                written = _write(run, model, plan, number, params.count)
                song = finished(plan, written, chance(run, 1000 + number))
                made = artifact(run, song, _name(plan), number)
                keep(run, made)
            else:
                words = tr("Going on with song {number} of {count}", number=number + 2, count=params.count)
                run.progress(number + 1, params.count, words if number + 1 < params.count else "")
            yield made


def wishes_of(params: ComposeParams) -> Wishes:
    """The settings as the core takes them. Raises `BadInput`."""
    from studio_music.core.meter import parse_meter
    from studio_music.core.plan import Wishes
    from studio_music.core.words import instrument_named

    return Wishes(
        key=params.key,
        meter=parse_meter(params.meter),
        tempo=params.tempo and max(20, params.tempo),
        bars=params.bars,
        ensemble=params.ensemble,
        mood=params.mood,
        density=params.density,
        range=params.range,
        chords=params.chords,
        suggest=params.suggest,
        loop=params.loop,
        repeats=params.repeats,
        groove=fields.groove_of(params.groove),
        instrument=instrument_named(params.instrument) if params.instrument.strip() else None,
        surprise=params.surprise,
    )


def _write(run: Run, model: MusicModel, plan: Plan, number: int, count: int) -> list[list[Note]]:
    """The notes of each voice. Tells of every bar as soon as it is there."""
    from studio_music.core.live import BarDone, SongBegun, line_of
    from studio_music.core.plan import closed, repeated, request, stages
    from studio_music.generators.working import chance, filled

    run.text(line_of(SongBegun(plan.song)), number)
    written: list[list[Note]] = [[] for _ in plan.song.tracks]
    rng = chance(run, 2000 + number)
    bars = plan.song.bars

    def tell(bar: int) -> None:
        start, end = bars[bar].start, bars[bar].end
        notes = {
            voice: tuple(note for note in line if start <= note.start < end)
            for voice, line in enumerate(written)
        }
        run.text(line_of(BarDone(bar, start, end, notes)), number)
        done = number * len(bars) + bar + 1
        run.progress(done, count * len(bars), tr("Writing bar {bar} of {bars}", bar=bar + 1, bars=len(bars)))

    for phrase, kept in stages(plan):
        for line, again in zip(written, repeated(plan, phrase.start, written), strict=True):
            line += again
        for bar in phrase[:kept]:
            tell(bar)
        for bar, notes in filled(model, request(plan, phrase, kept, written), rng):
            for voice, new in notes.items():
                written[voice] += new
            if bar == len(bars) - 1:
                written = [closed(plan, line) for line in written]
            tell(bar)
    return written


def _name(plan: Plan) -> str:
    return tr(
        "{ensemble} in {key}, {tempo} bpm",
        ensemble=tr(plan.ensemble.title),
        key=plan.song.key.name,
        tempo=round(plan.song.tempo),
    )
