"""Markdown as the studio understands it: CommonMark with tables and strikethrough, and nothing that acts.

HTML in it is text, links lead to http, https or mailto only, and pictures are shown by their description:
what a model writes must neither run nor reach for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from msgspec import Struct

LINKS = ("http://", "https://", "mailto:")

_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What neither XML nor a reader has a use for."""
_LISTS = ("bullet_list_open", "ordered_list_open")


class Passage(Struct, frozen=True):
    """A piece of a text that means something alone: a heading, a paragraph, one entry of a list, a table."""

    source: str
    """Markdown, without the empty lines around it."""
    html: str
    is_entry: bool = False
    """Whether it is an entry of a list: such ones follow each other without an empty line."""


def plain(text: str) -> str:
    """Without signs that nobody sees and some formats refuse; lines end in one way."""
    return _UNSEEN.sub("", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def tokens(text: str) -> list[Any]:
    """`markdown_it.token.Token`s of a text, in their order. Of a link that leads elsewhere the words stay.

    Every line end within a paragraph is one to be seen, as in the greeting of a letter: who writes a text
    sees lines, and need not know that CommonMark would join them.
    """
    found: list[Any] = _parser().parse(plain(text))
    for token in found:
        if token.children:
            token.children = list(_harmless(token.children))
            for child in token.children:
                child.type = "hardbreak" if child.type == "softbreak" else child.type
    return found


def body(text: str) -> str:
    """The text as HTML, without a page around it; every sign that means something in HTML is escaped."""
    parser = _parser()
    made: str = parser.renderer.render(tokens(text), parser.options, {})
    return made


def passages(text: str) -> list[Passage]:
    """A text cut into what can be taken alone, in its order. Together they have all that is not empty."""
    lines = plain(text).split("\n")
    spans = list(_spans(tokens(text)))
    made = []
    for number, (start, is_entry) in enumerate(spans):
        end = spans[number + 1][0] if number + 1 < len(spans) else len(lines)
        source = "\n".join(lines[start:end]).strip("\n").rstrip()
        if source.strip():
            made.append(Passage(source, body(source), is_entry))
    return made


def joined(first: str, second: str) -> str:
    """What belongs between two passages of a document: nothing at its begin, else one or two line ends."""
    if not first.strip():
        return ""
    before = passages(first[-2000:])
    after = passages(second[:2000])
    entries = bool(before and after and before[-1].is_entry and after[0].is_entry)
    wanted = 1 if entries else 2
    return "\n" * max(0, wanted - (len(first) - len(first.rstrip("\n"))))


def words_of(token: Any) -> str:
    """The letters of an inline token, without what they look like."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(described(child))
        elif child.type == "hardbreak":
            parts.append(" ")
    return "".join(parts)


def described(image: Any) -> str:
    """A picture in words: its description, or its address."""
    words = "".join(child.content for child in image.children or () if child.type in ("text", "code_inline"))
    return words or str(image.attrGet("src") or "")


def letters(text: str) -> str:
    """What a reader sees of a text, a line for each block."""
    shown = []
    for token in tokens(text):
        if token.type == "inline":
            shown.append(words_of(token))
        elif token.type in ("fence", "code_block"):
            shown.append(token.content.rstrip("\n"))
    return "\n".join(shown)


def title_of(text: str) -> str:
    """The first heading's words; "" where it has none."""
    found = tokens(text)
    for token, following in pairwise(found):
        if token.type == "heading_open":
            return " ".join(words_of(following).split())
    return ""


def _spans(found: Sequence[Any]) -> Iterator[tuple[int, bool]]:
    """(first line, whether it is an entry of a list) of each passage."""
    for token in found:
        if token.map is None or token.nesting < 0:
            continue
        if token.level == 0 and token.type not in _LISTS:
            yield token.map[0], False
        elif token.level == 1 and token.type == "list_item_open":
            yield token.map[0], True


def _harmless(children: Sequence[Any]) -> Iterator[Any]:
    kept: list[bool] = []
    for child in children:
        if child.type == "link_open":
            kept.append(str(child.attrGet("href") or "").strip().lower().startswith(LINKS))
        if child.type not in ("link_open", "link_close") or kept[-1]:
            yield child
        if child.type == "link_close":
            kept.pop()


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    made.enable(["table", "strikethrough"])
    made.validateLink = lambda url: True  # `_harmless` decides
    made.add_render_rule("image", _image)
    return made


def _image(self: Any, found: Any, index: int, options: Any, env: Any) -> str:
    from html import escape

    return escape(described(found[index]))
