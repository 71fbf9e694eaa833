"""The oldest versions of the libraries that read models without known holes in them (reliability.md)."""

from __future__ import annotations

import contextlib
import functools
import re

from msgspec import Struct

from studio.errors import ModelRefused
from studio.words import tr

FLOORS = {
    "torch": "2.10",  # CVE-2026-24747: memory corruption in weights_only loading
    "transformers": "5.3",  # CVE-2026-4372: code from config.json
    "onnx": "1.21",  # CVE-2026-27489, -34446, -34447: files outside the model's folder
    "onnxruntime": "1.32",  # files outside the model's folder through sparse tensors
}
_ONNX_RUNTIMES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "onnxruntime-openvino")
"""The same module comes in several distributions, one for each sort of device. Of several that are installed
the oldest counts: nobody can tell which of them wrote the module last."""


class Floor(Struct, frozen=True):
    """A library that reads models: what is installed, and what is asked for."""

    distribution: str
    least: str
    installed: str
    """Its version; empty where it is not installed."""

    @property
    def is_met(self) -> bool:
        return bool(self.installed) and _numbers(self.installed) >= _numbers(self.least)


@functools.cache
def floors() -> tuple[Floor, ...]:
    """What is installed of each, found without importing anything."""
    return tuple(Floor(name, least, _installed(name)) for name, least in FLOORS.items())


def check_floors() -> None:
    """Raises `ModelRefused` where a library that reads models is older than it must be.

    One that is not there reads nothing, and whoever needs it says so.
    """
    old = [floor for floor in floors() if floor.installed and not floor.is_met]
    if old:
        raise ModelRefused(
            tr(
                "Models are not loaded: {names} on this computer can be tricked into running programs by a "
                "model file.",
                names=", ".join(f"{floor.distribution} {floor.installed}" for floor in old),
            ),
            tr(
                "Install at least {names}.",
                names=", ".join(f"{floor.distribution} {floor.least}" for floor in old),
            ),
        )


def _installed(name: str) -> str:
    import importlib.metadata  # 20 ms, which the window's start need not wait for

    found = []
    for distribution in _ONNX_RUNTIMES if name == "onnxruntime" else (name,):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(importlib.metadata.version(distribution))
    return min(found, key=_numbers, default="")


def _numbers(version: str) -> tuple[int, ...]:
    """(2, 13, 0) of "2.13.0+cpu"; what comes before a release ("2.10.0rc1") counts as the release."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
