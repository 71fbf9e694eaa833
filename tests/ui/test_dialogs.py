from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from studio.errors import BadInput, StudioError
from studio.jobs.prepare import pair_folders
from studio.plugins.catalog import Catalog, Failure, PluginDescription
from studio.ui.generate.batch_dialog import BatchDialog, Pairs
from studio.ui.kit.dialogs import ErrorDialog, PluginsDialog, ProgressDialog, QuestionDialog, in_words
from studio.ui.kit.tab_order import laid_out
from studio.ui.kit.tasks import TaskCancelled, Tasks
from tests.ui.builders import Sample, describe, picture


@pytest.fixture
def keep(qapp) -> Iterator[Callable[[QDialog], None]]:
    """Closes dialogs after the test; they delete themselves when they close, so qtbot cannot."""
    dialogs: list[QDialog] = []
    yield dialogs.append
    for dialog in dialogs:
        if isValid(dialog):
            dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_an_error_says_what_and_what_to_do(keep, dressed) -> None:
    copied: list[str] = []
    dialog = ErrorDialog(
        None,
        BadInput("The mask is empty.", "Paint one.", "line 1"),
        lambda text: copied.append(text) or "all of it",
    )
    keep(dialog)
    dialog.show()
    assert dialog.heading.text() == "The mask is empty."
    assert not dialog.details.isVisible()
    dialog.more.click()
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText() == "line 1"
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "all of it"
    assert "Paint one." in copied[0]


@pytest.mark.parametrize(
    "error", [ValueError("x"), MemoryError(), OSError(28, "No space left on device", "/f")]
)
def test_no_error_is_a_traceback_in_a_box(error: Exception) -> None:
    told = in_words(error)
    assert isinstance(told, StudioError)
    assert "Traceback" not in told.message
    assert told.hint
    assert type(error).__name__ in told.detail
    assert in_words(told) is told


def test_a_question_has_named_answers(keep, dressed) -> None:
    answered: list[str] = []
    dialog = QuestionDialog(
        None, "Really?", "It is so.", [("Open read-only", lambda: answered.append("open"))]
    )
    keep(dialog)
    dialog.show()
    texts = [one.text() for one in laid_out(dialog.buttons)]
    assert texts == ["Cancel", "Open read-only"]
    [*laid_out(dialog.buttons)][1].click()
    assert answered == ["open"]
    assert not dialog.isVisible()


def test_a_broken_plugin_is_a_row_with_its_reason(keep, dressed) -> None:
    good = PluginDescription(
        name="image",
        distribution="studio",
        version="1.0",
        hooks=("register_generators",),
        generators=(describe(Sample, title="Remove or replace"),),
        import_seconds=0.25,
    )
    many = tuple(describe(Sample, f"many/{n}", f"Generator {n}") for n in range(30))
    large = replace(good, name="many", generators=many)
    failure = Failure(reason="It cannot be imported.", traceback="Traceback: no module")
    bad = PluginDescription(name="bad", distribution="studio-bad", version="2", failure=failure)
    dialog = PluginsDialog(None, Catalog(plugins=(good, bad, large), libraries={"numpy": "2"}), lambda: None)
    keep(dialog)
    dialog.show()
    rows = [[dialog.tree.topLevelItem(n).text(c) for c in range(6)] for n in range(2)]
    assert rows[0] == ["image", "1.0", "Remove or replace", "register_generators", "0.25 s", "Works"]
    assert rows[1][5] == "It cannot be imported."
    assert dialog.tree.horizontalScrollBar().maximum() == 0, "the state of each is to be seen"
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(1))
    assert dialog.details.toPlainText() == "Traceback: no module"
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(0))
    assert not dialog.details.isVisible()


