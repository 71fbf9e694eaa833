"""Does the steps, and looks after each of them."""

from __future__ import annotations

import gc
import sys
import threading
import time
import traceback
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from msgspec import to_builtins
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QDesktopServices, QDrag
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget
from shiboken6 import isValid

import studio.ui  # noqa: F401 - first: see there
from studio.core.kind import Kind
from studio.errors import StudioError
from studio.jobs.describe import discover
from studio.jobs.events import ItemsAdded
from studio.paths import cache_folder, config_folder
from studio.project.store import Project
from studio.ui.kit.garbage import Collector
from studio.ui.shell import app as studio_app
from studio.ui.shell.app import Unexpected
from studio.ui.shell.heap import give_back_holes
from studio.ui.shell.studio_window import StudioWindow
from studio.ui.shell.window import MainWindow
from tests.held import Held, held
from tests.monkey import judge
from tests.monkey.deeds import HEBREW, Deeds
from tests.monkey.steps import Step, steps
from tests.monkey.watch import Watch

LOOK_EVERY = 500
"""Steps between two looks at what is alive."""
MOST_FAULTS = 20
PATIENCE = 15
"""Steps within popups and dialogs before the one in front is closed."""
LOOKS = 100
"""Turns of the event loop in which what was closed is gone."""
NESTED_SECONDS = 0.1
"""So long a popup or dialog may run an event loop of its own, where a step would wait for a person."""


