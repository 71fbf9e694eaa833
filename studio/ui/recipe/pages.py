"""The pages of the recipe panel: one item, two, or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.core.item import Item
from studio.core.kind import Kind, Kinds
from studio.ui.items.recipe_diff import differences
from studio.ui.items.recipe_model import Line, as_text
from studio.ui.items.recipe_rows import Fact, FactList, FactRow
from studio.ui.items.recipe_shown import Shown, Target
from studio.ui.items.tags import TagEditor
from studio.ui.kit import locales
from studio.ui.kit.controls import ElidedLabel, button, label
from studio.ui.kit.menu_entries import clear, entry, submenu
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.tab_order import renew_tab_order
from studio.ui.kit.text_diff import Piece
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.recipe.lineage_view import LineageView
from studio.words import tr, trn

if TYPE_CHECKING:
    from studio.ui.recipe.family_window import FamilyWindow

_EDGE = UNIT + 4
_ROOM = 6
"""What rows and pictures keep around themselves for the ring of the focus."""
_COUNTS = (2, 4, 8, 16)
"""How many variants the menu offers."""
MOST_COMPARED = 8


class _Page(QWidget):
    """A column that scrolls over a foot that does not."""

    def __init__(self) -> None:
        super().__init__()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(_EDGE - _ROOM, UNIT // 2, _EDGE - _ROOM, UNIT)
        self.column.setSpacing(UNIT)
        self._scroll.setWidget(inner)
        edge = QFrame()
        edge.setProperty("role", "line")
        self.foot = QGridLayout()
        self.foot.setContentsMargins(_EDGE, UNIT // 2, _EDGE, _EDGE)
        self.foot.setSpacing(UNIT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(edge)
        whole.addLayout(self.foot)
        self._tags_place = QVBoxLayout()
        self._tags_place.setContentsMargins(0, 0, 0, 0)

    def add(self, part: QWidget) -> None:
        """Below what is there, its edge where the words of the rows begin."""
        place = QVBoxLayout()
        place.setContentsMargins(_ROOM, 0, _ROOM, 0)
        place.addWidget(part)
        self.column.addLayout(place)

    def add_facts(self) -> FactList:
        """Rows whose words begin where those of the rest of the column do."""
        facts = FactList()
        self.column.addWidget(facts)
        facts.copy_wanted.connect(copy_text)
        facts.reached.connect(self._reach)
        facts.used.connect(self.use)
        facts.menu_wanted.connect(self._show_menu)
        return facts

    def take_tags(self, tags: TagEditor) -> None:
        """The one editor of tags stands on this page from now on."""
        if self._tags_place.indexOf(tags) < 0:
            self._tags_place.addWidget(tags)

    def see(self, part: QWidget) -> None:
        """Scrolls to it."""
        self._scroll.ensureWidgetVisible(part, 0, 2 * UNIT)

    def use(self, key: str, column: int) -> None:
        """For subclasses: a value is wanted in the form."""

    def _show_menu(self, fact: Fact, column: int, at: QPoint) -> None:
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if fact.key and fact.values[column]:
            entry(menu, tr("Use this value"), partial(self.use, fact.key, column))
        entry(menu, tr("Copy value"), partial(copy_text, fact.values[column]))
        self.extend_menu(menu)
        menu.popup(at)

    def extend_menu(self, menu: QMenu) -> None:
        """For subclasses: more entries of a row's menu."""

    def _reach(self, row: FactRow) -> None:
        self.see(row)


