"""What the pre-check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Remark:
    """With an error the study cannot be computed; a warning says what will disappoint; a note explains."""

    severity: Literal["error", "warning", "note"]
    code: str
    """For the window and for tests: "no-support", "rigid-motion", ..."""
    message: str
    """What, and why, in the user's language."""
    hint: str = ""
    """What to do."""
    about: str = ""
    """The name of the support, load, case or region that is meant; "" for the study as a whole."""


def error(code: str, message: str, hint: str, about: str = "") -> Remark:
    return Remark("error", code, message, hint, about)


def warning(code: str, message: str, hint: str, about: str = "") -> Remark:
    return Remark("warning", code, message, hint, about)


def notice(code: str, message: str, hint: str = "", about: str = "") -> Remark:
    return Remark("note", code, message, hint, about)
