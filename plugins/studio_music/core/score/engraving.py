"""Engraves scores with verovio, in a process of its own: verovio holds the interpreter's lock for as long as
it works, and a long song is a second's work to write as MusicXML.

Reads requests from the standard input and writes replies to the standard output, each as msgpack behind its
length in four bytes (big endian), until the input ends.
"""

from __future__ import annotations

import os
import re
import sys
from typing import IO

import msgspec

from studio_music.core.score.musicxml import musicxml
from studio_music.core.score.pages import EngraveRequest, Page, Reply
from studio_music.core.score.svg import Unreadable, page_of


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message; None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head)
    body = stream.read(length)
    return body if len(body) == length else None


def write_frame(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(4) + body)
    stream.flush()


def main() -> int:
    """The process."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what verovio prints must not come between the replies
    try:
        import verovio
    except ImportError:
        verovio = None
    while (body := read_frame(sys.stdin.buffer)) is not None:
        request = msgspec.msgpack.decode(body, type=EngraveRequest)
        if verovio is None:
            reply = Reply(missing=True)
        else:
            reply = _engrave(verovio, request)
        write_frame(output, msgspec.msgpack.encode(reply))
    return 0


def _engrave(verovio, request: EngraveRequest) -> Reply:  # type: ignore[no-untyped-def]
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "scale": request.scale,
            "pageWidth": max(100, request.width * 100 // request.scale),
            "pageHeight": max(100, request.height * 100 // request.scale),
            "adjustPageHeight": True,
            "breaks": "auto",
            "footer": "none",
            "condense": "none",
            "xmlIdSeed": 1,
            "smuflTextFont": "none",
            "fontTextLiberation": False,
            "pageMarginLeft": 50,
            "pageMarginRight": 50,
        }
    )
    # without the degrees of chords, which verovio prints although the chord's text says them
    xml = re.sub(r"<degree .*?</degree>", "", musicxml(request.song, request.titles))
    if not toolkit.loadData(xml):
        return Reply(failed="verovio")
    pages: list[Page] = []
    try:
        for number in range(toolkit.getPageCount()):
            bars = sum(len(page.bars) for page in pages)
            pages.append(page_of(toolkit.renderToSVG(number + 1), bars))
    except Unreadable as error:
        return Reply(failed=str(error))
    return Reply(pages=pages)


if __name__ == "__main__":
    sys.exit(main())
