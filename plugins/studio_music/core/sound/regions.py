"""The tables of a sound font, joined: the instruments, and for each the regions of keys with their settings.

Source: SoundFont Technical Specification 2.04, sections 7 (tables), 8 (generators, modulators), 9.4 (how the
zones of presets and instruments add up).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from studio.api.values import tr
from studio_music.core.sound.riff import broken

__all__ = ["Modulator", "Region", "Sample", "Zones"]

_DTYPES = {
    b"phdr": np.dtype("S20,<u2,<u2,<u2,<u4,<u4,<u4"),
    b"pbag": np.dtype("<u2,<u2"),
    b"pmod": np.dtype("<u2,<u2,<i2,<u2,<u2"),
    b"pgen": np.dtype("<u2,<u2"),
    b"inst": np.dtype("S20,<u2"),
    b"ibag": np.dtype("<u2,<u2"),
    b"imod": np.dtype("<u2,<u2,<i2,<u2,<u2"),
    b"igen": np.dtype("<u2,<u2"),
    b"shdr": np.dtype("S20,<u4,<u4,<u4,<u4,<u4,u1,i1,<u2,<u2"),
}
_KEY_RANGE, _VELOCITY_RANGE, _INSTRUMENT, _SAMPLE = 43, 44, 41, 53
_DEFAULTS = {
    8: 13500, 21: -12000, 23: -12000, 25: -12000, 26: -12000, 27: -12000, 28: -12000, 30: -12000,
    33: -12000, 34: -12000, 35: -12000, 36: -12000, 38: -12000, 46: -1, 47: -1, 56: 100, 58: -1,
}  # fmt: skip
"""Generators that are not 0 where nothing is said of them (8.1.3)."""
_ONLY_IN_INSTRUMENTS = {0, 1, 2, 3, 4, 12, 45, 46, 47, 50, 54, 57, 58}
_UNUSED_MOST = 60
_MOST_REGIONS = 4096
"""Of one instrument."""


@dataclass(frozen=True)
class Sample:
    name: str
    start: int
    """In frames of the sample chunk; in bytes where it is Vorbis."""
    end: int
    loop_start: int
    """In frames from the sample's own beginning."""
    loop_end: int
    rate: int
    pitch: int
    """The key at which it sounds as recorded; above 127: unknown, which means 60."""
    cents: int
    """To add to that."""
    kind: int


@dataclass(frozen=True)
class Modulator:
    """`amount` times what `source` and `scale` give, added to a generator."""

    source: int
    target: int
    amount: int
    scale: int

    @property
    def name(self) -> tuple[int, int, int]:
        """Two modulators of the same name are the same one: the later counts."""
        return self.source, self.target, self.scale

    def value(self, pitch: int, velocity: int) -> float:
        return (
            self.amount * _controller(self.source, pitch, velocity) * _controller(self.scale, pitch, velocity)
        )

    @property
    def hears_velocity(self) -> bool:
        return any(not source & 0x80 and source & 0x7F == 2 for source in (self.source, self.scale))


@dataclass(frozen=True, eq=False)
class Region:
    """A sample, for which keys it sounds, and its settings: what the specification calls generators."""

    sample: int
    keys: tuple[int, int]
    velocities: tuple[int, int]
    values: dict[int, int]
    modulators: tuple[Modulator, ...] = ()

    def plays(self, pitch: int, velocity: int) -> bool:
        return self.keys[0] <= pitch <= self.keys[1] and self.velocities[0] <= velocity <= self.velocities[1]

    def value(self, generator: int, pitch: int, velocity: int) -> float:
        base = self.values.get(generator, _DEFAULTS.get(generator, 0))
        moved = sum(m.value(pitch, velocity) for m in self.modulators if m.target == generator)
        return base + moved

    def setting(self, generator: int) -> int:
        """A generator that no modulator moves."""
        return self.values.get(generator, _DEFAULTS.get(generator, 0))

    @cached_property
    def hears_velocity(self) -> bool:
        """The velocity changes more than how loud it is."""
        return any(m.hears_velocity and m.amount for m in self.modulators)


def _controller(source: int, pitch: int, velocity: int) -> float:
    """A modulator's source as a number of 0 to 1, or -1 to 1 (8.2). Controllers stand where they rest."""
    if source & 0x80:
        number = source & 0x7F
        value = {7: 100, 10: 64, 11: 127}.get(number, 0) / 128
    else:
        plain = {0: 128, 2: velocity, 3: pitch, 14: 64, 16: 2}
        value = plain.get(source & 0x7F, 0) / 128
        if source & 0x7F == 0:
            return 1.0
    if source & 0x100:
        value = 127 / 128 - value
    bipolar = bool(source & 0x200)
    shape = source >> 10
    if bipolar:
        value = 2 * value - 1
        return math.copysign(_bent(shape, abs(value)), value)
    return _bent(shape, value)


def _bent(shape: int, value: float) -> float:
    if shape == 1:  # concave
        return 1.0 if value >= 127 / 128 else min(1.0, -20 / 96 * math.log10((1 - value) ** 2))
    if shape == 2:  # convex
        return 0.0 if value <= 0 else max(0.0, 1 + 20 / 96 * math.log10(value**2))
    if shape == 3:  # switch
        return float(value >= 0.5)
    return value


@dataclass
class _Zone:
    values: dict[int, int] = field(default_factory=dict)
    keys: tuple[int, int] = (0, 127)
    velocities: tuple[int, int] = (0, 127)
    modulators: dict[tuple[int, int, int], Modulator] = field(default_factory=dict)
    leads_to: int | None = None


