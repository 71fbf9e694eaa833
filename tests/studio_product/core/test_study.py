"""Studies are read strictly: what is right comes back whole, what is wrong is named with its place."""

from __future__ import annotations

import json
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_product.core.studies import study as studies
from studio_product.core.studies.study import (
    Box,
    Cylinder,
    Face,
    Load,
    LoadCase,
    Making,
    Material,
    Method,
    Region,
    Shape,
    Solid,
    Space,
    Sphere,
    Study,
    Support,
    Target,
    to_json,
)
from studio_product.core.studies.study_file import _CHOICES, MAX_BYTES, study_from_json

from studio.errors import BadInput

SMALL = {
    "name": "Small",
    "space": {"size": [60, 20, 10]},
    "material": {
        "name": "Unit",
        "youngs_modulus": 1,
        "poissons_ratio": 0.3,
        "density": 1,
        "yield_strength": 1,
    },
}
FACE = {"name": "Wall", "shape": {"type": "face", "side": "x-"}}
LOAD = {"name": "Tip", "shape": {"type": "face", "side": "x+"}, "force": [0, 0, -1]}
TWIST = {**LOAD, "force": [0, 0, 0], "moment": [1, 0, 0]}
NO_LENGTH = {"type": "cylinder", "start": [1, 1, 1], "end": [1, 1, 1], "radius": 1}

numbers = st.floats(-1e6, 1e6)
lengths = st.floats(0, 1e6)
positive = st.floats(1e-4, 1e6)
names = st.text(min_size=1, max_size=80)
points = st.tuples(numbers, numbers, numbers)
sides = st.sampled_from(["x-", "x+", "y-", "y+", "z-", "z+"])
axes = st.sampled_from(["x", "y", "z"])
bodies: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Box, corner=points, size=st.tuples(positive, positive, positive)),
    st.builds(Cylinder, start=points, end=st.just((2e6, 0.0, 0.0)), radius=positive),
    st.builds(Sphere, center=points, radius=positive),
    st.builds(Solid, file=names, scale=positive, offset=points),
)
shapes: st.SearchStrategy[Shape] = st.one_of(
    bodies, st.builds(Face, side=sides), st.builds(Box, corner=points, size=st.tuples(*[lengths] * 3))
)


def by_name(things: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(things, max_size=3, unique_by=lambda thing: thing.name).map(tuple)


loads = st.builds(
    Load, name=names, shape=shapes, force=points, moment=points, spread=st.sampled_from(["area", "nodes"])
)
cases = st.builds(LoadCase, name=names, loads=by_name(loads), weight=positive, gravity=points)
any_study = st.builds(
    Study,
    name=names,
    space=st.builds(Space, size=st.tuples(positive, positive, positive)),
    material=st.builds(
        Material,
        name=names,
        youngs_modulus=positive,
        poissons_ratio=st.floats(0, 0.49),
        density=positive,
        yield_strength=positive,
    ),
    supports=by_name(st.builds(Support, name=names, shape=shapes)),
    cases=by_name(cases),
    regions=by_name(
        st.builds(Region, name=names, role=st.sampled_from(["keep-in", "keep-out"]), shape=bodies)
    ),
    target=st.one_of(
        st.builds(Target, volume=st.floats(0.01, 1)), st.builds(Target, volume=st.none(), mass=positive)
    ),
    making=st.builds(
        Making, minimum_member=lengths, symmetry=st.lists(axes, max_size=3).map(tuple), build=sides
    ),
    method=st.builds(Method, penalty=st.floats(1, 8), projection=st.booleans()),
    notes=st.text(max_size=50),
)


def small(**changes: Any) -> bytes:
    return json.dumps({**SMALL, **changes}).encode()


@settings(max_examples=30)
@given(any_study)
def test_a_study_comes_back_whole(study: Study) -> None:
    assert study_from_json(to_json(study)) == study


@given(st.binary(max_size=200))
def test_garbage_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        study_from_json(data)
    assert caught.value.hint


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.sampled_from(["name", "space", "material", "supports", "cases", "regions", "target", "making"]),
    json_values,
)
def test_any_other_value_is_refused_or_a_study(key: str, value: Any) -> None:
    try:
        study = study_from_json(small(**{key: value}))
    except BadInput:
        return
    assert study_from_json(to_json(study)) == study


def test_what_is_at_its_default_is_left_out_but_the_version_is_there() -> None:
    written = json.loads(to_json(study_from_json(small(supports=[FACE]))))
    assert written == {"studio_study": 1, **SMALL, "supports": [FACE]}


