"""All about one model: what it is for, its terms, whether it runs here, its files; and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.core.model import Licence
from studio.ui.items.queue_words import SEPARATOR
from studio.ui.kit import locales
from studio.ui.kit.controls import ElidedLabel, button, frame, label
from studio.ui.kit.form_parts import Disclosure, IconButton
from studio.ui.kit.icons import icon
from studio.ui.kit.theme import UNIT, Theme
from studio.ui.models.facts import Facts, set_margins
from studio.ui.models.orders import Order
from studio.ui.models.progress import OrderCard
from studio.ui.models.shelf import Entry, State
from studio.ui.models.words import (
    commercial_words,
    fit_words,
    size_words,
    sources_words,
    state_of,
)
from studio.words import tr

_TEXT = 28 * UNIT
"""The least height of a text to read."""


class ModelDetails(QScrollArea):
    get_wanted = Signal()
    prepare_wanted = Signal()
    remove_wanted = Signal(object)
    """The `Model` that should go."""
    cancel_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.entry: Entry | None = None
        self.card: OrderCard | None = None
        self.get: QPushButton | None = None
        self.prepare: QPushButton | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the focus
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_entry(self, entry: Entry | None, order: Order | None, theme: Theme) -> None:
        """Builds the page anew, at its top if it is another model's."""
        is_same = entry is not None and self.entry is not None and entry.key == self.entry.key
        place = self.verticalScrollBar().value() if is_same else 0
        self.entry, self._theme = entry, theme
        self.card = self.get = self.prepare = None
        page = QWidget()
        column = QVBoxLayout(page)
        set_margins(column, 2 * UNIT, UNIT // 2, UNIT, UNIT)
        column.setSpacing(UNIT)
        if entry is None:
            column.addWidget(label(tr("No plugin offers a model for this."), "muted", wrap=True))
        else:
            self._head(column, entry)
            self.card = OrderCard()
            self.card.cancel.clicked.connect(self.cancel_wanted)
            self.card.again.clicked.connect(self.again_wanted)
            column.addWidget(self.card)
            self._buttons(column, entry)
            self._facts(column, entry)
            if entry.models:
                self._here(column, entry)
            self._files(column, entry)
            if entry.spec is not None and entry.spec.licence.text:
                self._terms(column, entry.spec.licence)
        column.addStretch(1)
        self.setWidget(page)
        self.show_order(order)
        self.verticalScrollBar().setValue(place)

    def show_order(self, order: Order | None) -> None:
        """What is being done with the model now."""
        if self.card is None or self.entry is None:
            return
        self.card.show_order(order)
        busy = order is not None
        for one in (self.get, self.prepare):
            if one is not None:
                one.setVisible(not busy)

    # Parts -------------------------------------------------------------------------------------------------

    def _head(self, column: QVBoxLayout, entry: Entry) -> None:
        title = label(entry.title, "heading", wrap=True)
        words, drawing, color = state_of(entry)
        mark = QLabel()
        side = self._theme.px(16)
        mark.setPixmap(icon(drawing, self._theme.color(color)).pixmap(side, side))
        line = QHBoxLayout()
        line.setSpacing(UNIT)
        line.addWidget(mark)
        line.addWidget(label(words, "muted", wrap=True), 1)
        column.addWidget(title)
        column.addLayout(line)

    def _buttons(self, column: QVBoxLayout, entry: Entry) -> None:
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        if entry.spec is not None and entry.source is None:
            words = tr("Go on getting it…") if entry.state is State.PARTIAL else tr("Get…")
            self.get = button(words, "" if entry.prepared or not entry.fit.ok else "primary")
            self.get.clicked.connect(self.get_wanted)
            row.addWidget(self.get)
        if entry.source is not None and entry.converters:
            words = tr("Prepare again…") if entry.prepared else tr("Prepare…")
            self.prepare = button(words, "" if entry.prepared else "primary")
            self.prepare.setToolTip(tr("Makes of it what runs faster on this computer, once."))
            self.prepare.clicked.connect(self.prepare_wanted)
            row.addWidget(self.prepare)
        for made in (self.get, self.prepare):
            if made is not None:
                made.setAutoDefault(False)
        row.addStretch(1)
        if row.count() > 1:
            column.addLayout(row)

    def _facts(self, column: QVBoxLayout, entry: Entry) -> None:
        spec = entry.spec
        facts: list[tuple[str, str]] = []
        if spec is not None:
            facts += [(tr("Good for"), tr(spec.purpose)), (tr("Limits"), tr(spec.limits))]
            if spec.kind == "text":
                follows = tr("Instruct model: it follows instructions")
                continues = tr("Base model: it continues texts and knows no instructions")
                facts.append((tr("Trained as"), follows if spec.instruct else continues))
        facts.append((tr("This computer"), fit_words(entry.fit)))
        facts.append((tr("Size"), size_words(spec, sum(model.size for model in entry.models))))
        if spec is not None:
            licence = spec.licence
            facts.append((tr("Licence"), licence.title))
            facts.append((tr("Commercial use"), commercial_words(licence)))
            facts.append((tr("Comes from"), "\n".join(sources_words(spec))))
        else:
            facts.append((tr("Licence"), entry.models[0].licence or tr("Not stated")))
        users = ", ".join(tr(one.title) for one in entry.users if one.listed)
        facts.append((tr("Used by"), users or tr("No generator that is installed")))
        column.addSpacing(UNIT // 2)
        column.addWidget(Facts(facts))

    def _here(self, column: QVBoxLayout, entry: Entry) -> None:
        _section(column, tr("On this computer"))
        for model in entry.models:
            made = model.made_by.rpartition(" ")[2]
            what = tr("Prepared, {precision}", precision=made) if made else tr("As it came")
            name = ElidedLabel(f"{what}{SEPARATOR}{model.format}", "", Qt.TextElideMode.ElideRight)
            name.setToolTip(str(model.path))
            gone = IconButton("trash", tr("Remove “{name}”", name=model.name))
            gone.clicked.connect(lambda _=False, model=model: self.remove_wanted.emit(model))
            column.addLayout(_row(name, label(locales.size(model.size), "small"), gone))

    def _files(self, column: QVBoxLayout, entry: Entry) -> None:
        _section(column, tr("Files"))
        if entry.spec is not None:
            files = [(file.name, file.size, file.sha256) for file in entry.spec.files]
        else:
            files = [(file.name, file.size, file.digest) for model in entry.models for file in model.files]
        for name, size, digest in files:
            title = ElidedLabel(name, "", Qt.TextElideMode.ElideMiddle)
            words = locales.size(size) if size else tr("size not known")
            told = ElidedLabel(digest or tr("decided by the first download"), "small")
            copy = IconButton("copy", tr("Copy the SHA-256 of “{name}”", name=name))
            copy.setEnabled(bool(digest))
            copy.clicked.connect(lambda _=False, text=digest: QGuiApplication.clipboard().setText(text))
            both = QVBoxLayout()
            both.setSpacing(0)
            both.addLayout(_row(title, label(words, "small")))
            both.addWidget(told)
            row = QHBoxLayout()
            row.setSpacing(UNIT + 4)
            row.addLayout(both, 1)
            row.addWidget(copy)
            column.addLayout(row)

    def _terms(self, column: QVBoxLayout, licence: Licence) -> None:
        column.addSpacing(UNIT)
        fold = Disclosure(tr("Terms"), is_open=False)
        text = read_only(terms_of(licence), tr("Terms"))
        text.hide()
        fold.toggled.connect(text.setVisible)
        column.addWidget(fold)
        column.addWidget(text)


def terms_of(licence: Licence) -> str:
    """What a person agrees to, with the place where it is published."""
    return "\n\n".join(filter(None, (licence.text, licence.url)))


def read_only(words: str, name: str) -> QPlainTextEdit:
    """A text to read; Tab leaves it."""
    text = QPlainTextEdit(words)
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setProperty("role", "card")
    text.setAccessibleName(name)
    text.setMinimumHeight(_TEXT)
    return text


def _section(column: QVBoxLayout, title: str) -> None:
    column.addSpacing(UNIT)
    column.addWidget(frame("line"))
    column.addWidget(label(title, "group"))


def _row(first: ElidedLabel, *others: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(UNIT + 4)
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return row
