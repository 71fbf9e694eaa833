"""A user's own themes: JSON files in the folder `themes` of the configuration.

    {"format": 1, "base": "dark", "roles": {"accent": "#ffd84d", "on_accent": "#000000"}}

What a file does not name it takes from its base. Imported only where there is such a file to read.
"""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.settings import THEMES
from studio.ui.kit.theme.built_in import BASES
from studio.ui.kit.theme.pairs import unreadable
from studio.ui.kit.theme.tokens import ROLES, Theme
from studio.words import tr

FORMAT = 1

_LARGEST = 64 * 1024
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def available(folder: Path) -> list[str]:
    """The names that can be chosen, sorted; none if there is no such folder."""
    try:
        return sorted(file.stem for file in folder.glob("*.json") if file.stem not in THEMES)
    except OSError:
        return []


def load(folder: Path, name: str) -> tuple[Theme | None, str]:
    """The theme `folder/name.json`, or None and what the user should know.

    A file that cannot be used stays where it is, for its author to mend; a copy is `name.json.broken`.
    """
    file = folder / f"{name}.json"
    if name not in available(folder):
        return None, tr("There is no theme “{name}”. The system's colors are used.", name=name)
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError(tr("it is too large for a theme"))
        return parse(file.read_bytes(), name), ""
    except OSError as error:
        why = error.strerror or str(error)
    except ValueError as error:
        why = str(error)
        with suppress(OSError):
            shutil.copyfile(file, file.with_name(f"{file.name}.broken"))
    return None, tr(
        "The theme “{name}” cannot be used: {why}. The system's colors are used.", name=name, why=why
    )


def parse(data: bytes, name: str) -> Theme:
    """The theme in a file. Raises ValueError with the reason in words, as the end of a sentence."""
    content = _json(data)
    _check_format(content.get("format"))
    unknown = sorted(content.keys() - {"format", "base", "roles"})
    if unknown:
        raise ValueError(tr("nobody knows what “{key}” means", key=unknown[0]))
    base = content.get("base")
    if not isinstance(base, str) or base not in BASES:
        raise ValueError(tr("its base must be one of {names}", names=", ".join(BASES)))
    roles = content.get("roles", {})
    if not isinstance(roles, dict):
        raise ValueError(tr("its roles must be names with colors"))
    for role, color in roles.items():
        if role not in ROLES:
            raise ValueError(tr("there is no role “{role}”", role=role))
        if not isinstance(color, str) or not _COLOR.fullmatch(color):
            raise ValueError(tr("the color of “{role}” must look like #1a2b3c", role=role))
    made = BASES[base].changed(name=name, **{role: color.lower() for role, color in roles.items()})
    for front, back, reached, least in unreadable(made):
        raise ValueError(
            tr(
                "“{front}” on “{back}” is too hard to see (contrast {reached}, at least {least})",
                front=front,
                back=back,
                reached=f"{reached:.1f}",
                least=f"{least:.1f}",
            )
        )
    return made


def _json(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(tr("it is damaged")) from error
    if not isinstance(content, dict):
        raise ValueError(tr("it is no theme"))
    return content


def _check_format(number: object) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(tr("it does not say its format"))
    if number > FORMAT:
        raise ValueError(tr("it was made for a newer Studio"))
