"""The chart of the variants with the choice of its axes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, ComboBox, label
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.scatter import Scatter
from studio_product.room.variants.variant import Quantity, Variant, spread

FIRST = ("mass", "compliance", "stress_999", "member", "displacement")
"""What the axes show at first: the first two of these that differ from variant to variant."""
_DIFFERS = 0.01
"""Variants of one volume weigh the same but for a little: a spread below this part tells nothing."""


class ChartPanel(QWidget):
    axes_changed = Signal()

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.scatter = Scatter(chosen)
        self.across, self.up = ComboBox(), ComboBox()
        self.across.setAccessibleName(tr("Across"))
        self.up.setAccessibleName(tr("Upwards"))
        self._quantities: Sequence[Quantity] = ()
        self._variants: Sequence[Variant] = ()
        self._wanted = ["", ""]
        """The names of what the user has chosen."""
        row = QHBoxLayout()
        row.setContentsMargins(UNIT, UNIT // 2, UNIT, 0)
        row.setSpacing(UNIT)
        row.addWidget(self.up, 1)
        row.addWidget(label(tr("over"), "muted"))
        row.addWidget(self.across, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.scatter, 1)
        for number, box in enumerate((self.across, self.up)):
            box.activated.connect(lambda place, number=number: self._choose(number, place))

    @property
    def axes(self) -> tuple[Quantity, Quantity] | None:
        """(across, up)"""
        if len(self._quantities) < 2:
            return None
        known = {one.name: one for one in self._quantities}
        named = [known[name] for name in FIRST if name in known]
        telling = [one for one in named if spread(self._variants, one) > _DIFFERS]
        spare = list(dict.fromkeys([*telling, *named, *self._quantities]))
        return known.get(self._wanted[0], spare[0]), known.get(self._wanted[1], spare[1])

    def show_variants(self, variants: Sequence[Variant], quantities: Sequence[Quantity]) -> None:
        self._variants, self._quantities = variants, quantities
        for box in (self.across, self.up):
            box.clear()
            box.addItems([one.title for one in quantities])
            box.setEnabled(bool(quantities))
        self._show()

    def state(self) -> list[str]:
        return [*self._wanted]

    def restore(self, wanted: list[str]) -> None:
        self._wanted = [*wanted]
        self._show()

    def _choose(self, number: int, place: int) -> None:
        self._wanted[number] = self._quantities[place].name
        self._show()
        self.axes_changed.emit()

    def _show(self) -> None:
        axes = self.axes
        for box, axis in zip((self.across, self.up), axes or (None, None), strict=True):
            box.setCurrentIndex(list(self._quantities).index(axis) if axis is not None else -1)
        self.scatter.show_variants(self._variants, axes)
