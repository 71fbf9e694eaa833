"""The commands of the comparison: single keys that work while it has the focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from studio.ui.items.compare_model import Mode, mode_title
from studio.ui.kit.commands import Command, Needs
from studio.words import tr, trn

_MODE_KEYS = (
    (Mode.SLIDER, "S"),
    (Mode.SIDE_BY_SIDE, "G"),
    (Mode.FLIP, "L"),
    (Mode.ONION, "O"),
    (Mode.DIFFERENCE, "D"),
    (Mode.UNIFIED, "U"),
)


class Comparing(Protocol):
    """What the comparison can do."""

    def set_mode(self, mode: Mode) -> None: ...
    def flip(self) -> None: ...
    def swap_sides(self) -> None: ...
    def step(self, way: int) -> None: ...
    def turn_page(self, way: int) -> None: ...
    def make_reference(self) -> None: ...
    def zoom(self, way: int) -> None: ...
    def copy(self) -> None: ...
    def rate(self, stars: int) -> None: ...
    def reject(self) -> None: ...
    def pick(self) -> None: ...


def compare_commands(panel: Comparing) -> list[Command]:
    modes = [
        _command(
            f"mode_{mode}", tr("Compare: {mode}", mode=mode_title(mode)), partial(panel.set_mode, mode), keys
        )
        for mode, keys in _MODE_KEYS
    ]
    stars = [
        _command(
            f"stars_{count}",
            trn("Compare: {count} star", "Compare: {count} stars", count),
            partial(panel.rate, count),
            str(count),
            "writing",
        )
        for count in range(6)
    ]
    return [
        *modes,
        # Its key, F, is held or tapped: the panel looks after that itself.
        _command("flip", tr("Compare: flip to the next (hold F to look)"), panel.flip, ""),
        _command("swap", tr("Compare: swap sides"), panel.swap_sides, "W"),
        _command("next", tr("Compare: next item"), partial(panel.step, 1), "N"),
        _command("previous", tr("Compare: previous item"), partial(panel.step, -1), "B"),
        _command("page_next", tr("Compare: next page"), partial(panel.turn_page, 1), "PgDown"),
        _command("page_previous", tr("Compare: previous page"), partial(panel.turn_page, -1), "PgUp"),
        _command("reference", tr("Compare: make this the reference"), panel.make_reference, "R"),
        _command("zoom_in", tr("Compare: zoom in"), partial(panel.zoom, 1), "+; ="),
        _command("zoom_out", tr("Compare: zoom out"), partial(panel.zoom, -1), "-"),
        _command("fit", tr("Compare: all or 100 %"), partial(panel.zoom, 0), "Z"),
        _command("copy", tr("Compare: copy"), panel.copy, "Ctrl+C"),
        _command("reject", tr("Compare: reject or take back"), panel.reject, "X", "writing"),
        _command("pick", tr("Compare: pick the winner"), panel.pick, "P", "writing"),
        *stars,
    ]


def _command(id: str, title: str, act: Callable[[], object], keys: str, needs: Needs = "") -> Command:
    return Command(f"compare.{id}", title, act, keys=keys, needs=needs, scope="panel")
