"""What the forms of all generators were like the last time."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from studio.settings import Generating
from studio.ui.generate.form import ParamsForm


class FormMemory(Struct):
    """Everything by generator id."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    folded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    advanced: set[str] = field(default_factory=set)
    """Where the advanced settings are shown."""
    presets: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, last: Generating) -> FormMemory:
        values = {name: dict(own) for name, own in last.values.items()}
        return cls(values, dict(last.folded), set(last.advanced), dict(last.presets))

    def bring_back(self, generator_id: str, form: ParamsForm) -> None:
        """What is shown and what folded; the values are the model's, before it gets its form."""
        form.show_advanced(generator_id in self.advanced)
        form.fold(self.folded.get(generator_id, ()))

    def take(self, generator_id: str, form: ParamsForm) -> None:
        self.values[generator_id] = form.model.values
        self.folded[generator_id] = form.folded()
        self.advanced.discard(generator_id)
        if form.shows_advanced:
            self.advanced.add(generator_id)

    def kept(self) -> dict[str, Any]:
        """For the settings."""
        return {
            "values": self.values,
            "folded": self.folded,
            "advanced": tuple(sorted(self.advanced)),
            "presets": self.presets,
        }
