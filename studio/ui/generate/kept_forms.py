"""The forms of the last generators, kept for the next time: building one takes longest of all in a room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from studio.ui.generate.form import ParamsForm

MOST = 8
"""That are kept beside the one that is shown."""


class KeptForms:
    """Puts forms into a place of the panel; only the one that is in use is seen."""

    def __init__(self, place: QVBoxLayout) -> None:
        self._place = place
        self._forms: dict[str, ParamsForm] = {}
        """By generator, the one that was used last at the end."""

    def get(self, generator: str, make: Callable[[], ParamsForm]) -> ParamsForm:
        """The form of a generator, made by `make` where none is kept."""
        form = self._forms.pop(generator, None)
        if form is None:
            form = make()
            self._place.addWidget(form)
        else:
            form.refresh_models()
        self._forms[generator] = form
        if len(self._forms) > MOST:
            self._drop(next(iter(self._forms)))
        return form

    def all(self) -> list[tuple[str, ParamsForm]]:
        """Those that are kept, with the generators that they belong to."""
        return [*self._forms.items()]

    def clear(self) -> None:
        """Generators are described anew."""
        for generator in [*self._forms]:
            self._drop(generator)

    def _drop(self, generator: str) -> None:
        form = self._forms.pop(generator)
        self._place.removeWidget(form)
        form.hide()  # it goes a moment later, and would be seen until then
        form.deleteLater()
