"""The music plugin, as a worker sees it."""

from __future__ import annotations

from studio.api import Generator, hookimpl


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_music.generators.accompany import Accompany
    from studio_music.generators.change import Change
    from studio_music.generators.compose import Compose
    from studio_music.generators.continuing import Continue
    from studio_music.generators.edited import Edited
    from studio_music.generators.harmonize import Harmonize
    from studio_music.generators.hum import Hum
    from studio_music.generators.infill import Infill
    from studio_music.generators.vary import Vary

    return [Compose, Continue, Infill, Harmonize, Vary, Accompany, Change, Hum, Edited]
