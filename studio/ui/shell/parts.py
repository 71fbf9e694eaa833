"""The panels of one window and the flows that work on them: what is made anew when the language changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from studio.ui.document.chat_flow import ChatFlow
from studio.ui.document.flow import DocumentFlow
from studio.ui.export.exchange import ExchangeFlow
from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.form_tools import form_tools
from studio.ui.generate.panel import GeneratePanel
from studio.ui.models.flow import ModelFlow
from studio.ui.part.flow import PartFlow
from studio.ui.queue.panel import QueuePanel
from studio.ui.recipe.panel import RecipePanel
from studio.ui.shell.items import ItemFlow
from studio.ui.shell.window import MainWindow
from studio.ui.shell.workspace import Workspace
from studio.ui.study.flow import StudyFlow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.ui.context import WindowContext
    from studio.ui.items.thumbnails import Thumbnails
    from studio.ui.kit.theme import Theme
    from studio.ui.project.flow import ProjectFlow


class Parts:
    """Builds them all, each given what it needs. Nothing here outlives the window."""

    def __init__(
        self, context: WindowContext, projects: ProjectFlow, thumbnails: Thumbnails, theme: Theme
    ) -> None:
        self.models = ModelFlow(context, theme)
        self.panel = GeneratePanel(self.models.choices, form_tools(context), context.kinds)
        self.workspace = Workspace(context.kinds)
        self.models.attach(self.panel, self.workspace.notice)
        self.recipe = RecipePanel(thumbnails.get, theme, context.kinds)
        self.queue = QueuePanel(theme)
        self.generating = GenerateFlow(context, self.panel, self.workspace)
        self.items = ItemFlow(
            context,
            projects,
            self.generating,
            panel=self.panel,
            workspace=self.workspace,
            recipe=self.recipe,
        )
        self.gallery = GalleryPanel(
            context,
            thumbnails.get,
            theme,
            GalleryActions(
                look=self.items.look,
                open_on_canvas=self.items.open_on_canvas,
                compare=self.items.compare,
                show_file=self.items.show_file,
                export_rows=self.items.export_rows,
                bring_in=self.items.bring_in,
                say=self.workspace.notice.say,
            ),
        )
        self.items.gallery = self.gallery
        self.document = DocumentFlow(context, self.panel, self.workspace, self.generating)
        self.chat = ChatFlow(context, self.panel, self.workspace.text)
        self.document.begun.connect(self.chat.clear)
        self.chat.taken.connect(self.document.use)
        self.document.export_wanted.connect(self.items.export)
        self.items.open_text, self.items.text_made = self.document.open, self.document.show_result
        self.study = StudyFlow(context, self.panel, self.workspace, self.generating)
        self.shapes = PartFlow(context, self.workspace, self.items, self.gallery, self.study)
        self.items.open_part, self.items.compare_parts = self.shapes.show, self.shapes.compare
        self.items.part_made = self.shapes.show_result
        self.exchange = ExchangeFlow(context, projects, self.workspace.notice)
        self.window = MainWindow(
            theme,
            generate=self.panel,
            workspace=self.workspace,
            gallery=self.gallery,
            recipe=self.recipe,
            queue=self.queue,
            accepts=self.items.accepts,
        )
        importing = self.items.importing
        for listener in (
            self.queue.on_event,
            self.gallery.on_event,
            self.recipe.on_event,
            importing.on_event,
        ):
            context.bridge.listen(listener)

    def named(self) -> Iterator[tuple[str, object]]:
        """Every part that may have commands, or a state to hand over, by a stable name."""
        yield from (
            ("models", self.models),
            ("panel", self.panel),
            ("generating", self.generating),
            ("workspace", self.workspace),
            ("canvas", self.workspace.canvas_panel),
            ("compare", self.workspace.compare),
            ("text", self.workspace.text),
            ("part", self.workspace.part),
            ("study", self.study),
            ("shapes", self.shapes),
            ("document", self.document),
            ("chat", self.chat),
            ("gallery", self.gallery),
            ("items", self.items),
            ("recipe", self.recipe),
            ("queue", self.queue),
            ("exchange", self.exchange),
        )

    def home_of(self, part: object) -> QWidget:
        """The panel in which the shortcuts of a flow's commands work."""
        return self.panel if part in (self.models, self.generating) else self.gallery

    def dispose(self) -> None:
        """Takes the widgets down; what a flow still has under way finds nobody there."""
        for part in (*(part for _, part in self.named()), self.window.welcome):
            close = _method(part, "close_panel")
            if close is not None:
                close()
        self.window.hide()
        self.window.deleteLater()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.models, self.gallery, self.recipe, self.queue, self.window):
            part.set_theme(theme)

    def state(self) -> dict[str, object]:
        """What those parts that have something to keep say of it."""
        return {name: getter() for name, part in self.named() if (getter := _method(part, "state"))}

    def restore(self, state: dict[str, object]) -> None:
        for name, part in self.named():
            setter = _method(part, "restore")
            if setter is not None and name in state:
                setter(state[name])


def _method(part: object, name: str) -> Callable[..., object] | None:
    found = getattr(part, name, None)
    return found if callable(found) else None
