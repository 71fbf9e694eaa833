"""What the user does with photos and results: bring in, look at, compare, reuse, make again, take out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.errors import ProjectError, StudioError
from studio.paths import handed_out_folder
from studio.plugins.media import installed_media
from studio.ui.compare.kinds import kind_for
from studio.ui.context import WindowContext
from studio.ui.export.flow import ExportFlow
from studio.ui.gallery.panel import GalleryPanel
from studio.ui.generate.flow import GenerateFlow
from studio.ui.generate.panel import GeneratePanel
from studio.ui.items.compare_model import MOST, Compared
from studio.ui.items.handing import HandedOut, hand_out, uids_of
from studio.ui.items.organize import AT_ONCE
from studio.ui.items.shown import ItemReader
from studio.ui.kit.choosers import choose_files, with_pictures
from studio.ui.project.flow import ProjectFlow
from studio.ui.project.importing import Account, ImportFlow
from studio.ui.recipe.panel import RecipePanel
from studio.ui.shell.choosing import Choosing
from studio.ui.shell.gate import Gate
from studio.ui.shell.items_again import Again
from studio.ui.shell.judging import Judging
from studio.ui.shell.opening import Opening
from studio.ui.shell.room_host import LIBRARY, OTHER
from studio.ui.shell.workspace import Workspace
from studio.words import tr

SUMMED_UP = 50
"""Of how many selected items the recipes are read for what they share."""


class ItemFlow(QObject):
    room_shown = Signal()
    """A room's stage, the library or the comparison was gone to."""

    def __init__(
        self,
        context: WindowContext,
        projects: ProjectFlow,
        generating: GenerateFlow,
        *,
        panel: GeneratePanel,
        workspace: Workspace,
        recipe: RecipePanel,
        sides: Sequence[int],
    ) -> None:
        """`sides`: of the thumbnails that the gallery keeps, in pixels."""
        super().__init__()
        self._context, self._projects, self._generating = context, projects, generating
        self._panel, self._workspace, self._recipe = panel, workspace, recipe
        self.gallery: GalleryPanel | None = None
        self._rooms = workspace.host
        self._opening = Opening(context, Gate(context, sides, self._is_read), workspace)
        self._shown: tuple[str, ...] = ()
        """Uids of what was selected last: the gallery tells of it again when it is filled anew."""
        self._is_quiet = False
        self.importing = ImportFlow(context, projects, workspace.notice)
        self.importing.brought_in.connect(self._on_brought_in)
        self.exporting = ExportFlow(context, workspace.notice)
        generating.finished.connect(self._on_result)
        workspace.edit_wanted.connect(self.go_on_with)
        workspace.export_wanted.connect(self.export_shown)
        workspace.compare_wanted.connect(self._on_compare)
        workspace.room_wanted.connect(self.go_to)
        compare = workspace.compare
        compare.file_to_hand = self._to_hand
        compare.failed.connect(context.report)
        compare.copy_wanted.connect(lambda item: self.copy([item]))
        workspace.paste_wanted.connect(self.paste)
        compare.prefer(context.settings.compare.mode)
        compare.changed.connect(generating.forget_batch)
        compare.mode_changed.connect(lambda mode: context.change_settings("compare", mode=mode))
        self.again = Again(context, generating, panel, workspace.notice.say, self._reuse)
        recipe.make_again.connect(self.make_again)
        recipe.vary.connect(self.vary)
        recipe.use_settings.connect(self.reuse)
        recipe.value_wanted.connect(self.reuse_value)
        recipe.input_wanted.connect(self.use_as_input)
        recipe.edit_wanted.connect(self.go_on_with)
        recipe.source_wanted.connect(self.locate_source)
        recipe.item_chosen.connect(self._select)
        recipe.compare_wanted.connect(self.compare)
        self.judging = Judging(context, workspace)
        self.choosing = Choosing(
            context,
            workspace,
            open_all=self.choose_from,
            awaits=generating.awaits,
            show=lambda items, choice: self._opening.begin(
                items, lambda readable: self._show_comparison(readable, choice)
            ),
        )
        workspace.cover.export_wanted.connect(self.export)
        workspace.cover.trash_wanted.connect(self.judging.trash)
        workspace.covered.connect(generating.refresh)

    # In ----------------------------------------------------------------------------------------------------

    def ask_import(self) -> None:
        names = with_pictures(installed_media().importable)
        choose_files(self._context.window, tr("Import"), names, self.bring_in)

    def accepts(self, data: QMimeData) -> bool:
        return data.hasUrls() and any(url.isLocalFile() for url in data.urls())

    def drop(self, data: QMimeData) -> None:
        """Files were dropped on the window, or items of our own gallery."""
        ours = uids_of(data)
        if ours and self._context.project is not None:
            self._open_uid(ours[0])
        else:
            self.importing.drop(data)

    def bring_in(self, files: Sequence[Path]) -> None:
        """Copies photos into the project (a new one if none is open); the first goes onto the stage."""
        self.importing.bring_in(files)

    def _on_brought_in(self, account: Account) -> None:
        if self.gallery is not None:
            self.gallery.items_added()
        items = account.added or account.present
        if items:
            self.open(items[:1])
            self._workspace.host.stack.currentWidget().setFocus()

    def begin(self) -> None:
        """A project begins with its newest result; where there is none, with what was brought in last."""
        project = self._context.project
        assert project is not None
        newest = (
            project.items(origin=Origin.ARTIFACT, limit=1)
            or project.items(kinds=(Kind.IMAGE,), limit=1)
            or project.items(limit=1)
        )
        if newest:
            self.open(newest)

    @property
    def is_opening(self) -> bool:
        """Whether something is on its way to the stage, or could not be read."""
        return self._opening.is_busy

    def go_on_with(self, item: Item) -> None:
        """Brings an item itself onto its room's stage, to be changed."""
        room = self._rooms.of_kind(item.kind)
        self.show_room(room)
        self._opening.begin([item], lambda _: self._rooms.act(room, lambda there: there.edit(item), None))

    def _open_uid(self, uid: str) -> None:
        try:
            if self._context.project is not None:
                self.open([self._context.project.item(uid)])
        except StudioError as error:
            self._context.report(error)

    # Rooms -------------------------------------------------------------------------------------------------

    def show_room(self, id: str) -> None:
        """A room, with its generators in the form; LIBRARY is the gallery over the whole window."""
        self._opening.drop()
        self._workspace.show_room(id)
        self.offer(id)
        self.room_shown.emit()

    def offer(self, id: str) -> None:
        """The form has the generators of a room."""
        if id != LIBRARY and not self._panel_has(id):
            catalog = self._context.catalog
            every = catalog.generators.values() if catalog is not None else ()
            self._panel.show_generators(
                [one for one in every if one.listed and self._rooms.of_generator(one.id) == id]
            )

    def go_to(self, id: str) -> None:
        """The user goes to a room: what is on its stage is selected then, and nothing else.

        Where something of the room is selected already, that comes onto the stage.
        """
        self.show_room(id)
        if id == LIBRARY or self.gallery is None:
            return
        selected, nothing = self.gallery.selected(), list[Item]()
        shown = self._rooms.call(id, lambda room: [*room.shown()], nothing)
        if selected and all(self._rooms.of_kind(item.kind) == id for item in selected):
            if not {item.uid for item in selected} <= {item.uid for item in shown}:
                self.show_items(selected)
        elif selected or shown:
            self.select(shown)

    def _panel_has(self, id: str) -> bool:
        offered = self._panel.offered
        return bool(offered) and all(self._rooms.of_generator(one.id) == id for one in offered)

    def open(self, items: Sequence[Item]) -> None:
        """Selects items of one kind and shows them in their room."""
        if items:
            with self.quiet():
                self._select(items[0])
            self.show_items(items)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """What is selected meanwhile does not go onto the stage: it is there already."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    def on_selection(self, items: Sequence[Item]) -> None:
        """The user has selected: the stage follows, but the library stays as it is."""
        self._workspace.show_selected(bool(items))
        uids = tuple(item.uid for item in items)
        is_other, self._shown = uids != self._shown, uids
        if not is_other or self._is_quiet:
            return
        self._generating.forget_batch()
        self._opening.drop()
        if self._workspace.room not in ("", LIBRARY):
            self.show_items(items)

    def show_items(self, items: Sequence[Item]) -> None:
        """What is selected is on the stage: one item opened in its room, several beside each other."""
        first = next(iter(items), None)
        if first is None or self._context.project is None:
            return
        if len(items) > 1:
            self.compare(items)
            return
        room = self._rooms.of_kind(first.kind)
        self.show_room(room)
        self._opening.begin(items, lambda _: self._rooms.act(room, lambda there: there.open(items), None))

    def _is_read(self, kind: str) -> bool:
        """Whether the window reads files of this kind: a room does, or the comparison."""
        return self._rooms.of_kind(kind) != OTHER or kind_for(frozenset({kind})) is not None

    def _compare_in(self, room: str, items: Sequence[Item]) -> bool:
        """Whether a room shows these beside each other in its own way; it is in front then."""
        if not self._rooms.act(room, lambda there: there.compare(items), False):
            return False
        self.show_room(room)
        return True

    def _on_compare(self, on: bool) -> None:
        """The button: what is selected beside each other, or the stage again."""
        selected = self.gallery.selected() if self.gallery is not None else []
        if not on or not selected:
            self._workspace.show_room(self._workspace.room)
        else:
            self.compare(selected)

    def _reuse(self, inputs: Mapping[str, Item]) -> None:
        generator = self._panel.generator
        room = self._rooms.of_generator(generator.id) if generator is not None else ""
        if not room:
            for slot, item in inputs.items():
                self._generating.set_input(slot, item)
            return

        def reuse(readable: Sequence[Item]) -> None:
            given = {slot: item for slot, item in inputs.items() if item in readable}
            self.show_room(room)
            self._rooms.act(room, lambda there: there.reuse(given), None)

        self._opening.ask([*inputs.values()], reuse)

    def decode(self, items: Sequence[Item], done: Callable[[Sequence[Item]], object]) -> None:
        """As `RoomContext.decode`."""
        self._opening.ask(items, done)

    # Looking -----------------------------------------------------------------------------------------------

    def show_selection(self, items: Sequence[Item]) -> None:
        """The recipe panel follows the gallery."""
        if self._context.project is None or not items:
            self._recipe.show_none()
            return
        project = self._context.project
        self._recipe.show_tags(items, writable=not project.read_only)
        reader = ItemReader(self._context, project)
        try:
            if len(items) == 1:
                self._recipe.show_item(reader.shown(items[0]))
            elif len(items) == 2:
                first, second = ((item, reader.all_lines(item)) for item in items)
                self._recipe.show_pair(first, second)
            else:
                from studio.ui.items.recipe_diff import summary

                count = max(len(items), len(self.gallery.selected_ids()) if self.gallery is not None else 0)
                recipes = [reader.recipe_lines_of(item) for item in items] if len(items) <= SUMMED_UP else []
                self._recipe.show_many(items, count, summary(items, recipes, self._context.kinds))
        except StudioError as error:
            self._context.report(error)

    def compare(self, items: Sequence[Item]) -> None:
        """Items beside each other: in their room's own way, else as the studio does it."""
        kinds = {item.kind for item in items}
        room = self._rooms.of_kind(items[0].kind)
        if len(kinds) > 1 or not self._rooms.compares(room):
            self.compare_plainly(items)
            return
        self._opening.begin(
            items, lambda readable: self._compare_in(room, readable) or self.compare_plainly(readable)
        )

    def compare_plainly(self, items: Sequence[Item]) -> None:
        """One item beside what it was made from, or several together: the first is the reference."""
        chosen = list(items)
        project = self._context.project
        if project is None or not chosen:
            return
        if len(chosen) == 1:
            chosen = [*project.parents(chosen[0].uid)[:1], *chosen]
        elif len(chosen) == 2 and chosen[0].parent == chosen[1].uid:
            chosen.reverse()  # a result is set against its original, in whichever order they were selected
        self.choosing.show(chosen, choice=len(chosen) > MOST)

    def choose_from(self, items: Sequence[Item]) -> None:
        """Results beside each other, to pick from: in their room's own way, else as a grid of pages."""
        if self._rooms.compares(self._rooms.of_kind(items[0].kind)):
            self.compare(items)
        else:
            self.choosing.show(items, choice=True)

    def _show_comparison(self, chosen: Sequence[Item], choice: bool) -> None:
        paths = [self._path(item) for item in chosen]
        if paths[-1] is None:
            return
        captions = self._captions(chosen)
        found = zip(chosen, paths, captions, strict=True)
        compared = [Compared(item, path, caption) for item, path, caption in found if path is not None]
        self._workspace.show_comparison(compared, choice=choice)
        self.choosing.shown()
        self.room_shown.emit()

    def _captions(self, items: Sequence[Item]) -> list[str]:
        """For each of them the values in which their recipes differ."""
        from studio.ui.items.recipe_diff import differing

        assert self._context.project is not None
        reader = ItemReader(self._context, self._context.project)
        lines = [reader.recipe_lines_of(item) for item in items]
        told = iter(differing([line for line in lines if line]))
        return [next(told) if line else "" for line in lines]

    def look(self, item: Item) -> None:
        """What a double click does: the item is shown in its room, also from the library."""
        self.show_items([item])
        if not (self._workspace.is_comparing or self._workspace.is_covered):
            self._rooms.stack.currentWidget().setFocus()

    def locate_source(self, item: Item) -> None:
        """Selects what an item was made from in the gallery."""
        project = self._context.project
        if project is None or item.parent is None:
            return
        try:
            self._select(project.item(item.parent))
        except ProjectError:
            self._workspace.notice.say(
                tr("What “{name}” was made from is no longer in the project.", name=item.name)
            )

    def show_changed(self, uids: Collection[str]) -> None:
        """Selects items that were changed elsewhere and brings them into view: one alone onto its stage too.

        Nothing of those that are in the trash now. Who compares them sees them already.
        """
        if self._workspace.is_comparing and self._workspace.compare.shows(uids):
            return
        project, gallery = self._context.project, self.gallery
        if project is None or gallery is None or not 0 < len(uids) <= AT_ONCE:
            return
        try:
            items = [item for item in map(project.item, sorted(uids)) if item.trashed is None]
        except StudioError as error:
            self._context.report(error)
            return
        if len(items) == 1:
            gallery.select(items[0].uid)
        elif items:
            gallery.model.when_read(partial(self._select_all, items))

    def _select_all(self, items: Sequence[Item]) -> None:
        assert self.gallery is not None
        with self.quiet():
            self.gallery.select(items[0].uid)
        self.select(items)

    def select(self, items: Sequence[Item]) -> None:
        """Selects items that the stage shows already."""
        if self.gallery is not None:
            self.gallery.model.when_read(partial(self._select_shown, items))

    def _select_shown(self, items: Sequence[Item]) -> None:
        if self.gallery is None or self._context.project is None:
            return
        ids = [id for id in map(self._context.project.id_of, (item.uid for item in items)) if id is not None]
        with self.quiet():
            self.gallery.view.clearSelection()
            self.gallery.model.reveal(ids)
            self.gallery.place.select_ids(ids, ids[0] if ids else -1)

    def _select(self, item: Item) -> None:
        if self.gallery is not None:
            self.gallery.select(item.uid)

    # Again -------------------------------------------------------------------------------------------------

    def make_again(self, item: Item) -> None:
        self.again.make_again(item)

    def vary(self, item: Item, count: int) -> None:
        self.again.vary(item, count)

    def reuse(self, item: Item) -> None:
        self.again.reuse(item)

    def reuse_value(self, item: Item, key: str) -> None:
        """Just one value of an item's recipe, `key` as in `recipe_model.Line`."""
        self.again.reuse_value(item, key)

    def use_as_input(self, item: Item, generator_id: str, slot: str) -> None:
        self.again.use_as_input(item, generator_id, slot)

    # Out ---------------------------------------------------------------------------------------------------

    def export(self, items: Sequence[Item]) -> None:
        self.exporting.export(items)

    def export_shown(self) -> None:
        """What is selected; without a selection what is on the stage."""
        room = self._workspace.room
        unsaved: Sequence[Item] = (
            self._rooms.call(room, lambda there: there.to_export(), ())
            if not (self._workspace.is_comparing or self._workspace.is_covered)
            else ()
        )
        ids = self.gallery.selected_ids() if self.gallery is not None else ()
        if unsaved:
            self.export(unsaved)
        elif ids:
            self.export_rows(ids)
        elif self._workspace.result is not None:
            self.export([self._workspace.result])
        else:
            told = StudioError(tr("Nothing is selected."), tr("Select what to export in the gallery."))
            self._context.report(told)

    def export_rows(self, ids: Sequence[int], title: str = "") -> None:
        """As `ExportFlow.export_rows`."""
        self.exporting.export_rows(ids, title)

    def copy(self, items: Sequence[Item]) -> None:
        """To the clipboard: as files, and one picture as a picture too."""
        if self._context.project is not None and items:
            picture = len(items) == 1 and items[0].kind in (Kind.IMAGE, Kind.MASK)
            data = HandedOut(items, self._context.project.blob_path, picture=picture)
            QGuiApplication.clipboard().setMimeData(data)

    def paste(self) -> None:
        """A picture or files from the clipboard; anything else is told."""
        from studio.ui.items.paste import paste

        paste(self._context, self.bring_in, self._workspace.notice.say)

    def show_file(self, item: Item) -> None:
        path = self._path(item)
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _to_hand(self, path: Path) -> Path:
        comparison = self._workspace.compare.comparison
        found = (one.item for one in comparison.items if one.path == path) if comparison is not None else ()
        item = next(iter(found), None)
        return hand_out(item, path, handed_out_folder()) if item is not None else path

    # What happens ------------------------------------------------------------------------------------------

    def _on_result(self, items: Sequence[Item], undisturbed: bool) -> None:
        """What the user waited for is shown, unless the user went on with something else meanwhile."""
        if self.gallery is not None:
            self.gallery.items_added()
        if undisturbed:
            self.open(items[:1])
            return
        told = tr("“{name}” is ready.", name=items[0].name)
        self._workspace.notice.say(told, tr("Show"), lambda: self.open(items[:1]))

    def _path(self, item: Item) -> Path | None:
        """None too while the project is gone, of which the bar over the window tells."""
        try:
            return self._context.project.blob_path(item.digest) if self._context.project is not None else None
        except StudioError as error:
            self._context.report(error)
            return None

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> tuple[Item, ...]:
        """What is compared."""
        comparison = self._workspace.compare.comparison
        return tuple(one.item for one in comparison.items) if comparison is not None else ()

    def restore(self, state: tuple[Item, ...]) -> None:
        """The comparison hands itself over; only its words are to be said in the new language."""
        if state and self._context.project is not None:
            self._workspace.compare.show_captions(self._captions(state))
