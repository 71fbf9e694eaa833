"""What stands over a form whose generator has no model yet: the one to begin with, one click away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from studio.core.model import ModelSpec
from studio.ui.kit.controls import button, label
from studio.ui.kit.form_parts import YieldingRow
from studio.ui.kit.theme import UNIT
from studio.words import tr


class ModelOffer(QFrame):
    get_wanted = Signal(str)
    """The id of the model that is offered."""
    models_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._spec: ModelSpec | None = None
        self.title = label("", "strong", wrap=True)
        self.text = label("", "muted", wrap=True)
        self.get = button("", "primary")
        self.all = button(tr("All models…"), "quiet")
        self.get.clicked.connect(lambda: self._spec and self.get_wanted.emit(self._spec.id))
        self.all.clicked.connect(self.models_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT + 4, UNIT + 4, UNIT + 4, UNIT)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(UNIT // 2)
        column.addWidget(YieldingRow(self.get, self.all))
        self.hide()

    def take_focus(self) -> None:
        (self.all if self.get.isHidden() else self.get).setFocus()

    def offer(self, title: str, spec: ModelSpec | None, size: str = "", going_on: str = "") -> None:
        """`spec` is the model to begin with, where there is one, and `size` its size in words.

        `going_on` says how far its download is.
        """
        self._spec = spec
        self.title.setText(title)
        if spec is None:
            told = tr("Get one, or add a file of your own.")
        else:
            told = going_on or f"{spec.title}. {tr(spec.purpose)} {tr(spec.limits)}".strip()
        self.text.setText(told)
        self.get.setVisible(spec is not None and not going_on)
        if spec is not None:
            self.get.setText(tr("Get it ({size})…", size=size))
            self.get.setAccessibleName(tr("Get “{title}”, {size}", title=spec.title, size=size))
        self.show()
