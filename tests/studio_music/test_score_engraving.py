"""Engraved scores: pages that Qt can draw, notes that are found on them, and a cursor that follows."""

from __future__ import annotations

import io
import sys
import xml.etree.ElementTree as Tree
from collections.abc import Iterator

import msgspec
import pytest
from studio_music.core.chords import parse_grid
from studio_music.core.meter import Meter
from studio_music.core.score import engraver as engravers
from studio_music.core.score.engraver import Engraver
from studio_music.core.score.engraving import read_frame, write_frame
from studio_music.core.score.pages import BarPlace, Follower, NotePlace, Page, Reply
from studio_music.core.score.svg import Unreadable, page_of
from studio_music.core.song import Note, Song, Track

from studio.api.values import BadInput, StudioError

SONG = Song(
    "Tune & more",
    (
        Track("Lead", tuple(Note(n * 240, 240, 60 + n % 8) for n in range(64)), 73, role="melody"),
        Track("Kit", tuple(Note(n * 480, 60, 36 + n % 2 * 6) for n in range(32)), is_drums=True),
    ),
    480 * 32,
    chords=parse_grid("Bbmaj7 F#m7b5 | C N.C.", Meter(4, 4), 8),
)


@pytest.fixture(scope="module")
def engraver() -> Iterator[Engraver]:
    pytest.importorskip("verovio")
    made = Engraver()
    yield made
    made.close()


@pytest.mark.slow
def test_every_note_and_bar_has_a_place(engraver: Engraver) -> None:
    pages = engraver.engrave(SONG, 800, 1100).pages
    notes = [(note.track, note.note) for page in pages for note in page.notes]
    assert sorted(notes) == [(0, n) for n in range(64)] + [(1, n) for n in range(32)]
    assert [bar.number for page in pages for bar in page.bars] == list(range(8))
    for page in pages:
        assert page.width == 800
        assert all(0 < note.x < page.width and 0 < note.y < page.height for note in page.notes)
        for bar in page.bars:
            assert 0 <= bar.left < bar.right <= page.width
            assert bar.top < bar.bottom <= page.height


@pytest.mark.slow
def test_a_page_is_plain_svg_with_signs_in_unicode(engraver: Engraver) -> None:
    (page,) = engraver.engrave(SONG, 1200, 2000).pages
    root = Tree.fromstring(page.svg)
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags <= {
        "svg",
        "g",
        "defs",
        "path",
        "use",
        "text",
        "ellipse",
        "polygon",
        "polyline",
        "rect",
        "line",
    }
    words = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Tune & more", "B♭maj7", "F♯m7♭5", "C", "N.C.", "♩ = 100", "Lead"} <= set(words)


@pytest.mark.slow
def test_the_cursor_follows(engraver: Engraver) -> None:
    pages = engraver.engrave(SONG, 700, 1000).pages
    follower = Follower(SONG, pages)
    before = None
    for tick in range(0, SONG.length, 60):
        place = follower.at(tick)
        assert place is not None
        page = pages[place.page]
        assert 0 <= place.x <= page.width
        if before is not None and (before.page, before.top) == (place.page, place.top):
            assert place.x >= before.x
        before = place
    assert follower.at(SONG.length + 5000) is not None


@pytest.mark.slow
def test_another_size(engraver: Engraver) -> None:
    small, large = (engraver.engrave(SONG, 800, 4000, scale).pages[0] for scale in (40, 60))
    assert small.width == large.width == 800
    heights = [max(bar.bottom - bar.top for bar in page.bars) for page in (small, large)]
    assert heights[1] > 1.4 * heights[0]


@pytest.mark.slow
def test_the_process_is_begun_again_after_its_end(engraver: Engraver) -> None:
    assert engraver.engrave(SONG, 800).pages
    engraver.close()
    assert engraver.engrave(SONG, 800).pages


def test_a_score_that_is_too_large_is_refused() -> None:
    track = Track("", tuple(Note(n, 1, 60) for n in range(engravers.MOST_NOTES + 1)))
    with pytest.raises(BadInput, match="too large"):
        Engraver().engrave(Song("", (track,), 38400), 800)


@pytest.mark.parametrize(
    ("reply", "error"),
    [(Reply(missing=True), BadInput), (Reply(failed="why"), StudioError), (Reply(), StudioError)],
)
def test_what_the_process_cannot_do_is_said(
    reply: Reply, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engraver, "_ask", lambda *_: reply)
    with pytest.raises(error):
        Engraver().engrave(SONG, 800)


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false" if sys.platform != "win32" else "where.exe")
    with pytest.raises((StudioError, OSError)):
        Engraver().engrave(SONG, 800)


def test_messages_have_their_length_before_them() -> None:
    stream = io.BytesIO()
    write_frame(stream, msgspec.msgpack.encode(Reply(failed="x")))
    write_frame(stream, b"")
    stream.seek(0)
    assert msgspec.msgpack.decode(read_frame(stream) or b"", type=Reply).failed == "x"
    assert read_frame(stream) == b""
    assert read_frame(stream) is None
    assert read_frame(io.BytesIO(b"\0\0\0\x09abc")) is None


@pytest.mark.parametrize("svg", ["", "<svg/>", "<svg width='0px' height='0px'><svg/></svg>"])
def test_what_is_no_page_is_refused(svg: str) -> None:
    with pytest.raises(Unreadable):
        page_of(svg, 0)


def test_a_cursor_over_two_lines_waits_at_the_end_of_the_first() -> None:
    song = Song("", (Track("", (Note(0, 480, 60), Note(1920, 480, 60))),), 3840)
    bars = [BarPlace(0, 10, 110, 0, 50), BarPlace(1, 10, 110, 100, 150)]
    page = Page("", 200, 200, [NotePlace(0, 0, 20, 30), NotePlace(0, 1, 30, 130)], bars)
    follower = Follower(song, [page])
    assert [(place.x, place.top) for tick in (0, 1919, 1920, 2880) if (place := follower.at(tick))] == [
        (20, 0),
        (20, 0),
        (30, 100),
        (70, 100),
    ]
    assert Follower(song, []).at(0) is None
