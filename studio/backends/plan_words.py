"""Devices, memory and times as people read them."""

from __future__ import annotations

from studio.words import tr

_GB = 1 << 30


def device_words(device: str) -> str:
    """ "CPU", "GPU", "GPU 2" """
    kind, _, number = device.partition(":")
    if kind == "cuda":
        return tr("GPU") if number in ("", "0") else tr("GPU {number}", number=int(number) + 1)
    return {"cpu": tr("CPU"), "mps": tr("GPU"), "dml": tr("GPU"), "openvino": "OpenVINO"}.get(kind, device)


def gb_words(size: int) -> str:
    """As computers are sold: by 1,024."""
    number = size / _GB
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}"


def duration_words(seconds: float) -> str:
    if seconds < 1:
        return tr("under 1 s")
    if seconds < 90:
        return tr("about {seconds} s", seconds=round(seconds))
    if seconds < 90 * 60:
        return tr("about {minutes} min", minutes=round(seconds / 60))
    return tr("about {hours} h", hours=round(seconds / 3600))