def test_progress_can_be_cancelled(keep, dressed, bridge, until) -> None:
    tasks = Tasks(bridge, lambda error: pytest.fail(str(error)))
    ended: list[str] = []

    def work(task) -> None:
        try:
            while True:
                task.progress(1, 4, "one.jpg")
        except TaskCancelled:
            ended.append("cancelled")
            raise

    task = tasks.start("Bringing photos in", work, lambda _: pytest.fail("it was cancelled"))
    dialog = ProgressDialog(None, task)
    keep(dialog)
    bridge.listen(dialog.on_event)
    dialog.finished.connect(lambda _: bridge.unlisten(dialog.on_event))
    dialog.show()
    until(lambda: dialog.message.text() == "one.jpg")
    assert dialog.bar.value() == 250
    dialog.reject()
    until(lambda: ended and not tasks.running)


# Batch -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tasks(bridge) -> Iterator[Tasks]:
    made = Tasks(bridge, lambda error: pytest.fail(str(error)))
    yield made
    made.finish(10)


def test_folders_are_paired_before_anything_is_queued(keep, tasks, dressed, tmp_path: Path, until) -> None:
    photos, masks = tmp_path / "photos", tmp_path / "masks"
    photos.mkdir()
    masks.mkdir()
    for name in ("a", "b"):
        picture(photos / f"{name}.jpg")
    picture(masks / "a_mask.png")
    chosen: list[Pairs] = []
    dialog = BatchDialog(None, tasks, "Fill", pair_folders, chosen.append)
    keep(dialog)
    dialog.show()
    assert not dialog.go.isEnabled()
    dialog.photos.setText(str(photos))
    dialog.masks.setText(str(masks))
    assert dialog.found.text() == "", "while a path is typed no folder is listed"
    until(lambda: "b.jpg" in dialog.found.text())
    assert not dialog.go.isEnabled()
    picture(masks / "b.png")
    dialog.refresh()
    assert not dialog.go.isEnabled(), "what was found before counts no more"
    until(lambda: dialog.found.text() == "2 photos with a mask")
    dialog.go.click()
    assert [(photo.name, mask.name) for photo, mask in chosen[0]] == [
        ("a.jpg", "a_mask.png"),
        ("b.jpg", "b.png"),
    ]


def test_one_mask_serves_all(keep, tasks, dressed, tmp_path: Path, until) -> None:
    picture(tmp_path / "a.jpg")
    mask = tmp_path.parent / "mask for all.png"
    picture(mask)
    dialog = BatchDialog(None, tasks, "Fill", pair_folders, lambda _: None)
    keep(dialog)
    dialog.kind.choose(1)
    dialog.photos.setText(str(tmp_path))
    dialog.masks.setText(str(mask))
    until(lambda: dialog.found.text() == "1 photo with a mask")
    assert dialog.go.text() == "Add 1 to the queue"


def test_a_slow_folder_is_waited_for_and_the_newest_wins(keep, tasks, dressed, until) -> None:
    answer = {name: threading.Event() for name in ("slow", "quick", "late")}

    def pair(photos: Path, masks: Path) -> Pairs:
        assert threading.current_thread() is not threading.main_thread()
        assert answer[photos.name].wait(10)
        return [(photos / "a.png", masks / "a.png")]

    dialog = BatchDialog(None, tasks, "Fill", pair, lambda _: None)
    keep(dialog)
    dialog.masks.setText("masks")
    dialog.photos.setText("slow")
    until(lambda: dialog.found.text() == "Looking at the folders…")
    dialog.photos.setText("quick")
    answer["quick"].set()
    until(lambda: dialog.go.isEnabled())
    assert dialog.pairs[0][0].parent.name == "quick"
    answer["slow"].set()
    until(lambda: not tasks.running)
    assert dialog.pairs[0][0].parent.name == "quick"
    dialog.photos.setText("late")
    dialog.refresh()
    dialog.reject()
    answer["late"].set()
    until(lambda: not tasks.running)
    assert dialog.pairs[0][0].parent.name == "quick", "nobody waits any more"
