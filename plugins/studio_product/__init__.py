"""Product design: distinct variants of a part that must do a job, with numbers that can be trusted."""

from __future__ import annotations

from studio.api import Generator, hookimpl, tr


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_product.optimize_generator import Optimize

    return [Optimize]


@hookimpl
def explain_error(error: Exception) -> str | None:
    words = str(error).lower()
    if isinstance(error, MemoryError) or "allocate memory" in words or "out of memory" in words:
        return tr("Choose a lower quality or fewer cells, or close other programs, then try again.")
    return None