def test_a_byte_order_mark_does_no_harm() -> None:
    assert study_from_json(b"\xef\xbb\xbf" + small()).name == "Small"


@pytest.mark.parametrize(
    ("changes", "place", "why"),
    [
        ({"supports": [{"shape": FACE["shape"]}]}, "supports[0]", "the key “name” is missing"),
        ({"extrusoin": "x"}, "", "perhaps “extrusion” is meant"),
        ({"dimensions": 4}, "dimensions", "one of 2, 3 is expected"),
        ({"supports": [{**FACE, "shape": {"type": "ball"}}]}, "supports[0].shape.type", "box, cylinder,"),
        ({"supports": [{**FACE, "fixed": []}]}, "supports[0].fixed", "a list of at least 1 is expected"),
        ({"supports": [{**FACE, "fixed": ["x", "w"]}]}, "supports[0].fixed[1]", "one of x, y, z"),
        ({"space": {"size": [1, 2]}}, "space.size", "a list of 3 is expected"),
        ({"space": {"size": [1, 2, 0]}}, "space.size[2]", "at least 0.0001"),
        ({"target": {"volume": 1.5}}, "target.volume", "at most 1"),
        ({"target": {"volume": "much"}}, "target.volume", "a number is expected, but it is a text"),
        ({"target": {"volume": 0.3, "mass": 5}}, "target", "either a volume or a mass"),
        ({"target": {}}, "target", "either a volume or a mass"),
        ({"studio_study": 2}, "studio_study", "newer version"),
        ({"name": ""}, "name", "the text is empty"),
        ({"name": "a" * 81}, "name", "at most 80 letters"),
        ({"method": {"void_stiffness": 0}}, "method.void_stiffness", "greater than 0"),
        ({"method": {"iterations": 10**30}}, "method.iterations", ""),
        ({"space": {"size": [1, 1, 1], "cells": [4, 4]}}, "space.cells", "each of the 3 dimensions"),
        ({"space": {"size": [1, 1, 1], "cells": [1000, 1000, 1000]}}, "space.cells", "more than 20 million"),
        ({"supports": [FACE, FACE]}, "supports", "2 of them have the name “Wall”"),
        (
            {"cases": [{"name": "a", "loads": [LOAD, LOAD]}]},
            "cases[0].loads",
            "2 of them have the name “Tip”",
        ),
        ({"regions": [{**FACE, "role": "keep-in"}]}, "regions[0].shape", "a shape with a volume"),
        (
            {"supports": [{"name": "a", "shape": NO_LENGTH}]},
            "supports[0].shape",
            "no length",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(changes: dict[str, Any], place: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        study_from_json(small(**changes))
    assert why in caught.value.message
    assert f"“{place}”" in caught.value.message if place else "at “" not in caught.value.message


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"supports": [{"name": "a", "shape": {"type": "face", "side": "z-"}}]}, "supports[0].shape"),
        ({"supports": [{**FACE, "fixed": ["z"]}]}, "supports[0].fixed"),
        ({"cases": [{"name": "a", "loads": [LOAD]}]}, "cases[0].loads[0].force"),
        ({"cases": [{"name": "a", "loads": [TWIST]}]}, "cases[0].loads[0].moment"),
        ({"cases": [{"name": "a", "gravity": [0, 0, -1]}]}, "cases[0].gravity"),
        ({"making": {"symmetry": ["z"]}}, "making"),
        ({"making": {"extrusion": "x"}}, "making"),
        ({"making": {"build": "z+"}}, "making"),
    ],
)  # fmt: skip
def test_two_dimensions_have_no_third(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput, match="in two dimensions") as caught:
        study_from_json(small(dimensions=2, **changes))
    assert f"“{place}”" in caught.value.message
    study_from_json(small(**changes))


def test_deep_and_long_texts_are_refused() -> None:
    deep = small()[:-1] + b', "supports": [{"name": "a", "shape": {"corner": ' + b"[" * 200_000
    for data in (deep, b" " * (MAX_BYTES + 1)):
        with pytest.raises(BadInput, match="This is no study"):
            study_from_json(data)


def test_every_key_that_names_one_of_few_has_its_choices_in_words() -> None:
    few = {
        key
        for kind in vars(studies).values()
        if isinstance(kind, type) and issubclass(kind, studies.Value)
        for key, hint in get_type_hints(kind).items()
        if "Literal" in str(hint)
    }
    assert few - {"studio_study"} <= set(_CHOICES)
