"""Documents: texts that a person put together from drafts.

A document is saved as what a finished job of `text/document` made: that job's parameter says where each
passage came from. Making it again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio.api.values import BadInput, tr

if TYPE_CHECKING:
    from studio.api.values import Item

GENERATOR = "text/document"
PASSAGES = "passages"
"""The parameter: a JSON list of passages."""

BEFORE = "before"
"""The input that is the earlier version."""
MOST_DRAFTS = 6


class Passage(msgspec.Struct, frozen=True):
    """A piece of a document; all of them, one after the other with nothing between, are its text."""

    text: str
    source: str = ""
    """The digest of the recipe that wrote it; "" for what a person wrote."""


def text_of(passages: Sequence[Passage]) -> str:
    return "".join(passage.text for passage in passages)


def passages_of(generator: str, params: Mapping[str, Any]) -> list[Passage]:
    """What a document's recipe says; none where it is not a document's, or cannot be read."""
    said = params.get(PASSAGES) if generator == GENERATOR else None
    try:
        return msgspec.json.decode(said, type=list[Passage]) if isinstance(said, str) else []
    except (msgspec.DecodeError, RecursionError):
        return []


def params_of(passages: Sequence[Passage]) -> dict[str, str]:
    """The parameters of the job that a document is saved as.

    Raises:
        BadInput: there is no text.
    """
    if not text_of(passages).strip():
        raise BadInput(tr("The document is empty."), tr("Write something first."))
    kept = [passage for passage in passages if passage.text]
    return {PASSAGES: msgspec.json.encode(kept).decode()}


def inputs_of(parent: Item | None, drafts: Sequence[Item]) -> dict[str, Item]:
    """The inputs of that job: the earlier version, then the first few drafts it was made from."""
    inputs = {BEFORE: parent} if parent is not None else {}
    known = {item.digest for item in inputs.values()}
    fresh = {draft.digest: draft for draft in drafts if draft.digest not in known}
    kept = [*fresh.values()][:MOST_DRAFTS]
    return inputs | {f"draft{number}": item for number, item in enumerate(kept, start=1)}


def write(passages: Sequence[Passage], file: Path) -> None:
    """The document as a file: Markdown in UTF-8."""
    file.write_text(text_of(passages), "utf-8", newline="\n")
