"""The part of the export dialog that chooses formats: a row for each kind, and one for each option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from studio.core.item import Item
from studio.export.formats import Format, Formats
from studio.plugins.manifest_rows import OptionRow
from studio.settings import Exporting
from studio.ui.kit import locales
from studio.ui.kit.controls import ComboBox
from studio.ui.kit.number_field import NumberField
from studio.ui.kit.theme import UNIT
from studio.words import in_sentence, tr

_OWN = "own"


class OptionField(QWidget):
    """A number that may be left to the plugin."""

    def __init__(self, option: OptionRow, last: float | None) -> None:
        super().__init__()
        self.choice = ComboBox()
        self.choice.addItem(
            tr("As usual ({usual})", usual=tr(option.usual)) if option.usual else tr("As usual"), None
        )
        self.choice.addItem(tr("Other"), _OWN)
        self.number = NumberField(option.minimum, option.maximum, option.step, option.unit, whole=False)
        is_own = last is not None and option.minimum <= last <= option.maximum
        self.number.show_value(last if last is not None and is_own else option.minimum)
        self.choice.setCurrentIndex(int(is_own))
        for part in (self.choice, self.number):
            part.setAccessibleName(tr(option.title))
            part.setToolTip(tr(option.help))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self.choice, 1)
        row.addWidget(self.number)
        self.choice.currentIndexChanged.connect(lambda _: self._refresh())
        self._refresh()

    def value(self) -> float | None:
        """None: as usual."""
        return float(self.number.number()) if self.choice.currentData() == _OWN else None

    def set_value(self, value: float) -> None:
        """Chooses this number."""
        self.number.show_value(value)
        self.choice.setCurrentIndex(1)

    def _refresh(self) -> None:
        self.number.setVisible(self.choice.currentData() == _OWN)


class FormatRows:
    """The rows, in a form of the dialog's."""

    def __init__(
        self,
        form: QFormLayout,
        items: Sequence[Item],
        formats: Formats,
        last: Exporting,
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called whenever another format was chosen."""
        self._form = form
        self._formats = formats
        self.choices: dict[str, ComboBox] = {}
        """By kind; only of kinds that have formats."""
        self.options: dict[tuple[str, str], OptionField] = {}
        """By kind and the option's id."""
        present = formats.kinds.several(item.kind for item in items)
        offered = {info: found for info in present if (found := formats.of_kind(info.id))}
        for info, found in offered.items():
            words = (
                tr("Format")
                if len(present) == 1
                else tr("Format ({kind})", kind=in_sentence(tr(info.plural)))
            )
            self._add_choice(info.id, words, found, last, _as_is(sum(item.kind == info.id for item in items)))
            self.choices[info.id].activated.connect(lambda _: changed())

    def _add_choice(
        self, kind: str, words: str, formats: Sequence[Format], last: Exporting, as_is: str
    ) -> None:
        choice = ComboBox()
        choice.addItem(as_is, "")
        for format in formats:
            choice.addItem(tr(format.title), format.id)
        choice.setCurrentIndex(max(0, choice.findData(last.formats.get(kind, ""))))
        self._form.addRow(words, choice)
        self.choices[kind] = choice
        for option in (option for format in formats for option in format.options):
            if (kind, option.id) not in self.options:
                field = OptionField(option, last.options.get(kind, {}).get(option.id))
                self._form.addRow(tr(option.title), field)
                self.options[kind, option.id] = field

    def chosen(self) -> dict[str, str]:
        """The format of each kind that is shown; "" where files go out as they are."""
        return {kind: choice.currentData() for kind, choice in self.choices.items()}

    def values(self) -> dict[str, dict[str, float]]:
        """The options that are set, by kind."""
        found: dict[str, dict[str, float]] = {kind: {} for kind in self.choices}
        for (kind, name), field in self.options.items():
            value = field.value()
            if value is not None:
                found[kind][name] = value
        return found

    def refresh(self) -> None:
        """Shows the options of the chosen formats only."""
        chosen = self.chosen()
        for (kind, name), field in self.options.items():
            format = next((one for one in self._formats.of_kind(kind) if one.id == chosen[kind]), None)
            is_shown = format is not None and any(option.id == name for option in format.options)
            self._form.setRowVisible(field, is_shown)


def facts(items: Sequence[Item], formats: Formats) -> str:
    """How many of what, and how much it is."""
    words = [
        _count(sum(item.kind == info.id for item in items), info.title, info.plural)
        for info in formats.kinds.several(item.kind for item in items)
    ]
    return _joined([*words, locales.size(sum(item.size for item in items))])


def _count(count: int, title: str, plural: str) -> str:
    kind = in_sentence(tr(title if count == 1 else plural))
    return tr("{count} {kind}", count=locales.number(count), kind=kind)


def _joined(words: Iterable[str]) -> str:
    return "  ·  ".join(words)


def _as_is(count: int) -> str:
    return tr("As it is") if count == 1 else tr("As they are")
