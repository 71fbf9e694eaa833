"""Does the steps, and looks after each of them."""

from __future__ import annotations

import gc
import random
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from types import UnionType
from typing import Any, TextIO

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

import studio.ui  # noqa: F401 - first: see there
from studio.core.recipe import Recipe
from studio.jobs.describe import discover
from studio.jobs.events import ItemsAdded
from studio.paths import cache_folder
from studio.project.check import check
from studio.project.store import Project
from studio.ui import app as studio_app
from studio.ui.garbage import Collector
from studio.ui.studio_window import StudioWindow
from tests.monkey.steps import Step, steps

STALL = 0.200
"""Seconds that the window's thread may be busy with one step."""
LOOK_EVERY = 500
"""Steps between two looks at what is alive."""
NEVER = ("quit", "exit", "close window")
"""Actions that would end the monkey's own work, by words in their text."""


class Monkey:
    def __init__(self, home: Path, seed: int, count: int, log: TextIO) -> None:
        self.home, self.seed, self.count = home, seed, count
        self._log = log
        self.faults: list[str] = []
        self.made: set[str] = set()
        self.stalls: list[tuple[float, int, str]] = []
        self.slowest = 0.0
        self._started = 0.0
        self._alive: list[Counter[str]] = []
        self._luck = random.Random(seed)
        self._done: Counter[str] = Counter()
        sys.excepthook = self._caught
        threading.excepthook = lambda args: self._caught(args.exc_type, args.exc_value, args.exc_traceback)

    def run(self) -> dict[str, Any]:
        before = {thread.name for thread in threading.enumerate()}
        discover(cache_folder())
        self.app = studio_app.make_application()
        QDrag.exec = lambda *_: Qt.DropAction.IgnoreAction  # type: ignore[assignment] - its loop waits for a real mouse
        QDesktopServices.openUrl = lambda *_: True  # type: ignore[assignment]
        first = studio_app.build(self.app)
        self.session = first.session
        first.show(None)
        Collector(self.app)
        self._heard: set[int] = set()
        self._listen()
        self.session.windows_changed.connect(self._listen)
        self._prepare()
        for number, step in enumerate(steps(self.seed, self.count)):
            self._do(number, step)
            if self.faults and len(self.faults) > 20:
                break
            if number % LOOK_EVERY == LOOK_EVERY - 1:
                self._look(number)
        self._end()
        self._check_projects()
        left = [t.name for t in threading.enumerate() if t.name not in before and not t.daemon]
        if left:
            self.faults.append(f"threads left: {left}")
        self._check_growth()
        worst = sorted(self.stalls, reverse=True)[:10]
        return {
            "seed": self.seed,
            "steps": dict(self._done),
            "artifacts": len(self.made),
            "slowest": round(self.slowest, 3),
            "stalls": [f"{seconds:.3f} s at step {number}: {what}" for seconds, number, what in worst],
            "widgets": [sum(alive.values()) for alive in self._alive],
            "faults": self.faults,
        }

    @property
    def studio(self) -> StudioWindow:
        """The window that was opened last is in front."""
        return self.session.windows[-1]

    def _listen(self) -> None:
        for one in self.session.windows:
            if id(one.desk.bridge) not in self._heard:
                self._heard.add(id(one.desk.bridge))
                one.desk.bridge.listen(self._hear)

    # A project to play with --------------------------------------------------------------------------------

    def _prepare(self) -> None:
        folder = self.home / "pictures"
        folder.mkdir()
        for n in range(12):
            Image.effect_noise((120 + 30 * n, 90 + 20 * n), 20 + n).convert("RGB").save(
                folder / f"photo {n}.png"
            )
        (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
        (folder / "notes.txt").write_text("not a picture")
        self.pictures = sorted(folder.iterdir())
        self.folder = self.home / "home" / "Monkey.studio"
        self.studio.projects.create(self.folder)
        self._until(lambda: self.studio.desk.runner is not None and self.studio.panel.generator is not None)
        self.studio.items.bring_in(self.pictures[1:6])
        self._until(lambda: not self.studio.desk.tasks.running)
        watchdog = QTimer(self.app)
        watchdog.timeout.connect(self._unstick)
        watchdog.start(100)

    def _until(self, is_so: Any, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("the window did not get ready")
            self.app.processEvents()
            time.sleep(0.005)

    # Steps -------------------------------------------------------------------------------------------------

    def _do(self, number: int, step: Step) -> None:
        target = self._front()
        self._log.write(f"{number} {step.to_json()} on {type(target).__name__}\n")
        self._started = time.monotonic()
        busy = time.thread_time()
        try:
            getattr(self, f"_{step.kind}")(target, step)
            self.app.processEvents()
        except Exception:  # noqa: BLE001 - whatever it is, it is a fault to report
            self.faults.append(f"step {number} {step.to_json()}:\n{traceback.format_exc()}")
        took, busy = time.monotonic() - self._started, time.thread_time() - busy
        self._started = 0.0
        self._done[step.kind] += 1
        self.slowest = max(self.slowest, took)
        # Waiting for a processor that others use is no stall of ours; being busy is, and so is waiting long.
        if busy > STALL or took > 5 * STALL:
            self.stalls.append((took, number, f"{step.to_json()} busy {busy:.3f} s"))

    def _front(self) -> QWidget:
        return (
            QApplication.activePopupWidget()
            or QApplication.activeModalWidget()
            or next(
                (w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()), None
            )
            or self.studio.window
        )

    def _at(self, target: QWidget, x: float, y: float) -> tuple[QWidget, QPoint]:
        place = QPoint(int(x * max(target.width() - 1, 1)), int(y * max(target.height() - 1, 1)))
        widget = target.childAt(place) or target
        return widget, widget.mapFrom(target, place)

    def _click(self, target: QWidget, step: Step) -> None:
        QTest.mouseClick(*self._press(target, step))

    def _press(self, target: QWidget, step: Step) -> tuple[Any, ...]:
        widget, place = self._at(target, step.x, step.y)
        keys = (Qt.KeyboardModifier.NoModifier,) * 6 + (
            Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
        )  # fmt: skip
        return widget, Qt.MouseButton.LeftButton, keys[step.number % 8], place

    def _double(self, target: QWidget, step: Step) -> None:
        QTest.mouseDClick(*self._press(target, step))

    def _right(self, target: QWidget, step: Step) -> None:
        from PySide6.QtGui import QContextMenuEvent

        widget, place = self._at(target, step.x, step.y)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
        QApplication.postEvent(widget, event)

    def _drag(self, target: QWidget, step: Step) -> None:
        widget, place = self._at(target, step.x, step.y)
        end = widget.mapFrom(
            target, QPoint(int(step.to[0] * target.width()), int(step.to[1] * target.height()))
        )
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=place)
        for n in range(1, 5):
            QTest.mouseMove(widget, place + (end - place) * n / 4)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)

    def _wheel(self, target: QWidget, step: Step) -> None:
        widget, place = self._at(target, step.x, step.y)
        delta = QPoint(0, 120 if step.number % 2 else -120)
        keys = Qt.KeyboardModifier.ControlModifier if step.number % 3 == 0 else Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(
            QPointF(place), QPointF(widget.mapToGlobal(place)), QPoint(), delta,
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.postEvent(widget, event)

    def _focus(self, target: QWidget) -> QWidget:
        widget = QApplication.focusWidget()
        return widget if widget is not None and target.isAncestorOf(widget) else target

    def _key(self, target: QWidget, step: Step) -> None:
        keys = QKeySequence(step.text)
        chord = keys[0] if keys.count() else QKeySequence("Tab")[0]
        QTest.keyClick(self._focus(target), chord.key(), chord.keyboardModifiers())

    _chord = _key

    def _type(self, target: QWidget, step: Step) -> None:
        widget = self._focus(target)
        insert = getattr(widget, "insert", None) or getattr(widget, "insertPlainText", None)
        if insert is not None and callable(getattr(widget, "selectAll", None)):
            insert(step.text)
        else:
            for sign in step.text[:8]:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, sign)
                    QApplication.sendEvent(widget, event)

    def _action(self, target: QWidget, step: Step) -> None:
        owner = target if isinstance(target, QMenu) else self.studio.window
        actions = [a for a in owner.findChildren(QAction) if self._allowed(a)]
        if actions:
            actions[step.number % len(actions)].trigger()

    def _allowed(self, action: QAction) -> bool:
        text = action.text().replace("&", "").lower()
        return (
            bool(text) and action.isEnabled() and action.menu() is None and not any(w in text for w in NEVER)
        )

    def _drop(self, target: QWidget, step: Step) -> None:
        data = QMimeData()
        what = step.number % 5
        if what == 0:
            data.setText("no file at all")
        elif what == 1:
            data.setUrls([QUrl("http://example.invalid/a.png"), QUrl.fromLocalFile("/no/such/file.png")])
        else:
            chosen = [self.pictures[(step.number // 7 + n) % len(self.pictures)] for n in range(what)]
            data.setUrls([QUrl.fromLocalFile(str(file)) for file in chosen])
        window = self.studio.window
        place = QPoint(int(step.x * window.width()), int(step.y * window.height()))
        args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, QDragEnterEvent(place, *args))
        QApplication.sendEvent(window, QDropEvent(QPointF(place), *args))

    def _clip(self, target: QWidget, step: Step) -> None:
        data = QMimeData()
        data.setData("image/png", b"nonsense")
        data.setData("application/x-studio-items", b"\xff\xfe no uid")
        data.setText("\x00 nonsense \ud800".encode("utf-8", "replace").decode())
        QApplication.clipboard().setMimeData(data)

    def _resize(self, target: QWidget, step: Step) -> None:
        sizes = ((960, 600), (1024, 640), (1440, 900), (1920, 1080), (700, 400))
        self.studio.window.resize(*sizes[step.number % len(sizes)])

    def _wait(self, target: QWidget, step: Step) -> None:
        end = time.monotonic() + (step.number % 20) / 1000
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.001)
        self._started = time.monotonic()

    def _escape(self, target: QWidget, step: Step) -> None:
        if target is not self.studio.window:
            target.close()

    def _submit(self, target: QWidget, step: Step) -> None:
        runner = self.studio.desk.runner
        if runner is None:
            if self.studio.desk.project is None and not self.studio.desk.tasks.running:
                self.studio.projects.open(self.folder)
            return
        generator = ("monkey/slow", "monkey/words")[step.number % 2]
        recipe = Recipe(
            generator=generator, generator_version="1", params={"prompt": "monkey"}, seed=step.number % 2**20
        )
        runner.submit([recipe] * (1 + step.number % 3), title="Monkey")

    # Watching ----------------------------------------------------------------------------------------------

    def _hear(self, event: object) -> None:
        if isinstance(event, ItemsAdded):
            self.made.update(item.uid for item in event.items)

    def _caught(self, kind: Any, error: Any, trace: Any) -> None:
        self.faults.append("".join(traceback.format_exception(kind, error, trace)))

    def _unstick(self) -> None:
        """From inside a nested event loop, where a step would wait for a person."""
        if self._started and time.monotonic() - self._started > 0.1:
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is not None:
                popup.close()

    def _look(self, number: int) -> None:
        """Counts what is alive once everything temporary is closed, windows beyond the first too."""
        for one in self.session.windows[1:]:
            one.window.close()
        for _ in range(20):
            popup = QApplication.activePopupWidget() or _shown(QDialog | QMenu)
            if popup is None:
                break
            popup.close()
            self.app.processEvents()
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._alive.append(Counter(type(widget).__name__ for widget in QApplication.allWidgets()))

    def _check_growth(self) -> None:
        """Between the first third and the last, once every panel has been seen."""
        if len(self._alive) < 6:
            return
        third = len(self._alive) // 3
        first, last = (
            max(map(Counter.total, self._alive[:third])),
            min(map(Counter.total, self._alive[-third:])),
        )
        if last > first * 1.25 + 50:
            grown = (self._alive[-1] - self._alive[0]).most_common(8)
            self.faults.append(f"widgets grew from {first} to {last}: {grown}")

    def _end(self) -> None:
        self._look(self.count)
        self.session.quit()
        self.session.end()
        self.app.processEvents()
        QApplication.clipboard().clear()

    def _check_projects(self) -> None:
        """Every artifact that was announced is in one of the projects, with its bytes."""
        lost, left = set(self.made), 0
        for folder in sorted((self.home / "home").rglob("*.studio")):
            with Project.open(folder) as project:
                uids = {row["uid"] for row in project.db.read("SELECT uid FROM item")} & lost
                lost -= {uid for uid in uids if project.blob_path(project.item(uid).digest).is_file()}
                left += len(project.db.read("SELECT 1 FROM job WHERE state = 'running'"))
            report = check(folder, repair=False)
            if report.problems or report.missing:
                self.faults.append(f"{folder.name} is damaged: {report.problems} {report.missing}")
        if lost:
            self.faults.append(f"lost artifacts: {sorted(lost)}")
        if left:
            self.faults.append(f"jobs left running: {left}")


def _shown(kind: type[QWidget] | UnionType) -> QWidget | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)
