"""A queue without workers, its panel, and the hands that drive it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.core.item import JobState
from studio.jobs.queue import Job, Queue
from studio.project.store import Project
from studio.ui.queue.panel import QueuePanel
from tests.ui.builders import recipe


class FakeRunner:
    """The queue is real; what a runner does with it is not needed here."""

    def __init__(self, project: Project) -> None:
        self.queue = Queue(project)
        self.asked: list[tuple[object, ...]] = []

    def expected(self, generator: str) -> float | None:
        return None

    def __getattr__(self, name: str):
        def act(*values: object) -> None:
            self.asked.append((name, *values))
            getattr(self.queue, name)(*values)

        return act


def submit(runner: FakeRunner, count: int, title: str = "Batch") -> list[Job]:
    recipes = [recipe(seed) for seed in range(count)]
    return runner.queue.submit(recipes, title=title, titles=[f"Job {n}" for n in range(count)])


def opened(panel: QueuePanel, runner: FakeRunner, count: int) -> list[Job]:
    """A batch whose jobs are seen."""
    jobs = submit(runner, count)
    panel.refresh()
    panel.model.set_open(jobs[0].batch, True)
    return jobs


def rows(panel: QueuePanel) -> list[str]:
    return [panel.model.row(number).title for number in range(panel.model.rowCount())]


def states(runner: FakeRunner, jobs: list[Job]) -> set[JobState]:
    return {runner.queue.job(job.id).state for job in jobs}


def choose(panel: QueuePanel, *numbers: int) -> None:
    panel.view.clearSelection()
    for number in numbers:
        panel.view.setCurrentIndex(panel.model.index(number))
    panel.view.clearSelection()
    for number in numbers:
        panel.view.selectionModel().select(
            panel.model.index(number), panel.view.selectionModel().SelectionFlag.Select
        )


def press(panel: QueuePanel, qtbot, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    panel.view.setFocus()
    qtbot.keyClick(panel.view, key, modifier)
