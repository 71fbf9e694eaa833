"""The kinds of items that this studio knows: its own, and those of the plugins that are installed."""

from __future__ import annotations

from studio.core.kind import Kinds
from studio.plugins.media import installed_media


def installed_kinds() -> Kinds:
    return installed_media().kinds
