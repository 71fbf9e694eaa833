"""Texts as files for other people, read back by what others read them with."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core import markdown
from studio_text.core.plain_text import as_plain
from studio_text.formats import documents
from studio_text.formats.docx_file import as_docx
from studio_text.formats.html_page import page

from studio.core.kind import Kind
from studio.errors import BadInput, StudioError
from studio.export.batch import check_file, export, export_file
from studio.export.formats import Formats
from studio.project.store import Project
from studio.service.service import Service

SAMPLE = """\
# Lumen

Light that **follows** *you*, `4000 K`, ~~plastic~~. <script>alert(1)</script>

- one
- two
  - inner

3. three
4. four

> Said somebody.

| Model | Watt |
|---|--:|
| S | 6 |

```python
x = "<b>"
```

See [us](https://example.com/a?b=1&c=2), [bad](javascript:alert(1)), [file](file:///etc/passwd),
[mail](mailto:a@example.com) and ![a lamp](https://example.com/lamp.png).
"""

odd = st.text(st.characters(codec="utf-8"), max_size=300) | st.text(
    st.sampled_from("#*_`~[]()<>!|-+=>&\"'\\\n\t 1.aé漢\0\x07\u2028\u202e\ufffe🙂"), max_size=200
)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_one_page_that_runs_and_fetches_nothing() -> None:
    made = page(SAMPLE, "A & B")
    read = Tags(made)
    assert made.startswith("<!doctype html>")
    assert "<title>A &amp; B</title>" in made
    assert not {"script", "img", "link", "iframe"} & set(read.tags)
    assert read.links == ["https://example.com/a?b=1&c=2", "mailto:a@example.com"]
    assert "<script>alert(1)</script>" in read.text
    assert "a lamp" in read.text
    assert {"h1", "strong", "em", "code", "s", "ul", "ol", "blockquote", "table", "pre"} <= set(read.tags)


def test_line_ends_stay() -> None:
    assert as_plain("Best regards,\nJo\n") == "Best regards,\nJo\n"
    assert "Best regards,<br />\nJo" in markdown.body("Best regards,\nJo\n")


def test_plain_text_reads_well() -> None:
    assert as_plain(SAMPLE) == (
        "Lumen\n=====\n\n"
        "Light that follows you, 4000 K, plastic. <script>alert(1)</script>\n\n"
        "• one\n• two\n  • inner\n\n3. three\n4. four\n\n> Said somebody.\n\n"
        'Model   Watt\n-----   ----\nS       6\n\n    x = "<b>"\n\n'
        "See us (https://example.com/a?b=1&c=2), bad, file,\nmail (a@example.com) and a lamp.\n"
    )


def test_word_gets_its_own_styles() -> None:
    read = docx.Document(io.BytesIO(as_docx(SAMPLE, "Lumen")))
    styles = {paragraph.text: paragraph.style.name for paragraph in read.paragraphs}
    assert styles["Lumen"] == "Heading 1"
    assert styles["one"] == "List Bullet"
    assert styles["inner"] == "List Bullet 2"
    assert styles["three"] == "List Number"
    assert styles["Said somebody."] == "Quote"
    assert [cell.text for cell in read.tables[0].rows[1].cells] == ["S", "6"]
    first = read.paragraphs[1]
    looks = {run.text: (run.bold, run.italic, run.font.strike, run.font.name) for run in first.runs}
    assert looks["follows"][0] and looks["you"][1] and looks["plastic"][2]
    assert looks["4000 K"][3] == "Consolas"
    links = [link.url for paragraph in read.paragraphs for link in paragraph.hyperlinks]
    assert links == ["https://example.com/a?b=1&c=2", "mailto:a@example.com"]
    assert read.core_properties.title == "Lumen"
    assert read.core_properties.author == ""


def test_every_numbered_list_of_word_begins_where_the_text_says() -> None:
    read = docx.Document(io.BytesIO(as_docx("1. a\n2. b\n\nText\n\n5. c\n", "")))
    ids = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in read.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert ids[0] == ids[1] != ids[2]
    root = read.part.numbering_part.element
    starts = [num.lvlOverride_lst[0].find("{*}startOverride").val for num in root.num_lst if num.numId in ids]
    assert starts == [1, 5]


def test_the_same_text_gives_the_same_word_file() -> None:
    made = as_docx(SAMPLE, "Lumen")
    assert made == as_docx(SAMPLE, "Lumen")
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def letters_of(pdf: bytes) -> str:
    """The letters of a PDF as Qt writes it: what a reader selects and copies, in the order of the page."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\b(.*?)\nendobj", pdf, re.S))
    maps = {
        number: letters_by_code(stream_of(objects[found.group(1)]))
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    text, shown = "", {}
    kept: list[dict[bytes, str]] = []
    for body in objects.values():
        drawn = stream_of(body) if b"/Filter" in body and b"/Length1" not in body else b""
        for font, codes, state in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj|\b([qQ])\b", drawn):
            if state == b"q":
                kept.append(shown)
            elif state == b"Q":
                shown = kept.pop()
            elif font:
                shown = maps[font]
            else:
                text += "".join(shown.get(codes[n : n + 4], "") for n in range(0, len(codes), 4))
    return text


def stream_of(body: bytes) -> bytes:
    data = body.partition(b"stream\n")[2]
    return zlib.decompressobj().decompress(data) if b"/FlateDecode" in body else data


def letters_by_code(cmap: bytes) -> dict[bytes, str]:
    made = {}
    for first, _, values in re.findall(rb"<(\w+)> <(\w+)> \[([^]]*)]", cmap):
        for number, value in enumerate(re.findall(rb"<(\w+)>", values)):
            made[b"%04X" % (int(first, 16) + number)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for first, last, value in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", re.sub(rb"\[[^]]*]", b"", cmap)):
        for number in range(int(last, 16) - int(first, 16) + 1):
            made[b"%04X" % (int(first, 16) + number)] = chr(int(value, 16) + number)
    return made


def test_pdf_has_embedded_fonts_and_text_that_can_be_selected(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text(SAMPLE, "utf-8")
    made = documents.convert(source, "pdf", "Title")
    assert made.startswith(b"%PDF-1.")
    assert made.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", made)) == 1
    assert re.search(rb"/FontFile[23]?\b", made)
    text = letters_of(made)
    for words in ("Lumen", "Light that follows you", "<script>alert(1", "inner", "a lamp"):
        assert words in text


def test_the_same_text_gives_the_same_pdf(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("# One\n\nSome **bold** words, and `code`.\n", encoding="utf-8")
    made = documents.convert(source, "pdf", "Title")
    assert made == documents.convert(source, "pdf", "Title")
    assert not re.search(rb"CreationDate|ModDate|CreateDate", made)


def test_a_pdf_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from studio_text.formats import pdf as documents_pdf

    source = tmp_path / "a.md"
    source.write_text(SAMPLE, "utf-8")
    monkeypatch.setattr(documents_pdf, "SECONDS", 0.001)
    with pytest.raises(StudioError, match="PDF could not be made"):
        documents.convert(source, "pdf")


def test_a_long_text_takes_several_numbered_pages(tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_text("\n\n".join(f"Paragraph {n}. " + "Words and words. " * 40 for n in range(40)), "utf-8")
    assert len(re.findall(rb"/Type /Page\b", documents.convert(source, "pdf"))) > 3


def test_what_is_no_markdown_is_shown_letter_by_letter() -> None:
    made = documents.as_markdown("# no heading\n```\n", ".py")
    assert "no heading" in markdown.body(made)
    assert "<h1>" not in markdown.body(made)
    assert documents.as_markdown("# yes", ".markdown") == "# yes"


@pytest.mark.parametrize("format", ["md", "txt", "html", "docx", "pdf"])
def test_bytes_that_are_no_utf8_are_told(format: str, tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_bytes(b"caf\xe9")
    with pytest.raises(BadInput, match="no text in UTF-8"):
        documents.convert(source, format)


def test_passages_are_what_can_be_taken_alone() -> None:
    found = markdown.passages(SAMPLE)
    sources = [one.source for one in found]
    assert sources[:5] == [
        "# Lumen",
        SAMPLE.split("\n")[2],
        "- one",
        "- two\n  - inner",
        "3. three",
    ]
    assert [one.is_entry for one in found[:6]] == [False, False, True, True, True, True]
    assert '<ol start="4">' in found[5].html
    assert markdown.joined("- a", "- b") == "\n"
    assert markdown.joined("a\n", "b") == "\n"
    assert markdown.joined("a", "- b") == "\n\n"
    assert markdown.joined("", "b") == ""


@given(odd)
def test_any_text_becomes_every_format(text: str) -> None:
    body = Tags(markdown.body(text))
    assert not {"script", "img", "b", "i", "div", "iframe"} & set(body.tags)
    assert all(link.lower().startswith(markdown.LINKS) for link in body.links)
    as_plain(text)
    docx.Document(io.BytesIO(as_docx(text, text[:40])))


@given(odd)
def test_passages_together_are_the_text(text: str) -> None:
    def letters(part: str) -> str:
        return "".join(part.split())

    together = "".join(letters(one.source) for one in markdown.passages(text))
    whole = letters(markdown.plain(text))
    assert whole.endswith(together)  # what is not shown at all, such as a link's definition, may lead it


def test_export_by_kind(tmp_path: Path, exporters: Service) -> None:
    formats = Formats(exporters.media)
    project = Project.create(tmp_path / "P.studio")
    source = tmp_path / "Lamp.md"
    source.write_text(SAMPLE, "utf-8")
    item = project.add_asset(source, kind=Kind.TEXT)
    report = export(
        project,
        [item],
        tmp_path / "out",
        exporters,
        formats={"image": "png", "text": "docx"},
        with_manifest=False,
    )
    assert [file.path.name for file in report.files] == ["Lamp.docx"]
    assert (
        export(project, [item], tmp_path / "out", exporters, formats={"text": "html"}).files[0].path.name
        == "Lamp.html"
    )
    as_is = export(project, [item], tmp_path / "out", exporters, formats={"image": "png"}).files[0].path
    assert as_is.read_text("utf-8") == SAMPLE
    for name in ("page.pdf", "page.txt", "page.md"):
        check_file(tmp_path / name, Kind.TEXT, formats)
        (path,) = export_file(project, [item], tmp_path / name, exporters)
        assert path.stat().st_size > 100
    with pytest.raises(BadInput, match="no format for “texts”"):
        check_file(tmp_path / "a.odt", Kind.TEXT, formats)
    project.close()
