"""Looks at a study beside the window's thread: what cannot work in it, and what each quality will cost."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer

from studio.api.values import tr
from studio_product.core.studies.catalog import in_words
from studio_product.core.studies.study import Study
from studio_product.core.studies.study_rules import broken_rule
from studio_product.room.study.places import STUDY, Kind, Place, name_at, place_named
from studio_product.room.study.words import title_at

if TYPE_CHECKING:
    from studio.ui.api import Tasks
    from studio_product.core.mesh import Mesh
    from studio_product.core.studies.estimate import Estimate
    from studio_product.core.studies.quality import Quality
    from studio_product.core.studies.remark import Remark

log = logging.getLogger(__name__)

CALM_MS = 250
"""After the last change."""
_PATH = re.compile(r"(supports|regions|cases)\[(\d+)\](?:\.loads\[(\d+)\])?")
_CODES: dict[Kind, tuple[str, ...]] = {
    "supports": ("no-support", "rigid-motion"),
    "cases": ("no-load", "loads-balance", "loads-cancel"),
    "target": ("mass-unreachable", "target-small", "little-left"),
    "making": ("member-thin", "not-symmetric", "not-extruded"),
    "method": ("radius-small", "stiffness-ratio"),
    "material": ("units-density", "units-modulus", "units-strength"),
    "space": (
        "no-space",
        "space-thin",
        "units-space",
        "units-mesh",
        "mesh-missing",
        "mesh-open",
        "mesh-outside",
    ),
}
"""Of remarks that name no thing: where what they speak of is changed."""
_OF_GRID = ("grid-memory", "member-thin", "radius-small", "space-thin")
QUALITIES: tuple[Quality, ...] = ("draft", "normal", "fine")


class Asked(Struct, frozen=True):
    study: Study
    meshes: Mapping[str, Mesh]
    quality: Quality
    variants: int


class Found(Struct, frozen=True):
    study: Study
    remarks: tuple[Remark, ...]
    estimates: tuple[Estimate, ...]


class Checking(QObject):
    """One look at a time; of what changes meanwhile, the last is looked at next."""

    def __init__(
        self, tasks: Tasks, ask: Callable[[], Asked], found: Callable[[Found], object], owner: QObject
    ) -> None:
        super().__init__(owner)
        self._tasks, self._ask, self._found, self._owner = tasks, ask, found, owner
        self._is_busy = False
        self._is_stale = False
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._begin)

    def ask(self) -> None:
        """Something has changed."""
        self._is_stale = True
        self._calm.start()

    def _begin(self) -> None:
        if self._is_busy:
            return  # it is asked again when that has ended
        self._is_busy, self._is_stale = True, False
        asked = self._ask()
        self._tasks.start(
            tr("Checking the study"), lambda _: look(asked), self._done, self._failed, owner=self._owner
        )

    def _done(self, found: Found) -> None:
        self._is_busy = False
        if self._is_stale:
            self._begin()
        else:
            self._found(found)

    def _failed(self, error: BaseException) -> None:
        """A defect of ours, which need not keep anybody from going on."""
        self._is_busy = False
        log.error("The check of a study failed", exc_info=error)


def look(asked: Asked) -> Found:
    """Not on the window's thread: it takes up to a tenth of a second."""
    import psutil

    from studio_product.core.studies.check import check_study, rank
    from studio_product.core.studies.check_values import grid_remarks
    from studio_product.core.studies.estimate import estimate
    from studio_product.core.studies.quality import grid_of

    study = in_words(asked.study)
    broken = broken_rule(study)
    if broken is not None:
        return Found(study, (_in_words(study, *broken),), ())
    memory = psutil.virtual_memory().available
    # Where things lie is known on the coarsest grid; on the finest it would take seconds.
    remarks = [
        remark
        for remark in check_study(study, asked.meshes, grid_of(study, "draft"))
        if remark.code not in _OF_GRID
    ]
    remarks += grid_remarks(study, grid_of(study, asked.quality), memory)
    remarks.sort(key=rank)
    costs = (estimate(study, quality, asked.variants, memory) for quality in QUALITIES)
    return Found(study, tuple(remarks), tuple(costs))


def _in_words(study: Study, path: str, why: str) -> Remark:
    """What a rule says of a place in the file, said of the thing that stands there."""
    from studio_product.core.studies.remark import Remark

    place = place_at(path)
    name = title_at(study, place)
    hint = tr("Change it under “{name}”.", name=name)
    about = name_at(study, place) if place != STUDY else ""
    return Remark("error", "not-valid", tr("{name}: {why}.", name=name, why=why), hint, about)


def place_of(study: Study, remark: Remark) -> Place | None:
    """What a remark speaks of: the thing with that name, else where that can be changed; None for neither."""
    if remark.about:
        return place_named(study, remark.about)
    return next((Place(kind) for kind, codes in _CODES.items() if remark.code in codes), None)


def place_at(path: str) -> Place:
    """The thing that a path of keys of the study's file leads into: "cases[0].loads[1].force"."""
    found = _PATH.match(path)
    if found is None:
        kinds_alone: dict[str, Kind] = {"target": "target", "making": "making", "space": "space"}
        return Place(kinds_alone.get(path.partition(".")[0], "study"))
    listed, index, load = found[1], int(found[2]), found[3]
    if load is not None:
        return Place("load", int(load), index)
    kinds: dict[str, Kind] = {"supports": "support", "regions": "region", "cases": "case"}
    return Place(kinds[listed], index)
