"""Everything that can be done in the gallery, as commands; when each is on; the context menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.core.item import Item, Label
from studio.core.kind import Kind
from studio.ui.items.words import GROUPS, LABELS, SORTS
from studio.ui.kit.commands import Command, Menu, Needs
from studio.ui.kit.label_mark import label_icon
from studio.ui.kit.menu_entries import entry, plain_text, submenu
from studio.ui.kit.menu_keys import KeyMenu
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.project.order import Group, Sort
    from studio.project.store import Project
    from studio.ui.gallery.actions import GalleryActions
    from studio.ui.gallery.model import GalleryModel
    from studio.ui.gallery.news import News
    from studio.ui.gallery.out import Handing
    from studio.ui.gallery.place import Place
    from studio.ui.gallery.shelf import Shelf
    from studio.ui.items.organize import Organizer
    from studio.ui.kit.grid_hands import ItemGrid
    from studio.ui.kit.theme import Theme

LABEL_KEYS = {Label.RED: "6", Label.YELLOW: "7", Label.GREEN: "8", Label.BLUE: "9"}
MOST_COMPARED = 8
_WRITES: Needs = "writing selection"
_MENU = (
    ("gallery.look", "gallery.edit", "gallery.compare", "recipe.source"),
    ("gallery.stack", "gallery.stack_top"),
    ("recipe.use_settings", "recipe.make_again", "recipe.vary", "recipe.copy"),
    ("gallery.copy", "gallery.copy_file", "file.export", "gallery.show_file"),
    ("gallery.pick", "gallery.reject", "gallery.tags", "gallery.rename"),
    ("gallery.trash", "gallery.restore"),
)
"""The context menu's groups; an id that no panel has is left out."""


class Gallery(Protocol):
    """What the commands act on, and what their rules look at."""

    do: GalleryActions
    actions_by_id: Mapping[str, QAction]
    view: ItemGrid
    handing: Handing
    place: Place
    organizer: Organizer
    shelf: Shelf

    @property
    def project(self) -> Project | None: ...
    @property
    def shows_trash(self) -> bool: ...
    def selected(self) -> list[Item]: ...
    def compare(self) -> None: ...
    def turn_stack(self) -> None: ...
    def set_stacks(self, on: bool) -> None: ...
    def turn_stacks(self, opened: bool) -> None: ...
    def put_on_top(self) -> None: ...

    news: News

    @property
    def model(self) -> GalleryModel: ...
    def find(self) -> None: ...
    def clear_search(self) -> None: ...
    def show_trash(self) -> None: ...
    def set_sort(self, sort: Sort) -> None: ...
    def set_group(self, group: Group) -> None: ...
    def zoom(self, steps: int) -> None: ...
    def export_found(self) -> None: ...


def gallery_commands(panel: Gallery) -> list[Command]:
    return [*_item(panel), *_stacks(panel), *_rating(panel), *_out(panel), *_edit(panel), *_view(panel)]


def _item(panel: Gallery) -> list[Command]:
    first = partial(_with_first, panel)
    open_it = panel.do
    return [
        _panel("look", tr("&Look at it"), partial(first, open_it.look), "item", "", "open"),
        _panel("edit", tr("Send to &stage"), partial(first, open_it.edit), "item", "", "open"),
        _panel(
            "compare",
            tr("Co&mpare"),
            panel.compare,
            "item",
            "C",
            "open",
            "compare",
        ),
        _panel("rename", tr("Re&name…"), panel.organizer.rename, "item", "F2", "trash", needs=_WRITES),
        _panel(
            "trash",
            tr("Move to &trash"),
            lambda: panel.place.leave(panel.organizer.trash),
            "item",
            "Del",
            "trash",
            "trash",
            needs=_WRITES,
        ),
        _panel(
            "restore",
            tr("Restore from the tras&h"),
            lambda: panel.place.leave(panel.organizer.restore),
            "item",
            "",
            "trash",
            "restore",
            needs=_WRITES,
        ),
    ]


