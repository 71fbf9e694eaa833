"""Making of a model what runs faster on this computer: how fine its numbers stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from studio.core.model import ConverterDescription
from studio.models.store import Model
from studio.ui.kit.controls import ComboBox, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.words import tr


def precision_words(precision: str) -> str:
    """What a precision means to somebody who chooses it."""
    known = {
        "int4": tr("4 bits: smallest and fastest"),
        "int8": tr("8 bits: larger, closer to the original"),
        "fp16": tr("16 bits: as it came, half the size of 32"),
        "bf16": tr("16 bits: as it came, half the size of 32"),
        "fp32": tr("32 bits: largest and exact"),
    }
    return known.get(precision, precision)


class PrepareDialog(Dialog):
    """Calls `chosen(converter, precision)`."""

    outlives_project = True

    def __init__(
        self,
        parent: QWidget | None,
        model: Model,
        converters: Sequence[ConverterDescription],
        chosen: Callable[[ConverterDescription, str], object],
    ) -> None:
        super().__init__(
            parent, tr("Prepare a model"), heading=tr("Prepare “{name}”", name=model.name), width=64 * UNIT
        )
        self._chosen = chosen
        self._choices = [(one, precision) for one in converters for precision in one.precisions]
        told = tr(
            "The model is rewritten once for this computer. It takes a minute or so for each gigabyte; "
            "what came stays as it is."
        )
        self.body.addWidget(label(told, "muted", wrap=True))
        self.precision = ComboBox()
        self.precision.setAccessibleName(tr("Precision"))
        for converter, precision in self._choices:
            words = precision_words(precision)
            self.precision.addItem(words if len(converters) == 1 else f"{tr(converter.title)}: {words}")
        title = label(tr("Precision"))
        title.setBuddy(self.precision)
        self.body.addSpacing(UNIT)
        self.body.addWidget(title)
        self.body.addWidget(self.precision)
        self.add_button(tr("Cancel"), self.reject)
        self.add_button(tr("Prepare"), self._go, role="primary")
        self.fit()
        self.precision.setFocus()

    def _go(self) -> None:
        converter, precision = self._choices[self.precision.currentIndex()]
        self.accept()
        self._chosen(converter, precision)
