"""Changes to a study: each gives a new one. What is added has a name that no other thing has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from msgspec import structs

from studio_product.core.studies.catalog import KEEP_IN, KEEP_OUT, LOAD, LOAD_CASE, SUPPORT
from studio_product.core.studies.study import Axis, Load, LoadCase, Point, Region, Shape, Study, Support
from studio_product.room.study.places import STUDY, Place, Thing, name_at, parent_of, places_of, thing_at

T = TypeVar("T")
LONGEST_NAME = 80
_NUMBERED = re.compile(r" \d+$")


def replaced(study: Study, place: Place, thing: Thing) -> Study:
    """With this thing at that place."""
    match place.kind, thing:
        case "space", _:
            return structs.replace(study, space=thing)
        case "material", _:
            return structs.replace(study, material=thing)
        case "target", _:
            return structs.replace(study, target=thing)
        case "making", _:
            return structs.replace(study, making=thing)
        case "method", _:
            return structs.replace(study, method=thing)
        case "support", Support():
            return structs.replace(study, supports=_with(study.supports, place.index, thing))
        case "case", LoadCase():
            return structs.replace(study, cases=_with(study.cases, place.index, thing))
        case "region", Region():
            return structs.replace(study, regions=_with(study.regions, place.index, thing))
        case "load", Load():
            case = study.cases[place.case]
            changed = structs.replace(case, loads=_with(case.loads, place.index, thing))
            return structs.replace(study, cases=_with(study.cases, place.case, changed))
    assert isinstance(thing, Study)
    return thing


def changed(study: Study, place: Place, **values: Any) -> Study:
    """With other values of the thing at that place."""
    return replaced(study, place, structs.replace(thing_at(study, place), **values))


def renamed(study: Study, place: Place, name: str) -> Study:
    """An empty name, or the one it has, changes nothing; one that is taken gets a number."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or name == name_at(study, place):
        return study
    if place != STUDY:
        name = fresh_name(study, name)
    return changed(study, place, name=name)


def fresh_name(study: Study, base: str) -> str:
    """`base`, with another number at its end where it is taken."""
    taken = {name_at(study, place) for place in places_of(study) if place != STUDY}
    name, number, stem = base, 2, _NUMBERED.sub("", base)
    while name in taken:
        end = f" {number}"
        name, number = stem[: LONGEST_NAME - len(end)] + end, number + 1
    return name


def with_support(study: Study, shape: Shape, name: str = "") -> tuple[Study, Place]:
    """One more, which holds along every axis."""
    axes: tuple[Axis, ...] = ("x", "y") if study.dimensions == 2 else ("x", "y", "z")
    support = Support(name=fresh_name(study, name or SUPPORT), shape=shape, fixed=axes)
    return structs.replace(study, supports=(*study.supports, support)), Place("support", len(study.supports))


def with_load(study: Study, shape: Shape, force: Point, case: int = 0, name: str = "") -> tuple[Study, Place]:
    """One more in that case; in a new one where there is none."""
    if not study.cases:
        study, _ = with_case(study)
    loads = study.cases[case].loads
    load = Load(name=fresh_name(study, name or LOAD), shape=shape, force=force)
    return changed(study, Place("case", case), loads=(*loads, load)), Place("load", len(loads), case)


def with_case(study: Study) -> tuple[Study, Place]:
    """One more, without loads."""
    case = LoadCase(name=fresh_name(study, LOAD_CASE))
    return structs.replace(study, cases=(*study.cases, case)), Place("case", len(study.cases))


def with_region(
    study: Study, role: Literal["keep-in", "keep-out"], shape: Shape, name: str = ""
) -> tuple[Study, Place]:
    name = name or (KEEP_IN if role == "keep-in" else KEEP_OUT)
    region = Region(name=fresh_name(study, name), role=role, shape=shape)
    return structs.replace(study, regions=(*study.regions, region)), Place("region", len(study.regions))


def can_remove(place: Place) -> bool:
    return place.kind in ("support", "case", "load", "region")


def removed(study: Study, place: Place) -> tuple[Study, Place]:
    """Without it, and what to look at next: the one after it, the one before it, or its heading."""
    beside = [
        other
        for other in places_of(study)
        if other.kind == place.kind and parent_of(study, other) == parent_of(study, place)
    ]
    row = beside.index(place)
    match place.kind:
        case "support":
            rest = structs.replace(study, supports=_without(study.supports, place.index))
        case "case":
            rest = structs.replace(study, cases=_without(study.cases, place.index))
        case "region":
            rest = structs.replace(study, regions=_without(study.regions, place.index))
        case _:
            loads = _without(study.cases[place.case].loads, place.index)
            rest = changed(study, Place("case", place.case), loads=loads)
    if row + 1 < len(beside):
        after = beside[row + 1]
        return rest, Place(after.kind, after.index - 1, after.case)
    if row:
        return rest, beside[row - 1]
    return rest, parent_of(study, place) or STUDY


def doubled(study: Study, place: Place) -> tuple[Study, Place]:
    """With the same thing once more, at the end, under another name."""
    thing = thing_at(study, place)
    name = fresh_name(study, name_at(study, place))
    match thing:
        case Support():
            copy = structs.replace(thing, name=name)
            made = structs.replace(study, supports=(*study.supports, copy))
            return made, Place("support", len(study.supports))
        case Region():
            region = structs.replace(thing, name=name)
            made = structs.replace(study, regions=(*study.regions, region))
            return made, Place("region", len(study.regions))
        case Load():
            loads = study.cases[place.case].loads
            load = structs.replace(thing, name=name)
            made = changed(study, Place("case", place.case), loads=(*loads, load))
            return made, Place("load", len(loads), place.case)
    assert isinstance(thing, LoadCase)
    made = structs.replace(study, cases=(*study.cases, structs.replace(thing, name=name, loads=())))
    for load in thing.loads:
        last = len(study.cases)
        own = structs.replace(load, name=fresh_name(made, load.name))
        made = changed(made, Place("case", last), loads=(*made.cases[last].loads, own))
    return made, Place("case", len(study.cases))


def _with(things: Sequence[T], index: int, thing: T) -> tuple[T, ...]:
    return (*things[:index], thing, *things[index + 1 :])


def _without(things: Sequence[T], index: int) -> tuple[T, ...]:
    return (*things[:index], *things[index + 1 :])
