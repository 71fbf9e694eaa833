"""Looks at a study before it is computed, and says in plain words what cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.core.study import Study
from studio.parts.grid import Grid
from studio.parts.mesh import Mesh


@dataclass(frozen=True)
class Remark:
    """With an error the study cannot be computed; a warning says what will disappoint."""

    severity: Literal["error", "warning", "note"]
    code: str
    """For tests and the window: "no-support", "rigid-motion", ..."""
    message: str
    """What and why, in the user's language."""
    hint: str = ""
    """What to do."""
    about: str = ""
    """The name of the support, load, case or region meant; "" for the study."""


def check_study(
    study: Study, meshes: Mapping[str, Mesh], grid: Grid, *, memory: int | None = None
) -> list[Remark]:
    """Errors first, then warnings, then notes. `memory`: bytes free on the machine; None does not ask.

    It never raises for a study that `study_from_json` let through.
    """
    raise NotImplementedError
