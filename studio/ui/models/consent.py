"""Before a model is fetched: what it is, where it comes from, its terms. Nothing happens without a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studio.core.model import ModelSpec
from studio.given_paths import path_of
from studio.ui.kit import locales
from studio.ui.kit.choosers import choose_file, choose_folder
from studio.ui.kit.controls import ComboBox, button, label
from studio.ui.kit.dialogs import Dialog
from studio.ui.kit.theme import UNIT
from studio.ui.models.details import read_only, terms_of
from studio.ui.models.facts import Facts, set_margins
from studio.ui.models.orders import Origin, OriginKind
from studio.ui.models.shelf import Entry
from studio.ui.models.words import commercial_words, fit_words, size_words, sources_words
from studio.words import tr

_WIDE, _HIGH = 80 * UNIT, 92 * UNIT
_KINDS: tuple[OriginKind, ...] = ("network", "files", "wheels")


class ConsentDialog(Dialog):
    """Calls `agreed(origin)`. `free` is what the disk has, in bytes, where it is known."""

    outlives_project = True

    def __init__(
        self, parent: QWidget | None, entry: Entry, free: int | None, agreed: Callable[[Origin], object]
    ) -> None:
        assert entry.spec is not None
        spec = entry.spec
        super().__init__(
            parent, tr("Get a model"), heading=tr("Get “{title}”", title=spec.title), width=80 * UNIT
        )
        self._spec, self._agreed = spec, agreed
        page = QWidget()
        column = QVBoxLayout(page)
        set_margins(column, 0, 0, UNIT, 0)
        column.setSpacing(UNIT)
        column.addWidget(Facts(_facts(entry, free)))
        column.addSpacing(UNIT)
        self._add_source(column, spec)
        column.addSpacing(UNIT)
        self.terms = read_only(terms_of(spec.licence), tr("Terms"))
        self.terms.setVisible(bool(self.terms.toPlainText()))
        column.addWidget(self.terms, 1)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the focus
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        self.body.addWidget(scroll, 1)
        self.agree = QCheckBox(tr("I have read these terms and agree to them"))
        self.agree.toggled.connect(lambda _: self._refresh())
        self.body.addWidget(self.agree)
        self.add_button(tr("Cancel"), self.reject)
        self.get = self.add_button(tr("Get it"), self._get, role="primary")
        self._refresh()
        self.grow(_WIDE, _HIGH)
        self.agree.setFocus()

    def _add_source(self, column: QVBoxLayout, spec: ModelSpec) -> None:
        self.source = ComboBox()
        for words in (
            tr("The network"),
            tr("A file, folder or bundle that I have"),
            tr("A folder with Python packages (wheels)"),
        ):
            self.source.addItem(words)
        self.source.setAccessibleName(tr("Get it from"))
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("File or folder"))
        self.file = button(tr("File…"))
        self.folder = button(tr("Folder…"))
        self.file.clicked.connect(partial(choose_file, self, tr("Choose"), "", self._chosen))
        self.folder.clicked.connect(lambda: choose_folder(self, tr("Choose"), "", self._chosen))
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.path, 1)
        for one in (self.file, self.folder):
            one.setAutoDefault(False)
            row.addWidget(one)
        self.told = label("", "small", wrap=True)
        title = label(tr("Get it from"))
        title.setBuddy(self.source)
        column.addWidget(title)
        column.addWidget(self.source)
        column.addLayout(row)
        column.addWidget(self.told)
        self.source.activated.connect(lambda _: self._refresh())
        self.path.textChanged.connect(lambda _: self._refresh())

    def origin(self) -> Origin:
        kind = _KINDS[self.source.currentIndex()]
        typed = self.path.text().strip()
        return Origin(kind, _own_path(typed) if typed and kind != "network" else None)

    def _refresh(self) -> None:
        kind = _KINDS[self.source.currentIndex()]
        local = kind != "network"
        self.path.setVisible(local)
        self.file.setVisible(kind == "files")
        self.folder.setVisible(local)
        lines = sources_words(self._spec)
        if len(lines) > 1:
            lines = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
        told = {
            "network": "\n".join(lines),
            "files": tr("It is checked against the digests of the catalog and copied."),
            "wheels": tr("Nothing but this folder is looked at; the network is not used."),
        }[kind]
        self.told.setText(told)
        self.get.setEnabled(self.agree.isChecked() and (not local or bool(self.path.text().strip())))
        self.get.setToolTip("" if self.get.isEnabled() else self._why())

    def _why(self) -> str:
        if not self.agree.isChecked():
            return tr("First agree to the terms.")
        return tr("First choose where it is.")

    def _chosen(self, path: Path) -> None:
        self.path.setText(str(path))

    def _get(self) -> None:
        origin = self.origin()
        self.accept()
        self._agreed(origin)


def _own_path(typed: str) -> Path:
    path = path_of(typed)
    try:
        return path.expanduser()
    except RuntimeError:  # "~nobody/models": there is no such user
        return path


def _facts(entry: Entry, free: int | None) -> list[tuple[str, str]]:
    spec = entry.spec
    assert spec is not None
    size = size_words(spec)
    if entry.part:
        size = tr("{size}, of which {part} are here", size=size, part=locales.size(entry.part))
    if free is not None:
        size = tr("{size}; the disk has {free} free", size=size, free=locales.size(free))
    licence = spec.licence
    return [
        (tr("Good for"), tr(spec.purpose)),
        (tr("Limits"), tr(spec.limits)),
        (tr("This computer"), fit_words(entry.fit)),
        (tr("Size"), size),
        (tr("Licence"), licence.title),
        (tr("Commercial use"), commercial_words(licence)),
    ]
