"""Reads a study from JSON, and says in plain words what is wrong with one."""

from __future__ import annotations

import difflib
import re
from typing import get_args

import msgspec

from studio.api.values import BadInput, mark, tr
from studio_product.core.studies.study import Axis, Side, Study
from studio_product.core.studies.study_rules import broken_rule

MAX_BYTES = 4 * 2**20

_CHOICES: dict[str, tuple[object, ...]] = {
    "dimensions": (2, 3),
    "type": ("box", "cylinder", "sphere", "face", "mesh"),
    "side": get_args(Side),
    "build": get_args(Side),
    "fixed": get_args(Axis),
    "symmetry": get_args(Axis),
    "extrusion": get_args(Axis),
    "role": ("keep-in", "keep-out"),
    "spread": ("area", "nodes"),
    "filter": ("sensitivity", "density"),
}
"""What may stand at a key that names one of few."""

_NOUNS = {
    "float": mark("a number"),
    "int": mark("a whole number"),
    "str": mark("a text"),
    "bool": mark("true or false"),
    "array": mark("a list"),
    "object": mark("an object in braces"),
    "null": mark("null"),
}

_BOUNDS = {
    ">=": mark("a number of at least {bound} is expected"),
    ">": mark("a number greater than {bound} is expected"),
    "<=": mark("a number of at most {bound} is expected"),
    "<": mark("a number less than {bound} is expected"),
}

_LENGTHS = {
    ("str", ">="): mark("the text is empty"),
    ("str", "<="): mark("a text of at most {bound} letters is expected"),
    ("array", ">="): mark("a list of at least {bound} is expected"),
    ("array", "<="): mark("a list of at most {bound} is expected"),
    ("array", ""): mark("a list of {bound} is expected"),
}


def study_from_json(data: bytes) -> Study:
    """The study in a file's bytes, or in the JSON text of a generator's setting.

    Raises:
        BadInput: It is no study, or breaks a rule of `broken_rule`; the message names the place in it and
            what is expected there.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(tr("This is no study: it is larger than 4 MB."), _hint())
    try:
        study = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Study)
    except msgspec.ValidationError as error:
        why, _, place = str(error).partition(" - at `$")
        raise _wrong(place.strip(".`"), _in_words(why, place)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(tr("This is no study: it is not JSON ({why}).", why=error), _hint()) from error
    broken = broken_rule(study)
    if broken is not None:
        raise _wrong(*broken)
    return study


def _wrong(place: str, why: str) -> BadInput:
    if not place:
        return BadInput(tr("The study is wrong: {why}.", why=why), _hint())
    return BadInput(tr("The study is wrong at “{place}”: {why}.", place=place, why=why), _hint())


def _hint() -> str:
    return tr("docs/studies.md describes every key; an example study shows how it looks.")


def _in_words(why: str, place: str) -> str:
    """msgspec's message without its type names."""
    if place == ".studio_study`":
        return tr("it was made by a newer version of the studio")
    if why == "Number out of range":
        return tr("the number is too large")
    if found := re.fullmatch(r"Object missing required field `(.+)`", why):
        return tr("the key “{key}” is missing", key=found[1])
    if found := re.fullmatch(r"Object contains unknown field `(.+)`", why):
        return _unknown(found[1])
    if found := re.fullmatch(r"Invalid (?:enum )?value (.+)", why):
        key = re.split(r"[.\[]", re.sub(r"\[\d+\]|`", "", place))[-1]
        choices = ", ".join(map(str, _CHOICES.get(key, ())))
        return tr("{value} is given, but one of {choices} is expected", value=found[1], choices=choices)
    if found := re.fullmatch(r"Expected `(str|array)` of length ?(>=|<=|) ?(\d+)(?:, got \d+)?", why):
        return tr(_LENGTHS[found[1], found[2]], bound=found[3])
    if found := re.fullmatch(r"Expected `(?:float|int)(?: \| null)?` (>=|<=|>|<) (\S+)", why):
        return tr(_BOUNDS[found[1]], bound=f"{float(found[2]):g}")
    if found := re.fullmatch(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", why):
        return tr(
            "{wanted} is expected, but it is {given}", wanted=tr(_NOUNS[found[1]]), given=tr(_NOUNS[found[2]])
        )
    return why


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, _keys(Study), n=1)
    if near:
        return tr("there is no key “{key}” here, perhaps “{near}” is meant", key=key, near=near[0])
    return tr("there is no key “{key}” here", key=key)


def _keys(kind: type[msgspec.Struct]) -> set[str]:
    """Of a struct and all structs in it."""
    schema = msgspec.json.schema(kind)
    return {key for part in schema["$defs"].values() for key in part["properties"]}
