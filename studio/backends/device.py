"""What there is to compute on: devices by name, their memory, and which numbers each computes with.

"cpu", "cuda:0" (NVIDIA, and AMD through ROCm), "mps" (Apple); for ONNX models only "dml" (graphics cards on
Windows) and "openvino" (what Intel's library finds best), where the installed ONNX Runtime offers them.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct

_GPU_FILES = (
    "/dev/nvidiactl",
    "/dev/kfd",  # AMD
    "/dev/dxg",  # Windows Subsystem for Linux
    "/dev/nvmap",  # Jetson
)
_CGROUP = Path("/sys/fs/cgroup")
_UNIFIED_SHARE = 0.7
"""Of an Apple computer's memory, what its graphics side may use (Metal recommends about that much)."""


class Memory(Struct, frozen=True):
    """Bytes; 0 where nobody can tell."""

    total: int
    free: int


def kind_of(device: str) -> str:
    """ "cuda" of "cuda:0"."""
    return device.partition(":")[0]


@functools.cache
def onnx_providers() -> tuple[str, ...]:
    """The providers of ONNX Runtime that the installed build offers, () without it. Imports it (0.2 s)."""
    if importlib.util.find_spec("onnxruntime") is None:
        return ()
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


def available_devices() -> tuple[str, ...]:
    """ "cpu", and what torch and ONNX Runtime find besides. May import torch (seconds): only workers ask."""
    own = {"dml": "DmlExecutionProvider", "openvino": "OpenVINOExecutionProvider"}
    devices = ["cpu", *(device for device, provider in own.items() if provider in onnx_providers())]
    if sys.platform == "linux" and not drivers():
        return tuple(devices)  # without a driver torch finds nothing either
    try:
        import torch
    except ImportError:
        return tuple(devices)
    devices += [f"cuda:{n}" for n in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        devices.append("mps")
    return tuple(devices)


def drivers() -> tuple[str, ...]:
    """What the drivers of graphics cards that are loaded show of themselves, on Linux. Imports nothing."""
    return tuple(file for file in _GPU_FILES if os.path.exists(file))  # noqa: PTH110 - on the way to the window


def device_memory(device: str) -> Memory:
    """What a device has and what is free now, with what torch keeps in reserve counted as free.

    For "cpu" this is the memory that this process may use: a container's limit counts, too. Safe in the shell
    for "cpu"; others import torch.
    """
    kind = kind_of(device)
    if kind == "cuda":
        import torch

        free, total = torch.cuda.mem_get_info(device)
        reserve = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return Memory(int(total), int(free) + int(reserve))
    if kind == "dml":
        return Memory(0, 0)
    main = _main_memory()
    if kind == "mps":
        import torch

        total = int(main.total * _UNIFIED_SHARE)
        used = int(torch.mps.driver_allocated_memory())
        return Memory(total, max(0, min(total - used, main.free)))
    return main


def held_memory(device: str) -> int:
    """Bytes of a device that this process holds now."""
    kind = kind_of(device)
    torch: Any = sys.modules.get("torch")  # who has not imported it holds nothing there
    if kind == "cpu":
        import psutil

        return int(psutil.Process().memory_info().rss)
    if torch is None or kind not in ("cuda", "mps"):
        return 0
    return int(
        torch.cuda.memory_allocated(device) if kind == "cuda" else torch.mps.current_allocated_memory()
    )


def give_back(device: str) -> None:
    """Returns to the device what torch keeps of it without use."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    if kind_of(device) == "cuda":
        torch.cuda.empty_cache()
    elif kind_of(device) == "mps":
        torch.mps.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a library says, in its way, that a device's memory did not do."""
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return True
    said = str(error).lower()
    return any(
        words in said
        for words in ("out of memory", "can't allocate memory", "failed to allocate memory", "bad allocation")
    )


def default_threads() -> int:
    """One per physical core that this process may use."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _main_memory() -> Memory:
    import psutil

    memory = psutil.virtual_memory()
    total, free = int(memory.total), int(memory.available)
    limit, used = (_number(_CGROUP / name) for name in ("memory.max", "memory.current"))
    if limit is not None and used is not None and limit < total:
        # What files occupy in memory is given up when programs need it.
        used -= min(used, _from_stat("inactive_file"))
        total, free = limit, max(0, min(free, limit - used))
    return Memory(total, free)


def _number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _from_stat(name: str) -> int:
    try:
        lines = (_CGROUP / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name} ")), 0)
