"""What there is to compute on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_GPU_FILES = (
    "/dev/nvidiactl",
    "/dev/kfd",  # AMD
    "/dev/dxg",  # Windows Subsystem for Linux
    "/dev/nvmap",  # Jetson
)


def available_devices() -> tuple[str, ...]:
    """ "cpu", and what torch finds besides. May import torch (seconds), so only a worker asks."""
    if sys.platform == "linux" and not any(Path(file).exists() for file in _GPU_FILES):
        return ("cpu",)  # without a driver torch finds nothing either
    try:
        import torch
    except ImportError:
        return ("cpu",)
    devices = ["cpu"]
    devices += [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        devices.append("mps")
    return tuple(devices)


def default_threads() -> int:
    """One per physical core that this process may use."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))
