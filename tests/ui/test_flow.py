"""The main job of the studio, as a designer does it, with the real plugin in a real worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest

from studio.core.item import JobState, Origin
from studio.jobs.describe import discover
from studio.paths import cache_folder
from studio.ui.export.dialog import ExportDialog
from studio.ui.shell.studio_window import StudioWindow
from tests.ui.pictures import canvas_of, photo_of

pytestmark = pytest.mark.slow


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Stripes with a disc on them: what is behind the disc is easy to guess."""
    image = Image.new("RGB", (320, 240))
    drawing = ImageDraw.Draw(image)
    for x in range(0, 320, 16):
        drawing.rectangle((x, 0, x + 7, 240), fill=(90, 140, 200))
    drawing.ellipse((130, 90, 190, 150), fill=(250, 40, 30))
    file = tmp_path / "stripes.png"
    image.save(file)
    return file


@pytest.fixture
def ready(another: Callable[[], StudioWindow], until) -> StudioWindow:
    """A studio that has just been started for the first time, with its plugins known."""
    discover(cache_folder())
    studio = another()
    studio.window.resize(1400, 900)
    studio.show(None)
    until(lambda: studio.panel.generator is not None)
    return studio


def let_fall(studio: StudioWindow, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    studio.window.files_dropped.emit(data)


def drop(studio: StudioWindow, file: Path, until) -> None:
    let_fall(studio, file)
    until(lambda: photo_of(studio) is not None and studio.context.runner is not None, 60)
    until(lambda: canvas_of(studio).mask_model is not None)


def done_jobs(studio: StudioWindow) -> int:
    batches = studio.context.runner.queue.batches()
    return sum(batch.counts.get(JobState.DONE, 0) for batch in batches)


def paint(studio: StudioWindow) -> None:
    """A stroke with the mouse over the disc."""
    canvas = canvas_of(studio)
    canvas.brush_size = 80
    from PySide6.QtCore import QPointF

    start, end = (canvas.to_view(QPointF(x, 120)).toPoint() for x in (150, 172))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_from_a_dropped_photo_to_an_exported_result(
    ready: StudioWindow, photo: Path, tmp_path: Path, until
) -> None:
    studio = ready
    assert studio.window.shows_welcome
    drop(studio, photo, until)
    assert not studio.window.shows_welcome
    assert studio.panel.reason.text() == "Paint over what should change."

    paint(studio)
    assert canvas_of(studio).mask_model.coverage > 0.02
    assert studio.panel.button.isEnabled()

    QTest.keyClick(studio.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: studio.generating.waiting_for is not None or studio.workspace.is_comparing)
    until(lambda: studio.workspace.is_comparing, 120)
    until(lambda: studio.queue.strip.current is None)

    result = studio.gallery.selected()[0]
    assert result.origin is Origin.ARTIFACT
    assert studio.workspace.result == result
    until(lambda: studio.workspace.viewer.is_comparing)
    assert done_jobs(studio) == 1
    assert studio.recipe.shown.item == result
    family = studio.recipe.one.lineage.lineage
    assert "stripes" in [node.item.name for node in family.column(-1)]

    studio.workspace.export.click()
    dialog = studio.window.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.go.click()
    until(lambda: studio.workspace.notice.isVisible())
    exported = np.asarray(Image.open(tmp_path / "out" / f"{result.name}.png").convert("RGB")).astype(int)
    original = np.asarray(Image.open(photo)).astype(int)
    assert exported.shape == original.shape
    changed = np.abs(exported - original).max(axis=2) > 0
    assert changed[120, 160]
    assert not changed[:, :60].any()
    assert not changed[:, 260:].any()
    assert abs(exported[120, 160] - (250, 40, 30)).max() > 60, "the disc is still there"


def test_each_photo_keeps_what_was_painted_on_it(
    ready: StudioWindow, photo: Path, tmp_path: Path, until
) -> None:
    studio = ready
    drop(studio, photo, until)
    first = photo_of(studio)
    canvas = canvas_of(studio)
    paint(studio)
    coverage = canvas.mask_model.coverage
    other = tmp_path / "other.png"
    Image.new("RGB", (300, 200)).save(other)
    studio.items.bring_in([other])
    until(lambda: photo_of(studio).name == "other" and canvas.mask_model is not None)
    until(lambda: studio.gallery.selected() == [photo_of(studio)])
    assert canvas.mask_model.coverage == 0
    assert studio.panel.reason.text() == "Paint over what should change."
    studio.gallery.select(first.uid)
    until(lambda: photo_of(studio) == first and canvas.mask_model is not None)
    assert canvas.mask_model.coverage == coverage > 0.02
    assert canvas.mask_model.history.can_undo
    assert studio.panel.button.isEnabled()


def test_the_same_again_and_its_settings(ready: StudioWindow, photo: Path, until) -> None:
    studio = ready
    drop(studio, photo, until)
    paint(studio)
    studio.panel.seed.set_seed(42)
    studio.generating.generate()
    until(lambda: studio.workspace.is_comparing, 120)
    first = studio.gallery.selected()[0]
    assert studio.panel.seed.seed() != 42

    studio.recipe.use_settings.emit(first)
    assert studio.panel.seed.seed() == 42
    until(lambda: not studio.workspace.is_comparing)  # the photo and the mask are looked at first

    studio.recipe.make_again.emit(first)
    project = studio.context.project
    until(lambda: project.count(origin=Origin.ARTIFACT) == 2, 120)
    until(lambda: studio.gallery.selected()[0].uid != first.uid)
    assert studio.gallery.selected()[0].digest == first.digest


def test_a_job_is_cancelled_on_the_strip(ready: StudioWindow, photo: Path, until) -> None:
    studio = ready
    drop(studio, photo, until)
    paint(studio)
    studio.context.runner.pause_all()
    studio.generating.generate()
    until(lambda: studio.queue.strip.cancel.isVisible() and studio.generating.waiting_for is not None)
    job = studio.context.runner.queue.job(studio.generating.waiting_for)
    QTest.mouseClick(studio.queue.strip.cancel, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    until(lambda: not studio.queue.strip.cancel.isVisible())
    assert studio.context.runner.queue.job(job.id).state is JobState.CANCELLED
    assert studio.generating.waiting_for is None
    assert studio.panel.button.isEnabled()


def test_whoever_paints_on_is_not_interrupted(ready: StudioWindow, photo: Path, until) -> None:
    studio = ready
    drop(studio, photo, until)
    paint(studio)
    studio.generating.generate()
    until(lambda: studio.generating.waiting_for is not None)
    canvas_of(studio).grow()
    until(lambda: studio.workspace.notice.isVisible(), 120)
    assert not studio.workspace.is_comparing
    assert "is ready" in studio.workspace.notice.text.whole_text()
    studio.workspace.notice.action.click()
    until(lambda: studio.workspace.is_comparing)


def test_a_batch_from_folders(ready: StudioWindow, photo: Path, tmp_path: Path, until) -> None:
    studio = ready
    drop(studio, photo, until)
    photos = tmp_path / "photos"
    photos.mkdir()
    mask = tmp_path / "mask.png"
    drawing = Image.new("L", (320, 240))
    ImageDraw.Draw(drawing).ellipse((120, 80, 200, 160), fill=255)
    drawing.save(mask)
    for n in range(3):
        image = Image.open(photo)
        ImageDraw.Draw(image).rectangle((0, 0, 10 + n, 10), fill=(n, 200, 0))
        image.save(photos / f"photo {n}.png")
    studio.generating.request().start_folders([(photos / f"photo {n}.png", mask) for n in range(3)])
    project = studio.context.project
    until(lambda: project.count(origin=Origin.ARTIFACT) == 3, 150)
    until(lambda: done_jobs(studio) == 3)
    assert not studio.workspace.is_comparing


def test_closing_puts_the_running_job_back(ready: StudioWindow, photo: Path, until) -> None:
    studio = ready
    drop(studio, photo, until)
    paint(studio)
    studio.context.runner.pause_all()
    studio.generating.generate()
    until(lambda: studio.generating.waiting_for is not None)
    folder = studio.context.project.folder
    studio.window.close()
    studio.end()
    from studio.jobs.queue import Queue
    from studio.project.store import Project

    with Project.open(folder) as project:
        assert Queue(project).counts()[JobState.QUEUED] == 1


def test_the_focus_stays_on_remove_when_it_is_pressed_by_key(
    ready: StudioWindow, photo: Path, until, qapp
) -> None:
    studio = ready
    drop(studio, photo, until)
    paint(studio)
    until(lambda: studio.panel.button.isEnabled())
    studio.window.activateWindow()
    studio.context.runner.pause_all()
    button = studio.panel.button
    button.setFocus()
    until(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Space)
    until(lambda: studio.generating.waiting_for is not None and button.isEnabled())
    assert qapp.focusWidget() is button
    studio.context.runner.resume_all()
    until(lambda: studio.workspace.is_comparing, 120)
    focus = qapp.focusWidget()
    assert focus is not studio.panel.from_folders and focus is not studio.panel.foot.queue
