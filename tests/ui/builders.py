"""What tests of panels are made of."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pydantic import Field, create_model

from studio.core.authoring import Ui, json_schema
from studio.core.generator import GeneratorDescription, Input
from studio.core.kind import Kind
from studio.core.params_base import Params
from studio.core.recipe import Numerics, Recipe
from studio.plugins.catalog import Catalog, PluginDescription


def picture(
    path: Path, color: tuple[int, int, int] = (200, 120, 60), size: tuple[int, int] = (96, 64)
) -> Path:
    """A picture with something in its middle."""
    image = Image.new("RGB", size, color)
    width, height = size
    ImageDraw.Draw(image).ellipse((width // 3, height // 3, width // 2, height // 2), fill=(20, 20, 40))
    image.save(path)
    return path


PHOTO_AND_MASK = (
    Input(name="image", title="Photo", kind=Kind.IMAGE),
    Input(name="mask", title="Mask", kind=Kind.MASK),
)


def describe(
    params: type[Params],
    id: str = "test/one",
    title: str = "Test",
    inputs: tuple[Input, ...] = PHOTO_AND_MASK,
) -> GeneratorDescription:
    return GeneratorDescription(
        id=id,
        title=title,
        kind=Kind.IMAGE,
        version="1",
        summary="A generator of the tests.",
        inputs=inputs,
        params_schema=json_schema(params),
    )


def catalog_of(*generators: GeneratorDescription) -> Catalog:
    plugin = PluginDescription(name="test", distribution="studio-test", version="1", generators=generators)
    return Catalog(plugins=(plugin,), devices=("cpu",))


def recipe(seed: int = 1, generator: str = "test/one", **params: object) -> Recipe:
    return Recipe(
        generator=generator, generator_version="1", params=params, seed=seed, numerics=Numerics(threads=1)
    )


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Sample(Params):
    method: Annotated[Literal["fill", "onnx"], Ui(labels=(("fill", "Content-aware fill"),))] = "fill"
    model: Annotated[str, Ui(model=("onnx",), when=("method", ("onnx",)))] = ""
    steps: Annotated[int, Field(ge=1, le=50), Ui(group="Quality", unit="steps", hint="slider")] = 20
    strength: Annotated[float, Field(gt=0, le=1), Ui(group="Quality", advanced=True)] = 0.8
    prompt: Annotated[str, Field(max_length=20, description="What to show"), Ui(hint="prompt")] = ""
    tile: bool = False
    size: Size = Size.SMALL
    limit: Annotated[int | None, Field(ge=0)] = None
    pair: tuple[int, int] = (1, 2)


names = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True).filter(
    lambda name: not name.startswith("model_") and not hasattr(Params, name)
)


@st.composite
def field(draw: st.DrawFn) -> tuple[Any, Any]:
    """(annotation, default) of one params field."""
    ui = Ui(
        group=draw(st.sampled_from(["", "A", "B"])),
        unit=draw(st.sampled_from(["", "px"])),
        hint=draw(st.sampled_from(["", "slider", "text", "prompt"])),
        advanced=draw(st.booleans()),
    )
    kind = draw(st.sampled_from(["int", "float", "bool", "str", "choice", "optional", "list"]))
    if kind in ("int", "optional"):
        low = draw(st.integers(-(2**40), 2**40))
        high = low + draw(st.integers(0, 2**20))
        rule = draw(st.sampled_from([Field(ge=low, le=high), Field(gt=low - 1, lt=high + 1), Field(ge=low)]))
        if kind == "optional":
            return Annotated[int | None, rule, ui], draw(st.sampled_from([None, low]))
        return Annotated[int, rule, ui], low
    if kind == "float":
        low = draw(st.floats(-1e6, 1e6))
        high = low + draw(st.floats(0, 1e6))
        return Annotated[float, Field(ge=low, le=high), ui], low
    if kind == "bool":
        return Annotated[bool, ui], draw(st.booleans())
    if kind == "str":
        return Annotated[str, Field(max_length=draw(st.integers(3, 50))), ui], draw(st.text(max_size=3))
    if kind == "list":
        return Annotated[list[int], ui], draw(st.lists(st.integers(0, 9), max_size=3))
    choices = draw(st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=4, unique=True))
    return Annotated[Literal[tuple(choices)], ui], choices[0]  # type: ignore[valid-type]


schemas = st.dictionaries(names, field(), max_size=6).map(
    lambda fields: create_model("Made", __base__=Params, **fields)  # type: ignore[call-overload]
)
