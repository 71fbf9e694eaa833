"""The music plugin, as a worker sees it."""

from __future__ import annotations

from studio.api import Generator, hookimpl


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_music.generators.edited import Edited

    return [Edited]
