"""The comparison: its modes, the view that the kind of item brings along, and the items' names below."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.core.item import Item
from studio.core.kind import Kind, Kinds
from studio.ui.compare.bar import CompareBar
from studio.ui.compare.kinds import CompareKind, kind_for, why_not
from studio.ui.compare.widget import CompareWidget
from studio.ui.items.compare_model import Compared, Comparison, Mode, mode_title
from studio.ui.kit.commands import Command
from studio.ui.kit.controls import EmptyState, Segments
from studio.ui.kit.icons import icon
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.compare.caption import Caption

_HOLD_MS = 350
"""A flip that is held for longer goes back when the key is let go."""
FLIP_KEY = Qt.Key.Key_F


class CompareState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    comparison: Comparison | None
    modes: Mapping[CompareKind, Mode]
    views: Mapping[CompareKind, object]


class ComparePanel(QWidget):
    """One to eight items of one kind."""

    failed = Signal(object)
    """StudioError."""
    changed = Signal()
    """Another item is worked on, or other items are compared."""
    mode_changed = Signal(str)
    """For the settings."""
    rated = Signal(object, int)
    """(Item, stars)."""
    rejected = Signal(object, bool)
    picked = Signal(object)
    copy_wanted = Signal(object)
    page_wanted = Signal(int)
    """1: the next page of many items, -1: the one before."""

    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self.setObjectName("compare")
        self._kinds = kinds
        self.comparison: Comparison | None = None
        self.file_to_hand: Callable[[Path], Path] = lambda path: path
        self._widgets: dict[CompareKind, CompareWidget] = {}
        self._modes: dict[CompareKind, Mode] = {}
        self._preferred = Mode.SLIDER
        self._is_choice = False
        """All are seen side by side, whatever mode is preferred, until another one is chosen."""
        self._kind: CompareKind | None = None
        self._actions: Mapping[str, QAction] = {}
        self._flip_timer = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._flip_held = False
        self._before_flip: tuple[Mode | None, Comparison | None] = (None, None)

        self.bar = CompareBar()
        self.segments: Segments | None = None
        self.swap, self.told = self.bar.swap, self.bar.told
        self.option, self.option_title, self.option_words = (
            self.bar.option,
            self.bar.option_title,
            self.bar.option_words,
        )
        self.swap.clicked.connect(self.swap_sides)
        self.bar.turned.connect(self.page_wanted)
        self.option.valueChanged.connect(self._set_option)

        self.empty = EmptyState(
            tr("Nothing to compare yet"), tr("Select two to eight items in the gallery and choose Compare.")
        )
        self.views = QStackedWidget()
        self.views.addWidget(self.empty)
        self.strip = QFrame()
        self.strip.setProperty("role", "panel")
        self._strip_row = QHBoxLayout(self.strip)
        self._strip_row.setContentsMargins(0, 0, 0, 0)
        self._strip_row.setSpacing(0)
        self.captions: list[Caption] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.views, 1)
        column.addWidget(self.strip)
        self._refresh()

    # What is compared --------------------------------------------------------------------------------------

    def compare(self, items: Sequence[Compared], *, choice: bool = False) -> None:
        """One item alone, or up to eight; what cannot be compared is said. `choice`: to choose from, side by
        side and beginning with the first."""
        kind = kind_for(frozenset(one.item.kind for one in items))
        self._kind = kind
        self.comparison = Comparison.of(items)
        self._is_choice = choice and kind is not None and Mode.SIDE_BY_SIDE in kind.modes
        if self._is_choice:
            self.comparison = replace(self.comparison, second=0, shown=0)
        self.bar.show_pages("", before=False, after=False)
        if kind is None:
            kinds = frozenset(one.item.kind for one in items)
            self.empty.say(tr("These cannot be compared"), why_not(kinds, self._kinds))
            self.views.setCurrentWidget(self.empty)
        else:
            self.views.setCurrentWidget(self.widget_of(kind))
            self._show_modes(kind)
        self._refresh()
        self.changed.emit()

    def clear(self) -> None:
        self.comparison = self._kind = None
        for widget in self._widgets.values():
            widget.clear()
        self.views.setCurrentWidget(self.empty)
        self._refresh()

    def widget_of(self, kind: CompareKind) -> CompareWidget:
        """The view for a kind; made when it is needed first."""
        if kind not in self._widgets:
            widget = kind.make()
            widget.failed.connect(self.failed)
            widget.told.connect(partial(self._tell, widget))
            widget.chosen.connect(self.choose)
            self.views.addWidget(widget)
            self._widgets[kind] = widget
        return self._widgets[kind]

    def focus_view(self) -> None:
        """So that the keys work at once."""
        if self._kind is not None:
            self._widgets[self._kind].setFocus()

    @property
    def item(self) -> Item | None:
        """The one that is worked on."""
        return self.comparison.items[self._place()].item if self.comparison is not None else None

    def shows(self, uids: Collection[str]) -> bool:
        """Whether these items are among those that are compared. One alone is worked on then."""
        items = self.comparison.items if self.comparison is not None else ()
        of = {one.item.uid: place for place, one in enumerate(items)}
        if not of.keys() >= set(uids):
            return False
        if len(uids) == 1:
            self.choose(of[next(iter(uids))])
        return True

    def _place(self) -> int:
        """Which one is worked on: the flip's is the one that is seen."""
        assert self.comparison is not None
        return self.comparison.shown if self.mode is Mode.FLIP else self.comparison.second

    @property
    def mode(self) -> Mode | None:
        if self._kind is None:
            return None
        if self._is_choice:
            return Mode.SIDE_BY_SIDE
        preferred = self._preferred if self._preferred in self._kind.modes else self._kind.modes[0]
        return self._modes.get(self._kind, preferred)

    def set_mode(self, mode: Mode) -> None:
        if self._kind is not None and mode in self._kind.modes:
            self._modes[self._kind] = mode
            self._is_choice = False
            if Kind.IMAGE in self._kind.kinds:
                self.mode_changed.emit(str(mode))
            self._refresh()
            self.changed.emit()

    def prefer(self, mode: str) -> None:
        """The mode of the last time, for kinds that have it."""
        if mode in list(Mode):
            self._preferred = Mode(mode)

    def item_changed(self, item: Item) -> None:
        """It has other stars or another name now."""
        if self.comparison is not None:
            self.comparison = self.comparison.changed(item)
            self._refresh()

    def show_captions(self, captions: Sequence[str]) -> None:
        """Other words below the items."""
        if self.comparison is not None:
            items = zip(self.comparison.items, captions, strict=True)
            said = tuple(replace(one, caption=caption) for one, caption in items)
            self._set(replace(self.comparison, items=said))

    @property
    def _sees_all(self) -> bool:
        """Whether all items are seen, not only a pair."""
        side = self.mode is Mode.SIDE_BY_SIDE
        return side and self._kind is not None and Kind.IMAGE in self._kind.kinds

    def choose(self, place: int) -> None:
        """Works on this item; in the pair modes it is set against the reference."""
        comparison = self.comparison
        if comparison is None or not 0 <= place < len(comparison.items):
            return
        if self._sees_all:
            # All are seen, so that choosing one changes no side; the reference can be chosen too.
            self._set(Comparison(comparison.items, comparison.first, place, place))
        elif place != comparison.second:
            self._set(comparison.choose(place))

    def step(self, way: int) -> None:
        if self.comparison is not None:
            self._set(self.comparison.stepped(way))

    def swap_sides(self) -> None:
        if self.comparison is not None and not self.comparison.is_alone:
            self._set(self.comparison.swapped())

    def make_reference(self) -> None:
        """The item that is worked on becomes the reference."""
        if self.comparison is not None:
            self._set(self.comparison.with_reference(self.comparison.second))

    def flip(self) -> None:
        """Shows the next one in its place; from another mode it goes to the flip first."""
        if self.comparison is None or self.comparison.is_alone or self._kind is None:
            return
        if Mode.FLIP in self._kind.modes:
            if self.mode is not Mode.FLIP:
                self.set_mode(Mode.FLIP)
            self._set(self.comparison.flipped())

    def _set(self, comparison: Comparison) -> None:
        if comparison != self.comparison:
            self.comparison = comparison
            self._refresh()
            self.changed.emit()

    # Showing -----------------------------------------------------------------------------------------------

    def _show_modes(self, kind: CompareKind) -> None:
        self.segments = Segments([mode_title(mode) for mode in kind.modes])
        self.segments.setAccessibleName(tr("Way to compare"))
        self.segments.chosen.connect(self._on_segment)
        self.bar.set_segments(self.segments, kind.modes)
        self._tell_keys()

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self._tell_keys()

    def _tell_keys(self) -> None:
        """The buttons say by which keys they can be pressed."""
        if self.segments is not None and self._kind is not None:
            for number, mode in enumerate(self._kind.modes):
                action = self._actions.get(f"compare.mode_{mode}")
                if action is not None:
                    self.segments.part(number).setToolTip(action.toolTip())
        if "compare.swap" in self._actions:
            self.swap.setToolTip(self._actions["compare.swap"].toolTip())

    def show_pages(self, words: str, *, before: bool, after: bool) -> None:
        """Which of many items these are; whether there are some before and after them."""
        self.bar.show_pages(words, before=before, after=after)

    def turn_page(self, way: int) -> None:
        self.page_wanted.emit(way)

    def _walk(self, way: int) -> None:
        """The next one of the grid, over the end of the page too."""
        comparison = self.comparison
        if comparison is None:
            return
        place = comparison.second + way
        if 0 <= place < len(comparison.items):
            self.choose(place)
        else:
            self.page_wanted.emit(way)

    def _on_segment(self, number: int) -> None:
        if self._kind is not None:
            self.set_mode(self._kind.modes[number])

    def _refresh(self) -> None:
        comparison, kind, mode = self.comparison, self._kind, self.mode
        several = comparison is not None and not comparison.is_alone
        self.bar.setVisible(several and kind is not None)
        if kind is not None and mode is not None and comparison is not None:
            widget = self.widget_of(kind)
            widget.set_file_to_hand(self.file_to_hand)
            widget.set_mode(mode if several else kind.modes[0])
            widget.show_comparison(comparison)
            if self.segments is not None:
                self.segments.choose(kind.modes.index(mode))
            self.strip.setVisible(several and not widget.has_captions(mode))
        else:
            self.strip.hide()
        self.swap.setIcon(icon("swap", self.palette().text().color()))
        equal = mode in (Mode.SIDE_BY_SIDE, Mode.DIFFERENCE)  # in which no side is before the other
        self.swap.setVisible(not equal or kind is None or Kind.IMAGE not in kind.kinds)
        self._show_captions()
        self._show_option()

    def _show_captions(self) -> None:
        items = self.comparison.items if self.comparison is not None else ()
        if len(self.captions) < len(items):
            from studio.ui.compare.caption import Caption
        while len(self.captions) < len(items):
            caption = Caption()
            caption.clicked.connect(partial(self.choose, len(self.captions)))
            self._strip_row.addWidget(caption, 1)
            self.captions.append(caption)
        for number, caption in enumerate(self.captions):
            caption.setVisible(number < len(items))
            if number < len(items) and self.comparison is not None:
                comparison = self.comparison
                title, detail = comparison.title_of(number), comparison.detail_of(number)
                caption.show_item(items[number], comparison.side_of(number), title, detail)
                caption.setChecked(number == self._place())

    def _show_option(self) -> None:
        self.bar.show_option(self._widgets[self._kind].option() if self._kind is not None else None)

    def _set_option(self, value: int) -> None:
        if self._kind is not None:
            self._widgets[self._kind].set_option(value)
            self._show_option()

    def _tell(self, widget: CompareWidget, words: str) -> None:
        if self._kind is not None and widget is self._widgets[self._kind]:
            self.bar.tell(words)

    # Keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The flip key shows the other one: a tap leaves it, held it goes back when let go."""
        if event.key() == FLIP_KEY and not event.modifiers():
            if not event.isAutoRepeat():
                self._before_flip = (self.mode, self.comparison)
                self.flip()
                self._flip_held = True
                self._flip_timer.start()
            return
        arrows = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._sees_all and event.key() in arrows:
            self._walk(arrows[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == FLIP_KEY and not event.isAutoRepeat() and self._flip_held:
            self._flip_held = False
            mode, comparison = self._before_flip
            if not self._flip_timer.isActive() and mode is not None and comparison is not None:
                self.set_mode(mode)
                self._set(comparison)
            return
        super().keyReleaseEvent(event)

    def rate(self, stars: int) -> None:
        """Gives stars to the item that is worked on."""
        if self.item is not None:
            self.rated.emit(self.item, stars)

    def pick(self) -> None:
        """The item that is worked on is the winner."""
        if self.item is not None:
            self.picked.emit(self.item)

    def copy(self) -> None:
        """To the clipboard."""
        if self.item is not None:
            self.copy_wanted.emit(self.item)

    def reject(self) -> None:
        """Or takes that back."""
        if self.item is not None:
            self.rejected.emit(self.item, not self.item.rejected)

    def zoom(self, way: int) -> None:
        """See `CompareWidget.zoom`."""
        if self._kind is not None:
            self._widgets[self._kind].zoom(way)

    def commands(self) -> list[Command]:
        from studio.ui.compare.commands import compare_commands

        return compare_commands(self)

    # Handing over ------------------------------------------------------------------------------------------

    def state(self) -> CompareState:
        views = {kind: widget.take_state() for kind, widget in self._widgets.items()}
        return CompareState(self.comparison, dict(self._modes), views)

    def restore(self, state: CompareState) -> None:
        self._modes.update(state.modes)
        if state.comparison is not None:
            self.compare(state.comparison.items)
            self._set(state.comparison)
        for kind, view in state.views.items():
            self.widget_of(kind).restore(view)