class Monkey(Deeds):
    def __init__(self, home: Path, seed: int, count: int, log: TextIO, *, by_clock: bool) -> None:
        super().__init__()
        self._by_clock = by_clock
        self.home, self.seed, self.count = home, seed, count
        self._log = log
        self.faults: list[str] = []
        self.made: dict[str, str] = {}
        """Every artifact, and where it was announced."""
        self._alive: list[Counter[str]] = []
        self._held: list[Held] = []
        self._done: Counter[str] = Counter()
        self._restarts = 0
        self._patience = PATIENCE
        self._heard: list[object] = []
        sys.excepthook = self._caught
        threading.excepthook = lambda args: self._caught(args.exc_type, args.exc_value, args.exc_traceback)

    def run(self) -> dict[str, Any]:
        discover(cache_folder())
        self._furnish()
        self.app = studio_app.make_application()
        QDrag.exec = lambda *_: Qt.DropAction.IgnoreAction  # type: ignore[assignment] - its loop waits for a real mouse
        QDesktopServices.openUrl = lambda *_: True  # type: ignore[assignment]
        Collector(self.app)
        self.watch = Watch(by_clock=self._by_clock)
        self._threads = {one.ident for one in threading.enumerate() if one.ident is not None}
        self._begin(self.folders[0])
        self._see_rooms()
        unstick = QTimer(self.app)
        unstick.timeout.connect(self._unstick)
        unstick.start(100)
        for number, step in enumerate(steps(self.seed, self.count)):
            self._do(number, step)
            if len(self.faults) + len(self.watch.faults) > MOST_FAULTS:
                break
            if self.session.is_quitting or not self.session.windows:
                self._restart()
            if number % LOOK_EVERY == LOOK_EVERY - 1:
                self._look(number)
        self._look(self.count)
        unstick.stop()
        self.session.quit()
        self._end()
        self.put_back()
        # What was interrupted by a pulled drive is taken up again.
        for folder in sorted(self.home.rglob("*.studio")):
            self._begin(folder)
            self.session.quit()
            self._end()
        QApplication.clipboard().clear()
        began = time.monotonic()
        self.faults += judge.projects(self.home, self.made, self.pulled)
        self._log.write(f"judged for {time.monotonic() - began:.2f} s\n")
        self.faults += judge.growth(self._alive)
        self.faults += judge.holding(self._held)
        self._let_go()
        return self._report()

    def _report(self) -> dict[str, Any]:
        stalls = sorted(self.watch.stalls, reverse=True)
        self.faults += [f"stall of {seconds:.3f} s at {what}" for seconds, what in stalls]
        rebuilds = self.watch.rebuilds
        return {
            "seed": self.seed,
            "steps": dict(self._done),
            "artifacts": len(self.made),
            "restarts": self._restarts,
            "rebuilds": len(rebuilds),
            "slowest rebuild": round(max(rebuilds, default=0), 3),
            "slowest": round(self.watch.slowest, 3),
            "widgets": [sum(alive.values()) for alive in self._alive],
            "held": [to_builtins(one) for one in self._held],
            "faults": [*self.faults, *self.watch.faults],
        }

    @property
    def studio(self) -> StudioWindow:  # type: ignore[override]
        """The window that was opened last is in front."""
        return self.session.windows[-1]

    # Projects to play with ---------------------------------------------------------------------------------

    def _furnish(self) -> None:
        pictures = self.home / "pictures"
        pictures.mkdir()
        for n in range(12):
            noise = Image.effect_noise((120 + 30 * n, 90 + 20 * n), 20 + n)
            noise.convert("RGB").save(pictures / f"photo {n}.png")
        (pictures / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
        (pictures / "notes.txt").write_text("not a picture")
        self.pictures = sorted(pictures.iterdir())
        translations = config_folder() / "translations"
        translations.mkdir(parents=True)
        (translations / "he.po").write_text(HEBREW, encoding="utf-8")
        self.folders = []
        for name in ("Monkey", "Ape"):
            with Project.create(self.home / "home" / f"{name}.studio") as project:
                for file in self.pictures[1:6]:
                    project.add_asset(file, kind=Kind.IMAGE)
            self.folders.append(project.folder)

    def _begin(self, folder: Path | None = None) -> None:
        first = studio_app.build(self.app)
        self.session = first.session
        self._listen()
        self.session.windows_changed.connect(self._listen)
        first.show(folder)
        if folder is not None:
            self._until(lambda: first.context.runner is not None and self.session.catalog is not None)

    def _see_rooms(self) -> None:
        """Every room was in front once: what they import takes 40 MB, which is no growth of a day's work."""
        for room in self.studio.workspace.rooms:
            self.studio.items.show_room(room)
            self._until(lambda: not self.studio.context.tasks.running)
        self.studio.items.show_room(next(iter(self.studio.workspace.rooms)))

    def _listen(self) -> None:
        for one in self.session.windows:
            if one.context.bridge not in self._heard:
                self._heard.append(one.context.bridge)
                one.context.bridge.listen(partial(self._hear, one))

    def _restart(self) -> None:
        """The program was ended: it is started again."""
        began = time.monotonic()
        self._end()
        self._restarts += 1
        self._begin()
        self._log.write(f"started again in {time.monotonic() - began:.2f} s\n")

    def _end(self) -> None:
        self.session.windows_changed.disconnect(self._listen)
        self.session.end()
        self._heard.clear()
        self._settle()
        self._no_more("after the end", 0)
        self.faults += judge.threads(self._threads)

    def _until(self, is_so: Any, seconds: float = 600) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get ready")
            self.app.processEvents()
            time.sleep(0.005)

    # Steps -------------------------------------------------------------------------------------------------

    def _do(self, number: int, step: Step) -> None:
        target = self._front()
        name, said = type(target).__name__, None
        self._log.write(f"{number} {step} on {name}")
        with self.watch.step(lambda: f"step {number} {step} on {name}: {said}"):
            try:
                said = getattr(self, f"do_{step.kind}")(target, step)
                self.app.processEvents()
            except StudioError as error:
                self.studio.context.report(error)
            except Exception:  # noqa: BLE001 - whatever it is, it is a fault to report
                self.faults.append(f"step {number} {step}:\n{traceback.format_exc()}")
        self._log.write(f": {said or ''} {self.watch.took * 1000:.0f} ms\n")
        self._done[step.kind] += 1

    def do_wait(self, target: QWidget, step: Step) -> None:
        end = time.monotonic() + (step.number % 20) / 1000
        while time.monotonic() < end:
            time.sleep(0.001)
            self.watch.rest()
            self.app.processEvents()

    def _front(self) -> QWidget:
        """The popup or dialog in front, which a person leaves after a while, or the window."""
        front = self._in_front()
        self._patience = self._patience - 1 if front is not self.studio.window else PATIENCE
        if self._patience < 0:
            self._patience = PATIENCE
            front.close()
            self.app.processEvents()
            front = self._in_front()
        if isinstance(front, QFileDialog):
            front.setOption(QFileDialog.Option.ReadOnly)  # Qt's own can rename and delete folders
            if not front.directory().path().startswith(str(self.home)):
                # Qt looks into all that it lists, and waits for ever in /proc.
                front.setDirectory(str(self.home))
        return front

    def _in_front(self) -> QWidget:
        return (
            QApplication.activePopupWidget()
            or QApplication.activeModalWidget()
            or next(
                (w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()), None
            )
            or self.studio.window
        )

    # Watching ----------------------------------------------------------------------------------------------

    def _hear(self, window: StudioWindow, event: object) -> None:
        if isinstance(event, ItemsAdded):
            where = f"{window.projects.folder} at {self.watch.words()}"
            self.made.update((item.uid, where) for item in event.items)
        elif isinstance(event, Unexpected):
            self.studio.context.report(event.error)

    def _caught(self, kind: Any, error: Any, trace: Any) -> None:
        """As the program's own hook does, it shows what is meant to be read by people."""
        if isinstance(error, StudioError) and self.session.windows:
            self.studio.context.bridge.post(Unexpected(error))
            return
        told = "".join(traceback.format_exception(kind, error, trace))
        self.faults.append(f"at {self.watch.words()}:\n{told}")

    def _unstick(self) -> None:
        """From inside a nested event loop."""
        if self.watch.seconds > NESTED_SECONDS:
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is not None:
                popup.close()
                self.watch.rest()

    def _look(self, number: int) -> None:
        """Counts what is alive once everything temporary is closed, windows beyond the first too."""
        for one in self.session.windows[1:]:
            one.window.close()
        began = time.monotonic()
        self._no_more(f"after step {number}", 1)
        self._log.write(f"looked for {time.monotonic() - began:.2f} s\n")
        dead = [
            id for one in self.session.windows for id, action in one.actions.items() if not isValid(action)
        ]
        if dead:
            self.faults.append(f"after step {number} these actions are gone: {dead}")
        self._alive.append(Counter(type(widget).__name__ for widget in QApplication.allWidgets()))
        give_back_holes()  # as every half minute, in which a person does not do 500 steps
        self._held.append(held())

    def _no_more(self, when: str, windows: int) -> None:
        """Windows that were closed are gone soon, and dialogs at once."""
        left = [""]
        for _ in range(LOOKS):
            for one in QApplication.topLevelWidgets():
                if isinstance(one, QDialog | QMenu) and one.isVisible():
                    one.close()
            self._settle()
            left = [type(w).__name__ for w in QApplication.allWidgets() if isinstance(w, QDialog)]
            left += ["MainWindow"] * max(0, _count(MainWindow) - windows)
            if not left:
                return
        self.faults.append(f"{when} these live on: {left}")

    def _let_go(self) -> None:
        """Of all the windows that were ended, nothing is left in memory."""
        left = 0
        for _ in range(LOOKS):
            self._settle()
            left = sum(isinstance(one, StudioWindow) for one in gc.get_objects())
            if not left:
                return
            time.sleep(0.05)
        self.faults.append(f"windows that ended and are still in memory: {left} of {self._restarts + 1}")

    def _settle(self) -> None:
        self.app.processEvents()
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()


def _count(kind: type[QWidget]) -> int:
    return sum(isinstance(widget, kind) for widget in QApplication.allWidgets())
