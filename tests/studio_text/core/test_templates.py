"""Template files: what they may say, and what is told about those that are wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core.template import Template, lines_of
from studio_text.core.template_files import (
    TemplateFile,
    files_in,
    find_templates,
    folders_of,
    package_folders,
    read_folders,
    user_folder,
)
from studio_text.core.template_parser import MAX_BYTES, parse

from studio.errors import BadInput
from studio.plugins.catalog import installed_key

GOOD = """\
format = 1
name = "note"
title = "Release note"

[[fields]]
name = "change"
title = "What changed"
kind = "long-text"
required = true

[[fields]]
name = "tone"
title = "Tone"
kind = "choice"
choices = { plain = "plain and exact", warm = "warm" }

[[fields]]
name = "size"
title = "Size"
kind = "integer"
minimum = 1
maximum = 9

[instruct]
user = "Write a note on {change}, {tone}. [[Size {size}.]]"

[base]
shape = "Change: {change}\\nNote:"

[[base.examples]]
text = "It is faster now."
fields = { change = "speed" }
"""


def test_a_good_template() -> None:
    template = parse(GOOD.encode(), "note.toml")
    assert (template.name, template.title, template.output.kind) == ("note", "Release note", "markdown")
    assert [field.start for field in template.fields] == ["", "plain", 1]
    assert template.field("tone").in_prompt("plain") == "plain and exact"
    assert len(template.digest) == 64


def test_lines_may_be_parted_by_semicolons_where_there_is_one() -> None:
    assert (
        lines_of(" a; b;;") == ["a", "b"] and lines_of("a; b\n\nc") == ["a; b", "c"] and lines_of(" \n") == []
    )


def test_another_byte_is_another_version() -> None:
    assert parse(GOOD.encode(), "a").digest != parse(GOOD.encode() + b"\n", "a").digest


def test_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    other = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert msgspec.structs.replace(parse(other, "a"), digest="") == msgspec.structs.replace(
        parse(GOOD.encode(), "a"), digest=""
    )


def broken(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "“format” is missing"),
        (b'name = "a" \xff', "line 1 is not text in UTF-8"),
        (GOOD.encode() + b"\n\n# \xc3(", f"line {GOOD.count(chr(10)) + 3} is not text in UTF-8"),
        (b"name = ", "it is not TOML: Invalid value (at end of document)"),
        (GOOD.encode() + b"x = 1\nx = 2\n", "it is not TOML: "),
        (b"#" * (MAX_BYTES + 1), "more than 256 KB"),
        (b"x = " + b"[" * 5000, "it is not TOML"),
        (b"x = " + b"9" * 9000, "it is not TOML"),
        (broken("format = 1", "format = 2"), "format: Invalid enum value 2"),
        (broken("format = 1", 'format = 1\ncolour = "red"'), "there is no setting “colour”"),
        (broken("format = 1", 'format = 1\ndigest = "0"'), "there is no setting “digest”"),
        (broken('name = "note"', 'name = "Note!"'), "name: only lower-case letters"),
        (broken('name = "note"', 'name = "chat"'), "name: “chat” is taken by the studio itself"),
        (broken('title = "Release note"', 'title = ""'), "title: Expected"),
        (broken('title = "What changed"\n', ""), "field “change”: “title” is missing"),
        (broken('kind = "long-text"', 'kind = "essay"'), "field “change” (kind): Invalid enum value 'essay'"),
        (broken('kind = "long-text"', 'colour = "red"'), "field “change”: there is no setting “colour”"),
        (broken('name = "change"', 'name = "Change"'), "field “Change”: a name is lower-case letters"),
        (broken('name = "change"', 'name = "model"'), "field “model”: every template has a setting"),
        (broken('name = "change"', 'name = "model_x"'), "field “model_x”: every template has a setting"),
        (broken('name = "tone"', 'name = "change"'), "field “change”: there are two fields of this name"),
        (broken("{change},", "{chang},"), "instruct.user: it uses {chang}, and there is no field"),
        (broken("Change: {change}", "Change: {what}"), "base.shape: it uses {what}"),
        (broken("[[Size {size}.]]", "[[Size {size}."), "instruct.user: the section that line 1 opens is not"),
        (broken("[[Size {size}.]]", "Size {size}.]]"), "instruct.user: line 1 closes a section"),
        (broken("[[Size {size}.]]", "[[Size.]]"), "instruct.user: the section in line 1 has no field"),
        (broken("[[Size {size}.]]", "{ }"), "instruct.user: line 1 has a single {; write it twice"),
        (broken("minimum = 1", "minimum = 10"), "field “size”: the minimum is more than the maximum"),
        (broken("minimum = 1", "minimum = 1.5"), "field “size”: minimum and maximum must be whole numbers"),
        (broken("minimum = 1", "minimum = nan"), "field “size”: minimum and maximum must be finite"),
        (broken("minimum = 1", "default = 10"), "field “size”: default: must be at most 9"),
        (broken("minimum = 1", "default = true"), "field “size”: default: must be a whole number"),
        (broken("minimum = 1", 'default = "1"'), "field “size”: default: must be a whole number"),
        (broken("minimum = 1", "required = true"), "field “size”: only texts can be required"),
        (broken("minimum = 1", "max_length = 3"), "field “size”: only texts have a max_length"),
        (broken("required = true", "minimum = 1"), "field “change”: only numbers have a minimum"),
        (broken("required = true", "default = 3"), "field “change”: default: must be a text"),
        (broken("required = true", 'default = ["a"]'), "field “change”: default: only lines may be a list"),
        (broken("required = true", 'max_length = 2\ndefault = "abc"'), "default: has more than 2 characters"),
        (broken("required = true", 'choices = ["a"]'), "field “change”: a choice needs choices"),
        (broken('{ plain = "plain and exact", warm = "warm" }', '["a", "a"]'), "choices must differ"),
        (broken('{ plain = "plain and exact", warm = "warm" }', "[]"), "a choice needs choices"),
        (broken("choices = { p", 'default = "x"\nchoices = { p'), "default: is none of the choices"),
        (
            broken('{ change = "speed" }', '{ chance = "speed" }'),
            "base.examples[1]: there is no field “chance”",
        ),
        (broken('{ change = "speed" }', "{ change = 3 }"), "base.examples[1].change: must be a text"),
        (GOOD.encode() + b'[output]\nkind = "json"\n', "output.json_schema: JSON needs a schema"),
        (GOOD.encode() + b'[output]\nkind = "json"\njson_schema = "{"\n', "output.json_schema: is not JSON"),
        (GOOD.encode() + b'[output]\nkind = "json"\njson_schema = "[]"\n', "must be of the type object"),
        (GOOD.encode() + b'[output]\nkind = "choice"\n', "output.choices: a choice needs choices"),
        (GOOD.encode() + b'[output]\nchoices = ["a"]\n', "output.choices: a choice needs choices"),
        (GOOD.encode() + b'[output]\nkind = "choice"\nchoices = ["a", ""]\n', "choices must differ"),
        (GOOD.encode() + b'[output]\nlayout = "x"\n', "output.layout: only JSON has a layout"),
        (GOOD.encode() + b'[output]\ncode_language = "x"\n', "output.code_language: only code has"),
        (GOOD.encode() + b"[sampling]\ntemperature = 3\n", "sampling.temperature: Expected"),
        (GOOD.encode() + b"[limits]\nwords = 0\n", "limits.words: Expected"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data: bytes, told: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse(data, "mine.toml")
    assert raised.value.message.startswith("The template “mine.toml” cannot be used: ")
    assert told in raised.value.message
    assert "docs/templates.md" in raised.value.hint


@given(st.binary(max_size=300))
def test_any_bytes_are_a_template_or_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        parse(data, "any.toml")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.floats(allow_nan=True) | st.text(max_size=12)
    | st.sampled_from(["text", "choice", "json", "list", "a{b}", "[[{change}]]", "{", "]]"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "title", "kind", "user", "shape", "text"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 40), _VALUES), min_size=1, max_size=3))
def test_any_values_in_place_of_good_ones_are_taken_or_refused(changes: list[tuple[int, object]]) -> None:
    """The file with some of its values replaced, at any depth."""
    values = tomllib.loads(GOOD)
    places = list(_places(values))
    for number, value in changes:
        owner, key = places[number % len(places)]
        owner[key] = value  # type: ignore[index]
    try:
        data = _toml(values)
    except TypeError:  # None has no place in TOML
        return
    try:
        assert isinstance(parse(data, "any.toml"), Template)
    except BadInput as error:
        assert error.hint


def _places(value: object) -> list[tuple[object, object]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in pairs for place in [(value, key), *_places(inner)]]


def _toml(values: dict[str, object]) -> bytes:
    return "\n".join(f"{_key(key)} = {_value(value)}" for key, value in values.items()).encode()


def _key(key: object) -> str:
    return msgspec.json.encode(str(key)).decode()


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()
    raise TypeError


def put(folder: Path, file: str, text: str = GOOD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    return folder / file


def test_the_first_of_two_with_one_name_counts_and_both_are_named(tmp_path: Path) -> None:
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    put(theirs, "note.toml")
    second = put(mine, "my-note.toml", GOOD.replace("Release note", "Mine"))
    found = read_folders([("some-plugin", theirs), ("", mine)])
    assert [file.template.title for file in found.files] == ["Release note"]
    (note,) = found.notes
    assert "some-plugin: note.toml" in note and str(second) in note


def test_a_broken_file_costs_no_other(tmp_path: Path) -> None:
    put(tmp_path, "a.toml", "x")
    put(tmp_path, "b.toml")
    (tmp_path / "c.toml").mkdir()
    put(tmp_path, "readme.md", "no template")
    found = read_folders([("", tmp_path)])
    assert [file.template.name for file in found.files] == ["note"]
    assert len(found.notes) == 2 and "a.toml" in found.notes[0] and "c.toml" in found.notes[1]


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert files_in(tmp_path / "none") == []


def test_the_studio_brings_templates_without_being_imported() -> None:
    owners = {owner for owner, _ in package_folders()}
    assert "studio" in owners
    assert folders_of("no_such_package_anywhere") == folders_of("") == folders_of("../x") == []
    names = {template.name for template in find_templates().templates}
    assert names >= {"article", "product-page", "e-mail", "social-post", "taglines", "naming", "ui-microcopy"}


def test_a_package_brings_templates_and_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "notes_package" / "templates", "note.toml")
    (tmp_path / "notes_package" / "__init__.py").write_text("raise RuntimeError('imported')")
    info = tmp_path / "notes_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: notes-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[studio.templates]\nnotes = notes_package\nlost = no_package_x.y\n"
    )
    before = installed_key()
    monkeypatch.syspath_prepend(str(tmp_path))
    found = {file.template.name: file.owner for file in find_templates().files}
    assert found["note"] == "notes-package" and found["article"] == "studio"
    listed = installed_key()
    put(tmp_path / "notes_package" / "templates", "note.toml", GOOD + "\n")
    assert len({before, listed, installed_key()}) == 3


def test_the_catalog_is_made_anew_when_a_template_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    keys = [installed_key()]
    path = put(user_folder(), "note.toml")
    keys.append(installed_key())
    path.write_text(GOOD + "\n", encoding="utf-8")
    keys.append(installed_key())
    path.unlink()
    assert len(set(keys)) == 3 and installed_key() == keys[0]


def test_the_users_own_are_found_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path))
    path = put(user_folder(), "note.toml")
    assert TemplateFile(parse(GOOD.encode(), "note.toml"), path, "") in find_templates().files
