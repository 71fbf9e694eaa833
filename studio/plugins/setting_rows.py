"""Settings that a plugin offers to people: the entries `[[settings]]` of its manifest, and which values fit.

A setting is about the person and the computer, not about one result: a color of the stage, the folder of a
sound library. What a result depends on belongs into a generator's `Params`, which its recipe keeps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from studio.plugins.manifest_rows import Id, Row
from studio.words import tr

MAX_TEXT = 200
"""Characters of a setting that is a text."""

_COLOR = re.compile(r"#[0-9a-f]{6}")
_MOST = 2**53
"""Whole numbers beyond it are none in JSON."""


class SettingChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a setting of the type "choice"."""

    value: Annotated[str, Meta(min_length=1, max_length=80)]
    title: Annotated[str, Meta(min_length=1, max_length=80)]


class SettingRow(Row, frozen=True, kw_only=True):
    """Something that a person sets once for all projects."""

    KEY = ("key",)
    TITLES = ("title",)

    key: Id
    """What rooms and generators know it by."""
    type: Literal["switch", "whole", "number", "choice", "text", "color"]
    """ "whole": a number without a fraction. "color": "#rrggbb" in lower case."""
    title: str
    help: Annotated[str, Meta(max_length=200)] = ""
    default: bool | int | float | str
    choices: Annotated[tuple[SettingChoice, ...], Meta(max_length=64)] = ()
    """Of a "choice"."""
    minimum: float | None = None
    """Of a number; both limits or none."""
    maximum: float | None = None
    unit: Annotated[str, Meta(max_length=16)] = ""

    def fits(self, value: object) -> bool:
        """Whether this can be its value: of its type, within its limits, one of its choices."""
        match self.type:
            case "switch":
                return isinstance(value, bool)
            case "whole":
                return type(value) is int and abs(value) <= _MOST and self._is_within(value)
            case "number":
                return type(value) in (int, float) and self._is_within(value)  # type: ignore[arg-type]
            case "choice":
                return isinstance(value, str) and value in {choice.value for choice in self.choices}
            case "text":
                return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()
            case "color":
                return isinstance(value, str) and _COLOR.fullmatch(value) is not None

    def trouble(self) -> str:
        """Why no form could show it, in words for the plugin's author; "" if one can."""
        low, high = self.minimum, self.maximum
        is_number = self.type in ("whole", "number")
        words = (self.help or " ", self.unit or " ", *(choice.title for choice in self.choices))
        if not all(text.isprintable() for text in words):
            return tr("its texts have signs that cannot be seen")
        if not is_number and (low, high) != (None, None):
            return tr("only numbers have limits")
        if (low, high) != (None, None) and not _is_range(low, high, whole=self.type == "whole"):
            return tr("its minimum and maximum are no range")
        values = [choice.value for choice in self.choices]
        if (self.type == "choice") != bool(values) or len(set(values)) != len(values):
            return tr("a “choice”, and nothing else, has choices, each with another value")
        return "" if self.fits(self.default) else tr("its default does not fit it")

    def schema(self) -> dict[str, Any]:
        """It as one field of a form: JSON Schema with `x-ui`, in English."""
        spec: dict[str, Any] = {"title": self.title, "description": self.help, "default": self.default}
        ui: dict[str, Any] = {"unit": self.unit}
        kinds = {"switch": "boolean", "whole": "integer", "number": "number"}
        spec["type"] = kinds.get(self.type, "string")
        if self.minimum is not None and self.maximum is not None:
            whole = self.type == "whole"
            spec["minimum"] = int(self.minimum) if whole else self.minimum
            spec["maximum"] = int(self.maximum) if whole else self.maximum
            ui["hint"] = "slider"
        if self.choices:
            spec["enum"] = [choice.value for choice in self.choices]
            ui["labels"] = {choice.value: choice.title for choice in self.choices}
        if self.type == "text":
            spec["maxLength"] = MAX_TEXT
        if self.type == "color":
            spec["pattern"] = f"^{_COLOR.pattern}$"
            ui["hint"] = "color"
        return spec | {"x-ui": ui}

    def _is_within(self, value: float) -> bool:
        if not math.isfinite(value):
            return False
        low, high = self.minimum, self.maximum
        return low is None or high is None or low <= value <= high


def _is_range(low: float | None, high: float | None, *, whole: bool) -> bool:
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return False
    return low < high and (not whole or (float(low).is_integer() and float(high).is_integer()))


def setting_values(rows: Sequence[SettingRow], given: Mapping[str, object]) -> dict[str, Any]:
    """The value of every setting: the one that was given where it fits, else its default."""
    wrong = {*unfit_settings(rows, given)}
    return {row.key: row.default if row.key in wrong else given.get(row.key, row.default) for row in rows}


def unfit_settings(rows: Sequence[SettingRow], given: Mapping[str, object]) -> list[str]:
    """The keys whose given value does not fit."""
    return [row.key for row in rows if row.key in given and not row.fits(given[row.key])]
