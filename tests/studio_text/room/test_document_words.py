"""How long a text is, as its reader counts, and what the template allows."""

from __future__ import annotations

import pytest
from studio_text.room.words import Length, Limits, length_of, length_words, limits_of

from studio.core.generator import GeneratorDescription
from studio.core.kind import Kind


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", Length(0, 0)),
        ("**Hello** *world*", Length(11, 2)),
        ("# Title\n\n- one\n- two", Length(13, 3)),
        ("[us](https://example.com)", Length(2, 1)),
        ("It's well-known: 3.5 kg", Length(23, 4)),
        ("漢字です", Length(4, 4)),
        ("🙂", Length(1, 0)),
        ("नमस्ते दुनिया", Length(13, 2)),
        ("re\u0301sume\u0301", Length(8, 1)),
        ("مرحبا بالعالم", Length(13, 2)),
    ],
)
def test_length(text: str, length: Length) -> None:
    found = length_of(text)
    assert (found.characters, found.words) == (length.characters, length.words)


def test_the_longest_line_of_a_list_counts() -> None:
    length = length_of("- Light that follows\n- **Quiet**\n")
    assert length.line == 18
    words, too_long = length_words(length, Limits(line=10))
    assert too_long
    assert words.endswith("longest line 18 characters, 8 too many (at most 10)")


def test_too_long_is_said_in_words() -> None:
    assert length_words(Length(10, 2)) == ("2 words  ·  10 characters", False)
    words, too_long = length_words(Length(300, 40), Limits(characters=280))
    assert too_long
    assert words == "40 words  ·  300 characters, 20 too many (at most 280)"
    assert length_words(Length(280, 1), Limits(280, 5)) == (
        "1 word (at most 5)  ·  280 characters (at most 280)",
        False,
    )


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        (None, Limits()),
        ({"limits": {"characters": 280, "words": None}}, Limits(280, None)),
        ({"limits": {"characters": -1, "words": True}}, Limits()),
        ({"limits": [1]}, Limits()),
        ({"limits": {"item_characters": 60}}, Limits(line=60)),
        ("x", Limits()),
    ],
)
def test_limits_come_from_the_schema(said: object, limits: Limits) -> None:
    described = GeneratorDescription(
        id="a/b",
        title="x",
        kind=Kind.TEXT,
        version="1",
        summary="",
        inputs=(),
        params_schema={"properties": {}, "x-text": said},
    )
    assert limits_of(described) == limits
    assert limits_of(None) == Limits()
