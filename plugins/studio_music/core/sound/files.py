"""Songs as audio files: whole, as loops, and as stems, one file for each track."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from studio.api.values import BadInput, mark, safe_name, tr
from studio_music.core.sound.loops import loop_mix, loop_of
from studio_music.core.sound.loudness import Loudness, decibels
from studio_music.core.sound.mix import audible, mix_blocks
from studio_music.core.sound.synth import RATE, Audio, song_frames
from studio_music.core.sound.wave_chunks import add_loop_chunks

if TYPE_CHECKING:
    from studio_music.core.song import Song
    from studio_music.core.sound.font import SoundFont

__all__ = ["FORMATS", "AudioFormat", "AudioOptions", "AudioReport", "write_audio", "write_stems"]


@dataclass(frozen=True)
class AudioFormat:
    title: str
    suffix: str
    container: str
    """As libsndfile names it."""
    coding: str
    for_loops: bool = True


FORMATS = {
    "wav16": AudioFormat(mark("WAV, 16 bit"), ".wav", "WAV", "PCM_16"),
    "wav24": AudioFormat(mark("WAV, 24 bit"), ".wav", "WAV", "PCM_24"),
    "wav32f": AudioFormat(mark("WAV, 32 bit float"), ".wav", "WAV", "FLOAT"),
    "flac": AudioFormat(mark("FLAC"), ".flac", "FLAC", "PCM_24"),
    "ogg": AudioFormat(mark("Ogg Vorbis"), ".ogg", "OGG", "VORBIS"),
    "mp3": AudioFormat(mark("MP3"), ".mp3", "MP3", "MPEG_LAYER_III", for_loops=False),
}
_WRITTEN = 4096
"""Frames that are encoded at once: libsndfile's Vorbis encoder keeps them on its stack."""
_READ = 1 << 16
_SILENCE = 10 ** (-90 / 20)
_WIRES = {"wav16", "wav24", "wav32f"}


@dataclass(frozen=True)
class AudioOptions:
    """How a song becomes a file."""

    format: str = "wav16"
    """One of `FORMATS`."""
    rate: int = RATE
    loudness: float | None = None
    """LUFS by EBU R 128; None: as it was mixed. The true peak stays below -1 dBTP either way."""
    fade_in: float = 0.0
    """Seconds."""
    fade_out: float = 0.0
    loop: bool = False
    """One pass of the song's loop, without a seam."""
    seed: int = 0
    """Of the dither."""


@dataclass(frozen=True)
class AudioReport:
    """What was written."""

    frames: int
    seconds: float
    lufs: float
    """Of the file."""
    true_peak: float
    """dBTP of the file, before it was encoded."""
    gain: float
    """The factor between the mix and the file."""


Progress = Callable[[float], object]


def write_audio(
    song: Song,
    path: Path,
    font: SoundFont,
    options: AudioOptions | None = None,
    on_progress: Progress | None = None,
) -> AudioReport:
    """Writes the mix of a song. Memory does not grow with its length.

    Args:
        on_progress: called with 0 to 1; what it raises ends the work, and no file is left.

    Raises:
        BadInput: MP3 for a loop, a loop that is too short or long, a damaged sound font.
        OSError: the file cannot be written.
    """
    options = _checked(options or AudioOptions())
    with tempfile.TemporaryFile() as raw:
        frames, heard = _render(song, font, options, raw, None, on_progress)
        gain = heard.gain_for(options.loudness)
        _write(song, path, options, raw, frames, gain)
    return AudioReport(
        frames, frames / options.rate, heard.lufs + decibels(gain), decibels(heard.true_peak * gain), gain
    )


def write_stems(
    song: Song,
    folder: Path,
    name: str,
    font: SoundFont,
    options: AudioOptions | None = None,
    on_progress: Progress | None = None,
) -> list[Path]:
    """Writes each track that is heard into a file of its own, `name_track`; together they sum to the mix.

    Each has its share of the reverb, all have the gain that the mix gets, and all are equally long. Errors as
    with `write_audio`.
    """
    options = _checked(options or AudioOptions())
    tracks = [number for number, heard in enumerate(audible(song.tracks)) if heard]
    steps = len(tracks) + 1
    with tempfile.TemporaryFile() as raw:
        frames, heard = _render(song, font, options, raw, None, _share(on_progress, 0, steps))
    gain = heard.gain_for(options.loudness)
    paths: list[Path] = []
    for step, number in enumerate(tracks, 1):
        stem = _free(folder, f"{name}_{safe_name(song.tracks[number].name) or number + 1}", options, paths)
        with tempfile.TemporaryFile() as raw:
            _render(song, font, options, raw, number, _share(on_progress, step, steps))
            _write(song, stem, replace(options, seed=options.seed + step), raw, frames, gain)
        paths.append(stem)
    return paths


