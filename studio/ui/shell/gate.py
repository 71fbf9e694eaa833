"""Which files may be read in the window: those that the service process has decoded once.

A file that makes its reader crash, hang or swell does so in the service process, so that it never takes the
window along. That a file was decoded is known by its thumbnail, which is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QObject

from studio.core.item import Item
from studio.errors import DiskFull, StudioError
from studio.service.wish import Outcome
from studio.ui.context import WindowContext

Answer = Callable[[Mapping[str, StudioError]], object]
"""Gets what is wrong with items, by uid."""


class _Key(Struct, frozen=True):
    """The same bytes are read in another way as another kind of item."""

    digest: str
    kind: str


class _Decoded(Struct, frozen=True):
    """The service has done with a file."""

    key: _Key
    outcome: Outcome


class _Question:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.open: dict[_Key, list[Item]] = {}
        self.wrong: dict[str, StudioError] = {}


class Gate(QObject):
    """Asks the service for the thumbnails of items whose files were not decoded yet."""

    def __init__(self, context: WindowContext, sides: Sequence[int], is_read: Callable[[str], bool]) -> None:
        """
        Args:
            sides: of the thumbnails that the gallery keeps, in pixels; the first is asked for.
            is_read: whether the window reads files of a kind at all; else nothing can happen.
        """
        super().__init__()
        self._context, self._sides, self._is_read = context, sides, is_read
        self._known: set[_Key] = set()
        self._asked: dict[_Key, list[_Question]] = {}
        context.bridge.listen(self._on_event)

    def ask(self, items: Sequence[Item], answer: Answer) -> None:
        """Calls `answer` at once where nothing has to be decoded, else later in the window's thread."""
        question = _Question(answer)
        for item in items:
            key = _Key(item.digest, item.kind)
            if key in question.open:
                question.open[key].append(item)
            elif not self._is_decoded(key) and (source := self._source(item)) is not None:
                question.open[key] = [item]
                self._wish(key, source, question)
        if not question.open:
            answer({})

    def _is_decoded(self, key: _Key) -> bool:
        if key in self._known:
            return True
        service = self._context.service
        files = (service.thumbnail_file(key.kind, key.digest, side) for side in self._sides)
        is_needed = self._is_read(key.kind) and service.has_thumbnails(key.kind)
        if is_needed and not any(file.exists() for file in files):
            return False
        self._known.add(key)
        return True

    def _source(self, item: Item) -> Path | None:
        """None where it is gone: who opens the item tells of that."""
        try:
            return self._context.project.blob_path(item.digest) if self._context.project is not None else None
        except StudioError:
            return None

    def _wish(self, key: _Key, source: Path, question: _Question) -> None:
        waiting = self._asked.setdefault(key, [])
        waiting.append(question)
        if len(waiting) == 1:
            bridge = self._context.bridge
            self._context.service.thumbnail(
                key.kind,
                source,
                key.digest,
                self._sides[0],
                lambda outcome: bridge.post(_Decoded(key, outcome)),
            )

    def _on_event(self, event: object) -> None:
        if not isinstance(event, _Decoded):
            return
        error = event.outcome.error
        if isinstance(error, DiskFull):
            error = None  # it was decoded, only the thumbnail could not be kept
        if error is None and not event.outcome.cancelled:
            self._known.add(event.key)
        for question in self._asked.pop(event.key, ()):
            items = question.open.pop(event.key)
            if error is not None:
                question.wrong |= {item.uid: _named(error, item) for item in items}
            if not question.open and not event.outcome.cancelled:
                question.answer(question.wrong)


def _named(error: StudioError, item: Item) -> StudioError:
    """The error with the item's name in place of its file's, which nobody knows."""
    message = re.sub(rf"{item.digest}(\.\w+)*", lambda _: item.name, error.message)
    return type(error)(message, error.hint, error.detail)
