"""The gallery's menus: filters for those who do not type, how it is sorted and grouped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from studio.core.kind import KindInfo
from studio.project.order import Group, Sort
from studio.ui.items.tokens import has, toggled
from studio.ui.items.words import GROUPS, LABELS, SORTS
from studio.ui.kit.controls import label
from studio.ui.kit.menu_entries import clear, entry, plain_text, submenu
from studio.ui.kit.menu_keys import KeyMenu
from studio.ui.kit.theme import UNIT
from studio.words import tr

MOST_TAGS = 30


class FilterMenu(KeyMenu):
    """Switches words of the search field; made afresh each time it is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text: Callable[[], str] = str
        self._set_text: Callable[[str], object] = str
        self._tags: Callable[[], Sequence[str]] = list
        self._kinds: Callable[[], Sequence[KindInfo]] = list
        self.aboutToShow.connect(self._fill)

    def attach(
        self,
        text: Callable[[], str],
        set_text: Callable[[str], object],
        tags: Callable[[], Sequence[str]],
        kinds: Callable[[], Sequence[KindInfo]],
    ) -> None:
        """What it reads and sets."""
        self._text, self._set_text, self._tags, self._kinds = text, set_text, tags, kinds

    def _fill(self) -> None:
        clear(self)
        stars = submenu(self, tr("Stars"))
        for count in range(5, 0, -1):
            words = tr("{stars} and more", stars="★" * count) if count < 5 else "★" * count
            self._switch(stars, words, "stars", f">={count}" if count < 5 else "5")
        self._switch(stars, tr("None"), "stars", "0")
        kinds = submenu(self, tr("Kind"))
        for kind in self._kinds():
            self._switch(kinds, plain_text(tr(kind.title)), "kind", kind.id)
        labels = submenu(self, tr("Color label"))
        for color in LABELS:
            self._switch(labels, tr(LABELS[color]), "label", str(color))
        days = submenu(self, tr("Made"))
        self._switch(days, tr("Today"), "date", "today")
        self._switch(days, tr("Yesterday"), "date", "yesterday")
        tags = submenu(self, tr("Tag"))
        for tag in self._tags()[:MOST_TAGS]:
            self._switch(tags, plain_text(tag), "tag", tag)
        tags.setEnabled(bool(tags.actions()))
        self.addSeparator()
        self._switch(self, tr("Picked"), "is", "picked")
        self._switch(self, tr("Rejected"), "is", "rejected")
        self.addSeparator()
        entry(self, tr("Clear the search"), partial(self._set_text, ""), on=bool(self._text().strip()))

    def _switch(self, menu: QMenu, words: str, key: str, value: str) -> None:
        action = entry(menu, words, partial(self._toggle, key, value))
        action.setCheckable(True)
        action.setChecked(has(self._text(), key, value))

    def _toggle(self, key: str, value: str) -> None:
        self._set_text(toggled(self._text(), key, value))


def arrange_menu(
    parent: QWidget,
    sort: Callable[[Sort], object],
    group: Callable[[Group], object],
    stacks: Callable[[bool], object],
) -> tuple[QMenu, dict[Sort | Group, QAction], QAction]:
    """How items are sorted, grouped and stacked; the actions are checked by whoever knows."""
    menu = KeyMenu(parent)
    actions: dict[Sort | Group, QAction] = {}
    _heading(menu, tr("Sort by"))
    _choices(menu, SORTS, sort, actions)
    menu.addSeparator()
    _heading(menu, tr("Group by"))
    _choices(menu, GROUPS, group, actions)
    menu.addSeparator()
    stacked = entry(menu, tr("Stack results"), lambda: stacks(stacked.isChecked()))
    stacked.setCheckable(True)
    return menu, actions, stacked


def _heading(menu: QMenu, words: str) -> None:
    """A title, which Qt draws as a bare line under a style sheet."""
    action = QWidgetAction(menu)
    title = label(words, "small")
    title.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
    action.setText(words)
    action.setDefaultWidget(title)
    action.setEnabled(False)
    menu.addAction(action)


def _choices(
    menu: QMenu,
    words: Mapping[Any, str],
    choose: Callable[[Any], object],
    actions: dict[Sort | Group, QAction],
) -> None:
    exclusive = QActionGroup(menu)
    for value, told in words.items():
        action = entry(menu, tr(told), partial(choose, value))
        action.setCheckable(True)
        exclusive.addAction(action)
        actions[value] = action
