"""Sound fonts: which samples an instrument plays for a pitch and a velocity, and with what settings.

Read by ourselves, so that a broken file meets checks in Python: the only foreign code that sees bytes of it
is libsndfile, for the Vorbis samples of .sf3 files. Source: SoundFont Technical Specification 2.04.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.api.values import regular_file, tr
from studio_music.core.sound.levels import OUR_LEVELS
from studio_music.core.sound.regions import Region, Sample, Zones
from studio_music.core.sound.riff import broken, font_chunks

__all__ = ["OUR_FONT", "SoundFont", "open_font"]

OUR_FONT = Path(__file__).parents[2] / "soundfonts" / "FluidR3Mono_GM.sf3"
"""The General MIDI sound font that comes with the studio; its licence (MIT) lies beside it."""
_MOST_SAMPLE_FRAMES = 20_000_000
_KEPT_BYTES = 48 << 20
"""How much of decoded samples is kept in memory."""
_VORBIS, _ROM, _DRUM_BANK = 0x10, 0x8000, 128

Audio = npt.NDArray[np.float32]


class SoundFont:
    """An open sound font. Close it, or use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises `BadInput` where it cannot be played, `OSError`."""
        regular_file(path)
        self.path = path
        self._file = path.open("rb")
        try:
            chunks = font_chunks(self._file, path)
            self.name = chunks.name
            self._data = chunks.samples
            self._zones = Zones(chunks.tables, path.name)
            for sample in self._zones.samples:
                self._check(sample)
        except BaseException:
            self._file.close()
            raise
        self._decoded: OrderedDict[int, Audio] = OrderedDict()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> SoundFont:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def regions(self, program: int, is_drums: bool, pitch: int, velocity: int) -> tuple[Region, ...]:
        """What sounds when a key is struck; often one region, none where the instrument has no such note.

        Args:
            program: 0 to 127; for drums the kit. One that the font lacks is played by its first one.
        """
        preset = self._zones.presets.get((_DRUM_BANK if is_drums else 0, program))
        if preset is None:
            preset = self._zones.presets.get((_DRUM_BANK if is_drums else 0, 0), None)
        if preset is None:
            if is_drums:  # a font without drums: silence, not a piano that plays the drums' pitches
                return ()
            preset = next(iter(self._zones.presets.values()))
        return tuple(region for region in self._zones.regions(preset) if region.plays(pitch, velocity))

    def level(self, program: int, is_drums: bool) -> float:
        """The factor that brings an instrument nearer to the others of its font."""
        return 10 ** (OUR_LEVELS[program] / 20) if self.path == OUR_FONT and not is_drums else 1.0

    def samples(self, number: int) -> Audio:
        """The sound of a sample, mono, -1 to 1. Raises `BadInput` where it cannot be decoded."""
        sound = self._decoded.pop(number, None)
        if sound is None:
            sound = self._read(self._zones.samples[number])
        self._decoded[number] = sound
        kept = sum(other.nbytes for other in self._decoded.values())
        while kept > _KEPT_BYTES and len(self._decoded) > 1:
            kept -= self._decoded.popitem(last=False)[1].nbytes
        return sound

    def header(self, number: int) -> Sample:
        return self._zones.samples[number]

    def _check(self, sample: Sample) -> None:
        if sample.kind & _ROM:
            return
        unit = 1 if sample.kind & _VORBIS else 2
        if not 0 <= sample.start < sample.end <= self._data.size // unit:
            raise broken(self.path.name, tr("the sample “{name}” lies outside of it", name=sample.name))
        if not sample.kind & _VORBIS and sample.end - sample.start > _MOST_SAMPLE_FRAMES:
            raise broken(self.path.name, tr("the sample “{name}” is too long", name=sample.name))
        if not 400 <= sample.rate <= 192_000:
            raise broken(self.path.name, tr("the sample “{name}” has no usable rate", name=sample.name))

    def _read(self, sample: Sample) -> Audio:
        if sample.kind & _ROM:  # it is in the hardware of a sound card of 1996
            return np.zeros(1, np.float32)
        if sample.kind & _VORBIS:
            self._file.seek(self._data.start + sample.start)
            return self._vorbis(sample, self._file.read(sample.end - sample.start))
        self._file.seek(self._data.start + 2 * sample.start)
        words = np.frombuffer(self._file.read(2 * (sample.end - sample.start)), "<i2")
        return words.astype(np.float32) / np.float32(32768.0)

    def _vorbis(self, sample: Sample, data: bytes) -> Audio:
        import soundfile

        why = tr("the sample “{name}” cannot be decoded", name=sample.name)
        if not data.startswith(b"OggS"):
            raise broken(self.path.name, why)
        try:
            with soundfile.SoundFile(io.BytesIO(data)) as file:
                if not 0 < file.frames <= _MOST_SAMPLE_FRAMES or file.channels > 2:
                    raise broken(self.path.name, why)
                decoded: Any = file.read(dtype="float32", always_2d=True)
        except soundfile.SoundFileError as error:
            raise broken(self.path.name, why) from error
        return np.ascontiguousarray(decoded[:, 0])


@cache
def open_font(path: Path | None = None) -> SoundFont:
    """The sound font at a path, or ours; it stays open. Raises `BadInput`, `OSError`."""
    return SoundFont(path or OUR_FONT)
