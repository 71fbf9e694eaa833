"""The language of a whole process: the studio's words and those of all installed plugins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from studio import paths, words


def speak(code: str, plugins: Callable[[], Sequence[Path]] | None = None) -> str:
    """Speaks another language from now on, in every process of the studio the same way.

    Where two say the same English sentence, the user's own catalog counts first, then the studio's, then the
    plugins' in their order. `plugins` gives their folders; without it they are looked for, but not for
    English. Returns what the user should know of it, as `words.use` does.
    """
    return words.use(code, paths.translation_folders(), paths.cache_folder(), plugins or _of_plugins)


def _of_plugins() -> Sequence[Path]:
    from studio.plugins.media import installed_media  # English needs none of it

    return installed_media().translations
