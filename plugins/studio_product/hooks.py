"""Product design: distinct variants of a part that must do a job, with numbers that can be trusted."""

from __future__ import annotations

from studio.api import Generator, hookimpl, tr


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_product.generators.families.chair import Chair
    from studio_product.generators.families.generating import generator_of
    from studio_product.generators.families.hook import WallHook
    from studio_product.generators.families.phone_stand import PhoneStand
    from studio_product.generators.families.shelf_bracket import ShelfBracket
    from studio_product.generators.optimize_generator import Optimize

    families = (ShelfBracket, WallHook, Chair, PhoneStand)
    return [Optimize, *(generator_of(family) for family in families)]


@hookimpl
def explain_error(error: Exception) -> str | None:
    words = str(error).lower()
    if isinstance(error, MemoryError) or "allocate memory" in words or "out of memory" in words:
        return tr("Choose a lower quality or fewer cells, or close other programs, then try again.")
    return None
