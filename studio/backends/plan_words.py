"""Devices, memory and times as people read them."""

from __future__ import annotations

from studio.words import tr

_GB = 1 << 30


def device_words(device: str) -> str:
    """ "Processor", "Graphics card", "Graphics card 2": what a device is called, everywhere."""
    kind, _, number = device.partition(":")
    if kind == "cuda" and number not in ("", "0"):
        return tr("Graphics card {number}", number=int(number) + 1)
    known = {
        "cpu": tr("Processor"),
        "cuda": tr("Graphics card"),
        "dml": tr("Graphics card"),
        "mps": tr("Apple graphics"),
        "openvino": "OpenVINO",
    }
    return known.get(kind, device)


def gb_words(size: int) -> str:
    """As computers are sold: by 1,024."""
    tenths = round(10 * size / _GB)
    if tenths >= 100:
        return f"{size / _GB:.0f}"
    return tr("{whole}.{tenth}", whole=tenths // 10, tenth=tenths % 10)


def duration_words(seconds: float) -> str:
    if seconds < 1:
        return tr("under 1 s")
    if seconds < 90:
        return tr("about {seconds} s", seconds=round(seconds))
    if seconds < 90 * 60:
        return tr("about {minutes} min", minutes=round(seconds / 60))
    return tr("about {hours} h", hours=round(seconds / 3600))
