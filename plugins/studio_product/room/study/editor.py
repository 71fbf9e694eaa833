"""The field of a form that takes a study: its name, what is in it, and the way to set it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.api.values import BadInput, tr
from studio.ui.api import UNIT, Editor, ElidedLabel, button, label
from studio_product.core.studies.catalog import said
from studio_product.core.studies.study_value import study_of
from studio_product.room.study.words import summary


class StudyEditor(Editor):
    """Never changes the value by itself: that is done where the study is seen."""

    def __init__(self, set_up: Callable[[], object]) -> None:
        self._name = ElidedLabel("", "strong")
        self._summary = label("", "muted", wrap=True)
        self._button = button(tr("Set up…"))
        self._button.clicked.connect(lambda: set_up())
        self._shown: Any = None
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self._name)
        column.addWidget(self._summary)
        super().__init__(self._button, beside=self._button, below=room)

    def offer_set_up(self, on: bool) -> None:
        """The way to where it is set up, unless that is seen already."""
        self._button.setVisible(on)

    def show(self, value: Any) -> None:
        if value == self._shown:
            return
        self._shown = value
        if not value:
            self._say(tr("No study yet"), tr("Nothing says what the part must do."))
            return
        try:
            study = study_of(value)
        except BadInput as error:
            self._say(tr("This study is not finished"), error.message)
        else:
            self._say(said(study.name), summary(study))

    def _say(self, name: str, words: str) -> None:
        self._name.setText(name)
        self._summary.setText(words)
