"""Describing a generator: what a plugin's author gets wrong is said in words."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec
import pytest
from pydantic import Field

from studio.core.authoring import Generator, Ui, describe
from studio.core.generator import GeneratorDescription, Input
from studio.core.kind import Kind
from studio.core.params_base import Params


class Good(Generator):
    """Fills a hole.

    More words that the gallery does not show.
    """

    name, title, kind = "fill", "Fill", Kind.IMAGE
    inputs = (Input(name="image", title="Photo", kind=Kind.IMAGE),)

    class Params(Params):
        size: Annotated[int, Field(ge=1, le=9)] = 3


def test_a_description_survives_json() -> None:
    described = describe("image", Good)
    assert described.id == "image/fill"
    assert described.summary == "Fills a hole."
    assert described.params_schema["properties"]["size"]["maximum"] == 9
    assert msgspec.json.decode(msgspec.json.encode(described), type=GeneratorDescription) == described


def test_a_plugin_may_have_hints_of_its_own() -> None:
    class Hinted(Params):
        size: Annotated[int, Ui(hint="star-map")] = 1

    fed = Input(name="b", title="B", kind=Kind.TEXT, fed_by="size")
    described = describe("image", type("Hinted", (Good,), {"Params": Hinted, "inputs": (*Good.inputs, fed)}))
    assert described.hinted("star-map") == "size" and described.hinted("slider") == ""
    assert described.fed_slots == ("b",)


class NoDefault(Params):
    size: int


class BadDefault(Params):
    size: Annotated[int, Field(ge=5)] = 1


class NotANumber(Params):
    size: Annotated[float, Field(json_schema_extra={"limit": math.nan})] = 1


class ShoutedHint(Params):
    size: Annotated[int, Ui(hint="BIG")] = 1


FED_BY_NOTHING = (Input(name="a", title="A", kind=Kind.IMAGE, fed_by="study"),)
TWICE = (Input(name="a", title="A", kind=Kind.IMAGE), Input(name="a", title="B", kind=Kind.MASK))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Über Fill"}, "lower-case"),
        ({"name": None}, "lower-case"),
        ({"title": ""}, "title is missing"),
        ({"Params": dict}, "subclass of studio.api.Params"),
        ({"Params": NoDefault}, "needs a default for: size"),
        ({"Params": BadDefault}, "break its own rules"),
        ({"inputs": TWICE}, "names one input twice"),
        ({"kind": "Smell"}, "Broken.kind must be the id of a kind: .*'Smell'"),
        ({"kind": None}, "must be the id of a kind"),
        ({"kind": "image\n"}, "must be the id of a kind"),
        ({"title": 3}, "title"),
        ({"Params": NotANumber}, "must be a finite number"),
        ({"Params": ShoutedHint}, "size: a hint is lower-case"),
        ({"inputs": FED_BY_NOTHING}, "input a is fed by 'study', which is no field"),
        ({"inputs": (Input(name="a", title="A", kind="sm ell"),)}, "input 'a' must be the id of a kind"),
    ],
)
def test_a_broken_contract_is_named(changes: dict[str, object], words: str) -> None:
    broken = type("Broken", (Good,), changes)
    with pytest.raises(ValueError, match=words):
        describe("image", broken)
