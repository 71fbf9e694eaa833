"""Titles that are stored as a message and its values, and told in the language of whoever reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from studio.words import tr

_MARK = "\x1f"
"""What a stored message begins with. No text that a person types has it."""
_PLACE = re.compile(r"\{(\w+)\}")
_DEEPEST = 5


def stored(text: str, /, **values: str | int) -> str:
    """A message in English, marked with `mark`, with what goes into its `{name}` places: texts as they are,
    numbers, or other stored messages, such as the title of a generator."""
    return text and _MARK + json.dumps([text, values], ensure_ascii=False)


def stored_row(titles: Sequence[str]) -> str:
    """Several titles in a row: "Steps 20, Guidance 7.5"."""
    if len(titles) == 1:
        return titles[0]
    parts = {f"title{number}": title for number, title in enumerate(titles)}
    return stored(", ".join(f"{{{name}}}" for name in parts), **parts)


def told(title: str) -> str:
    """A title in the current language. What is no stored message, as in older projects, is given back."""
    return _told(title, _DEEPEST)


def _told(title: str, depth: int) -> str:
    if not title.startswith(_MARK) or not depth:
        return title
    try:
        text, values = json.loads(title[len(_MARK) :])
        # Not `str.format`: a project may come from a stranger.
        parts = {name: _told(str(value), depth - 1) for name, value in values.items()}
        return _PLACE.sub(lambda place: parts.get(place[1], place[0]), tr(str(text)))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return title[len(_MARK) :]
