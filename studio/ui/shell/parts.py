"""The panels of one window and the flows that work on them: what is made anew when the language changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from studio.ui.gallery.actions import GalleryActions
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.form_tools import form_tools
from studio.ui.generate.panel import GeneratePanel
from studio.ui.kit.room import Room, RoomContext
from studio.ui.models.flow import ModelFlow
from studio.ui.project.exchange import ExchangeFlow
from studio.ui.project.welcome import Beginning
from studio.ui.queue.panel import QueuePanel
from studio.ui.recipe.panel import RecipePanel
from studio.ui.shell.items import ItemFlow
from studio.ui.shell.kept_stages import KeptStages
from studio.ui.shell.room_access import Access, Form, Items, Jobs, Window
from studio.ui.shell.room_host import RoomHost, RoomInfo
from studio.ui.shell.window import MainWindow
from studio.ui.shell.workspace import Workspace
from studio.words import tr

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
        self._context = context
        self.models = ModelFlow(context, theme)
        self.access = Window()
        self.rooms = RoomHost(self._known_rooms(), self._context_of, self._kind_made, context.report)
        self.panel = GeneratePanel(self.models.choices, form_tools(context), context.kinds, self.rooms.editor)
        self.workspace = Workspace(self.rooms, context.kinds)
        self.models.attach(self.panel, self.workspace.notice)
        self.recipe = RecipePanel(thumbnails.get, theme, context.kinds)
        self.queue = QueuePanel(theme)
        self.generating = GenerateFlow(context, self.panel, self.rooms, self.workspace.notice)
        self.items = ItemFlow(
            context,
            projects,
            self.generating,
            panel=self.panel,
            workspace=self.workspace,
            recipe=self.recipe,
            sides=thumbnails.sides,
        )
        self.gallery = GalleryPanel(
            context,
            thumbnails.get,
            theme,
            GalleryActions(
                look=self.items.look,
                edit=self.items.go_on_with,
                compare=self.items.compare,
                choose=self.items.choose_from,
                show_file=self.items.show_file,
                export_rows=self.items.export_rows,
                bring_in=self.items.bring_in,
                say=self.workspace.notice.say,
            ),
        )
        self.items.gallery = self.gallery
        self.room_items = Items(context)
        self.room_jobs = Jobs(context, self.panel, self.generating)
        self.stages = KeptStages(context, self.rooms)
        context.bridge.listen(lambda _: self.rooms.wake())  # before anyone who tells rooms of an event
        self._give_access(projects, theme)
        self.panel.generator_changed.connect(self._on_generator)
        self.exchange = ExchangeFlow(context, projects, self.workspace.notice)
        beginnings = [
            Beginning(one.id, tr(one.begin), tr(one.about), one.icon, one.picture)
            for one in self.rooms.infos.values()
            if one.begin
        ]
        self.window = MainWindow(
            theme,
            beginnings,
            generate=self.panel,
            workspace=self.workspace,
            gallery=self.gallery,
            recipe=self.recipe,
            queue=self.queue,
            accepts=self.items.accepts,
        )
        self.access.step_back = self.window.stepping_back.wish
        importing = self.items.importing
        for listener in (
            self.queue.on_event,
            self.gallery.on_event,
            self.recipe.on_event,
            importing.on_event,
            self.window.welcome.on_event,
        ):
            context.bridge.listen(listener)

    # Rooms -------------------------------------------------------------------------------------------------

    def _known_rooms(self) -> list[RoomInfo]:
        """Rooms of the installed media, those of the studio's own first."""
        media = self._context.media
        return [
            RoomInfo(
                id=row.id,
                title=row.title,
                icon=row.icon,
                kinds=row.kinds,
                generators=row.generators,
                hints=row.hints,
                plugin=row.plugin,
                begin=row.begin or "",
                about=row.about or "",
                picture=row.picture,
                is_bundled=media.plugins[row.plugin].bundled,
                load=partial(_load_room, row.room),
            )
            for row in media.rooms.values()
        ]

    def _kind_made(self, generator: str) -> str:
        known = self._context.catalog.generators if self._context.catalog is not None else {}
        return known[generator].kind if generator in known else ""

    def _context_of(self, info: RoomInfo) -> RoomContext:
        has = lambda generator: self.rooms.of_generator(generator) == info.id  # noqa: E731
        form = Form(self._context, self.panel, self.generating, has, info.plugin)
        return Access(info.id, info.plugin, self._context, self.access, self.room_items, form, self.room_jobs)

    def _give_access(self, projects: ProjectFlow, theme: Theme) -> None:
        """What rooms may ask of this window."""
        access, items = self.access, self.items
        self._theme = theme
        access.selected = self.gallery.selected
        access.select = items.select
        access.show_room = items.show_room
        access.name_stage = self.workspace.name_stage
        access.open = items.open
        access.compare = items.compare_plainly
        access.use = items.use_as_input
        access.decode = items.decode
        access.export = items.export
        access.say = self.workspace.notice.say
        access.new_project = lambda then: then() if self._context.project else projects.create_unnamed(then)
        access.choose_files = items.ask_import
        access.open_sample = projects.open_sample
        access.theme = lambda: self._theme
        access.keep_stage = self._on_stage
        self.gallery.selection_changed.connect(access.selection_changed)

    def _on_stage(self, room: str) -> None:
        """Something on a room's stage was changed by the user."""
        self.generating.stage_edited()
        self.stages.note(room)

    def _on_generator(self) -> None:
        """The form shows the generator of another room: that room comes to the front."""
        generator = self.panel.generator
        room = self.rooms.of_generator(generator.id) if generator is not None else ""
        if room and room != self.workspace.room:
            self.items.go_to(room)

    def named(self) -> Iterator[tuple[str, object]]:
        """Every part that may have commands, or a state to hand over, by a stable name."""
        yield from (
            ("models", self.models),
            ("panel", self.panel),
            ("generating", self.generating),
            ("workspace", self.workspace),
            ("rooms", self.rooms),
            ("compare", self.workspace.compare),
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
        self.stages.leave_project()
        self.rooms.close()
        for part in (*(part for _, part in self.named()), self.window.welcome):
            close = _method(part, "close_panel")
            if close is not None:
                close()
        self.window.hide()
        self.window.deleteLater()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.models, self.gallery, self.recipe, self.queue, self.window):
            part.set_theme(theme)
        self._theme = theme
        self.rooms.each(lambda room: room.theme_changed())

    def state(self) -> dict[str, object]:
        """What those parts that have something to keep say of it."""
        return {name: getter() for name, part in self.named() if (getter := _method(part, "state"))}

    def restore(self, state: dict[str, object]) -> None:
        with self.items.quiet():
            for name, part in self.named():
                setter = _method(part, "restore")
                if setter is not None and name in state:
                    setter(state[name])


def _load_room(place: str) -> Callable[[RoomContext], Room]:
    """The class that a manifest names: "module:Class". Raises whatever its import raises."""
    module, _, name = place.partition(":")
    room: Callable[[RoomContext], Room] = getattr(import_module(module), name)
    return room


def _method(part: object, name: str) -> Callable[..., object] | None:
    found = getattr(part, name, None)
    return found if callable(found) else None
