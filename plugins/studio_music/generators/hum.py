"""`music/hum`: a recording of a voice or of one instrument becomes notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from studio.api import Action, Field, Generator, Input, Kind, NewArtifact, Params, Run, Ui, mark, tr
from studio_music.generators import fields

if TYPE_CHECKING:
    from studio_music.core.hum.transcribe import HumOptions

HeardMeter = Literal["auto", "4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "3/8", "2/2", "3/2", "6/4"]


class HumParams(Params):
    tempo: Annotated[
        int,
        Ui(group=fields.MUSIC, unit=mark("bpm"), labels=(("0", mark("Found")),)),
        Field(
            title=mark("Tempo"),
            description=mark("Quarter notes per minute, 20 to 300. 0: found."),
            ge=0,
            le=300,
        ),
    ] = 0
    meter: Annotated[
        HeardMeter,
        Ui(group=fields.MUSIC, hint="choice", labels=(("auto", mark("Found")),)),
        Field(title=mark("Meter")),
    ] = "auto"
    key: Annotated[
        str,
        Ui(group=fields.MUSIC, hint="music-key"),
        Field(
            title=mark("Key"),
            description=mark("Notes between two keys are rounded to its scale. Empty: found."),
            max_length=40,
        ),
    ] = ""
    quantize: Annotated[
        int,
        Ui(group=fields.MUSIC, hint="slider", unit="%"),
        Field(title=mark("Quantize"), description=mark("How far notes are moved to the beat."), ge=0, le=100),
    ] = 100
    instrument: Annotated[
        str,
        Ui(group=fields.SOUND, hint="music-instrument"),
        Field(
            title=mark("Instrument"),
            description=mark("By its name, such as Flute, or its General MIDI number. Empty: the piano."),
            max_length=60,
        ),
    ] = ""


class Hum(Generator):
    """Turns humming, singing, whistling or one instrument into notes, with tempo, meter and key."""

    name = "hum"
    title = mark("Hum a tune")
    kind = "music"
    inputs = (Input(name="recording", title=mark("Recording"), kind=Kind.AUDIO),)
    Params = HumParams
    actions = (Action(words=mark("Write down the notes")),)

    def generate(self, params: HumParams, run: Run) -> Iterator[NewArtifact]:
        from studio_music.core.hum.network import session
        from studio_music.core.hum.transcribe import transcribe
        from studio_music.generators.working import artifact

        options = options_of(params)
        path = run.input("recording")
        assert path is not None, "the input is required"
        run.progress(0, 1, tr("Listening"))
        network = run.warm(f"music hum {run.threads}", lambda: session(run.threads))

        def tell(done: int, total: int) -> None:
            run.progress(done, total, tr("Listening"))

        song = transcribe(path, options, tell, network)
        yield artifact(run, song, tr("Hummed tune, {key}", key=song.key.name))


def options_of(params: HumParams) -> HumOptions:
    """The settings as the core takes them. Raises `BadInput`."""
    from studio_music.core.hum.transcribe import HumOptions
    from studio_music.core.keys import parse_key
    from studio_music.core.meter import parse_meter
    from studio_music.core.words import instrument_named

    return HumOptions(
        tempo=float(params.tempo and max(20, params.tempo)),
        meter=None if params.meter == "auto" else parse_meter(params.meter),
        key=parse_key(params.key) if params.key.strip() else None,
        quantize=params.quantize / 100,
        program=instrument_named(params.instrument) if params.instrument.strip() else 0,
    )
