"""Where in a study something is: what the outline lists, the view picks and the properties edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from studio_product.core.studies.study import (
    Load,
    LoadCase,
    Making,
    Material,
    Method,
    Region,
    Space,
    Study,
    Support,
    Target,
)

Kind = Literal[
    "study",
    "space",
    "material",
    "supports",
    "support",
    "cases",
    "case",
    "load",
    "keep-in",
    "keep-out",
    "region",
    "target",
    "making",
    "method",
]
"""In the plural, and "keep-in" and "keep-out": the heading over such things."""

Thing = Study | Space | Material | Support | LoadCase | Load | Region | Target | Making | Method

HEADINGS = ("supports", "cases", "keep-in", "keep-out")


class Place(Struct, frozen=True):
    kind: Kind
    index: int = 0
    """Among the supports, cases or regions of the study, or the loads of its case."""
    case: int = 0
    """Of a load."""


STUDY = Place("study")


def places_of(study: Study) -> Iterator[Place]:
    """All of them, in the order of the outline."""
    yield STUDY
    yield Place("space")
    yield Place("material")
    yield Place("supports")
    for index in range(len(study.supports)):
        yield Place("support", index)
    yield Place("cases")
    for case, one in enumerate(study.cases):
        yield Place("case", case)
        for index in range(len(one.loads)):
            yield Place("load", index, case)
    for role in ("keep-in", "keep-out"):
        yield Place(role)
        for index, region in enumerate(study.regions):
            if region.role == role:
                yield Place("region", index)
    yield Place("target")
    yield Place("making")
    yield Place("method")


def parent_of(study: Study, place: Place) -> Place | None:
    """What it stands under in the outline; None at its top."""
    match place.kind:
        case "support":
            return Place("supports")
        case "case":
            return Place("cases")
        case "load":
            return Place("case", place.case)
        case "region":
            return Place(study.regions[place.index].role)
    return None if place == STUDY else STUDY


def is_there(study: Study, place: Place) -> bool:
    return place in set(places_of(study))


def thing_at(study: Study, place: Place) -> Thing:
    """For a heading, the study. Raises IndexError where there is no such thing."""
    match place.kind:
        case "space":
            return study.space
        case "material":
            return study.material
        case "support":
            return study.supports[place.index]
        case "case":
            return study.cases[place.index]
        case "load":
            return study.cases[place.case].loads[place.index]
        case "region":
            return study.regions[place.index]
        case "target":
            return study.target
        case "making":
            return study.making
        case "method":
            return study.method
    return study


def name_at(study: Study, place: Place) -> str:
    """The name that its user gave it; "" for what has none."""
    thing = thing_at(study, place)
    named = isinstance(thing, Support | LoadCase | Load | Region) or place == STUDY
    return thing.name if named else ""


def place_named(study: Study, name: str) -> Place:
    """The first thing with that name; the study where nothing has it."""
    named = (place for place in places_of(study) if place != STUDY and name_at(study, place) == name)
    return next(named, STUDY)
