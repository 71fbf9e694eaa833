"""The files that a drop or the clipboard means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.given_paths import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from PySide6.QtCore import QUrl


def local_files(urls: Iterable[QUrl]) -> list[Path]:
    """Files and folders of this computer, whether they are there or not."""
    return [path_of(url.toLocalFile()) for url in urls if url.toLocalFile()]
