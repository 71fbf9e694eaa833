"""What the check of a study has to say, each with the way to what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.api.values import tr, trn
from studio.ui.api import UNIT, button, icon, label, renew_tab_order
from studio_product.room.study.checking import place_of
from studio_product.room.study.words import title_at

if TYPE_CHECKING:
    from studio_product.core.studies.remark import Remark
    from studio_product.core.studies.study import Study

_ICON = 16
_MOST_HEIGHT = 15 * UNIT
_SIGNS = {"error": "error", "warning": "warning", "note": "info"}


class Remarks(QWidget):
    """As tall as its remarks, up to a few; more of them scroll."""

    show_wanted = Signal(object)
    """Remark: of what it speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.remarks: Sequence[Remark] = ()
        self.is_known = False
        """Whether the check has answered for the study as it is."""
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(UNIT + 4, UNIT // 2, UNIT, UNIT // 2)
        self._column.setSpacing(UNIT // 2)
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)

    @property
    def errors(self) -> list[Remark]:
        """For which nothing can be computed."""
        return [remark for remark in self.remarks if remark.severity == "error"]

    def show_remarks(self, remarks: Sequence[Remark], study: Study) -> None:
        if self.is_known and [*remarks] == [*self.remarks]:
            return
        self.is_known = True
        self.remarks = remarks
        while (item := self._column.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for remark in remarks:
            self._column.addWidget(self._row(remark, study))
        if not remarks:
            self._column.addWidget(self._line("check", tr("Nothing stands in the way.")))
        self._column.addStretch(1)
        errors = len(self.errors)
        problems = trn("{count} problem", "{count} problems", errors) if errors else tr("No problems")
        self.setAccessibleName(tr("Remarks about the study: {problems}", problems=problems))
        self.updateGeometry()
        if self.window().isVisible():
            renew_tab_order(self)

    def _row(self, remark: Remark, study: Study) -> QWidget:
        place = place_of(study, remark)
        if place is None:
            return self._line(_SIGNS[remark.severity], remark.message, remark.hint)
        made = button(tr("Show"), "compact")
        made.setAccessibleName(tr("Show “{name}”", name=title_at(study, place)))
        made.clicked.connect(partial(self.show_wanted.emit, remark))
        return self._line(_SIGNS[remark.severity], remark.message, remark.hint, made)

    def _line(self, sign: str, words: str, more: str = "", act: QWidget | None = None) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        picture = QLabel()
        palette = self.palette()
        color = palette.brightText() if sign == "error" else palette.linkVisited()
        plain = sign in ("check", "info")
        picture.setPixmap(
            icon(sign, palette.placeholderText().color() if plain else color.color()).pixmap(
                QSize(_ICON, _ICON), self.devicePixelRatioF()
            )
        )
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(label(words, wrap=True))
        if more:
            told.addWidget(label(more, "small", wrap=True))
        row.addLayout(told, 1)
        if act is not None:
            row.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def sizeHint(self) -> QSize:
        width = max(self.width(), 30 * UNIT)
        need = self._column.heightForWidth(width - 2 * UNIT) if self._column.hasHeightForWidth() else 0
        need = max(need, self._column.sizeHint().height())
        return QSize(width, min(need + 2, _MOST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * UNIT, min(5 * UNIT, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
