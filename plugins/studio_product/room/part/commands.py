"""The commands of the page for parts: their keys work in it, whichever of its tabs is shown."""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller
from typing import TYPE_CHECKING

from studio.api.values import tr, trn
from studio.ui.api import Command, Needs
from studio_product.room.part.standard_views import TITLES, Look

if TYPE_CHECKING:
    from studio_product.room.part.page import PartPage
    from studio_product.room.part.pane import PartPane
    from studio_product.room.variants.pane import VariantsPane

    Pane = PartPane | VariantsPane


def part_commands(page: PartPage) -> list[Command]:
    """Digits give stars and X rejects, as in the gallery and the comparison."""

    def on_pane(act: Callable[[Pane], object]) -> Callable[[], object]:
        """Nothing happens where a study is set up."""
        return lambda: act(page.items_pane) if page.items_pane is not None else None

    stars = [
        _command(
            f"stars_{count}",
            trn("Part: {count} star", "Part: {count} stars", count),
            on_pane(methodcaller("rate", count)),
            str(count),
            "writing",
        )
        for count in range(6)
    ]
    looks = [
        _command(
            f"look_{look}",
            tr("Part: look from – {view}", view=tr(TITLES[look])),
            on_pane(methodcaller("look_from", look)),
        )
        for look in Look
    ]
    return [
        _command("reject", tr("Part: reject or take back"), on_pane(methodcaller("reject")), "X", "writing"),
        *stars,
        _command("fit", tr("Part: show all"), on_pane(methodcaller("fit")), "Z"),
        *looks,
        _command("side_by_side", tr("Variants: side by side"), lambda: _look_side_by_side(page), "G"),
    ]


def _look_side_by_side(page: PartPage) -> None:
    from studio_product.room.variants.pane import VariantsPane

    if isinstance(page.items_pane, VariantsPane):
        page.items_pane.look_side_by_side()


def _command(id: str, title: str, act: Callable[[], object], keys: str = "", needs: Needs = "") -> Command:
    return Command(f"part.{id}", title, act, keys=keys, needs=needs, scope="panel")
