"""A generator's settings as options: every kind of field, from one JSON Schema."""

from __future__ import annotations

import argparse
import math
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.api import Field, Generator, Input, Kind, Params, Ui
from studio.cli import generator_options as options
from studio.core.authoring import describe
from studio.core.params import validate
from studio.errors import BadInput, InvalidParams


class Everything(Generator):
    """Has one field of every kind."""

    name, title, kind = "everything", "Everything", Kind.IMAGE
    inputs = (
        Input(name="image", title="Photo", kind=Kind.IMAGE),
        Input(name="style", title="Style", kind=Kind.IMAGE, required=False),
    )

    class Params(Params):
        steps: Annotated[int, Field(ge=1, le=500), Ui(unit="steps")] = 20
        guidance_scale: Annotated[float, Field(gt=0)] = 7.5
        tiling: bool = False
        method: Literal["fill", "onnx"] = "fill"
        prompt: Annotated[str, Ui(when=("method", ("onnx",)))] = ""
        model: Annotated[str, Ui(model=("onnx",))] = ""
        palette: list[str] = []
        leg: Annotated[
            tuple[Annotated[float, Field(ge=20, le=60)], Annotated[float, Field(ge=20, le=60)]],
            Ui(hint="range", unit="mm"),
        ] = (26, 46)
        out: str = "100 % sure"


DESCRIPTION = describe("test", Everything)


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="studio run", exit_on_error=False)
    taken = options.add_inputs(parser, DESCRIPTION)
    options.add_settings(parser, DESCRIPTION, [*taken, *options.RESERVED])
    return parser.parse_args(["--input", "a.png", *words])


def values(*words: str) -> dict[str, Any]:
    return options.values_of(parse(*words), DESCRIPTION)


def test_every_kind_of_field_is_read_as_what_it_is() -> None:
    words = "--steps 7 --guidance-scale 2 --tiling --method onnx --prompt 12 --palette"
    given_values = values(*words.split(), '["a"]')
    assert given_values == {
        "steps": 7, "guidance_scale": 2.0, "tiling": True, "method": "onnx", "prompt": "12", "palette": ["a"],
    }  # fmt: skip
    assert validate(DESCRIPTION.params_schema, given_values)["model"] == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [("30..40", [30, 40]), ("32.5", [32.5, 32.5]), ("[30, 40]", [30, 40]), ("x..y", "x..y")],
)
def test_a_range_is_two_numbers_with_dots_between_or_one(text: str, value: Any) -> None:
    assert values("--leg", text) == {"leg": value}


@pytest.mark.parametrize("text", ["10..40", "30..90", "30..", "..", "[30]", "thick"])
def test_a_range_out_of_its_limits_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidParams) as refused:
        validate(DESCRIPTION.params_schema, values("--leg", text))
    assert set(refused.value.fields) == {"leg"}


def test_what_is_not_given_is_left_to_the_defaults() -> None:
    assert values() == {}
    assert values("--no-tiling") == {"tiling": False}


def test_set_reaches_every_field_and_wins() -> None:
    assert values("--steps", "7", "--set", "steps=9", "--set", "tiling=yes", "--set", "out=x=y") == {
        "steps": 9, "tiling": True, "out": "x=y",
    }  # fmt: skip
    with pytest.raises(BadInput, match="has no value"):
        values("--set", "steps")


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e999", "seven", "", "0x10", "[1]"])
@pytest.mark.parametrize("name", ["steps", "guidance_scale", "tiling"])
def test_a_wrong_value_is_told_by_its_name(name: str, text: str) -> None:
    with pytest.raises(InvalidParams) as caught:
        validate(DESCRIPTION.params_schema, values("--set", f"{name}={text}"))
    assert set(caught.value.fields) == {name}


@given(st.text(max_size=40), st.sampled_from(list(DESCRIPTION.params_schema["properties"])))
def test_any_text_for_any_field_is_taken_or_refused_in_words(text: str, name: str) -> None:
    try:
        checked = validate(DESCRIPTION.params_schema, values("--set", f"{name}={text}"))
    except BadInput as error:
        assert error.message
    else:
        assert not isinstance(checked[name], float) or math.isfinite(checked[name])


def test_a_setting_never_takes_the_place_of_an_option_of_the_command() -> None:
    assert not hasattr(parse(), "param:out")


def test_help_tells_range_unit_default_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("--help")
    text = " ".join(capsys.readouterr().out.split())
    assert "(1 to 500; steps; default 20)" in text
    assert "with method onnx" in text and "{fill,onnx}" in text
    assert "--input FILE" in text and "--style FILE" in text


def test_inputs_are_named_by_their_slots() -> None:
    files = options.inputs_of(parse("--style", "b.png"))
    assert {name: str(path) for name, path in files.items()} == {"image": "a.png", "style": "b.png"}
    assert "style" not in options.inputs_of(parse())


@pytest.mark.parametrize("text", ["-1", "4294967296", "1.5", "x"])
def test_a_seed_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentError, match="whole number from 0 to 4294967295"):
        parse("--seed", text)


def test_without_a_seed_one_is_drawn() -> None:
    assert options.seed_of(parse("--seed", "4294967295")) == 4294967295
    assert len({options.seed_of(parse()) for _ in range(8)}) > 1
