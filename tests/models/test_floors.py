from __future__ import annotations

import importlib.metadata

import pytest

from studio.errors import ModelRefused
from studio.models import floors
from studio.models.floors import FLOORS, Floor, check_floors


@pytest.mark.parametrize(
    ("installed", "met"),
    [("2.10", True), ("2.10.0+cpu", True), ("3", True), ("2.9.9", False), ("2.1", False), ("", False)],
)
def test_versions_are_compared_as_numbers(installed: str, met: bool) -> None:
    assert Floor("torch", "2.10", installed).is_met is met


def test_what_is_installed_here_is_new_enough() -> None:
    assert {floor.distribution for floor in floors.floors()} == set(FLOORS)
    check_floors()


def test_an_old_library_stops_every_model(monkeypatch: pytest.MonkeyPatch) -> None:
    old = (Floor("torch", "2.10", "2.5.1"), Floor("onnx", "1.21", ""), Floor("transformers", "5.3", "5.4"))
    monkeypatch.setattr(floors, "floors", lambda: old)
    with pytest.raises(ModelRefused) as refused:
        check_floors()
    assert "torch 2.5.1" in refused.value.message
    assert refused.value.hint == "Install at least torch 2.10."


def test_of_several_builds_the_oldest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """They share a module, and which one is imported depends on what was installed last."""
    there = {"onnxruntime": "1.32.0", "onnxruntime-gpu": "1.9.1"}

    def version(name: str) -> str:
        if name not in there:
            raise importlib.metadata.PackageNotFoundError
        return there[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert floors.floors.__wrapped__()[-1] == Floor("onnxruntime", "1.32", "1.9.1")
