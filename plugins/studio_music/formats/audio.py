"""Songs as audio files: the exporters that the manifest names."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from studio.api.values import BadInput, ExportRequest, tr
from studio_music.core.own_font import own_font
from studio_music.core.song import Song
from studio_music.core.sound.files import AudioOptions, write_audio, write_stems
from studio_music.core.sound.font import OUR_FONT, SoundFont
from studio_music.formats.exporting import titled

BITS, LOUDNESS, FADE, BARS = "bits", "loudness", "fade", "bars"
"""Options: bits of a sample, LUFS, seconds that the end fades out for, bars of each loop of a set."""
_WAVES = {16: "wav16", 24: "wav24", 32: "wav32f"}
_USUAL_BARS = 4
_MOST_LOOPS = 64


def export_audio(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes how a song sounds, as WAV, FLAC, Ogg Vorbis or MP3.

    Raises:
        BadInput: an option is out of its range, the sound font cannot be played, or the song is broken.
        OSError: the file cannot be written.
    """
    options = _options(request, target)
    with _font() as font:
        write_audio(titled(source, request), target, font, options)
    return [target]


def export_loop(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes the loop of a song, or all of it where it has none, so that it repeats without a seam. Errors
    as above."""
    options = replace(_options(request, target), loop=True)
    with _font() as font:
        write_audio(titled(source, request), target, font, options)
    return [target]


def export_loops(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes a loop of every few bars of a song, each without a seam. Errors as above."""
    song = titled(source, request)
    count = round(_value(request, BARS, 1, 64) or _USUAL_BARS)
    options = replace(_options(request, target), loop=True)
    bars = song.bars
    if len(bars) > count * _MOST_LOOPS:
        raise BadInput(
            tr("The song would be divided into more than {count} loops.", count=_MOST_LOOPS),
            tr("Give each loop more bars."),
        )
    written: list[Path] = []
    with _font() as font:
        for first in range(0, len(bars), count):
            some = bars[first : first + count]
            name = f"{target.stem}-{first + 1}-{first + len(some)}{target.suffix}"
            file = target.with_name(name) if first else target
            write_audio(_looped(song, some[0].start, some[-1].end), file, font, options)
            written.append(file)
    return written


def export_stems(source: Path, target: Path, request: ExportRequest) -> list[Path]:
    """Writes the mix of a song, and beside it a file for each track; together these are the mix. Errors as
    above."""
    song, options = titled(source, request), _options(request, target)
    with _font() as font:
        write_audio(song, target, font, options)
        return [target, *write_stems(song, target.parent, target.stem, font, options)]


def _looped(song: Song, start: int, end: int) -> Song:
    return replace(song, loop=(start, end), length=max(song.length, end))


def _font() -> SoundFont:
    return SoundFont(own_font() or OUR_FONT)


def _options(request: ExportRequest, target: Path) -> AudioOptions:
    format = target.suffix.lower().removeprefix(".")
    bits = _value(request, BITS, 16, 32)
    if format == "wav":
        if bits is not None and bits not in _WAVES:
            raise BadInput(
                tr("{bits} bits are not what a WAV file has.", bits=bits), tr("Give 16, 24, or 32 (float).")
            )
        format = _WAVES[round(bits) if bits is not None else 16]
    fade = _value(request, FADE, 0, 60) or 0.0
    return AudioOptions(format, loudness=_value(request, LOUDNESS, -40, -5), fade_out=fade)


def _value(request: ExportRequest, name: str, low: float, high: float) -> float | None:
    """The number that was given; None where none was. Raises `BadInput` for one out of its range."""
    given = request.options.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise BadInput(tr("“{value}” is no number.", value=str(given)[:40]), tr("Give a number."))
    if not low <= given <= high:
        raise BadInput(
            tr("{name} is {value}.", name=name, value=given),
            tr("Give a number from {low} to {high}.", low=low, high=high),
        )
    return float(given)
