"""What people typed: the last prompts of each generator, and snippets, pieces of text under a name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio import user_files
from studio.core.params import unfit
from studio.words import tr

FORMAT = 1
MAX_PROMPTS = 100
MAX_BYTES = 4_000_000
MAX_SNIPPETS = 1000
SNIPPET_NAME = re.compile(r"[\w-]{1,40}")
"""Letters, digits, _ and -: what can be typed after a slash."""

_ASKED = re.compile(r"/([\w-]{1,40})\Z")


class PromptHistory:
    """The last prompts by generator and field, newest first: `PLUGIN/GENERATOR.json` in a folder.

    It is a convenience: what cannot be read or written is left out without a word.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, list[str]]] = {}

    def prompts(self, generator: str, field: str) -> list[str]:
        return list(self._of(generator).get(field, ()))

    def add(self, generator: str, prompts: Mapping[str, str]) -> None:
        """Prompts by field, as they were used; empty ones are left out, a known one becomes the newest."""
        known = self._of(generator)
        before = {field: list(texts) for field, texts in known.items()}
        for field, text in prompts.items():
            if text.strip() and not unfit(text):
                rest = [old for old in known.get(field, ()) if old != text]
                known[field] = [text, *rest][:MAX_PROMPTS]
        if known != before:
            with suppress(OSError):
                _write(self._file(generator), {"format": FORMAT, "prompts": known})

    def forget(self, generator: str, field: str) -> None:
        """Removes a field's prompts, from the disk too. Raises OSError."""
        known = self._of(generator)
        known.pop(field, None)
        _write(self._file(generator), {"format": FORMAT, "prompts": known})

    def _of(self, generator: str) -> dict[str, list[str]]:
        if generator not in self._known:
            try:
                self._known[generator] = parse_history(user_files.read(self._file(generator), MAX_BYTES))
            except ValueError:
                user_files.put_aside(self._file(generator))
                self._known[generator] = {}
            except OSError:
                self._known[generator] = {}
        return self._known[generator]

    def _file(self, generator: str) -> Path:
        return self._folder.joinpath(*f"{generator}.json".split("/"))


def parse_history(data: bytes) -> dict[str, list[str]]:
    """Prompts by field. Raises ValueError for what is no history of this format."""
    read = _json(data, "prompts")
    known: dict[str, list[str]] = {}
    for field, texts in read.items():
        if isinstance(texts, list) and not unfit(field):
            usable = [text for text in texts if isinstance(text, str) and text.strip() and not unfit(text)]
            known[field] = list(dict.fromkeys(usable))[:MAX_PROMPTS]
    return known


class Snippets:
    """Named pieces of text: `snippets.json`. A damaged file is kept as `snippets.json.broken`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._texts: dict[str, str] | None = None
        self.notice = ""
        """What the user should know of the file ("" if all is well)."""

    def all(self) -> dict[str, str]:
        """Texts by name, in the order of names."""
        if self._texts is None:
            try:
                self._texts = parse_snippets(user_files.read(self._file, MAX_BYTES))
            except ValueError:
                self.notice = tr(
                    "Your snippets were damaged. A copy is kept as {file}.", file=f"{self._file.name}.broken"
                )
                user_files.put_aside(self._file)
                self._texts = {}
            except OSError:
                self._texts = {}
        return dict(sorted(self._texts.items(), key=lambda pair: pair[0].casefold()))

    def save(self, texts: Mapping[str, str]) -> None:
        """Keeps these, and only these. Raises OSError."""
        self._texts = {name: text for name, text in texts.items() if SNIPPET_NAME.fullmatch(name) and text}
        _write(self._file, {"format": FORMAT, "snippets": self._texts})

    def put(self, name: str, text: str) -> None:
        """Raises OSError."""
        self.save({**self.all(), name: text})

    def asked_for(self, before: str) -> tuple[str, str] | None:
        """What "/name" at the end of a text asks for: (the characters to replace, the snippet's text).

        A part of a name is enough where only one snippet begins with it.
        """
        asked = _ASKED.search(before)
        if asked is None:
            return None
        texts = self.all()
        name = asked.group(1)
        if name not in texts:
            begun = [one for one in texts if one.casefold().startswith(name.casefold())]
            if len(begun) != 1:
                return None
            name = begun[0]
        return asked.group(0), texts[name]


def parse_snippets(data: bytes) -> dict[str, str]:
    """Texts by name; what is no snippet among them is left out. Raises ValueError for another format."""
    read = _json(data, "snippets")
    usable = [
        (name, text)
        for name, text in read.items()
        if SNIPPET_NAME.fullmatch(name) and isinstance(text, str) and text and not unfit(text)
    ]
    return dict(usable[:MAX_SNIPPETS])


def walk(prompts: Sequence[str], place: int, step: int) -> int:
    """The next place when walking through prompts: -1 is what is being typed, 0 the newest prompt."""
    return max(-1, min(len(prompts) - 1, place + step))


def _json(data: bytes, member: str) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise ValueError("too large")
    try:
        read = json.loads(data.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(read, dict) or read.get("format") != FORMAT or not isinstance(read.get(member), dict):
        raise ValueError("another format")
    return read[member]


def _write(file: Path, data: Mapping[str, Any]) -> None:
    user_files.write(file, json.dumps(data, indent=1, ensure_ascii=False).encode())
