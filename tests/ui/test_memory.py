"""A program that is open all day: many projects opened and closed, and nothing is left of them."""

from __future__ import annotations

import gc
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import median

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from studio.core.kind import Kind
from studio.project.store import Project
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.builders import Sample, catalog_of, describe, picture
from tests.ui.pictures import canvas_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PROJECTS = 70
FIRST = 20
"""Until then caches fill, and each thread's heap: the comparison begins with this one."""
SPAN = 10
"""So many projects of the beginning and of the end are compared: what one of them takes varies by 3 %."""
MAX_GROWTH = 1.05


@pytest.fixture(autouse=True)
def _what_others_left() -> None:
    """It is not looked through again at each of some hundred collections: there is much of it."""
    gc.collect()
    gc.freeze()


def settle() -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()


def widgets() -> Counter[str]:
    return Counter(type(one).__name__ for one in QApplication.allWidgets())


def test_projects_one_after_another(studio: StudioWindow, tmp_path: Path, until) -> None:
    folders = []
    for number in range(5):
        with Project.create(tmp_path / f"{number}.studio") as made:
            for n in range(8):
                file = picture(tmp_path / f"{number}-{n}.png", (number * 40, n * 30, 90), (640, 480))
                made.add_asset(file, kind=Kind.IMAGE)
        folders.append(made.folder)
    studio.set_catalog(catalog_of(describe(Sample)))
    memory: list[int] = []
    first: tuple[Counter[str], int, int, int] | None = None
    for number in range(PROJECTS):
        studio.projects.open(folders[number % len(folders)])
        until(lambda: studio.context.project is not None and canvas_of(studio).mask_model is not None)
        until(lambda: studio.context.runner is not None)
        canvas_of(studio).invert()
        studio.projects.close()
        until(lambda: studio.window.shows_welcome and not studio.context.tasks.running)
        settle()
        memory.append(psutil.Process().memory_info().rss)
        if number == FIRST:
            first = counts(studio)
    assert first is not None
    time.sleep(0.5)
    settle()
    until(lambda: lasting_threads() <= first[1])  # what was read for the last one may still be on its way
    last = counts(studio)
    begin, end = median(memory[FIRST : FIRST + SPAN]), median(memory[-SPAN:])
    growth = end / begin
    print(
        f"\nMemory after {FIRST}: {begin / 2**20:.1f} MiB, after {PROJECTS}:"
        f" {end / 2**20:.1f} MiB ({growth:.3f}); objects {first[3]} and {last[3]}"
    )
    assert last[0] - first[0] == Counter()
    assert last[2] <= first[2]
    assert last[3] <= first[3] * MAX_GROWTH
    assert growth <= MAX_GROWTH


def counts(studio: StudioWindow) -> tuple[Counter[str], int, int, int]:
    """Widgets by kind, threads, listeners, QObjects that Python knows."""
    objects = sum(isinstance(one, QObject) for one in gc.get_objects())
    return widgets(), lasting_threads(), len(studio.context.bridge._listeners), objects


def lasting_threads() -> int:
    """Without those of the service process, which comes and goes."""
    return sum(not thread.name.startswith("service") for thread in threading.enumerate())


def test_windows_one_after_another(studio: StudioWindow, until) -> None:
    studio.set_catalog(catalog_of(describe(Sample)))
    first: Counter[str] | None = None
    for number in range(25):
        other = studio.session.open_in_window(None)
        other.window.close()
        del other
        settle()
        if number == 4:
            first, threads = widgets(), lasting_threads()
    until(lambda: len(studio.session.windows) == 1)
    settle()
    assert first is not None
    assert widgets() - first == Counter()
    until(lambda: lasting_threads() <= threads)
