"""Measures the devices: `python -m studio.backends.calibrate` prints a `Calibration` as JSON.

A process of its own, since it imports torch. It takes about two seconds for each device.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from studio.backends.calibration import Calibration, Speed
from studio.backends.device import available_devices, default_threads, kind_of

_SECONDS = 0.5
"""How long each measurement goes on, at least."""
_BYTES = 256 << 20
_SIDE = {"cpu": 1024, "cuda": 4096, "mps": 2048}
_PRECISIONS = {"cpu": ("fp32", "bf16"), "cuda": ("fp32", "bf16", "fp16"), "mps": ("fp32", "fp16")}


def calibrate() -> Calibration:
    """Imports torch. A device that torch does not know is left out."""
    import torch

    torch.set_num_threads(default_threads())
    with torch.inference_mode():
        return Calibration(
            {device: _speed(device) for device in available_devices() if kind_of(device) in _SIDE}
        )


def _speed(device: str) -> Speed:
    import torch

    kind = kind_of(device)
    types = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
    side = _SIDE[kind]
    operations = {}
    for precision in _PRECISIONS[kind]:
        matrix = torch.ones(side, side, dtype=types[precision], device=device)
        seconds = _measured(lambda matrix=matrix: matrix @ matrix, device)  # type: ignore[misc]
        operations[precision] = 2 * side**3 / seconds
    # As a matrix times a vector, which is what writing a text does with each of a model's matrices.
    rows = torch.ones(_BYTES // 4 // 1024, 1024, device=device)
    vector = torch.ones(1024, device=device)
    return Speed(_BYTES / _measured(lambda: rows @ vector, device), operations)


def _measured(work: Callable[[], Any], device: str) -> float:
    """Seconds that it takes once: the median."""
    work()
    _wait(device)
    times: list[float] = []
    end = time.perf_counter() + _SECONDS
    while not times or time.perf_counter() < end:
        began = time.perf_counter()
        work()
        _wait(device)
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]


def _wait(device: str) -> None:
    """Until the device has done what it was told."""
    import torch

    if kind_of(device) == "cuda":
        torch.cuda.synchronize(device)
    elif kind_of(device) == "mps":
        torch.mps.synchronize()


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(calibrate()) + b"\n")
