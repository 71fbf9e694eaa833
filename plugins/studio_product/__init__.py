"""Product design: distinct variants of a part that must do a job, with numbers that can be trusted."""

from __future__ import annotations

from studio.api import Generator, hookimpl


@hookimpl
def register_generators() -> list[type[Generator]]:
    return []
