"""The commands of the variants."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from studio.ui.commands import Command, Needs
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.ui.variants.pane import VariantsPane


def variants_commands(pane: VariantsPane) -> list[Command]:
    """Their keys are those of the gallery and the comparison: digits for stars, X to reject."""
    stars = [
        _command(
            f"stars_{count}",
            trn("Variants: {count} star", "Variants: {count} stars", count),
            partial(pane.rate, count),
            str(count),
            "writing",
        )
        for count in range(6)
    ]
    return [
        _command("side_by_side", tr("Variants: side by side"), pane.look_side_by_side, "G"),
        _command("open", tr("Variants: look at one alone"), pane.open_current, "O"),
        _command("fit", tr("Variants: show all of each"), pane.grid.fit, "Z"),
        _command("reject", tr("Variants: reject or take back"), pane.reject, "X", "writing"),
        *stars,
    ]


def _command(id: str, title: str, act: Callable[[], object], keys: str, needs: Needs = "") -> Command:
    return Command(f"variants.{id}", title, act, keys=keys, needs=needs, scope="panel")
