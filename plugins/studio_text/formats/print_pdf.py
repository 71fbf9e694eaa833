"""Sets a text for print: a process that reads an `export.documents_pdf.Page` as JSON and writes a PDF."""

from __future__ import annotations

import os
import re
import sys

import msgspec
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QRectF, QSizeF, Qt, QUuid
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from studio.api.values import resource
from studio_text.formats.pdf import Page

LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
"""Territories whose paper is Letter (CLDR, paperSize)."""

_DPI = 1200
_MARGIN = 22.0
"""Millimeters at the sides."""
_HEAD, _FOOT = 20.0, 24.0
_LOOKS = """
h1 { font-size: 22pt; font-weight: 600; margin-top: 0; margin-bottom: 14px; }
h2 { font-size: 15pt; font-weight: 600; margin-top: 26px; margin-bottom: 8px; }
h3 { font-size: 12pt; font-weight: 600; margin-top: 20px; margin-bottom: 6px; }
h4, h5, h6 { font-size: 10.5pt; font-weight: 600; margin-top: 16px; margin-bottom: 5px; }
p { margin-top: 0; margin-bottom: 9px; line-height: 140%; }
ul, ol { margin-top: 0; margin-bottom: 9px; }
li { margin-bottom: 4px; line-height: 135%; }
blockquote { color: #565d6b; margin-left: 22px; margin-right: 22px; }
a { color: #3643b8; }
strong, th { font-weight: 600; }
pre { background: #f2f3f5; margin-top: 4px; margin-bottom: 12px; }
code, pre { font-family: "DejaVu Sans Mono", "Consolas", "Menlo", monospace; font-size: 9pt; }
table { margin-top: 4px; margin-bottom: 12px; border-collapse: collapse; border-style: solid;
  border-width: 1px; border-color: #dcdfe5; }
td, th { padding: 6px; border-style: solid; border-width: 1px; border-color: #dcdfe5; }
"""
"""Qt's rich text takes distances in pixels only, 96 to the inch whatever the device has."""


_TIMES = re.compile(rb'/(?:Creation|Mod)Date \(D:[^)]*\)|xmp:\w+Date="[^"]*"')
_NO_ID = QUuid("00000000-0000-4000-8000-000000000000")


def paper() -> QPageSize.PageSizeId:
    """What lies in the printers where the user lives."""
    territory = QLocale.territoryToCode(QLocale.system().territory())
    return QPageSize.PageSizeId.Letter if territory in LETTER else QPageSize.PageSizeId.A4


def pdf(page: Page) -> bytes:
    """The page as a PDF, with the number of each sheet at its foot where there are several.

    The same page gives the same bytes: it says nothing of the time, and has no id of its own.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(page.title)
    writer.setCreator("Studio")
    writer.setDocumentId(_NO_ID)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN, _HEAD, _MARGIN, _FOOT)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(paper()), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    document = _document(page, writer)
    sheet = document.pageSize()
    with QPainter(writer) as painter:
        count = document.pageCount()
        for number in range(count):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * sheet.height())
            document.drawContents(painter, QRectF(0, number * sheet.height(), sheet.width(), sheet.height()))
            painter.restore()
            if count > 1:
                _draw_number(painter, sheet, number + 1)
    made = _TIMES.sub(lambda found: b" " * len(found[0]), bytes(buffer.data().data()))
    # Qt tells readers that the sign between two words is a tab, which is the first that has its glyph.
    return made.replace(b"[<0009>", b"[<0020>").replace(b" <0009> ", b" <0020> ")


def _document(page: Page, writer: QPdfWriter) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setDefaultFont(_font(10.5))
    document.setDefaultStyleSheet(_LOOKS)
    document.setHtml(page.html.replace("\n</code></pre>", "</code></pre>"))
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    return document


def _draw_number(painter: QPainter, sheet: QSizeF, number: int) -> None:
    painter.save()
    painter.setFont(_font(8.5))
    painter.setPen(QColor("#565d6b"))
    below = QRectF(0, sheet.height() + _DPI * 0.3, sheet.width(), _DPI * 0.3)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, QLocale.system().toString(number))
    painter.restore()


def _font(points: float) -> QFont:
    font = QFont(["Inter", "Noto Sans", "DejaVu Sans"])
    font.setPointSizeF(points)
    return font


def main() -> int:
    app = QGuiApplication([sys.argv[0]])
    for file in resource("fonts").glob("*.otf"):
        QFontDatabase.addApplicationFont(str(file))
    page = msgspec.json.decode(sys.stdin.buffer.read(), type=Page)
    sys.stdout.buffer.write(pdf(page))
    sys.stdout.buffer.flush()
    del app
    return 0


if __name__ == "__main__":
    code = main()
    os._exit(code)  # nothing is left to be saved, and Qt need not be taken apart piece by piece
