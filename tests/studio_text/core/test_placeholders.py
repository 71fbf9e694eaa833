from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core.placeholders import PlaceholderError, fill, names_in


def test_places_are_filled_and_doubled_braces_stay() -> None:
    assert fill("{a} and {b}, {{c}}", {"a": "1", "b": "{a}"}) == "1 and {a}, {c}"
    assert names_in("{a} and {b}, {{c}}") == {"a", "b"}


def test_a_section_vanishes_with_its_line() -> None:
    text = "One.\n[[For: {who}]]\nTwo[[, {who}]]."
    assert fill(text, {"who": "you"}) == "One.\nFor: you\nTwo, you."
    assert fill(text, {"who": " "}) == "One.\nTwo."


def test_a_section_of_several_lines_vanishes_whole() -> None:
    assert fill("A\n[[Points:\n{points}\n]]\nB", {"points": ""}) == "A\nB"


def test_a_section_may_depend_on_what_writes_nothing() -> None:
    text = "A.[[{tags} Add two tags.]]"
    assert fill(text, {"tags": ""}, {"tags"}.__contains__) == "A. Add two tags."
    assert fill(text, {"tags": ""}, set().__contains__) == "A."


@pytest.mark.parametrize("text", ["{", "}", "{A}", "[[x]]", "[[{a}", "{a}]]", "[[ [[{a}]] ]]", "{a b}"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(PlaceholderError):
        names_in(text)


@given(st.text(st.sampled_from("ab{}[]\n "), max_size=30), st.text(max_size=5))
def test_a_text_that_is_accepted_can_be_filled(text: str, value: str) -> None:
    try:
        names = names_in(text)
    except PlaceholderError:
        return
    made = fill(text, dict.fromkeys(names, value))
    assert "\0" not in made


@given(st.text(max_size=20))
def test_values_are_taken_as_they_are(value: str) -> None:
    value = value.replace("\0", "")
    assert fill("<{a}>", {"a": value}) == f"<{value}>"
