"""The piano roll with 20,000 notes in sight: what a frame takes while it plays, scrolls, zooms and is edited.

Run on request: `pytest tests/benchmarks/bench_music_roll.py -s`. A frame is an event and all painting that
follows from it. Goals are held against the work of this thread, which busy neighbors do not lengthen. The
named peer draws each note with a call of its own, on a pixmap of the same size in the same run.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from studio_music.core.song import Note, Song, Track
from studio_music.room.roll.model import SongModel
from studio_music.room.roll.roll import Roll

from studio.ui.kit import theme
from tests.benchmarks.sizes import at_least, at_most, each, size

pytestmark = [pytest.mark.benchmark, pytest.mark.slow, pytest.mark.timeout(600)]

NOTES = size(20_000, 600)
BARS = 200
WIDTH, HEIGHT = 1440, 900
FRAMES, ROUNDS = size((100, 3), (6, 1))
"""The best of so many rounds counts: other programs of this machine are in none of them for long."""
MAX_PAINT_MS, MAX_CURSOR_MS, MAX_FRAME_MS = at_most(8.0), at_most(1.0), at_most(16.0)
MAX_EDIT_MS = at_most(150.0)
MIN_RATIO = at_least(2.0)

Frame = tuple[float, float]
"""Milliseconds by the clock, and of work."""


def song_with(tracks: int) -> Song:
    """Chords of three notes all over the song, shared out among tracks."""
    chance = random.Random(1)
    length = BARS * 1920
    made = []
    for place in range(tracks):
        count = NOTES // tracks
        step = 3 * length // count
        low = 36 + (60 // tracks) * place
        pitches = range(low, low + max(60 // tracks, 12))
        notes = [
            Note(start, round(step * chance.choice((0.5, 0.9))), pitch, chance.randint(30, 127))
            for start in range(0, length - step, step)
            for pitch in chance.sample(pitches, 3)
        ]
        made.append(Track(f"Track {place}", tuple(sorted(notes))))
    return Song("Many notes", tuple(made), length)


@pytest.fixture(params=size(["one track", "eight tracks"], ["one track"]))
def roll(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Roll]:
    theme.apply(theme.DARK, qapp)
    model = SongModel()
    made = Roll(model, theme.DARK)
    made.resize(WIDTH, HEIGHT)
    model.begin(song_with(1 if request.param == "one track" else 8))
    made.show()
    QApplication.processEvents()
    made.state.view.zoom_rows(0.1)
    made.state.view.show_middle(66)
    QApplication.processEvents()
    gc.collect()
    gc.freeze()
    yield made
    made.close()
    made.deleteLater()
    qapp.setStyleSheet("")


def timed(act: Callable[[], object]) -> Frame:
    clock, work = time.perf_counter(), time.thread_time()
    act()
    QApplication.processEvents()
    return (time.perf_counter() - clock) * 1000, (time.thread_time() - work) * 1000


def rounds(act: Callable[[int], object]) -> list[Frame]:
    """The frames of the best round; `act` gets the number of each."""
    tried = [[timed(lambda n=n: act(n)) for n in range(FRAMES)] for _ in range(ROUNDS)]
    return min(tried, key=lambda times: float(np.median([work for _, work in times])))


def report(name: str, times: list[Frame]) -> tuple[float, float]:
    """Prints percentiles; returns the 50th and the 95th of the work."""
    found = (0.0, 0.0)
    for kind, column in (("clock", 0), ("work", 1)):
        p50, p95 = (float(value) for value in np.percentile([one[column] for one in times], (50, 95)))
        print(f"\n{name:44} {kind:6} p50 {p50:6.2f}  p95 {p95:6.2f} ms", end="")
        found = p50, p95
    return found


def in_sight(roll: Roll) -> int:
    view = roll.state.view
    start, end = view.visible()
    low, high = view.pitch_at(view.height), view.pitch_at(0)
    song = roll.model.song
    assert song is not None
    return sum(
        int(roll.state.arrays[n].between(start, end, low, high).sum()) for n in range(len(song.tracks))
    )


def peer(roll: Roll) -> list[Frame]:
    """Each note as a rounded rectangle by a call of its own."""
    view, song = roll.state.view, roll.model.song
    assert song is not None
    pixmap = QPixmap(view.width, view.height)
    color = QColor("#7788ff")

    def paint() -> None:
        pixmap.fill(Qt.GlobalColor.black)
        with QPainter(pixmap) as painter:
            painter.setBrush(color)
            for track in song.tracks:
                for note in track.notes:
                    x = view.x_of(note.start)
                    wide = view.x_of(note.end) - x
                    painter.drawRect(QRectF(x, view.y_of(note.pitch), wide, view.row - 1))

    return [timed(paint) for _ in range(size(5, 1))]


def test_painting_all_notes(roll: Roll) -> None:
    seen = in_sight(roll)
    field = roll.field

    def paint(_: int) -> None:
        field.picture.renew(backdrop=True)
        field.picture.paint()

    paint(0)
    p50, _ = report(f"{seen:,} notes and what is behind", rounds(paint))
    theirs, _ = report("each note by itself", peer(roll))
    print(f"\nthe peer takes {theirs / p50:.1f} times as long")
    assert seen >= size(NOTES * 0.97, 1)
    assert p50 <= MAX_PAINT_MS
    assert theirs / p50 >= MIN_RATIO


def test_the_playing_cursor(roll: Roll) -> None:
    roll.set_cursor(0)
    QApplication.processEvents()
    step = 1920 * BARS // FRAMES // 2
    times = rounds(lambda n: roll.set_cursor(n * step))
    _, p95 = report("the cursor moves", times)
    print()
    assert p95 <= MAX_CURSOR_MS


@each("what", {"scroll": "scroll", "zoom": "zoom", "rows": "rows"})
def test_looking_around(roll: Roll, what: str) -> None:
    view = roll.state.view
    view.zoom(1.5, 0)
    acts = {
        "scroll": lambda n: view.scroll_by(12 if n % 40 < 20 else -12, 0),
        "zoom": lambda n: view.zoom(1.05 if n % 20 < 10 else 1 / 1.05, 400),
        "rows": lambda n: view.zoom_rows(1.05 if n % 20 < 10 else 1 / 1.05),
    }
    QApplication.processEvents()
    times = rounds(acts[what])
    p50, _ = report(f"{what}, the whole widget", times)
    print()
    assert p50 <= MAX_FRAME_MS


def test_dragging_all_notes_of_a_track(roll: Roll) -> None:
    view, field = roll.state.view, roll.field

    def send(kind: QEvent.Type, place: QPointF) -> None:
        held, button = Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonRelease:
            held = Qt.MouseButton.NoButton
        elif kind == QEvent.Type.MouseMove:
            button = Qt.MouseButton.NoButton
        keys = Qt.KeyboardModifier.AltModifier
        QApplication.sendEvent(field, QMouseEvent(kind, place, field.mapToGlobal(place), button, held, keys))

    pressed: list[float] = []
    released: list[float] = []
    moved: list[Frame] = []
    for _ in range(ROUNDS):
        roll.select_all()
        QApplication.processEvents()
        note = roll.state.note(len(roll.state.active) // 2)
        at = QPointF((view.x_of(note.start) + view.x_of(note.end)) / 2, view.y_of(note.pitch) + 2)
        pressed.append(timed(lambda at=at: send(QEvent.Type.MouseButtonPress, at))[1])
        moved += [
            timed(lambda n=n, at=at: send(QEvent.Type.MouseMove, at + QPointF(n % 30 + 4, n % 9)))
            for n in range(FRAMES)
        ]
        released.append(timed(lambda at=at: send(QEvent.Type.MouseButtonRelease, at))[1])
    p50, _ = report(f"{len(roll.chosen.notes):,} notes are dragged", moved)
    print(f"\npress {min(pressed):.1f} ms, release {min(released):.1f} ms of work")
    assert p50 <= MAX_FRAME_MS
    assert max(min(pressed), min(released)) <= MAX_EDIT_MS


@each("what", {"quantize": "quantize", "transpose": "transpose", "humanize": "humanize", "undo": "undo"})
def test_edits_of_all_notes_of_a_track(roll: Roll, what: str) -> None:
    roll.select_all()
    acts = {
        "quantize": lambda: roll.quantize(1.0),
        "transpose": lambda: roll.transpose(1),
        "humanize": roll.humanize,
        "undo": roll.model.undo,
    }
    times = []
    for _ in range(ROUNDS):
        roll.transpose(2)
        times.append(timed(acts[what])[1])
    print(f"\n{what} of {len(roll.state.active):,} notes: {min(times):.1f} ms of work")
    assert min(times) <= MAX_EDIT_MS
