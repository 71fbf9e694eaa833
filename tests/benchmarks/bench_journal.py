"""What keeping unfinished work costs the window's thread, for each edit.

Run on request: `pytest tests/benchmarks/bench_journal.py -s` (QT_QPA_PLATFORM=offscreen without a screen).
The promise, 1 ms an edit, is checked on the work of this thread, which busy neighbors do not lengthen. Beside
it stands what a bare write of the same bytes to a file takes, which is the least that any journal could do.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from studio_image.room.mask import Brush, MaskModel, Trail
from studio_music.core.song import Note, Song, Track
from studio_music.core.state import Unfinished, pack
from studio_text.core.passages import Passage
from studio_text.room.words import Limits

from studio.project.edits import Edits
from studio.ui.shell.studio_window import StudioWindow
from tests.benchmarks.sizes import at_most, size
from tests.studio_text.room.writing import room_of

EDITS = size(200, 5)
PROMISED_MS = at_most(1.0)


class InJournal:
    """`Kept`, timed."""

    def __init__(self, edits: Edits) -> None:
        self._edits = edits
        self.keep, self.add = self._timed(edits.keep), self._timed(edits.add)
        self.seconds = 0.0

    def of(self, name: str) -> list[bytes]:
        return self._edits.kept(name)

    def _timed(self, put: Callable[..., None]) -> Callable[..., None]:
        def timed(name: str, value: object) -> None:
            before = time.thread_time()
            put(name, value)
            self.seconds += time.thread_time() - before

        return timed


def bare(file: Path, data: bytes) -> float:
    """Seconds of a write of these bytes behind what is in a file."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    taken = []
    for _ in range(20):
        before = time.thread_time()
        os.write(opened, data)
        taken.append(time.thread_time() - before)
    os.close(opened)
    file.unlink()
    return statistics.median(taken)


def tell(name: str, taken: list[float], file: Path, data: bytes) -> None:
    each, worst, least = statistics.mean(taken), max(taken), bare(file, data)
    print(
        f"\n{name}: {each * 1000:.3f} ms an edit, the longest {worst * 1000:.3f};"
        f" {len(data):,} bytes, {each / max(least, 1e-7):.2f} times a bare write of them"
    )
    assert each * 1000 <= PROMISED_MS


def measured(edits: Edits, keep: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(EDITS):
        before = time.thread_time()
        keep()
        taken.append(time.thread_time() - before)
        edits.flush()
    return taken


@pytest.mark.benchmark
def test_a_stroke(tmp_path: Path) -> None:
    """On a photo of 24 megapixels: all that the journal adds to the end of the stroke."""
    edits = Edits(tmp_path / "edits")
    model = MaskModel(*size((6000, 4000), (600, 400)))
    trail = Trail(InJournal(edits), "mask", model, 0)
    act, taken = model.history.told, list[float]()

    def timed(*words: object) -> None:
        before = time.thread_time()
        act(*words)  # type: ignore[arg-type]
        taken.append(time.thread_time() - before)

    model.history.told = timed
    luck, sides = np.random.default_rng(1), model.size
    for _ in range(EDITS):
        start = luck.uniform(0, sides)
        model.stroke([tuple(start), tuple(start + luck.uniform(-900, 900, 2))], Brush(120, 0.8))
    edits.flush()
    record = max(edits.kept("mask")[-EDITS:], key=len)
    tell("A stroke", taken, tmp_path / "bare", record)
    assert trail.count > EDITS
    edits.close()


@pytest.mark.benchmark
def test_a_key_in_a_text(tmp_path: Path, studio: StudioWindow) -> None:
    """In one of 100,000 letters, half of it taken over from drafts: all that the window does to keep it."""
    edits = studio.context.edits = Edits(tmp_path / "edits")
    studio.items.show_room("text")
    passages = [Passage("Good light is quiet. " * 25, "a" * 64 if n % 2 else "") for n in range(190)]
    room_of(studio).page.open_document("Lamp", passages[: size(190, 5)], Limits())
    stages = studio.parts.stages
    stages.show_project()

    def keep() -> None:
        stages.note("text")
        stages.keep()

    tell("A key in a text", measured(edits, keep), tmp_path / "bare", edits.kept("text:stage")[0])
    stages.leave_project()
    studio.context.edits = None
    edits.close()


@pytest.mark.benchmark
def test_a_note(tmp_path: Path) -> None:
    """In a song of 20,000."""
    edits = Edits(tmp_path / "edits")
    notes = tuple(Note(120 * n, 110, 40 + n % 50) for n in range(size(20_000, 200)))
    unfinished = Unfinished(Song("Tune", (Track("Lead", notes),), 1920 * 4000))
    taken = measured(edits, lambda: edits.keep("music:stage", partial(pack, unfinished)))
    tell("A note", taken, tmp_path / "bare", pack(unfinished))
    edits.close()


@pytest.mark.benchmark
def test_a_value_of_a_form(tmp_path: Path, studio: StudioWindow) -> None:
    """With forms of all bundled plugins that were used, as they are kept all together."""
    from studio.jobs.describe import discover

    catalog = discover(tmp_path / "catalog")
    studio.set_catalog(catalog)
    edits = studio.context.edits = Edits(tmp_path / "edits")
    generators = [one.id for one in catalog.generators.values() if one.listed]
    for id in generators[: size(len(generators), 2)]:
        studio.panel.choose(id)
    taken = measured(edits, studio.kept._keep_form)
    tell(f"A value of one of {len(generators)} forms", taken, tmp_path / "bare", edits.kept(":form")[0])
    edits.close()
    studio.context.edits = None
