"""Variants to choose from: views, a chart and a table that all show and change one choice."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from studio.api.values import Number, tr, trn
from studio.ui.api import UNIT, EmptyState, Item, locales
from studio_product.core.view.camera import Camera
from studio_product.room.part.color_bar import ColorStrip
from studio_product.room.part.frames import Frames
from studio_product.room.part.looking import Coloring, Looking
from studio_product.room.part.standard_views import Look
from studio_product.room.variants.bar import VariantsBar
from studio_product.room.variants.chart import ChartPanel
from studio_product.room.variants.chosen import Chosen
from studio_product.room.variants.grid import MOST, Ask, VariantGrid
from studio_product.room.variants.rooms import Rooms
from studio_product.room.variants.table import VariantTable
from studio_product.room.variants.variant import Quantity, Variant, ordered, quantities

SIDE_BY_SIDE = range(2, 5)
"""So many variants can be looked at alone."""


class VariantsState(Struct, frozen=True):
    """What a rebuilt window takes over."""

    variants: tuple[Variant, ...]
    title: str
    common: tuple[Number, ...]
    chosen: tuple[str, ...]
    order: str
    reverse: bool
    axes: list[str]
    coloring: Coloring
    hides_rejected: bool
    camera: Camera | None


class VariantsPane(QWidget):
    """`attach` gives it what reads files, before it is shown anything."""

    rated = Signal(object, int)
    """([Item], stars)"""
    rejected = Signal(object, bool)
    opened = Signal(object)
    """Item: it alone is to be looked at."""
    chosen_changed = Signal(object)
    """The uids of what the user has chosen, for the gallery."""
    failed = Signal(object)
    named = Signal()
    """`title` is another one."""

    def __init__(self, frames: Frames) -> None:
        super().__init__()
        self.variants: tuple[Variant, ...] = ()
        self._by = ""
        """The name of the quantity that orders them; "" for the order in which they were made."""
        self._reverse = False
        self._alone: tuple[str, ...] = ()
        """What is looked at side by side; empty while all are."""
        self._title = ""
        self._common: tuple[Number, ...] = ()
        self._follows = False
        self.chosen = Chosen(self)
        self.bar = VariantsBar()
        self.grid = VariantGrid(frames, self.chosen)
        self.legend = ColorStrip()
        self.chart = ChartPanel(self.chosen)
        self.table = VariantTable(self.chosen)
        self.rooms = Rooms(self.grid, self.chart, self.table)
        self.empty = EmptyState(
            tr("No variants yet"),
            tr("Generate some with the form, or select parts in the gallery to compare them here."),
        )
        self._lay_out()
        self._wire()
        self.clear()

    def _lay_out(self) -> None:
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.legend)
        column.addWidget(self.rooms, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._stack)

    def _wire(self) -> None:
        bar = self.bar
        bar.order_wanted.connect(self._order_by)
        bar.coloring_wanted.connect(self._color_by)
        bar.side_by_side.toggled.connect(self._set_alone)
        bar.hide_rejected.toggled.connect(lambda _: self._show())
        bar.fit.clicked.connect(self.grid.fit)
        bar.rating.rated.connect(lambda _, stars: self.rate(stars))
        bar.rating.rejected.connect(lambda *_: self.reject())
        self.table.sort_wanted.connect(self._on_header)
        self.chart.axes_changed.connect(self._show)
        self.grid.legend_changed.connect(self.legend.show_legend)
        self.grid.failed.connect(self.failed)
        for part in (self.grid, self.chart.scatter, self.table):
            part.opened.connect(self._open)
        self.chosen.changed.connect(self._on_chosen)

    # What is shown -----------------------------------------------------------------------------------------

    def attach(self, ask: Ask) -> None:
        self.grid.attach(ask)

    def show_variants(self, variants: Sequence[Variant], title: str, common: Sequence[Number] = ()) -> None:
        """Other ones; what was chosen of them stays so.

        Args:
            common: what was measured on all of them together: how different they are.
        """
        self.variants, self._title, self._common = tuple(variants), title, tuple(common)
        self._alone = ()
        self.grid.set_camera(None)
        self._show()

    def items_changed(self, items: Sequence[Item]) -> None:
        """They have other stars or names now, or are in the trash."""
        fresh = {item.uid: item for item in items}
        self.variants = tuple(replace(one, item=fresh.get(one.item.uid, one.item)) for one in self.variants)
        self._show()

    @property
    def title(self) -> str:
        """What is shown, in words; "" for nothing."""
        return self._title if self.variants else ""

    def choose(self, uids: Sequence[str]) -> None:
        """What is selected in the gallery; nobody is told."""
        self._follows = True
        self.chosen.choose(uids)
        self._follows = False

    def clear(self) -> None:
        self.variants, self._alone = (), ()
        self.grid.clear()
        self.chosen.offer(())
        self._show()

    @property
    def quantities(self) -> list[Quantity]:
        return quantities(self.variants)

    def seen(self) -> list[Variant]:
        """Those that are shown, in their order."""
        hides = self.bar.hide_rejected.isChecked()
        known = self.quantities
        by = next((one for one in known if one.name == self._by), None)
        shown = [
            one for one in self.variants if one.item.trashed is None and not (hides and one.item.rejected)
        ]
        return ordered(shown, by, reverse=self._reverse)

    def _show(self) -> None:
        self._stack.setCurrentIndex(1 if self.variants else 0)
        self.named.emit()
        if not self.variants:
            return
        known, seen = self.quantities, self.seen()
        by = next((one for one in known if one.name == self._by), None)
        self.chosen.offer([one.item.uid for one in seen])
        self.bar.offer(known, by, has_cases=bool(known))
        self.chart.show_variants(seen, known)
        self.table.show_variants(seen, known, by=by, reverse=self._reverse)
        alone = [one for one in seen if one.item.uid in self._alone]
        self.grid.show_variants(alone or seen, self.chart.axes or tuple(known[:2]))
        self._on_chosen()

    def _tell(self) -> None:
        count, chosen, front = len(self.seen()), len(self.chosen.uids), len(self.chart.scatter.front)
        told = [trn("{count} variant", "{count} variants", count)]
        if count > MOST and not self._alone:
            told.append(tr("the first {count} as views", count=MOST))
        if front:
            told.append(trn("{count} on the front", "{count} on the front", front))
        if chosen:
            told.append(trn("{count} chosen", "{count} chosen", chosen))
        told[1:1] = [f"{tr(one.title)}: {_short(one)}" for one in self._common if one.name != "variants"]
        self.bar.told.setText(" · ".join(told))

    # What the user does ------------------------------------------------------------------------------------

    def _order_by(self, place: int) -> None:
        self._by = self.quantities[place].name if place >= 0 else ""
        self._reverse = False
        self._show()

    def _on_header(self, name: str) -> None:
        """The same column again turns the order round."""
        self._reverse = not self._reverse if name == self._by else False
        self._by = name
        self._show()

    def _color_by(self, coloring: Coloring) -> None:
        self.grid.set_looking(Looking(coloring))

    def _set_alone(self, on: bool) -> None:
        self._alone = self.chosen.uids if on else ()
        self._show()

    def _open(self, uid: str) -> None:
        item = self._item(uid)
        if item is not None:
            self.opened.emit(item)

    def open_current(self) -> None:
        self._open(self.chosen.current)

    def _item(self, uid: str) -> Item | None:
        return next((one.item for one in self.variants if one.item.uid == uid), None)

    def chosen_items(self) -> list[Item]:
        """All that are chosen; where none is, the current one."""
        found = (self._item(uid) for uid in self.chosen.uids or (self.chosen.current,))
        return [item for item in found if item is not None]

    def _on_chosen(self) -> None:
        count = len(self.chosen.uids)
        alone = self.bar.side_by_side
        alone.setEnabled(alone.isChecked() or count in SIDE_BY_SIDE)
        self.bar.rating.show_item(self._item(self.chosen.current) if count else None)
        self._tell()
        if not self._follows:
            self.chosen_changed.emit(self.chosen.uids)

    def rate(self, stars: int) -> None:
        """All that are chosen."""
        self.rated.emit(self.chosen_items(), stars)

    def reject(self) -> None:
        """All that are chosen; or takes that back, where all of them are rejected."""
        items = self.chosen_items()
        self.rejected.emit(items, not all(item.rejected for item in items))

    def look_side_by_side(self) -> None:
        if self.bar.side_by_side.isEnabled():
            self.bar.side_by_side.toggle()

    def fit(self) -> None:
        self.grid.fit()

    def look_from(self, look: Look) -> None:
        self.grid.look_from(look)

    # Qt and handing over -----------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * UNIT, 32 * UNIT)

    def state(self) -> VariantsState:
        return VariantsState(
            self.variants,
            self._title,
            self._common,
            self.chosen.uids,
            self._by,
            self._reverse,
            self.chart.state(),
            self.grid.coloring,
            self.bar.hide_rejected.isChecked(),
            self.grid.camera,
        )

    def restore(self, state: VariantsState) -> None:
        self._by, self._reverse = state.order, state.reverse
        self.bar.hide_rejected.setChecked(state.hides_rejected)
        self.bar.coloring.setCurrentIndex(self.bar.coloring.findData(state.coloring))
        self._color_by(state.coloring)
        self.chart.restore(state.axes)
        self.show_variants(state.variants, state.title, state.common)
        if state.camera is not None:
            self.grid.set_camera(state.camera)
        self.choose(state.chosen)


def _short(number: Number) -> str:
    """Rounded: it stands in a line with others."""
    return f"{locales.number(round(number.value))} {number.unit}".rstrip()
