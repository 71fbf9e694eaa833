"""File names that every file system takes, made from a template such as "{project}-{name}-{n}"."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from studio.core.item import Item
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.words import mark, tr

FIELDS: dict[str, str] = {
    "name": mark("the item's name in the gallery"),
    "project": mark("the project's name"),
    "generator": mark("what made it, such as image-inpaint"),
    "date": mark("the day it was made: 2026-11-24"),
    "seed": mark("the seed it was made with"),
    "n": mark("its number in this export: 001"),
}
"""What a template may name, with the words that the export dialog and the command line's help show."""

MAX_BYTES = 120
"""Of a whole file name in UTF-8: short enough for every file system and for a deep folder on Windows."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_JOINERS = {
    "\u200c",
    "\u200d",
}  # Persian words and emoji families need them; every other format character goes
_RESERVED = re.compile(r"^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])[ ]*(\.|$)", re.IGNORECASE)


def check_template(template: str) -> None:
    """Raises `BadInput` for a template with an unknown field or a lone brace."""
    for field in _FIELD.findall(template):
        if field not in FIELDS:
            raise BadInput(
                tr("The file name template has an unknown field {{{field}}}.", field=field),
                tr("Use {fields}.", fields=", ".join(f"{{{name}}}" for name in FIELDS)),
            )
    rest = _FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        raise BadInput(
            tr("The file name template has a brace without its partner."),
            tr("Write fields as {example}.", example="{name}"),
        )


def render(
    template: str, item: Item, recipe: Recipe | None, number: int, *, project: str = "", extension: str = ""
) -> str:
    """The file name of one item, safe on every system.

    `number` counts from 1 within an export. `extension` has its dot; empty keeps the item's own. Fields that
    an item does not have (an imported photo has no seed) are left empty.

    Raises:
        BadInput: see `check_template`.
    """
    check_template(template)
    values = {
        "name": item.name,
        "project": project,
        "generator": recipe.generator.replace("/", "-") if recipe else "",
        "date": datetime.fromtimestamp(item.created).astimezone().strftime("%Y-%m-%d"),
        "seed": str(recipe.seed) if recipe else "",
        "n": f"{number:03}",
    }
    stem = _FIELD.sub(lambda match: values[match.group(1)], template)
    extension = extension or item.extension
    if stem.lower().endswith(extension.lower()):  # an asset is often named after its file, extension included
        stem = stem[: len(stem) - len(extension)]
    return safe_name(stem, extension)


def safe_name(stem: str, extension: str = "", suffix: str = "") -> str:
    """`stem` + `suffix` + `extension` as a file name that Linux, macOS and Windows all take, in any folder.

    Composed Unicode (NFC); no control, direction or path character; no device name of Windows; no dot at
    either end and no space at the end; at most `MAX_BYTES` bytes. Never empty. What has to give way when it
    is too long is `stem`. `extension` and `suffix` are ours and trusted to be short and plain.
    """
    text = unicodedata.normalize("NFC", "".join(c for c in stem if _is_printable(c)))
    text = _FORBIDDEN.sub("_", text)
    text = _trim(text)
    if _RESERVED.match(text):
        text = "_" + text
    room = MAX_BYTES - len((suffix + extension).encode())
    text = _trim(text.encode()[:room].decode(errors="ignore"))
    return (text or "untitled") + suffix + extension


def _trim(text: str) -> str:
    return text.strip(" .\u200c\u200d" + "\u00a0\u3000")


def _is_printable(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
