"""Every command of a window as one `QAction`, known by its id: for menus, palette and keyboard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from studio.ui.kit import shortcuts
from studio.ui.kit.commands import Command
from studio.ui.kit.icons import icon
from studio.ui.kit.shortcuts import Holder
from studio.ui.kit.theme import Theme
from studio.words import tr

log = logging.getLogger(__name__)

WHY = "why"
"""The dynamic property of an action in which a panel may say why it is off, as a sentence."""


def plain(title: str) -> str:
    """A menu's words without the mark of its key and without the dots."""
    return title.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("… ")


class CommandAction(QAction):
    """On only while all agree: what the command needs, which the window knows, its room, its panel."""

    def __init__(self, command: Command, parent: QWidget) -> None:
        super().__init__(command.title, parent)
        self._allowed = self._met = self._here = True
        self._keys = ""

    def setText(self, text: str) -> None:
        """Another title, where it names what it acts on: "Undo Rename"."""
        super().setText(text)
        self._tell()

    def give_keys(self, keys: Sequence[QKeySequence]) -> None:
        self.setShortcuts(list(keys))
        self._keys = shortcuts.native(keys)
        self._tell()

    def _tell(self) -> None:
        """Its name and its shortcut as its tool tip."""
        name = plain(self.text())
        self.setToolTip(tr("{name} ({keys})", name=name, keys=self._keys) if self._keys else name)

    def setEnabled(self, on: bool) -> None:
        """The panel's own rule."""
        self._allowed = on
        self._weigh()

    def set_met(self, on: bool) -> None:
        """Whether there is what the command needs."""
        self._met = on
        self._weigh()

    def set_here(self, on: bool) -> None:
        """Whether its room is shown: it is to be seen nowhere else, and has no shortcut there."""
        self._here = on
        self.setVisible(on)
        self._weigh()

    def _weigh(self) -> None:
        super().setEnabled(self._allowed and self._met and self._here)


class Facts(Struct, frozen=True):
    """What commands may need."""

    project: bool = False
    writing: bool = False
    selection: bool = False


class Entry(Struct, frozen=True):
    command: Command
    action: CommandAction
    place: str
    """The panel in which its shortcuts work; "" is the whole window."""
    defaults: tuple[QKeySequence, ...]
    room: str = ""
    """Id of the room that it belongs to: it is there while that room is shown. "" is always there."""


class Actions(Mapping[str, QAction]):
    """Of one window, and gone with it.

    `own` are the user's shortcuts, as the settings have them; `note_use` is told the id of what was used.
    """

    def __init__(
        self, window: QWidget, theme: Theme, own: Mapping[str, str], note_use: Callable[[str], object]
    ) -> None:
        self._window = window
        self._theme = theme
        self._own, self.broken = shortcuts.usable(own)
        self._entries: dict[str, Entry] = {}
        self._facts = Facts()
        self._note_use = note_use

    def __getitem__(self, id: str) -> QAction:
        return self._entries[id].action

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def entry(self, id: str) -> Entry:
        return self._entries[id]

    # Filling -----------------------------------------------------------------------------------------------

    def add(self, commands: Sequence[Command], widget: QWidget | None = None, *, room: str = "") -> None:
        """Makes an action of each; shortcuts of scope "panel" work inside of `widget`."""
        for command in commands:
            action = CommandAction(command, self._window)
            action.setCheckable(command.checkable)
            action.setProperty("drawing", command.icon)
            action.setIconVisibleInMenu(False)
            action.triggered.connect(partial(self._run, command))
            self._register(command, action, widget, room)

    def _register(self, command: Command, action: CommandAction, widget: QWidget | None, room: str) -> None:
        if command.id in self._entries:
            log.error("Two commands are called %s; the second one is left out.", command.id)
            return
        defaults = shortcuts.parse(command.keys)
        if defaults is None:
            log.error("The command %s has a shortcut that makes no sense: %s", command.id, command.keys)
            defaults = ()
        in_panel = command.scope == "panel" and widget is not None
        place = (widget.objectName() or type(widget).__name__) if in_panel and widget is not None else ""
        contexts = Qt.ShortcutContext
        action.setShortcutContext(
            contexts.WidgetWithChildrenShortcut if in_panel else contexts.WindowShortcut
        )
        (widget if in_panel and widget is not None else self._window).addAction(action)
        action.setObjectName(command.id)
        entry = Entry(command, action, place, defaults, room)
        self._entries[command.id] = entry
        self._give_keys(entry)
        self._color(entry)
        self._weigh(entry)

    def drop_room(self, room: str) -> None:
        """Takes a room's actions away: it is loaded anew."""
        for id, entry in [*self._entries.items()]:
            if entry.room == room:
                del self._entries[id]
                entry.action.deleteLater()

    def show_room(self, room: str) -> list[Entry]:
        """Turns the actions of all other rooms off, with their shortcuts; returns those of this one."""
        for entry in self._entries.values():
            if entry.room:
                entry.action.set_here(entry.room == room)
        return [entry for entry in self._entries.values() if entry.room and entry.room == room]

    def _run(self, command: Command, _checked: bool = False) -> None:
        self._note_use(command.id)
        command.act()

    # Shortcuts ---------------------------------------------------------------------------------------------

    def set_own(self, own: Mapping[str, str]) -> None:
        """Other shortcuts of the user's: at once, in menus and tool tips too."""
        self._own, self.broken = shortcuts.usable(own)
        for entry in self._entries.values():
            self._give_keys(entry)

    def keys(self, id: str) -> tuple[QKeySequence, ...]:
        """What is in force: the user's own, or else the default."""
        return self._own.get(id, self._entries[id].defaults)

    def is_changed(self, id: str) -> bool:
        return self.keys(id) != self._entries[id].defaults

    def holders(self) -> list[Holder]:
        return [Holder(id, self.keys(id), entry.place) for id, entry in self._entries.items()]

    def _give_keys(self, entry: Entry) -> None:
        entry.action.give_keys(self.keys(entry.command.id))

    # On and off --------------------------------------------------------------------------------------------

    def set_facts(self, facts: Facts) -> None:
        if facts != self._facts:
            self._facts = facts
            for entry in self._entries.values():
                self._weigh(entry)

    @property
    def facts(self) -> Facts:
        return self._facts

    def why_off(self, id: str) -> str:
        """Why an action cannot be used now, as a sentence; "" if it can."""
        entry = self._entries[id]
        if entry.action.isEnabled():
            return ""
        lacking = _lacking(entry.command, self._facts)
        return lacking or str(entry.action.property(WHY) or "") or tr("This is not possible right now.")

    def _weigh(self, entry: Entry) -> None:
        entry.action.set_met(not _lacking(entry.command, self._facts))

    # Looks -------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for entry in self._entries.values():
            self._color(entry)

    def _color(self, entry: Entry) -> None:
        drawing = entry.command.icon
        if drawing:
            entry.action.setIcon(icon(drawing, self._theme.color("text")))


def _lacking(command: Command, facts: Facts) -> str:
    """What the command needs and is not there, as a sentence; "" if nothing is lacking."""
    if not command.needs:
        return ""
    if not facts.project:
        return tr("Open or make a project first.")
    if "writing" in command.needs and not facts.writing:
        return tr("This project is open read-only.")
    if "selection" in command.needs and not facts.selection:
        return tr("Select something in the gallery first.")
    return ""