class Zones:
    """The presets of a sound font, unfolded into regions when they are first played."""

    def __init__(self, tables: dict[bytes, bytes], name: str) -> None:
        """Raises `BadInput` where an entry points outside of its table."""
        self._name = name
        self._tables: dict[bytes, Any] = {
            kind: np.frombuffer(tables[kind], _DTYPES[kind]) for kind in _DTYPES
        }
        self._check()
        self.samples = [_sample(row) for row in self._tables[b"shdr"][:-1].tolist()]
        presets = self._tables[b"phdr"].tolist()
        self.presets = {(row[2], row[1]): number for number, row in reversed(list(enumerate(presets[:-1])))}
        """The number of each preset by its bank and program."""
        self._unfolded: dict[int, tuple[Region, ...]] = {}

    def regions(self, preset: int) -> tuple[Region, ...]:
        if preset not in self._unfolded:
            self._unfolded[preset] = self._unfold(preset)
        return self._unfolded[preset]

    def _check(self) -> None:
        """Every entry points into the next table, and never backwards (7.2 to 7.9)."""
        for kind, column, target in (
            (b"phdr", "f3", b"pbag"), (b"pbag", "f0", b"pgen"), (b"pbag", "f1", b"pmod"),
            (b"inst", "f1", b"ibag"), (b"ibag", "f0", b"igen"), (b"ibag", "f1", b"imod"),
        ):  # fmt: skip
            places = self._tables[kind][column].astype(np.int64)
            if (np.diff(places) < 0).any() or places[-1] > len(self._tables[target]) - 1:
                raise broken(
                    self._name, tr("its table “{kind}” points outside of another", kind=kind.decode())
                )
        for kind, generator, target in ((b"pgen", _INSTRUMENT, b"inst"), (b"igen", _SAMPLE, b"shdr")):
            rows = self._tables[kind]
            pointers = rows["f1"][rows["f0"] == generator]
            if (pointers >= len(self._tables[target]) - 1).any():
                raise broken(
                    self._name, tr("its table “{kind}” points outside of another", kind=kind.decode())
                )

    def _unfold(self, preset: int) -> tuple[Region, ...]:
        found: list[Region] = []
        for outer in self._zones(b"phdr", "f3", b"pbag", b"pgen", b"pmod", preset, _INSTRUMENT):
            if outer.leads_to is None:
                continue
            for inner in self._zones(b"inst", "f1", b"ibag", b"igen", b"imod", outer.leads_to, _SAMPLE):
                region = _joined(outer, inner)
                if region is not None:
                    found.append(region)
                if len(found) > _MOST_REGIONS:
                    raise broken(self._name, tr("one of its instruments has too many regions"))
        return tuple(found)

    def _zones(
        self,
        head: bytes,
        column: str,
        bag: bytes,
        generators: bytes,
        modulators: bytes,
        number: int,
        target: int,
    ) -> list[_Zone]:
        """The zones of a preset or an instrument, each with what its global zone says (9.4)."""
        places = self._tables[head][column]
        bags = self._tables[bag]
        everywhere, found = _Zone(), []
        for place in range(int(places[number]), int(places[number + 1])):
            (first, first_mod), (last, last_mod) = bags[place].tolist(), bags[place + 1].tolist()
            zone = _Zone(
                dict(everywhere.values), everywhere.keys, everywhere.velocities, dict(everywhere.modulators)
            )
            for generator, amount in self._tables[generators][first:last].tolist():
                _set(zone, generator, amount, target)
            for source, to, amount, scale, _ in self._tables[modulators][first_mod:last_mod].tolist():
                modulator = Modulator(source, to, amount, scale)
                zone.modulators[modulator.name] = modulator
            if zone.leads_to is None and place == int(places[number]):
                everywhere = zone
            else:
                found.append(zone)
        return found


def _set(zone: _Zone, generator: int, amount: int, target: int) -> None:
    if generator == _KEY_RANGE:
        zone.keys = amount & 0xFF, amount >> 8
    elif generator == _VELOCITY_RANGE:
        zone.velocities = amount & 0xFF, amount >> 8
    elif generator == target:
        zone.leads_to = amount
    elif generator <= _UNUSED_MOST:
        zone.values[generator] = amount - 65536 if amount >= 32768 else amount


def _joined(outer: _Zone, inner: _Zone) -> Region | None:
    """An instrument's zone as a preset's zone moves it; None where they have no key in common."""
    keys = max(outer.keys[0], inner.keys[0]), min(outer.keys[1], inner.keys[1])
    velocities = (
        max(outer.velocities[0], inner.velocities[0]),
        min(outer.velocities[1], inner.velocities[1]),
    )
    if inner.leads_to is None or keys[0] > keys[1] or velocities[0] > velocities[1]:
        return None
    values = dict(inner.values)
    for generator, amount in outer.values.items():
        if generator not in _ONLY_IN_INSTRUMENTS:
            values[generator] = values.get(generator, _DEFAULTS.get(generator, 0)) + amount
    modulators = (*inner.modulators.values(), *outer.modulators.values())
    return Region(inner.leads_to, keys, velocities, values, tuple(m for m in modulators if m.amount))


def _sample(row: tuple[Any, ...]) -> Sample:
    name, start, end, loop_start, loop_end, rate, pitch, cents, _, kind = row
    if not kind & 0x10:  # an .sf2 counts its loops from the beginning of the chunk
        loop_start, loop_end = loop_start - start, loop_end - start
    text = name.split(b"\0")[0].decode("latin-1")
    return Sample(text, start, end, loop_start, loop_end, rate, pitch, cents, kind)
