"""The family of an item in a window of its own: as large as one likes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from studio.core.item import Item
from studio.core.kind import Kinds
from studio.ui.items.lineage_model import Source
from studio.ui.kit.controls import button
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.ui.recipe.lineage_view import LineageView
from studio.words import tr


class FamilyWindow(Dialog):
    """Stays beside the work: choosing an item in it selects that in the gallery."""

    def __init__(self, parent: QWidget, thumbnail: Callable[[Item], QPixmap | None], kinds: Kinds) -> None:
        super().__init__(parent, tr("Family"))
        self.setSizeGripEnabled(True)
        self.view = LineageView(thumbnail, kinds, large=True)
        self.body.addWidget(self.view, 1)
        self.layout().setStretchFactor(self.body, 1)
        fit, less, more = button(tr("Show all")), button("−"), button("+")
        less.setAccessibleName(tr("Smaller"))
        more.setAccessibleName(tr("Larger"))
        fit.setToolTip(tr("All of it (0)"))
        fit.clicked.connect(self.view.fit)
        less.clicked.connect(lambda: self.view.zoom_by(-1))
        more.clicked.connect(lambda: self.view.zoom_by(1))
        for number, part in enumerate((fit, less, more)):
            part.setAutoDefault(False)
            self.buttons.insertWidget(number, part)
        self.resize(100 * UNIT, 70 * UNIT)
        self.view.setFocus()

    def show_family(self, source: Source, item: Item) -> None:
        self.heading.setText(item.name)
        self.view.show_family(source, item)
