"""What stands around the panels of a window: the tour, the tray, and what the queue asks of other parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from studio.ui.kit.commands import Command
from studio.ui.project.tour import Stage, Tour
from studio.ui.shell.tray import Outside
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.kit.theme import Theme
    from studio.ui.shell.faces import Studio
    from studio.ui.shell.parts import Parts


class Extras(QObject):
    """Stays with its window's project; `attach` gives it the widgets, again each time they are built anew."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._parts: Parts | None = None
        self._outside: Outside | None = None
        self.tour = Tour(studio.context, studio.projects)

    def commands(self) -> list[Command]:
        words = tr("learn help introduction first steps")
        return [
            Command("help.tour", tr("Take the &tour"), self.start_tour, "help", group="tour", words=words)
        ]

    def attach(self, parts: Parts) -> None:
        studio = self._studio
        self._parts = parts
        queue = parts.queue
        queue.acts.background = self._in_background
        queue.result_wanted.connect(parts.gallery.select)
        queue.undo_offered.connect(self._offer_undo)
        parts.items.importing.unpack_wanted.connect(parts.exchange.unpack)
        parts.items.importing.preset_dropped.connect(parts.panel.presets.take_in)
        parts.window.welcome.tour_wanted.connect(self.start_tour)
        parts.generating.refreshed.connect(self.tour.on_stage)
        parts.workspace.compare.changed.connect(self.tour.on_view)
        parts.workspace.views.chosen.connect(self._on_view)
        parts.generating.finished.connect(self._on_result)
        if self._outside is not None and isValid(self._outside):
            self._outside.close()
        self._outside = Outside(studio.context, queue, parts.window, studio.theme)
        self._outside.show_wanted.connect(studio.to_front)
        self._outside.quit_wanted.connect(parts.window.close)
        self.tour.attach(self._stage(parts))

    def start_tour(self) -> None:
        self.tour.start()

    def set_theme(self, theme: Theme) -> None:
        self.tour.set_theme(theme)
        if self._outside is not None:
            self._outside.set_theme(theme)

    def close(self) -> None:
        """Before the window's widgets go."""
        self.tour.leave_quietly()
        if self._outside is not None and isValid(self._outside):
            self._outside.close()
        self._outside = None
        if self._parts is not None:
            self._parts.window.welcome.close_panel()

    def _stage(self, parts: Parts) -> Stage:
        workspace, welcome = parts.workspace, parts.window.welcome

        def is_fed() -> bool:
            generator = parts.panel.generator
            return generator is not None and not parts.generating.inputs.missing(generator)

        return Stage(
            window=parts.window,
            sample=welcome.sample,
            stage=parts.rooms.stack,
            is_fed=is_fed,
            generate=parts.panel.button,
            viewer=workspace.compare,
            views=workspace.views,
            export=workspace.export,
            theme=self._studio.theme,
        )

    def _on_view(self, _: int) -> None:
        self.tour.on_view()

    def _on_result(self, *_: object) -> None:
        self.tour.on_result()

    def _in_background(self, title: str, work: object) -> None:
        self._studio.context.tasks.start(title, lambda _: work(), lambda _: None)  # type: ignore[operator]

    def _offer_undo(self, words: str) -> None:
        self._studio.workspace.notice.offer_undo(words, self._studio.undo.undo_project)