def _stacks(panel: Gallery) -> list[Command]:
    group = "stack/" + tr("Stack")
    turn, every, top = panel.turn_stack, panel.turn_stacks, panel.put_on_top
    return [
        _panel("stack", tr("&Open or close the stack"), turn, "item", "S", group),
        _panel("stack_top", tr("Put on &top of the stack"), top, "item", "Shift+S", group, needs=_WRITES),
        _panel(
            "stacks_open", tr("Open &all stacks"), partial(every, True), "item", "", group, needs="project"
        ),
        _panel(
            "stacks_close", tr("&Close all stacks"), partial(every, False), "item", "", group, needs="project"
        ),
    ]


def _rating(panel: Gallery) -> list[Command]:
    organizer = panel.organizer
    made = [
        _panel("pick", tr("&Pick"), organizer.pick, "item", "P", "rating", needs=_WRITES),
        _panel("reject", tr("Re&ject"), organizer.reject, "item", "X", "rating", needs=_WRITES),
    ]
    for stars in range(6):
        title = trn("{count} star", "{count} stars", stars) if stars else tr("No stars")
        act = partial(organizer.rate, stars)
        group = "rating/" + tr("Stars")
        made.append(_panel(f"stars_{stars}", title, act, "item", str(stars), group, needs=_WRITES))
    for label, words in LABELS.items():
        act = partial(organizer.put_label, label)
        group, keys = "rating/" + tr("Color label"), LABEL_KEYS.get(label, "")
        made.append(_panel(f"label_{label}", tr(words), act, "item", keys, group, needs=_WRITES))
    made.append(_panel("tags", tr("Ta&gs"), organizer.edit_tags, "item", "T", "rating", needs=_WRITES))
    made.append(
        _panel(
            "collect",
            tr("New collection…"),
            organizer.new_collection,
            "item",
            "",
            "rating/" + tr("Add to collection"),
            needs="writing",
        )
    )
    return made


def _out(panel: Gallery) -> list[Command]:
    show = partial(_with_first, panel, panel.do.show_file)
    found, out = tr("Export a&ll found…"), panel.export_found
    return [
        _panel("show_file", tr("Show &file"), show, "item", "", "out", "folder"),
        Command("gallery.export_found", found, out, "file", needs="project", group="out"),
    ]


def _edit(panel: Gallery) -> list[Command]:
    out = panel.handing
    return [
        _panel("copy", tr("&Copy"), out.copy, "edit", "Ctrl+C", "clipboard", "copy"),
        _panel("copy_file", tr("Copy as f&ile"), out.copy_file, "edit", "Ctrl+Shift+C", "clipboard"),
        _panel("paste", tr("&Paste picture"), out.paste, "edit", "Ctrl+V", "clipboard", needs="writing"),
        _panel(
            "select_all",
            tr("Select &all"),
            panel.view.select_all,
            "edit",
            "Ctrl+A",
            "select",
            needs="project",
        ),
        _panel(
            "select_none", tr("Select &nothing"), panel.view.clearSelection, "edit", "Ctrl+Shift+A", "select"
        ),
        Command("gallery.find", tr("&Find…"), panel.find, "edit", "Ctrl+F", "project", "select", "search"),
    ]


def _view(panel: Gallery) -> list[Command]:
    made = [
        _panel(
            "larger",
            tr("&Larger thumbnails"),
            partial(panel.zoom, 1),
            "view",
            "Ctrl++; Ctrl+=",
            "gallery",
            needs="",
        ),
        _panel(
            "smaller",
            tr("&Smaller thumbnails"),
            partial(panel.zoom, -1),
            "view",
            "Ctrl+-",
            "gallery",
            needs="",
        ),
        _panel(
            "clear_search", tr("Show everything"), panel.clear_search, "view", "", "gallery", needs="project"
        ),
        _panel("show_trash", tr("Show the trash"), panel.show_trash, "view", "", "gallery", needs="project"),
    ]
    stacks = lambda: panel.set_stacks(panel.actions_by_id["gallery.stacks"].isChecked())  # noqa: E731
    made.append(
        Command("gallery.stacks", tr("Stack results"), stacks, "view", group="gallery", checkable=True)
    )
    see_all = panel.news.see_all
    made.append(
        _panel("see_all", tr("Mark all as looked at"), see_all, "view", "", "gallery", needs="writing")
    )
    for sort, words in SORTS.items():
        made.append(_choice(f"sort_{sort}", tr(words), partial(panel.set_sort, sort), tr("Sort gallery by")))
    for group, words in GROUPS.items():
        made.append(
            _choice(f"group_{group}", tr(words), partial(panel.set_group, group), tr("Group gallery by"))
        )
    return made


