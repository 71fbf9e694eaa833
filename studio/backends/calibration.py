"""How fast the devices of this computer are, as `studio doctor --benchmark` measured it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

_FILE = "calibration.json"


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one device."""

    bandwidth: float
    """Bytes a second that it reads from its memory: what writing text waits for."""
    operations: dict[str, float]
    """Multiplications and additions a second in large matrix products, by precision."""


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one computer."""

    devices: dict[str, Speed] = {}
    format: int = 1

    def operations(self, device: str, precision: str) -> float | None:
        """Of this precision, or of the slowest that was measured."""
        speed = self.devices.get(device)
        if speed is None or not speed.operations:
            return None
        return speed.operations.get(precision) or min(speed.operations.values())


def load_calibration(folder: Path) -> Calibration:
    """What was saved in this folder; nothing, where nothing was measured or the file is damaged."""
    try:
        found = msgspec.json.decode((folder / _FILE).read_bytes(), type=Calibration)
    except (OSError, ValueError, msgspec.DecodeError, RecursionError):
        return Calibration()
    numbers = [
        number for speed in found.devices.values() for number in (speed.bandwidth, *speed.operations.values())
    ]
    return found if found.format == 1 and all(number > 0 for number in numbers) else Calibration()


def save_calibration(folder: Path, calibration: Calibration) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{_FILE}.{os.getpid()}"
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(calibration), indent=1))
    fresh.replace(folder / _FILE)
