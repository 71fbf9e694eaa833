"""The middle of the window for parts: what one must do, one that was made, and several beside each other."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, Segments, frame, renew_tab_order

if TYPE_CHECKING:
    from studio_product.room.part.frames import Frames
    from studio_product.room.part.pane import PartPane
    from studio_product.room.study.pane import SetUpPane
    from studio_product.room.variants.pane import VariantsPane

SET_UP, PART, VARIANTS = 0, 1, 2


class PageState(Struct, frozen=True):
    """What a rebuilt window takes over; the panes' own by tab."""

    tab: int
    panes: dict[int, Any]


class PartPage(QWidget):
    """Set up | Part | Variants. Each is made when it is seen first: the window opens without them."""

    made = Signal(int)
    """This tab has its pane now."""
    changed = Signal()
    """Another tab is shown, or what it shows has another name."""
    edited = Signal()
    """The study that is set up is another one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._made: dict[int, QWidget] = {}
        self.tab = SET_UP
        self.tabs = Segments((tr("Set up"), tr("Part"), tr("Variants")))
        self.tabs.setAccessibleName(tr("What is shown of the part"))
        self.tabs.chosen.connect(self.show_tab)
        self.name = ""
        """Of what is shown."""
        head = QHBoxLayout()
        head.setContentsMargins(UNIT + 4, UNIT // 2, UNIT + 4, UNIT // 2)
        head.setSpacing(UNIT)
        head.addWidget(self.tabs)
        self._bars = QStackedWidget()
        self._bars.addWidget(QWidget())
        head.addWidget(self._bars, 1)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(frame("line"))
        column.addWidget(self._stack, 1)

    @cached_property
    def frames(self) -> Frames:
        """What draws the views of all tabs."""
        from studio_product.room.part.frames import Frames

        return Frames()

    @cached_property
    def set_up(self) -> SetUpPane:
        from studio_product.room.study.pane import SetUpPane

        pane = SetUpPane(self.frames)
        pane.changed.connect(self.edited)
        self._bars.addWidget(pane.bar)
        return self._take(SET_UP, pane)

    @cached_property
    def part(self) -> PartPane:
        from studio_product.room.part.pane import PartPane

        return self._take(PART, PartPane(self.frames))

    @cached_property
    def variants(self) -> VariantsPane:
        from studio_product.room.variants.pane import VariantsPane

        return self._take(VARIANTS, VariantsPane(self.frames))

    def show_tab(self, tab: int) -> None:
        """SET_UP, PART or VARIANTS."""
        self.tab = tab
        self.tabs.choose(tab)
        pane = self.build(tab)
        self._stack.setCurrentWidget(pane)
        self._bars.setCurrentIndex(1 if tab == SET_UP else 0)
        self.changed.emit()

    def build(self, tab: int) -> QWidget:
        """The pane of a tab, which is told to `made` when it is there for the first time."""
        is_new = tab not in self._made
        pane: QWidget = self.set_up if tab == SET_UP else self.part if tab == PART else self.variants
        if is_new:
            self.made.emit(tab)
            if self.window().isVisible():
                renew_tab_order(self)
        return pane

    def has(self, tab: int) -> bool:
        """Whether its pane was made."""
        return tab in self._made

    @property
    def items_pane(self) -> PartPane | VariantsPane | None:
        """What shows parts now; None where a study is set up."""
        if self.tab == SET_UP or not self.has(self.tab):
            return None
        return self.part if self.tab == PART else self.variants

    def say_name(self, name: str) -> None:
        """Of what is shown."""
        if name != self.name:
            self.name = name
            self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stack.currentWidget() is None:
            self.show_tab(self.tab)

    def minimumSizeHint(self) -> QSize:
        return QSize(44 * UNIT, 32 * UNIT)

    def state(self) -> PageState:
        states = {tab: pane.state() for tab, pane in self._made.items() if hasattr(pane, "state")}
        return PageState(self.tab, states)

    def restore(self, state: PageState) -> None:
        for tab, kept in state.panes.items():
            self.build(tab).restore(kept)  # type: ignore[attr-defined]
        self.tab = state.tab
        if self.isVisible() or self._made:
            self.show_tab(state.tab)

    def close_panel(self) -> None:
        """Before it goes: no thread draws any more."""
        if "frames" in vars(self):
            self.frames.close()

    def _take(self, tab: int, pane: Any) -> Any:
        self._made[tab] = pane
        self._stack.addWidget(pane)
        return pane
