"""The queue and its panel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from studio.project.store import Project
from studio.ui.queue.panel import QueuePanel
from tests.ui.queue.driving import FakeRunner


@pytest.fixture
def runner(project: Project) -> FakeRunner:
    return FakeRunner(project)


@pytest.fixture
def panel(qtbot, dressed, runner: FakeRunner) -> Iterator[QueuePanel]:
    made = QueuePanel(dressed)
    qtbot.addWidget(made)
    actions = {}
    for command in made.commands():
        action = actions[command.id] = QAction(command.title, made)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys.split("; ") if keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False, act=command.act: act())
        made.addAction(action)
    made.attach_actions(actions)
    made.set_runner(runner)  # type: ignore[arg-type]
    made.resize(700, 300)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.view.setFocus()
    yield made
    made.set_runner(None)  # its timers may not read a project that is closed by now
