"""What there is to compute on."""

from __future__ import annotations

import os


def available_devices() -> tuple[str, ...]:
    """ "cpu", and what torch finds besides. Imports torch, so only a worker may ask."""
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