def _choice(id: str, title: str, act: Callable[[], object], submenu: str) -> Command:
    return Command(
        f"gallery.{id}", title, act, "view", group=f"gallery/{submenu}", checkable=True, words=submenu
    )


def _panel(
    id: str,
    title: str,
    act: Callable[[], object],
    menu: Menu,
    keys: str,
    group: str,
    icon: str = "",
    *,
    needs: Needs = "selection",
) -> Command:
    """Its shortcut works while the gallery has the focus."""
    return Command(f"gallery.{id}", title, act, menu, keys, needs, group, icon, scope="panel")


def _with_first(panel: Gallery, act: Callable[[Item], object]) -> None:
    items = panel.selected()
    if items:
        act(items[0])


def draw_labels(actions: Mapping[str, QAction], theme: Theme) -> None:
    """The mark of each color label, in the menus too."""
    for label in LABELS:
        action = actions.get(f"gallery.label_{label}")
        if action is not None and label is not Label.NONE:
            action.setIcon(label_icon(label, theme))
            action.setIconVisibleInMenu(True)


def set_rules(panel: Gallery) -> None:
    """Which commands make sense for what is selected now."""
    actions = panel.actions_by_id
    if not actions:
        return
    items, count = panel.selected(), len(panel.view.selected)
    first = items[0] if items else None
    one = first if count == 1 else None
    row = panel.view.currentIndex().row()
    place, stack = panel.model.place_at(row), panel.model.stack_at(row)
    alive = not panel.shows_trash
    rules = {
        "look": alive and one is not None,
        "edit": alive and one is not None and one.kind == Kind.IMAGE,
        "compare": alive and (panel.model.count_at(row) > 1 or _can_compare(items, count)),
        "stack": stack is not None,
        "stack_top": place is not None,
        "rename": one is not None,
        "trash": alive and count > 0,
        "restore": not alive and count > 0,
    }
    for id, on in rules.items():
        actions[f"gallery.{id}"].setEnabled(on)


def _can_compare(items: list[Item], count: int) -> bool:
    if count == 1:
        return bool(items) and items[0].parent is not None
    return 2 <= count <= MOST_COMPARED and len({item.kind for item in items}) == 1


def context_menu(panel: Gallery, parent: QWidget) -> QMenu:
    """What can be done with what is selected, in groups; what cannot be done now is left out."""
    menu = KeyMenu(parent)
    if len(panel.view.selected) == 0:
        general = ("paste", "select_all", "clear_search", "export_found")
        _add(menu, panel, tuple(f"gallery.{id}" for id in general))
        return menu
    for ids in _MENU:
        menu.addSeparator()
        _add(menu, panel, ids)
        if "gallery.pick" in ids and panel.organizer.is_writable and not panel.shows_trash:
            _add_ratings(menu, panel)
    return menu


def _add(menu: QMenu, panel: Gallery, ids: tuple[str, ...]) -> None:
    for id in ids:
        action = panel.actions_by_id.get(id)
        if action is not None and action.isEnabled():
            menu.addAction(action)


def _add_ratings(menu: QMenu, panel: Gallery) -> None:
    actions = panel.actions_by_id
    stars = submenu(menu, tr("Stars"))
    stars.addActions([actions[f"gallery.stars_{count}"] for count in range(5, -1, -1)])
    labels = submenu(menu, tr("Color label"))
    labels.addActions([actions[f"gallery.label_{label}"] for label in LABELS])
    _add_collections(menu, panel)


def _add_collections(menu: QMenu, panel: Gallery) -> None:
    project = panel.project
    if project is None:
        return
    collections = submenu(menu, tr("Add to collection"))
    for one in project.collections():
        entry(collections, plain_text(one.name), partial(panel.organizer.collect, one))
    collections.addSeparator()
    collections.addAction(panel.actions_by_id["gallery.collect"])
    current = panel.shelf.current()
    if current is not None:
        words = tr("Remove from “{collection}”", collection=plain_text(current.name))
        entry(menu, words, partial(panel.place.leave, partial(panel.organizer.take_out, current)))
