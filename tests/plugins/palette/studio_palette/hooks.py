"""The palette plugin, as a worker sees it."""

from __future__ import annotations

from studio.api import Generator, hookimpl


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_palette.generators.edited import Edited
    from studio_palette.generators.from_color import FromColor
    from studio_palette.generators.from_picture import FromPicture

    return [FromColor, FromPicture, Edited]
