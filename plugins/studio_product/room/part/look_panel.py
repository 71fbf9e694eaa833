"""How a part is looked at, for the hand: what colors it, how far it is bent, where it is cut."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.api.values import tr
from studio.ui.api import UNIT, ComboBox, Segments, Slider, label, locales
from studio_product.core.studies.catalog import said
from studio_product.room.part.color_bar import title_of
from studio_product.room.part.looking import AXES, Coloring, Looking, Solid, cut_at, exaggeration


class LookPanel(QWidget):
    changed = Signal(object)
    """Looking."""

    def __init__(self) -> None:
        super().__init__()
        self.looking = Looking()
        self._solid: Solid | None = None
        self.coloring = ComboBox()
        for one in Coloring:
            self.coloring.addItem(tr("No colors") if one is Coloring.NOTHING else title_of(one), one)
        self.coloring.setAccessibleName(tr("Color by"))
        self.case = ComboBox()
        self.case.setAccessibleName(tr("Load case"))
        self.bending = Slider(0, 2, 0.05)
        self.bending.setAccessibleName(tr("Deformation"))
        self.bent = label("", "small")
        self.axis = Segments([tr("Off"), *AXES])
        self.axis.setAccessibleName(tr("Section along"))
        self.cut = Slider(0, 1, 0.01)
        self.cut.setAccessibleName(tr("Place of the section"))
        self.cut_words = label("", "small")
        self.from_below = QCheckBox(tr("From the other side"))
        self._lay_out()
        self.coloring.activated.connect(self._on_coloring)
        self.case.activated.connect(lambda place: self._set(case=place))
        self.bending.moved.connect(lambda value: self._set(bending=value))
        self.axis.chosen.connect(self._on_axis)
        self.cut.moved.connect(lambda value: self._set(cut=value))
        self.from_below.toggled.connect(lambda on: self._set(from_below=on))
        self._show()

    def _lay_out(self) -> None:
        self.of_cases = QWidget()
        form = _form(self.of_cases)
        form.addRow(tr("Color by"), self.coloring)
        form.addRow(tr("Load case"), self.case)
        form.addRow(tr("Deformation"), _beside(self.bending, self.bent))
        section = QWidget()
        form = _form(section)
        form.addRow(tr("Section"), self.axis)
        self.of_section = QWidget()
        below = QVBoxLayout(self.of_section)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(UNIT // 2)
        below.addWidget(_beside(self.cut, self.cut_words))
        below.addWidget(self.from_below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT)
        for part in (self.of_cases, section, self.of_section):
            column.addWidget(part)

    def show_solid(self, solid: Solid) -> None:
        """What it has to offer; how one looks stays, as far as that is possible with it."""
        self._solid = solid
        cases = solid.cases
        self.case.clear()
        self.case.addItems([said(case.name) for case in cases])
        wanted = self.looking
        if not cases:
            wanted = replace(wanted, coloring=Coloring.NOTHING, bending=0.0)
        self.looking = replace(wanted, case=min(wanted.case, max(len(cases) - 1, 0)))
        self._show()

    def set_looking(self, looking: Looking) -> None:
        """Shows another one, and tells nobody."""
        self.looking = looking
        if self._solid is not None:
            self.show_solid(self._solid)

    def _on_coloring(self, place: int) -> None:
        self._set(coloring=Coloring(self.coloring.itemData(place)))

    def _on_axis(self, place: int) -> None:
        """Taken away is what stands before the rest when one looks from the front right and above."""
        axis = AXES[place - 1] if place else ""
        self._set(axis=axis, from_below=axis == "y")

    def _set(self, **values: object) -> None:
        self.looking = replace(self.looking, **values)
        self._show()
        self.changed.emit(self.looking)

    def _show(self) -> None:
        looking, solid = self.looking, self._solid
        has_cases = solid is not None and bool(solid.cases)
        self.of_cases.setVisible(has_cases)
        self.coloring.setCurrentIndex(self.coloring.findData(looking.coloring))
        self.case.setCurrentIndex(looking.case if has_cases else -1)
        self.bending.show_value(looking.bending)
        self.axis.choose(AXES.index(looking.axis) + 1 if looking.axis else 0)
        self.of_section.setVisible(bool(looking.axis))
        self.cut.show_value(looking.cut)
        self.from_below.blockSignals(True)
        self.from_below.setChecked(looking.from_below)
        self.from_below.blockSignals(False)
        if solid is not None and has_cases:
            factor = looking.bending * exaggeration(solid, looking.case)
            decimals = 0 if factor >= 10 or factor == round(factor) else 1
            self.bent.setText(tr("×{factor}", factor=locales.number(factor, decimals)))
        if solid is not None and looking.axis:
            self.cut_words.setText(tr("{length} mm", length=locales.number(cut_at(solid, looking), 1)))


def _form(home: QWidget) -> QFormLayout:
    made = QFormLayout(home)
    made.setContentsMargins(0, 0, 0, 0)
    made.setHorizontalSpacing(UNIT)
    made.setVerticalSpacing(UNIT)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


def _beside(slider: Slider, words: QWidget) -> QWidget:
    """A slider with its value to the right of it, which keeps its room."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(UNIT)
    words.setMinimumWidth(8 * UNIT)
    words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    row.addWidget(slider, 1)
    row.addWidget(words)
    return made