class OnePage(_Page):
    make_again = Signal(object)
    vary = Signal(object, int)
    use_settings = Signal(object)
    value_wanted = Signal(object, str)
    input_wanted = Signal(object, str, str)
    edit_wanted = Signal(object)
    source_wanted = Signal(object)

    def __init__(self, thumbnail: Callable[[Item], QPixmap | None], theme: Theme, kinds: Kinds) -> None:
        super().__init__()
        self.shown: Shown | None = None
        self.name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self.lineage = LineageView(thumbnail, kinds)
        self.family: FamilyWindow | None = None
        self._thumbnail, self._kinds = thumbnail, kinds
        self.enlarge = button(tr("Enlarge"), "quiet")
        self.enlarge.setToolTip(tr("The family in a window of its own"))
        self.enlarge.clicked.connect(self.show_family)
        self.lineage.large_wanted.connect(self.show_family)
        self.notes = QLabel()
        self.notes.setProperty("role", "small")
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setWordWrap(True)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.enlarge)
        self.add(head)
        self.add(self.notes)
        self.facts = self.add_facts()
        self.column.addLayout(self._tags_place)
        self.column.addWidget(self.lineage)
        self.column.addStretch(1)

        self.again = button(tr("Make again"), "compact")
        self.again.setToolTip(tr("The same recipe with the same seed gives the same bytes."))
        self.varied = button(tr("Vary"), "compact")
        self.varied.setToolTip(tr("The same recipe with new seeds"))
        self.reuse = button(tr("Use settings"), "compact")
        self.reuse.setToolTip(tr("Fills the form with this item's settings, seed and mask."))
        self.edit = button(tr("Send to stage"), "compact")
        self.inputs = button(tr("Use as input for"), "compact")
        self.more = button(tr("More"), "compact")
        for number, part in enumerate((self.again, self.varied, self.reuse, self.more)):
            part.setMinimumWidth(0)
            self.foot.addWidget(part, number // 2, number % 2)
        for part in (self.edit, self.inputs):  # what was not made here has these instead of the settings
            part.setMinimumWidth(0)
            self.foot.addWidget(part, 1, 0)
        self.edit.clicked.connect(self.ask_edit)
        self._inputs = KeyMenu(self)
        self._inputs.aboutToShow.connect(self._fill_inputs)
        self.inputs.setMenu(self._inputs)
        self.again.clicked.connect(self.ask_again)
        self.reuse.clicked.connect(self.ask_settings)
        self._variants = KeyMenu(self)
        for count in _COUNTS:
            words = trn("{count} variant", "{count} variants", count)
            entry(self._variants, words, partial(self.ask_variants, count))
        self.varied.setMenu(self._variants)
        self._more = KeyMenu(self)
        self._more.aboutToShow.connect(self._fill_more)
        self.more.setMenu(self._more)

    def show_item(self, shown: Shown) -> None:
        self.shown = shown
        self.name.setText(shown.item.name)
        tags = tr("Tags")  # they have an editor of their own
        lines = [line for line in shown.lines if not line.quiet and line.name != tags]
        self.facts.show_facts([Fact(line.name, (line.value,), line.key) for line in lines])
        renew_tab_order(self)
        has_family = shown.family is not None and self.lineage.show_family(shown.family, shown.item)
        self.lineage.setVisible(has_family)
        self.enlarge.setVisible(has_family)
        if self.family is not None and shown.family is not None:
            self.family.show_family(shown.family, shown.item)
        self.notes.setText("\n\n".join(shown.obstacles))
        self.notes.setVisible(bool(shown.obstacles))
        for part in (self.again, self.varied, self.reuse):
            part.setVisible(shown.recipe is not None)
        is_photo = shown.item.kind == Kind.IMAGE
        self.edit.setVisible(shown.recipe is None and is_photo)
        self.inputs.setVisible(shown.recipe is None and not is_photo)
        self.inputs.setEnabled(bool(shown.targets))
        self.again.setEnabled(shown.can_make)
        self.varied.setEnabled(shown.can_make)
        self.reuse.setEnabled(shown.can_reuse)

    def show_family(self) -> None:
        """The family in a window of its own, which follows what is selected."""
        if self.shown is None or self.shown.family is None:
            return
        if self.family is None:
            from studio.ui.recipe.family_window import FamilyWindow

            self.family = FamilyWindow(self.window(), self._thumbnail, self._kinds)
            self.family.view.item_chosen.connect(self.lineage.item_chosen)
            self.family.destroyed.connect(self._forget_family)
        self.family.show_family(self.shown.family, self.shown.item)
        self.family.show()
        self.family.raise_()

    def _forget_family(self) -> None:
        self.family = None

    def thumbnail_ready(self, digest: str) -> None:
        self.lineage.thumbnail_ready(digest)
        if self.family is not None:
            self.family.view.thumbnail_ready(digest)

    def forget(self) -> None:
        """Lets go of the item and its project."""
        self.shown = None
        self.lineage.clear()

    def set_theme(self, theme: Theme) -> None:
        self.lineage.viewport().update()

    def ask_again(self) -> None:
        if self.shown is not None and self.shown.can_make:
            self.make_again.emit(self.shown.item)

    def ask_variants(self, count: int) -> None:
        if self.shown is not None and self.shown.can_make:
            self.vary.emit(self.shown.item, count)

    def ask_settings(self) -> None:
        if self.shown is not None and self.shown.can_reuse:
            self.use_settings.emit(self.shown.item)

    def ask_source(self) -> None:
        if self.shown is not None and self.shown.has_source:
            self.source_wanted.emit(self.shown.item)

    def ask_edit(self) -> None:
        if self.shown is not None and self.shown.item.kind == Kind.IMAGE:
            self.edit_wanted.emit(self.shown.item)

    def copy_recipe(self) -> None:
        if self.shown is not None:
            copy_text(as_text(self.shown.item.name, self.shown.lines))

    def use(self, key: str, column: int) -> None:
        if self.shown is not None:
            self.value_wanted.emit(self.shown.item, key)

    def extend_menu(self, menu: QMenu) -> None:
        entry(menu, tr("Copy recipe as text"), self.copy_recipe)

    def _fill_more(self) -> None:
        menu, shown = self._more, self.shown
        clear(menu)
        if shown is None:
            return
        inputs = submenu(menu, tr("Use as input for"))
        self._add_targets(inputs, shown)
        inputs.setEnabled(bool(shown.targets))
        entry(menu, tr("Send to stage"), self.ask_edit, on=shown.item.kind == Kind.IMAGE)
        entry(menu, tr("Locate source"), self.ask_source, on=shown.has_source)
        menu.addSeparator()
        entry(menu, tr("Copy recipe as text"), self.copy_recipe)

    def _fill_inputs(self) -> None:
        clear(self._inputs)
        if self.shown is not None:
            self._add_targets(self._inputs, self.shown)

    def _add_targets(self, menu: QMenu, shown: Shown) -> None:
        for target in shown.targets:
            words = tr("{generator}: {slot}", generator=target.title, slot=target.slot_title)
            entry(menu, words, partial(self._use_as, target))

    def _use_as(self, target: Target) -> None:
        if self.shown is not None:
            self.input_wanted.emit(self.shown.item, target.generator, target.slot)


class PairPage(_Page):
    """What differs between two items, each value of which can be used."""

    value_wanted = Signal(object, str)
    compare_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] = []
        self._facts: list[Fact] = []
        self.title = label("", "strong", wrap=True)
        self.all = QCheckBox(tr("Show all"))
        self.add(self.title)
        self.facts = self.add_facts()
        self.add(self.all)
        self.column.addLayout(self._tags_place)
        self.column.addStretch(1)
        self.compare = button(tr("Compare"), "compact")
        self.foot.addWidget(self.compare, 0, 0)
        self.all.toggled.connect(lambda _: self._fill())
        self.compare.clicked.connect(lambda: self.compare_wanted.emit(list(self._items)))

    def show_pair(self, first: tuple[Item, Sequence[Line]], second: tuple[Item, Sequence[Line]]) -> None:
        self._items = [first[0], second[0]]
        self._facts = []
        for one in differences(first[1], second[1]):
            pieces: tuple[tuple[Piece, ...], ...] = ()
            if one.pieces:
                old = tuple(piece for piece in one.pieces if piece.op != "added")
                pieces = (old, tuple(piece for piece in one.pieces if piece.op != "removed"))
            self._facts.append(Fact(one.name, (one.left, one.right), one.key, one.differs, pieces))
        self._fill()

    def _fill(self) -> None:
        count = sum(fact.differs for fact in self._facts)
        if count:
            self.title.setText(trn("{count} difference", "{count} differences", count))
        else:
            self.title.setText(tr("Their recipes do not differ"))
        heading = Fact("", tuple(item.name for item in self._items), strong=True)
        shown = [fact for fact in self._facts if fact.differs or self.all.isChecked()]
        self.facts.show_facts([heading, *shown])
        renew_tab_order(self)
        self.all.setVisible(count < len(self._facts))

    def use(self, key: str, column: int) -> None:
        self.value_wanted.emit(self._items[column], key)


class ManyPage(_Page):
    """How many of what, and the values that all of them share."""

    compare_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] = []
        self.title = label("", "strong", wrap=True)
        self.add(self.title)
        self.facts = self.add_facts()
        self.column.addLayout(self._tags_place)
        self.column.addStretch(1)
        self.compare = button(tr("Compare"), "compact")
        self.foot.addWidget(self.compare, 0, 0)
        self.compare.clicked.connect(lambda: self.compare_wanted.emit(list(self._items)))

    def show_many(self, items: Sequence[Item], title: str, lines: Sequence[Line]) -> None:
        self._items = list(items)
        self.title.setText(title)
        self.facts.show_facts([Fact(line.name, (line.value,)) for line in lines])
        self.compare.setEnabled(len(items) <= MOST_COMPARED)
        self.compare.setToolTip(
            ""
            if len(items) <= MOST_COMPARED
            else tr("Select at most {count} items to compare them.", count=locales.number(MOST_COMPARED))
        )


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
