"""What the tests of panels share: a bridge, a project with pictures, a desk and the whole window."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from studio.models.store import ModelStore
from studio.plugins.media import installed_media
from studio.project.store import Project
from studio.service.service import Service
from studio.ui.context import WindowContext
from studio.ui.kit import theme
from studio.ui.kit.bridge import Bridge
from studio.ui.kit.focus import FocusKeeper, FocusRings
from studio.ui.kit.garbage import Collector
from studio.ui.kit.shared_settings import SharedSettings
from studio.ui.kit.tasks import Tasks
from studio.ui.models.work import ModelWork
from studio.ui.shell import app as studio_app
from studio.ui.shell.studio_window import StudioWindow

FAR_AWAY = (9000, 9000)
"""Where no window is."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("STUDIO_HOME", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "Test.studio") as made:
        yield made


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(installed_media(), tmp_path / "thumbnails")
    yield made
    made.close()


@pytest.fixture
def desk(home: Path, bridge: Bridge, service: Service) -> Iterator[WindowContext]:
    models = ModelStore(home / "models")
    work = ModelWork(Tasks(bridge, lambda error: made.report(error)), models)
    made = WindowContext(
        bridge,
        SharedSettings(home),
        models,
        work,
        media=installed_media(),
        service=service,
    )
    yield made
    made.tasks.finish(10)


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[theme.Theme]:
    theme.apply(theme.LIGHT, qapp)
    yield theme.LIGHT
    qapp.setStyleSheet("")


@pytest.fixture(scope="session", autouse=True)
def _collector(qapp: QApplication) -> Collector:
    """As in the program: no thread but this one may free Qt's objects."""
    return Collector(qapp)


@pytest.fixture(scope="module", autouse=True)
def _left_by_others(_collector: Collector) -> None:
    """A program never looks through what other tests made: half a million objects took half a second."""
    gc.disable()  # tests of workers may have switched it on again
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """The offscreen platform keeps what was copied until Python has ended, and crashes on letting go."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def _nothing_in_front(qapp: QApplication) -> Iterator[None]:
    """What a test leaves on the screen would take the pointer's moves from the next one, and a pointer that
    it leaves there would light up what the next one shows."""
    yield
    for left in qapp.topLevelWidgets():
        left.hide()
    QCursor.setPos(*FAR_AWAY)


@pytest.fixture
def another(home: Path, qapp: QApplication) -> Iterator[Callable[[], StudioWindow]]:
    """Builds whole windows, without a project and without plugins; ends and deletes them after the test."""
    made: list[StudioWindow] = []

    def build() -> StudioWindow:
        made.append(studio_app.build(qapp))
        return made[-1]

    yield build
    for one in made:
        one.window.close()
        one.end()
        if one.session.looks._translator is not None:  # else Qt speaks German until that is collected
            qapp.removeTranslator(one.session.looks._translator)
        one.window.deleteLater()
    for kind in (FocusRings, FocusKeeper):
        for one in qapp.findChildren(kind):
            one.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


@pytest.fixture
def studio(another: Callable[[], StudioWindow]) -> StudioWindow:
    """A whole window, on its first page, large enough for every panel."""
    made = another()
    made.window.resize(1440, 900)
    made.window.show_welcome(True)
    made.window.show()
    return made


Until = Callable[..., None]


@pytest.fixture
def until(qapp: QApplication) -> Until:
    """Turns the event loop until something is so."""

    def wait(is_so: Callable[[], object], seconds: float = 100.0) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < end, "it never became so"
            qapp.processEvents()
            time.sleep(0.002)

    return wait
