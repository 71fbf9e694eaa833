"""Five steps that teach by doing: open the sample, mark what must go, generate, compare, export.

Each step ends when the user has really done it, wherever in the window that was. Nothing is blocked
meanwhile, and the tour can be left at any time. It outlives the widgets: a window that is built anew is
attached again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from studio.ui.context import WindowContext
from studio.ui.kit.coach import CoachCard
from studio.ui.kit.tasks import TaskEnded
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.kit.theme import Theme
    from studio.ui.project.flow import ProjectFlow

OPEN, MARK, GENERATE, COMPARE, EXPORT, DONE = range(6)
SAMPLE = "Sample"
"""How the folder of the sample project begins."""
_EXPORTED = "ExportReport"
"""The result of the task that exports; its module is not imported at start."""


class Stage(Struct, frozen=True):
    """The widgets of one window that the tour points at and watches."""

    window: QWidget
    sample: QWidget
    stage: QWidget
    is_fed: Callable[[], bool]
    """Whether the stage gives all that the form's generator needs."""
    generate: QAbstractButton
    viewer: QWidget
    views: QWidget
    """What switches to the comparison."""
    export: QWidget
    theme: Theme


class Tour(QObject):
    def __init__(self, context: WindowContext, projects: ProjectFlow) -> None:
        super().__init__()
        self._context, self._projects = context, projects
        self._stage: Stage | None = None
        self.card: CoachCard | None = None
        self.step: int | None = None
        """None while there is no tour."""
        self._is_pressed = False
        projects.opened.connect(self._on_opened)
        projects.closed.connect(self._refresh)

    @property
    def is_on(self) -> bool:
        return self.step is not None

    def attach(self, stage: Stage) -> None:
        """The widgets of a window, new ones after it was built anew."""
        if self.card is not None and isValid(self.card):
            self.card.dismiss()
        self._stage = stage
        self.card = None
        if self.is_on:
            self._begin()

    def start(self) -> None:
        """From the first step; a project that has the sample photos is the second."""
        self._begin()
        project = self._context.project
        has_sample = project is not None and project.folder.name.startswith(SAMPLE)
        self._go(MARK if has_sample else OPEN)

    def leave(self) -> None:
        """It is remembered, so that nothing ever offers it by itself again."""
        if self.is_on:
            self._context.change_settings("tour", done=True)
            self.leave_quietly()

    def leave_quietly(self) -> None:
        """As when the window closes."""
        self.step = None
        self._context.bridge.unlisten(self._on_event)
        self._watch(False)
        if self.card is not None and isValid(self.card):
            self.card.dismiss()
            self.card.deleteLater()
        self.card = None

    def set_theme(self, theme: Theme) -> None:
        if self._stage is not None:
            self._stage = replace(self._stage, theme=theme)
        if self.card is not None and isValid(self.card):
            self.card.set_theme(theme)

    # What the user does ------------------------------------------------------------------------------------

    def on_stage(self) -> None:
        """What the stage gives, or the form says, may be another now."""
        if self.step == MARK and self._stage is not None and self._stage.is_fed():
            self._go(GENERATE)

    def on_result(self) -> None:
        """A job of this window has ended well."""
        if self.step in (MARK, GENERATE):
            self._go(COMPARE)

    def on_view(self) -> None:
        """The workspace shows something else."""
        self._refresh()

    def _on_opened(self) -> None:
        if self.step == OPEN:
            self._go(MARK)
        else:
            self._refresh()

    def _on_event(self, event: object) -> None:
        """From the bridge: an export has ended well."""
        if self.step not in (COMPARE, EXPORT) or not isinstance(event, TaskEnded):
            return
        if type(event.result).__name__ == _EXPORTED and event.result.files:
            self._go(DONE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The comparison was used: by a drag, or by a key."""
        kind = event.type()
        if self.step == COMPARE:
            if kind == QEvent.Type.MouseButtonPress:
                self._is_pressed = True
            elif (
                kind == QEvent.Type.MouseButtonRelease and self._is_pressed
            ) or kind == QEvent.Type.KeyPress:
                self._go(EXPORT)
        return False

    def _skip(self) -> None:
        if self._opens_sample():
            self._projects.open_sample()
        elif self.step is not None:
            self.leave() if self.step == DONE else self._go(self.step + 1)

    def _opens_sample(self) -> bool:
        """Whether the card itself has the button for it: another project is open, and no first page."""
        return self.step == OPEN and self._stage is not None and not self._stage.sample.isVisible()

    # What is shown -----------------------------------------------------------------------------------------

    def _begin(self) -> None:
        stage = self._stage
        assert stage is not None
        if self.card is None or not isValid(self.card):
            self.card = CoachCard(stage.window, stage.theme)
            self.card.left.connect(self.leave)
            self.card.skipped.connect(self._skip)
        self._context.bridge.unlisten(self._on_event)
        self._context.bridge.listen(self._on_event)
        self._refresh()

    def _watch(self, on: bool) -> None:
        """The comparison, with all that is in it now."""
        viewer = self._stage.viewer if self._stage is not None else None
        if viewer is None or not isValid(viewer):
            return
        for part in (viewer, *viewer.findChildren(QWidget)):
            part.removeEventFilter(self)
            if on:
                part.installEventFilter(self)

    def _go(self, step: int) -> None:
        self.step = step
        self._is_pressed = False
        self._refresh()

    def _refresh(self) -> None:
        if self.step is None or self._stage is None or self.card is None or not isValid(self.card):
            return
        stage, step = self._stage, self.step
        self._watch(step == COMPARE)
        count = tr("Step {step} of {all}", step=step + 1, all=DONE) if step < DONE else tr("The end")
        next = tr("Close") if step == DONE else tr("Open it") if self._opens_sample() else tr("Skip")
        title, text, target = self._words(stage, step)
        self.card.tell(count, title, text, next, target)
        self.card.close_button.setVisible(step != DONE)

    def _words(self, stage: Stage, step: int) -> tuple[str, str, QWidget | None]:
        match step:
            case 0:
                if self._opens_sample():
                    return (
                        tr("Open the sample"),
                        tr("It has photos to practice on. Your project is kept as it is."),
                        None,
                    )
                return (
                    tr("Open the sample"),
                    tr("Press “Try the sample”: it has photos to practice on."),
                    stage.sample,
                )
            case 1:
                return (
                    tr("Mark what must go"),
                    tr("Draw over something in the photo. A little too much is better than too little."),
                    stage.stage,
                )
            case 2:
                return (
                    tr("Press “{button}”", button=stage.generate.text()),
                    tr("What you marked is filled. The queue shows how far it is; go on meanwhile."),
                    stage.generate,
                )
            case 3:
                return (
                    tr("Compare before and after"),
                    tr(
                        "Drag the divider to and fro. Not right? Mark more or less, then “{button}” again.",
                        button=stage.generate.text(),
                    ),
                    stage.viewer if stage.viewer.isVisible() else stage.views,
                )
            case 4:
                return (
                    tr("Take it out"),
                    tr("Press “Export…”, choose a folder, and it is yours. Dragging it out works as well."),
                    stage.export if stage.export.isVisible() else stage.views,
                )
            case _:
                return (
                    tr("That is all it takes"),
                    tr("Everything you make is kept in the gallery, with the recipe that made it."),
                    None,
                )
