"""A text as a Word document (ECMA-376), by python-docx. The same text gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from studio_text.core.markdown import described, plain, tokens

_INK = "1C1F26"
_LINK = "3643B8"
_MONO = "Consolas"
_DEEPEST = 3
"""Word's built-in styles for lists go so deep."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def as_docx(text: str, title: str) -> bytes:
    """Headings, lists, quotes, code, tables and links as Word's own styles, so that they can be restyled."""
    import docx

    document = docx.Document()
    _dress(document)
    _name(document, title)
    writer = _Writer(document)
    for token in tokens(text):
        writer.take(token)
    made = io.BytesIO()
    document.save(made)
    return _fixed(made)


class _Writer:
    """Turns tokens into paragraphs. `_marks` are the ways in which the letters at hand look."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._style = ""
        self._lists: list[tuple[bool, int]] = []
        """(ordered, the id of its numbering) of the lists around."""
        self._is_entry = False
        """Whether the next paragraph carries the sign of an entry."""
        self._quotes = 0
        self._rows: list[list[Any]] | None = None

    def take(self, token: Any) -> None:
        kind = token.type
        if kind == "heading_open":
            self._style = f"Heading {token.tag[1]}"
        elif kind == "heading_close":
            self._style = ""
        elif kind == "inline":
            self._inline(token)
        elif kind in ("fence", "code_block"):
            self._code(token.content.rstrip("\n"))
        elif kind == "hr":
            _line_below(self._document.add_paragraph())
        elif kind in ("blockquote_open", "blockquote_close"):
            self._quotes += token.nesting
        elif kind in ("bullet_list_open", "ordered_list_open"):
            ordered = kind[0] == "o"
            start = int(token.attrGet("start") or 1) if ordered else 1
            self._lists.append((ordered, self._numbering(start) if ordered else 0))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif kind == "list_item_open":
            self._is_entry = True
        elif kind == "table_open":
            self._rows = []
        elif kind == "tr_open" and self._rows is not None:
            self._rows.append([])
        elif kind == "table_close":
            self._table()

    def _inline(self, token: Any) -> None:
        if self._rows is not None:
            self._rows[-1].append(token)
        else:
            _fill(self._paragraph(), token)

    def _paragraph(self) -> Any:
        from docx.shared import Pt

        if self._style:
            return self._document.add_paragraph(style=self._style)
        if not self._lists:
            return self._document.add_paragraph(style="Quote" if self._quotes else "Normal")
        depth = min(len(self._lists), _DEEPEST)
        ordered, numbering = self._lists[-1]
        ending = f" {depth}" if depth > 1 else ""
        if not self._is_entry:
            return self._document.add_paragraph(style=f"List Continue{ending}")
        self._is_entry = False
        made = self._document.add_paragraph(style=f"List {'Number' if ordered else 'Bullet'}{ending}")
        made.paragraph_format.space_after = Pt(3)
        if ordered:
            properties = made._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = numbering
        return made

    def _numbering(self, start: int) -> int:
        """A numbering of its own, so that every list begins anew."""
        depth = min(len(self._lists) + 1, _DEEPEST)
        style = self._document.styles["List Number" + (f" {depth}" if depth > 1 else "")]
        root = self._document.part.numbering_part.element
        used = int(style.element.pPr.numPr.numId.val)
        abstract = next(num.abstractNumId.val for num in root.num_lst if num.numId == used)
        made = root.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(min(start, 32767))
        return int(made.numId)

    def _code(self, text: str) -> None:
        from docx.shared import Pt

        made = self._document.add_paragraph(style="No Spacing")
        made.paragraph_format.space_after = Pt(10)
        made.paragraph_format.left_indent = Pt(12)
        _shade(made)
        for number, line in enumerate(text.split("\n")):
            run = made.add_run()
            if number:
                run.add_break()
            run.add_text(line)
            _mono(run)

    def _table(self) -> None:
        rows, self._rows = self._rows or [], None
        if not rows or not rows[0]:
            return
        table = self._document.add_table(len(rows), len(rows[0]), style="Table Grid")
        for down, row in enumerate(rows):
            for across, token in enumerate(row[: len(rows[0])]):
                _fill(table.cell(down, across).paragraphs[0], token, bold=down == 0)
        self._document.add_paragraph()


def _fill(paragraph: Any, token: Any, *, bold: bool = False) -> None:
    marks: list[str] = ["strong"] if bold else []
    place, link = paragraph._p, None
    for child in token.children or ():
        kind = child.type
        if kind.endswith("_open") and kind != "link_open":
            marks.append(kind.removesuffix("_open"))
        elif kind.endswith("_close") and kind != "link_close":
            marks.remove(kind.removesuffix("_close"))
        elif kind == "link_open":
            link = _link(paragraph, str(child.attrGet("href") or ""))
        elif kind == "link_close":
            link = None
        elif kind == "hardbreak":
            paragraph.add_run().add_break()
        else:
            words = described(child) if kind == "image" else child.content
            run = paragraph.add_run(words)
            run.bold = "strong" in marks or None
            run.italic = "em" in marks or None
            run.font.strike = "s" in marks or None
            if kind == "code_inline":
                _mono(run)
            if link is not None:
                _color(run, _LINK)
                run.font.underline = True
                place.remove(run._r)
                link.append(run._r)


def _link(paragraph: Any, address: str) -> Any:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(made)
    return made


def _dress(document: Any) -> None:
    """Quiet: one ink, room between paragraphs, headings that are larger and not blue."""
    from docx.shared import Cm, Pt

    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.5)
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(8), 1.2
    for level, size in enumerate((24, 17, 14, 12, 11, 11), start=1):
        style = styles[f"Heading {level}"]
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
        style.paragraph_format.space_before = Pt(0 if level == 1 else 16)
        style.paragraph_format.space_after = Pt(6)
        _color(style, _INK)
    styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    _color(styles["Quote"], "565D6B")


def _name(document: Any, title: str) -> None:
    """Nothing of the template's author and dates stays: they would say nothing true."""
    properties = document.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = plain(title)[:255]


def _color(styled: Any, color: str) -> None:
    from docx.shared import RGBColor

    styled.font.color.rgb = RGBColor.from_string(color)


def _mono(run: Any) -> None:
    from docx.shared import Pt

    run.font.name, run.font.size = _MONO, Pt(10)


def _shade(paragraph: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="F2F3F5"/>')
    )


def _line_below(paragraph: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.get_or_add_pPr().append(
        parse_xml(
            f"<w:pBdr {nsdecls('w')}>"
            '<w:bottom w:val="single" w:sz="4" w:space="1" w:color="B8BCC6"/></w:pBdr>'
        )
    )


def _fixed(made: io.BytesIO) -> bytes:
    """The same package with the times of its parts taken out."""
    result = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return result.getvalue()
