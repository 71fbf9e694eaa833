"""Benchmarks of the window share the fixtures of its tests."""

from tests.ui.conftest import _collector, _nothing_in_front, another, home, studio

__all__ = ["_collector", "_nothing_in_front", "another", "home", "studio"]
