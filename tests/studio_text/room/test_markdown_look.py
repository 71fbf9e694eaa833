"""Markdown as it is read in the window."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QPalette, QTextDocument
from studio_text.core import markdown
from studio_text.room import markdown_look

SAMPLE = """\
# Title

Some **bold** words.

- one
- two

1. first

> said

|a|b|
|-|-|
|1|2|

```
code
```
"""


def font() -> QFont:
    made = QFont()
    made.setPixelSize(14)
    return made


def test_passages_know_their_blocks(qapp) -> None:
    document = QTextDocument()
    placed = markdown_look.write(document, SAMPLE, font(), QPalette())
    shown = []
    for one in placed:
        block = document.findBlockByNumber(one.first)
        texts = []
        while block.isValid() and block.blockNumber() <= one.last:
            texts.append(block.text())
            block = block.next()
        shown.append([text for text in texts if text])
    assert shown == [
        ["Title"],
        ["Some bold words."],
        ["one"],
        ["two"],
        ["first"],
        ["said"],
        ["a", "b", "1", "2"],
        ["code"],
    ]
    assert document.firstBlock().blockFormat().headingLevel() == 1
    assert document.findBlockByNumber(placed[2].first).textList() is not None


def test_html_is_shown_not_run(qapp) -> None:
    document = QTextDocument()
    markdown_look.write(
        document, "<img src='file:///etc/passwd'> ![x](file:///etc/passwd)", font(), QPalette()
    )
    assert document.toPlainText() == "<img src='file:///etc/passwd'> x"


@settings(max_examples=80)
@given(st.text(st.sampled_from("#*_`~[]()<>!|-+=&\\\n\t 1.aé漢\0\u2028\ufffc🙂"), max_size=160))
def test_any_text_is_shown(qapp, text: str) -> None:
    document = QTextDocument()
    placed = markdown_look.write(document, text, font(), QPalette())
    count = document.blockCount()
    assert all(0 <= one.first <= one.last < count for one in placed)
    assert len(placed) == len(markdown.passages(text))
