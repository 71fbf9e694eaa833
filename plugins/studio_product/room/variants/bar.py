"""The bar over the variants: their order, what colors them, which are shown, and their stars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QSizePolicy, QToolButton

from studio.api.values import tr
from studio.ui.api import UNIT, ComboBox, ElidedLabel, NarrowBar, icon
from studio_product.room.part.color_bar import title_of
from studio_product.room.part.looking import Coloring
from studio_product.room.part.rating import Rating
from studio_product.room.variants.variant import Quantity

_ICON = 20
_WORDS = 78 * UNIT
"""A bar that is narrower leaves out how many variants there are."""
_STARS = 60 * UNIT
"""A bar that is narrower leaves out the stars too: they have keys, and are in the gallery."""


class VariantsBar(NarrowBar):
    order_wanted = Signal(int)
    """Place of the quantity to order by; -1 for the order in which they were made."""
    coloring_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.order = ComboBox()
        self.order.setAccessibleName(tr("Order"))
        self.order.setToolTip(tr("Order: the best first"))
        self.coloring = ComboBox()
        self.coloring.setAccessibleName(tr("Color by"))
        for one in Coloring:
            self.coloring.addItem(tr("No colors") if one is Coloring.NOTHING else title_of(one), one)
        self.side_by_side = _toggle(tr("Side by side: only what is chosen (2 to 4)"), tr("Side by side"))
        self.hide_rejected = _toggle(tr("Hide what is rejected"), tr("Hide what is rejected"))
        self.fit = _toggle(tr("Show all of each"), tr("Show all"))
        self.fit.setCheckable(False)
        self.rating = Rating()
        self.told = ElidedLabel("", "muted")
        self.told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for box in (self.order, self.coloring):
            box.setMinimumContentsLength(9)
            box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._row.addWidget(box)
        for part in (self.side_by_side, self.hide_rejected, self.fit, self.rating):
            self._row.addWidget(part)
        self._row.addWidget(self.told, 1)
        self.order.activated.connect(lambda place: self.order_wanted.emit(place - 1))
        self.coloring.activated.connect(
            lambda place: self.coloring_wanted.emit(Coloring(self.coloring.itemData(place)))
        )
        self.color()

    def offer(self, quantities: Sequence[Quantity], by: Quantity | None, *, has_cases: bool) -> None:
        self.order.clear()
        self.order.addItems([tr("As made"), *(one.title for one in quantities)])
        self.order.setCurrentIndex(list(quantities).index(by) + 1 if by is not None else 0)
        self.coloring.setEnabled(has_cases)

    def share_room(self) -> None:
        self.told.setVisible(self.width() >= _WORDS)
        self.rating.setVisible(self.width() >= _STARS)

    def color(self) -> None:
        color = self.palette().color(QPalette.ColorRole.WindowText)
        self.side_by_side.setIcon(icon("side-by-side", color))
        self.hide_rejected.setIcon(icon("filter", color))
        self.fit.setIcon(icon("fit", color))


def _toggle(tip: str, name: str) -> QToolButton:
    made = QToolButton()
    made.setCheckable(True)
    made.setIconSize(QSize(_ICON, _ICON))
    made.setToolTip(tip)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
