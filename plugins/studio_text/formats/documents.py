"""Texts as files for other people: Markdown, plain text, a web page, Word, PDF.

The libraries for them are imported on first use. What a text may hold is in `markdown`.
"""

from __future__ import annotations

from pathlib import Path

from studio_text.core import markdown
from studio_text.core.reading import read

EXTENSIONS: dict[str, str] = {"md": ".md", "txt": ".txt", "html": ".html", "docx": ".docx", "pdf": ".pdf"}
"""The formats that export offers for texts, with the extension of each."""

_SAME = {".markdown": ".md", ".htm": ".html", ".text": ".txt"}
_MARKDOWN = ".md"
_PLAIN = ".txt"


def is_already(extension: str, format: str) -> bool:
    """Whether a file with this extension has that format, so that its bytes can go out untouched."""
    return _SAME.get(extension.lower(), extension.lower()) == EXTENSIONS[format]


def convert(source: Path, format: str, title: str = "") -> bytes:
    """The text in this file as `format`: Markdown is set; anything else is shown letter by letter.

    `title` names the document where it has no heading of its own.

    Raises:
        BadInput: it is too large, or no text in UTF-8.
        StudioError: a PDF could not be made.
    """
    text = as_markdown(read(source), source.suffix)
    if format == "md":
        return markdown.plain(text).encode()
    title = markdown.title_of(text) or title
    if format == "txt":
        from studio_text.core.plain_text import as_plain

        return as_plain(text).encode()
    if format == "docx":
        from studio_text.formats.docx_file import as_docx

        return as_docx(text, title)
    from studio_text.formats.html_page import page

    if format == "html":
        return page(text, title).encode()
    from studio_text.formats.pdf import as_pdf

    return as_pdf(text, title)


def as_markdown(text: str, extension: str) -> str:
    """A text as Markdown that looks like it: what is none is put between fences."""
    extension = _SAME.get(extension.lower(), extension.lower())
    if extension == _MARKDOWN:
        return text
    fence = "```"
    while fence in text:
        fence += "`"
    import html

    language = "" if extension == _PLAIN else extension.lstrip(".")
    return f"{fence}{html.escape(language)}\n{markdown.plain(text)}\n{fence}\n"
