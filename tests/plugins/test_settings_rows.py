"""Settings of plugins: which entries of a manifest a form can show, and which values fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.params import validate
from studio.errors import InvalidParams
from studio.plugins.manifest import Manifest, read_manifest
from studio.plugins.media import Media, Plugin
from studio.plugins.setting_rows import SettingChoice, SettingRow, setting_values
from studio.ui.kit.form_model import fields_of

COLOR = 'key = "tint"\ntype = "color"\ntitle = "Tint"\ndefault = "#ff0000"'
SPEED = (
    'key = "speed"\ntype = "whole"\ntitle = "Speed"\ndefault = 3\nminimum = 1\nmaximum = 9\nunit = "x"\n'
    'help = "How fast"'
)
MODE = (
    'key = "mode"\ntype = "choice"\ntitle = "Mode"\ndefault = "b"\n'
    'choices = [{value = "a", title = "First"}, {value = "b", title = "Second"}]'
)


def read(folder: Path, *tables: str) -> Manifest:
    package = folder / "studio_toy"
    package.mkdir(exist_ok=True)
    text = "\n".join(['manifest = 1\ntitle = "Toys"', *(f"[[settings]]\n{table}" for table in tables)])
    (package / "medium.toml").write_text(text, encoding="utf-8")
    return read_manifest(package / "medium.toml", "toy")


def media_of(manifest: Manifest) -> Media:
    return Media([Plugin(name="toy", distribution="toys", version="1", manifest=manifest)])


def test_settings_are_read_and_become_fields_of_a_form(tmp_path: Path) -> None:
    found = read(tmp_path, COLOR, SPEED, MODE)
    assert found.notes == ()
    fields = {row.key: fields_of({"properties": {row.key: row.schema()}})[0] for row in found.settings}
    assert [fields[key].editor for key in ("tint", "speed", "mode")] == ["color", "integer", "choice"]
    speed = fields["speed"]
    assert (speed.minimum, speed.maximum, speed.slider, speed.unit) == (1, 9, True, "x")
    assert (speed.title, speed.help, speed.default) == ("Speed", "How fast", 3)
    assert [(choice.value, choice.label) for choice in fields["mode"].choices] == [
        ("a", "First"),
        ("b", "Second"),
    ]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (COLOR.replace("#ff0000", "red"), "its default does not fit it"),
        (SPEED.replace("default = 3", "default = 0"), "its default does not fit it"),
        (SPEED.replace("default = 3", "default = 2.5"), "its default does not fit it"),
        (SPEED.replace("default = 3", "default = true"), "its default does not fit it"),
        (SPEED.replace("minimum = 1", "minimum = 9"), "are no range"),
        (SPEED.replace("minimum = 1", "minimum = nan"), "are no range"),
        (SPEED.replace("minimum = 1", "minimum = 0.5"), "are no range"),
        (SPEED.replace("minimum = 1\n", ""), "are no range"),
        (COLOR + "\nmaximum = 3", "only numbers have limits"),
        (MODE.replace('value = "b"', 'value = "a"'), "each with another value"),
        (MODE.replace("choices", "# "), "each with another value"),
        (MODE.replace("Second", "Sec\\u0007ond"), "signs that cannot be seen"),
        (MODE.replace('"choice"', '"menu"'), "not as the studio reads it"),
        (COLOR.replace('"tint"', '"Tint color"'), "not as the studio reads it"),
        (COLOR.replace('"Tint"', '""'), "“title”"),
    ],
)
def test_a_setting_that_no_form_can_show_is_left_out(tmp_path: Path, table: str, reason: str) -> None:
    other = COLOR.replace('"tint"', '"other"')
    found = read(tmp_path, table, other)
    assert [row.key for row in found.settings] == ["other"]
    assert len(found.notes) == 1 and reason in found.notes[0] and "settings[1]" in found.notes[0]


def test_of_two_settings_with_one_key_the_first_counts(tmp_path: Path) -> None:
    found = read(tmp_path, COLOR, SPEED.replace('"speed"', '"tint"'))
    assert [row.type for row in found.settings] == ["color"]
    assert "“tint” is declared twice" in found.notes[0]


def test_a_bad_value_falls_back_alone_and_is_told(tmp_path: Path) -> None:
    media = media_of(read(tmp_path, COLOR, SPEED, MODE))
    given = {"toy": {"tint": "#00ff00", "speed": 99, "gone": 1}, "absent": {"x": object()}}
    assert media.setting_values("toy", given) == {"tint": "#00ff00", "speed": 3, "mode": "b"}
    assert media.unfit_settings(given) == ["toy.speed"]
    assert media.setting_values("absent", given) == {}


CHOICES = st.lists(st.sampled_from("abcd"), max_size=3).map(
    lambda values: [{"value": value, "title": value.upper()} for value in values]
)
NUMBERS = st.integers(-5, 5) | st.sampled_from([0.5, -2.5, 1e300, float("inf"), float("nan")])
VALUES = (
    NUMBERS
    | st.booleans()
    | st.sampled_from(["a", "b", "#ff0000", "#FF0000", "#ff0000\n", "", "x" * 201, "two\nlines"])
    | st.text(max_size=6)
)
TABLES = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["tint", "a-b", "A", ""]),
        "type": st.sampled_from(["switch", "whole", "number", "choice", "text", "color", "file"]),
        "title": st.sampled_from(["Tint", "", "a\nb"]),
        "default": VALUES,
    },
    optional={
        "help": st.text(max_size=6),
        "unit": st.text(max_size=20),
        "choices": CHOICES | st.integers(0, 3),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "surprise": st.integers(0, 3),
    },
)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
        return str(value)
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


@given(st.lists(TABLES, min_size=1, max_size=3))
def test_any_tables_are_settings_that_a_form_shows_or_noted(
    tmp_path_factory: pytest.TempPathFactory, tables: list[dict[str, Any]]
) -> None:
    texts = ["\n".join(f"{name} = {_toml(value)}" for name, value in table.items()) for table in tables]
    found = read(tmp_path_factory.mktemp("p"), *texts)
    assert len(found.settings) == len({row.key for row in found.settings})
    assert len(found.settings) < len(tables) or not found.notes or "surprise" in str(tables)
    for row in found.settings:
        schema = {"type": "object", "properties": {row.key: row.schema()}}
        assert validate(schema, {}) == {row.key: row.default}
        assert fields_of(schema)[0].title == row.title
        assert setting_values([row], {}) == {row.key: row.default}


@given(
    st.sampled_from(
        [
            SettingRow(key="k", type="switch", title="K", default=False),
            SettingRow(key="k", type="whole", title="K", default=1, minimum=-2, maximum=3),
            SettingRow(key="k", type="whole", title="K", default=1),
            SettingRow(key="k", type="number", title="K", default=0.5, minimum=0, maximum=1),
            SettingRow(key="k", type="text", title="K", default=""),
            SettingRow(key="k", type="color", title="K", default="#000000"),
            SettingRow(
                key="k",
                type="choice",
                title="K",
                default="a",
                choices=(SettingChoice(value="a", title="A"), SettingChoice(value="b", title="B")),
            ),
        ]
    ),
    VALUES | st.none() | st.lists(st.integers(), max_size=2),
)
def test_what_fits_is_what_the_form_takes(row: SettingRow, value: Any) -> None:
    schema = {"type": "object", "properties": {row.key: row.schema()}}
    try:
        validate(schema, {row.key: value})
    except InvalidParams:
        assert not row.fits(value)
    else:
        # A form holds whole numbers as int and one line of text; JSON's rules know neither.
        plain = not isinstance(value, float) or row.type == "number"
        assert row.fits(value) or not plain or (isinstance(value, str) and not value.isprintable())
    assert setting_values([row], {row.key: value})[row.key] == (value if row.fits(value) else row.default)
    jsonschema.Draft202012Validator.check_schema(schema)
