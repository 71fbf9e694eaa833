"""Prints scores: a process that reads a `printing.Print` as msgpack, and writes the files as a list of
bytes."""

from __future__ import annotations

import os
import re
import sys

from msgspec import msgpack
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QRectF, QSize, Qt, QUuid
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from studio.api.values import resource
from studio_music.formats.printing import HEIGHT, WIDTH, Print

LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
"""Territories whose paper is Letter (CLDR, paperSize)."""
_SHARPNESS = 3.125
"""Pixels of a PNG for one of the page: 300 to the inch."""
_DPI = 1200
_TIMES = re.compile(rb'/(?:Creation|Mod)Date \(D:[^)]*\)|xmp:\w+Date="[^"]*"')
_NO_ID = QUuid("00000000-0000-4000-8000-000000000000")


def png(page: str) -> bytes:
    """The page on white."""
    renderer = QSvgRenderer(page.encode())
    size = renderer.defaultSize()
    image = QImage(
        QSize(round(size.width() * _SHARPNESS), round(size.height() * _SHARPNESS)), QImage.Format.Format_RGB32
    )
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(round(96 * _SHARPNESS / 0.0254))
    image.setDotsPerMeterY(round(96 * _SHARPNESS / 0.0254))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_Grayscale8).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def pdf(pages: list[str], title: str) -> bytes:
    """All pages on A4, or Letter where that is the paper. The same pages give the same bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Studio")
    writer.setDocumentId(_NO_ID)
    writer.setResolution(_DPI)
    territory = QLocale.territoryToCode(QLocale.system().territory())
    paper = QPageSize.PageSizeId.Letter if territory in LETTER else QPageSize.PageSizeId.A4
    writer.setPageLayout(QPageLayout(QPageSize(paper), QPageLayout.Orientation.Portrait, QMarginsF()))
    fit = min(writer.width() / WIDTH, writer.height() / HEIGHT)
    left = (writer.width() - WIDTH * fit) / 2
    with QPainter(writer) as painter:
        for number, page in enumerate(pages):
            if number:
                writer.newPage()
            renderer = QSvgRenderer(page.encode())
            size = renderer.defaultSize()
            renderer.render(painter, QRectF(left, 0, size.width() * fit, size.height() * fit))
    return _TIMES.sub(lambda found: b" " * len(found[0]), bytes(buffer.data().data()))


def main() -> int:
    app = QGuiApplication([sys.argv[0]])
    for file in resource("fonts").glob("*.otf"):
        QFontDatabase.addApplicationFont(str(file))
    wanted = msgpack.decode(sys.stdin.buffer.read(), type=Print)
    files = [pdf(wanted.pages, wanted.title)] if wanted.format == "pdf" else list(map(png, wanted.pages))
    sys.stdout.buffer.write(msgpack.encode(files))
    sys.stdout.buffer.flush()
    del app
    return 0


if __name__ == "__main__":
    code = main()
    os._exit(code)  # nothing is left to be saved, and Qt need not be taken apart piece by piece
