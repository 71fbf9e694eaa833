"""How the selected items came to be, and what to do with that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.ui.items.recipe_model import Line
from studio.ui.items.recipe_shown import Shown
from studio.ui.items.tags import TagEditor
from studio.ui.items.thumbnails import ThumbnailReady
from studio.ui.kit import locales
from studio.ui.kit.commands import Command
from studio.ui.kit.controls import EmptyState
from studio.ui.kit.theme import Theme
from studio.words import tr

if TYPE_CHECKING:
    from studio.ui.recipe.pages import ManyPage, OnePage, PairPage

VARIANTS = 4
"""How many the command "Vary" makes."""


class RecipePanel(QWidget):
    """One item: its recipe, every value of which can be used. Two: what differs. More: what they share."""

    make_again = Signal(object)
    vary = Signal(object, int)
    use_settings = Signal(object)
    value_wanted = Signal(object, str)
    """(Item, key of a line of its recipe)."""
    input_wanted = Signal(object, str, str)
    """(Item, generator's id, name of its slot)."""
    edit_wanted = Signal(object)
    source_wanted = Signal(object)
    item_chosen = Signal(object)
    """Another item of the lineage."""
    compare_wanted = Signal(object)
    """A list of items."""

    def __init__(self, thumbnail: Callable[[Item], QPixmap | None], theme: Theme, kinds: Kinds) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.shown: Shown | None = None
        self._actions: Mapping[str, QAction] = {}
        self._thumbnail = thumbnail
        self._theme = theme
        self._kinds = kinds
        self.empty = EmptyState(tr("Nothing selected"), tr("Select one item to see how it was made."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._stack, 1)
        self.tags = TagEditor(self)
        self.tags.hide()
        self.tags.field.focused.connect(self._see_tags)

    # Pages, made when they are needed first: the window opens without them ---------------------------------

    @cached_property
    def one(self) -> OnePage:
        from studio.ui.recipe.pages import OnePage

        page = OnePage(self._thumbnail, self._theme, self._kinds)
        page.value_wanted.connect(self.value_wanted)
        page.make_again.connect(self.make_again)
        page.vary.connect(self.vary)
        page.use_settings.connect(self.use_settings)
        page.input_wanted.connect(self.input_wanted)
        page.edit_wanted.connect(self.edit_wanted)
        page.source_wanted.connect(self.source_wanted)
        page.lineage.item_chosen.connect(self.item_chosen)
        self._stack.addWidget(page)
        return page

    @cached_property
    def pair(self) -> PairPage:
        from studio.ui.recipe.pages import PairPage

        page = PairPage()
        page.value_wanted.connect(self.value_wanted)
        page.compare_wanted.connect(self.compare_wanted)
        self._stack.addWidget(page)
        return page

    @cached_property
    def many(self) -> ManyPage:
        from studio.ui.recipe.pages import ManyPage

        page = ManyPage()
        page.compare_wanted.connect(self.compare_wanted)
        self._stack.addWidget(page)
        return page

    # What is shown -----------------------------------------------------------------------------------------

    def show_none(self) -> None:
        self.tags.hide()
        self._show(None, self.empty)

    def show_tags(self, items: Sequence[Item], *, writable: bool) -> None:
        """Of what is selected, below what is told of it."""
        self.tags.show_items(items, writable=writable)
        self.tags.show()

    def show_item(self, shown: Shown) -> None:
        self.one.show_item(shown)
        self._show(shown, self.one)

    def show_pair(self, first: tuple[Item, Sequence[Line]], second: tuple[Item, Sequence[Line]]) -> None:
        self.pair.show_pair(first, second)
        self._show(None, self.pair)

    def show_many(self, items: Sequence[Item], count: int, lines: Sequence[Line]) -> None:
        """`items` are the first of `count`."""
        self.many.show_many(items, tr("{count} items selected", count=locales.number(count)), lines)
        self._show(None, self.many)

    def _show(self, shown: Shown | None, page: QWidget) -> None:
        if shown is None and self.shown is not None:
            self.one.forget()
        self.shown = shown
        self._stack.setCurrentWidget(page)
        if page is not self.empty:
            cast("OnePage | PairPage | ManyPage", page).take_tags(self.tags)
        self._enable()

    def _see_tags(self) -> None:
        page = self._stack.currentWidget()
        if page is not self.empty:
            cast("OnePage | PairPage | ManyPage", page).see(self.tags)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.shown is not None:
            self.one.set_theme(theme)

    def on_event(self, event: object) -> None:
        """From the bridge."""
        if isinstance(event, ThumbnailReady) and self.shown is not None:
            self.one.thumbnail_ready(event.digest)

    # Commands ----------------------------------------------------------------------------------------------

    def commands(self) -> list[Command]:
        return [
            Command(
                "recipe.make_again",
                tr("Ma&ke again"),
                lambda: self.shown and self.one.ask_again(),
                menu="item",
                keys="Ctrl+R",
                needs="writing selection",
                group="recipe",
                words=tr("repeat recreate same seed"),
            ),
            Command(
                "recipe.vary",
                tr("&Vary"),
                lambda: self.shown and self.one.ask_variants(VARIANTS),
                menu="item",
                keys="Ctrl+Shift+R",
                needs="writing selection",
                group="recipe",
                words=tr("variants seeds more like this"),
            ),
            Command(
                "recipe.use_settings",
                tr("&Use settings"),
                lambda: self.shown and self.one.ask_settings(),
                menu="item",
                keys="Ctrl+U",
                needs="selection",
                group="recipe",
                words=tr("reuse form parameters"),
            ),
            Command(
                "recipe.copy",
                tr("Copy &recipe as text"),
                lambda: self.shown and self.one.copy_recipe(),
                menu="item",
                keys="Ctrl+Alt+C",
                needs="selection",
                group="recipe",
            ),
            Command(
                "recipe.family",
                tr("Show the &family"),
                lambda: self.shown and self.one.show_family(),
                menu="item",
                keys="Ctrl+Alt+F",
                needs="selection",
                group="recipe",
                words=tr("lineage graph enlarge"),
            ),
            Command(
                "recipe.source",
                tr("Locate &source"),
                lambda: self.shown and self.one.ask_source(),
                menu="item",
                keys="Ctrl+Alt+L",
                needs="selection",
                group="recipe",
                words=tr("parent original input"),
            ),
        ]

    def attach_actions(self, actions: Mapping[str, QAction]) -> None:
        self._actions = actions
        self._enable()

    def _enable(self) -> None:
        shown = self.shown
        rules = {
            "recipe.make_again": shown is not None and shown.can_make,
            "recipe.vary": shown is not None and shown.can_make,
            "recipe.use_settings": shown is not None and shown.can_reuse,
            "recipe.copy": shown is not None,
            "recipe.family": shown is not None and shown.family is not None,
            "recipe.source": shown is not None and shown.has_source,
        }
        for name, on in rules.items():
            if name in self._actions:
                self._actions[name].setEnabled(on)
