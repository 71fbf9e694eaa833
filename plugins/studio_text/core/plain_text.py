"""A text as plain letters that read well in any program."""

from __future__ import annotations

from typing import Any

from studio_text.core.markdown import described, tokens

_INDENT = 4


def as_plain(text: str) -> str:
    """Headings underlined, entries with their signs, the address of a link behind its words."""
    writer = _Writer()
    for token in tokens(text):
        writer.take(token)
    return "\n".join(writer.lines).strip("\n") + "\n"


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._margins: list[str] = []
        """What stands before each line: of quotes and lists."""
        self._first = ""
        """What stands before the next line in place of the last margin: the sign of an entry."""
        self._numbers: list[int | None] = []
        self._heading = ""
        self._tight = False
        self._rows: list[list[str]] | None = None

    def take(self, token: Any) -> None:
        kind = token.type
        if kind == "heading_open":
            self._heading = token.tag
        elif kind == "inline":
            self._inline(words(token))
        elif kind == "heading_close":
            self._heading = ""
        elif kind == "paragraph_close":
            self._gap(tight=token.hidden)
        elif kind in ("fence", "code_block"):
            self._block(token.content.rstrip("\n"), " " * _INDENT)
        elif kind == "hr":
            self._block("* * *", "")
        elif kind == "blockquote_open":
            self._margins.append("> ")
        elif kind == "blockquote_close":
            self._margins.pop()
            if self.lines and not self.lines[-1].strip("> "):
                self.lines.pop()
            self._gap()
        elif kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if kind[0] == "o" else None
            self._numbers.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            self._gap(tight=bool(self._numbers))
        elif kind == "list_item_open":
            self._entry()
        elif kind == "list_item_close":
            self._margins.pop()
            self._first = ""
        else:
            self._table(kind)

    def _entry(self) -> None:
        number = self._numbers[-1]
        sign = "• " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._first = sign
        self._margins.append(" " * len(sign))

    def _table(self, kind: str) -> None:
        if kind == "table_open":
            self._rows = []
        elif kind == "tr_open" and self._rows is not None:
            self._rows.append([])
        elif kind == "table_close" and self._rows is not None:
            rows, self._rows = self._rows, None
            widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
            drawn = ["   ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
            drawn.insert(1, "   ".join("-" * width for width in widths))
            self._block("\n".join(line.rstrip() for line in drawn), "")

    def _inline(self, text: str) -> None:
        if self._rows is not None:
            self._rows[-1].append(" ".join(text.split()))
            return
        for line in text.split("\n"):
            self._line(line)
        if self._heading:
            if self._heading in ("h1", "h2"):
                longest = max(map(len, text.split("\n")))
                self._line(("=" if self._heading == "h1" else "-") * min(longest, 72))
            self._gap()

    def _block(self, text: str, margin: str) -> None:
        for line in text.split("\n"):
            self._line(f"{margin}{line}".rstrip())
        self._gap()

    def _line(self, text: str) -> None:
        margin = "".join(self._margins)
        if self._first:
            margin = "".join(self._margins[:-1]) + self._first
            self._first = ""
        self.lines.append(f"{margin}{text}".rstrip())

    def _gap(self, *, tight: bool = False) -> None:
        if not tight and self.lines and self.lines[-1]:
            self.lines.append("".join(margin for margin in self._margins if margin == "> ").rstrip())


def words(token: Any) -> str:
    """An inline token's letters, with the addresses of its links."""
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(described(child))
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(parts)))
        elif child.type == "link_close" and links:
            address, start = links.pop()
            shown = "".join(parts[start:])
            if address and address.removeprefix("mailto:") != shown:
                parts.append(f" ({address.removeprefix('mailto:')})")
    return "".join(parts)