def _free(folder: Path, name: str, options: AudioOptions, taken: list[Path]) -> Path:
    suffix = FORMATS[options.format].suffix
    path, again = folder / f"{name}{suffix}", 2
    while path in taken:
        path, again = folder / f"{name} {again}{suffix}", again + 1
    return path


def _share(on_progress: Progress | None, step: int, steps: int) -> Progress | None:
    return None if on_progress is None else lambda done: on_progress((step + done) / steps)


def _checked(options: AudioOptions) -> AudioOptions:
    if options.loop and not FORMATS[options.format].for_loops:
        raise BadInput(
            tr("MP3 cannot hold a loop: its encoder adds silence at the beginning and the end."),
            tr("Choose WAV, FLAC or Ogg Vorbis for loops."),
        )
    if options.loop and (options.fade_in or options.fade_out):
        raise BadInput(tr("A loop that fades in or out has a seam."), tr("Set both fades to 0."))
    return options


def _render(
    song: Song,
    font: SoundFont,
    options: AudioOptions,
    raw: BinaryIO,
    only: int | None,
    on_progress: Progress | None,
) -> tuple[int, Loudness]:
    """Renders into a file of floats; how many frames are worth keeping, and how loud they are."""
    loudness = Loudness(options.rate)
    last = whole = 0
    for start, whole, block in _blocks(song, font, options, only):
        loudness.hear(block)
        raw.write(np.ascontiguousarray(block).tobytes())
        loud = np.flatnonzero(np.maximum(np.abs(block[:, 0]), np.abs(block[:, 1])) > _SILENCE)
        if len(loud):
            last = start + int(loud[-1]) + 1
        if on_progress is not None:
            on_progress((start + len(block)) / whole)
    if options.loop:
        raw.seek(0)
        for block in _read(raw, whole):  # what meets at the seam counts, too
            loudness.hear(block)
        return whole, loudness
    return max(last, song_frames(song, options.rate)), loudness


def _blocks(
    song: Song, font: SoundFont, options: AudioOptions, only: int | None
) -> Iterator[tuple[int, int, Audio]]:
    if options.loop:
        sound = loop_mix(song, font, options.rate, only=only)
        yield 0, len(sound), sound
    else:
        yield from mix_blocks(song, font, options.rate, only)


def _read(raw: BinaryIO, frames: int) -> Iterator[Audio]:
    while frames > 0:
        data = raw.read(8 * min(frames, _READ))
        if not data:
            return
        block = np.frombuffer(data, np.float32).reshape(-1, 2)
        frames -= len(block)
        yield block


def _write(song: Song, path: Path, options: AudioOptions, raw: BinaryIO, frames: int, gain: float) -> None:
    """Encodes what was rendered, into a file beside that takes its place when it is whole."""
    import soundfile

    kind = FORMATS[options.format]
    part = path.with_name(f".{path.name}.part")
    random = np.random.default_rng(options.seed)
    raw.seek(0)
    try:
        with soundfile.SoundFile(
            part, "w", options.rate, 2, subtype=kind.coding, format=kind.container
        ) as file:
            if kind.container != "WAV":
                if song.title:
                    file.title = song.title
                file.comment = f"BPM={song.tempo:g}"
            at = 0
            for block in _read(raw, frames):
                sound = block * np.float32(gain)
                if options.fade_in or options.fade_out:
                    sound *= _fades(options, at, len(block), frames)[:, None]
                coded = _dithered(sound, random) if kind.coding == "PCM_16" else sound
                for start in range(0, len(coded), _WRITTEN):
                    file.write(coded[start : start + _WRITTEN])
                at += len(block)
        if options.loop and options.format in _WIRES:
            add_loop_chunks(part, song, loop_of(song), options.rate, frames)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _fades(options: AudioOptions, start: int, count: int, frames: int) -> Any:
    """The gain of frames that fade in or out, as a half cosine."""
    at = np.arange(start, start + count, dtype=np.float64)
    gain = np.ones(count)
    for seconds, distance in ((options.fade_in, at), (options.fade_out, frames - 1 - at)):
        if seconds > 0:
            gain *= 0.5 - 0.5 * np.cos(np.pi * np.clip(distance / (seconds * options.rate), 0, 1))
    return gain.astype(np.float32)


def _dithered(sound: Audio, random: np.random.Generator) -> Any:
    """16 bit with triangular dither of one step: rounding becomes even noise instead of distortion.

    Source: Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither", 1992.
    """
    noise = random.random(sound.shape, np.float32) - random.random(sound.shape, np.float32)
    return np.clip(np.rint(sound * np.float32(32767) + noise), -32768, 32767).astype(np.int16)
