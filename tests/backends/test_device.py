"""Devices; those that are not here by what their libraries would say."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.backends import device
from studio.backends.device import (
    available_devices,
    default_threads,
    device_memory,
    held_memory,
    is_out_of_memory,
    kind_of,
)
from studio.backends.torch import torch_device, torch_dtype
from studio.core.model import Plan

GB = 1 << 30


def test_the_processor_is_always_there() -> None:
    assert available_devices()[0] == "cpu"
    assert 1 <= default_threads() <= (os.cpu_count() or 1)
    memory = device_memory("cpu")
    assert 0 < memory.free <= memory.total
    assert held_memory("cpu") > 0
    assert (kind_of("cuda:1"), kind_of("cpu")) == ("cuda", "cpu")


def test_devices_of_onnx_runtime_are_there_where_its_build_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = ("OpenVINOExecutionProvider", "DmlExecutionProvider", "CPUExecutionProvider")
    monkeypatch.setattr(device, "onnx_providers", lambda: offered)
    monkeypatch.setattr(device, "_GPU_FILES", ())
    assert available_devices()[:3] == ("cpu", "dml", "openvino")
    assert device_memory("dml") == device.Memory(0, 0)
    assert device_memory("openvino").total == device_memory("cpu").total


def test_a_containers_limit_is_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("600000\n")
    (tmp_path / "memory.stat").write_text("anon 100\ninactive_file 200000\n")
    monkeypatch.setattr(device, "_CGROUP", tmp_path)
    assert device_memory("cpu") == device.Memory(1_000_000, 600_000)
    (tmp_path / "memory.max").write_text("max\n")
    assert device_memory("cpu").total > 1_000_000


class Cuda:
    """Two cards, the second of which is half full."""

    bf16 = True

    def device_count(self) -> int:
        return 2

    def mem_get_info(self, device: str) -> tuple[int, int]:
        return (24 * GB, 24 * GB) if device == "cuda:0" else (10 * GB, 24 * GB)

    def memory_reserved(self, device: str) -> int:
        return 3 * GB

    def memory_allocated(self, device: str) -> int:
        return 2 * GB

    def is_bf16_supported(self, including_emulation: bool) -> bool:
        return self.bf16 or including_emulation


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    cuda = Cuda()
    fake = SimpleNamespace(
        cuda=cuda,
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: False)),
        float32="float32",
        float16="float16",
        bfloat16="bfloat16",
    )
    monkeypatch.setitem(sys.modules, "torch", fake)
    monkeypatch.setattr(device, "_GPU_FILES", (__file__,))
    return cuda


def test_graphics_cards_have_memory(cards: Cuda) -> None:
    assert available_devices() == ("cpu", "cuda:0", "cuda:1")
    assert device_memory("cuda:1") == device.Memory(24 * GB, 11 * GB)  # what torch keeps in reserve is free
    assert held_memory("cuda:1") == 2 * GB


def plan(device: str, precision: str = "auto") -> Plan:
    return Plan(device=device, precision=precision)


def test_numbers_are_picked_by_the_device(cards: Cuda) -> None:
    assert torch_dtype(plan("cuda:0")) == "bfloat16"
    assert torch_dtype(plan("cuda:0"), overflows=True) == "bfloat16"
    cards.bf16 = False
    assert torch_dtype(plan("cuda:0")) == torch_dtype(plan("cuda:0", "bf16")) == "float16"
    assert torch_dtype(plan("cuda:0"), overflows=True) == "float32"
    assert torch_dtype(plan("mps")) == "float16"
    assert torch_dtype(plan("cpu")) == torch_dtype(plan("openvino")) == "float32"
    assert torch_dtype(plan("cpu", "bf16")) == "bfloat16"
    assert (torch_device(plan("dml")), torch_device(plan("cuda:1"))) == ("cpu", "cuda:1")


class OutOfMemoryError(RuntimeError):
    """As torch names its own."""


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (MemoryError(), True),
        (OutOfMemoryError("CUDA"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer"), True),
        (RuntimeError("MPS backend out of memory"), True),
        (RuntimeError("shapes do not match"), False),
    ],
)
def test_out_of_memory_has_many_names(error: Exception, is_it: bool) -> None:
    assert is_out_of_memory(error) is is_it
