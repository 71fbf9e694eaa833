from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.item import Label, Origin
from studio.core.kind import Kind
from studio.project.query import KEYS, Query, completions, parse, quoted, words

TODAY = date(2026, 11, 24)
VALUES = {
    "kind": ["image", "mask", "text", "palette"],
    "tag": ["night sky", "Nightly", "blue"],
    "in": ["Best of 2026"],
}
ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
LIKELY = st.lists(
    st.sampled_from(
        [*(f"{key}:" for key in KEYS), "-", '"', '""', " ", ">=", "<", "3", "42", "red", "mask", "today",
         "2026-11", "2026-13", "rejected", "harbor", "night sky", "\n", "é", ":", "x:", "👍"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
CASES = ANY | LIKELY


def _at(year: int, month: int, day: int) -> float:
    return datetime(year, month, day).timestamp()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("harbor night", Query(text="harbor night")),
        ('"harbor night" dog', Query(text='"harbor night" dog')),
        ("kind:mask KIND:Image", Query(kinds=(Kind.MASK, Kind.IMAGE))),
        ("kind:color-palette", Query(kinds=("color-palette",))),
        ("stars:3", Query(min_stars=3, max_stars=3)),
        ("stars:>=3 stars:<5", Query(min_stars=3, max_stars=4)),
        ("stars:>3", Query(min_stars=4)),
        ("stars:<=2", Query(max_stars=2)),
        ("label:red label:none", Query(labels=(Label.RED, Label.NONE))),
        ('tag:"night sky" tag:blue', Query(tags=("night sky", "blue"))),
        ("in:Best", Query(collection="Best")),
        ("is:rejected", Query(rejected=True)),
        ("is:picked", Query(rejected=False, min_stars=1)),
        ("is:starred is:result", Query(min_stars=1, origin=Origin.ARTIFACT)),
        ("is:photo is:trashed", Query(origin=Origin.ASSET, trashed=True)),
        ("seed:42 plugin:image", Query(seed=42, plugin="image")),
        ("generator:inpaint model:lama", Query(generator="inpaint", model="lama")),
        ("batch:night job:a1 name:foo", Query(batch="night", job="a1", name="foo")),
        ("date:today", Query(after=_at(2026, 11, 24), before=_at(2026, 11, 25))),
        ("date:Yesterday", Query(after=_at(2026, 11, 23), before=_at(2026, 11, 24))),
        ("date:2026", Query(after=_at(2026, 1, 1), before=_at(2027, 1, 1))),
        ("date:2026-12", Query(after=_at(2026, 12, 1), before=_at(2027, 1, 1))),
        ("date:>=2026-11-01", Query(after=_at(2026, 11, 1))),
        ("date:>2026-11-01", Query(after=_at(2026, 11, 2))),
        ("date:<2026-11", Query(before=_at(2026, 11, 1))),
        ("date:<=2026-11", Query(before=_at(2026, 12, 1))),
        ("date:>=2026-10 date:<2026-11", Query(after=_at(2026, 10, 1), before=_at(2026, 11, 1))),
        ("-harbor", Query(without=(Query(text="harbor"),))),
        ('-"old harbor"', Query(without=(Query(text='"old harbor"'),))),
        ("-tag:x -kind:mask", Query(without=(Query(tags=("x",)), Query(kinds=(Kind.MASK,))))),
        ("-is:trashed", Query()),
        ("a-b 12:30 x", Query(text="a-b 12:30 x")),
        ("-", Query(text="-")),
        ("--x", Query(without=(Query(text="-x"),))),
    ],
)
def test_what_a_text_means(text: str, query: Query) -> None:
    parsed = parse(text, today=TODAY)
    assert parsed.problems == ()
    assert parsed.query == query


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stars:9", "no number of stars"),
        ("stars:many", "no number of stars"),
        ("kind:mp4!", "it can be image, mask"),
        ("label:pink", "it can be red"),
        ("is:good", "it can be picked"),
        ("date:soon", "is no date"),
        ("date:2026-02-30", "is no date"),
        ("date:0000", "is no date"),
        ("seed:x", "whole number"),
        ("seed:4294967296", "whole number"),
        ("seed:-1", "whole number"),
        ("colour:red", "no “colour:”"),
        ("-colour:red", "no “colour:”"),
        ("tag:", "After “tag:” comes a tag"),
        ('tag:""', "After “tag:” comes a tag"),
        ("in:a in:b", "twice"),
    ],
)
def test_what_is_not_understood(text: str, words: str) -> None:
    [problem] = parse(f"harbor {text} night").problems
    assert words in problem.words
    assert f"harbor {text} night"[problem.start : problem.end] == text.split()[-1]
    assert parse(f"harbor {text} night").query.text == "harbor night"


def test_a_text_refines_what_was_picked() -> None:
    base = Query(text="sea", kinds=(Kind.IMAGE,), min_stars=2, tags=("a",), trashed=True, after=5.0, seed=1)
    query = parse("harbor kind:mask stars:>=1 tag:b date:>=1969 -x seed:2", base).query
    assert query.text == "sea harbor"
    assert query.kinds == (Kind.MASK,)
    assert (query.min_stars, query.after, query.seed, query.trashed) == (2, 5.0, 2, True)
    assert query.tags == ("a", "b")
    assert query.without == (Query(text="x"),)
    assert parse("", base).query == base


@given(text=CASES)
def test_any_text_is_fine(text: str) -> None:
    parsed = parse(text, today=TODAY)
    for problem in parsed.problems:
        assert 0 <= problem.start < problem.end <= len(text)
        assert problem.words
    ends = 0
    for word in words(text):
        assert ends <= word.start < word.end <= len(text)
        assert word.value in text
        ends = word.end


@given(text=CASES, cursor=st.integers(-1, 70))
def test_every_completion_can_be_put_in(text: str, cursor: int) -> None:
    for completion in completions(text, cursor, lambda key: VALUES.get(key, [])):
        assert 0 <= completion.start <= completion.end <= len(text)
        after = text[: completion.start] + completion.text + text[completion.end :]
        assert len(after) >= len(text[: completion.start])
        fresh = parse(completion.text)
        assert not fresh.problems or completion.text.endswith(":")


@given(tag=st.text(min_size=1, max_size=20).filter(lambda tag: '"' not in tag and tag.strip() == tag))
def test_what_is_quoted_is_understood(tag: str) -> None:
    assert parse(f"tag:{quoted(tag)} x").query == Query(tags=(tag,), text="x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ki", ["kind:"]),
        ("-ki", ["-kind:"]),
        ("kind:", ["kind:image", "kind:mask", "kind:text", "kind:palette"]),
        ("kind:m", ["kind:mask", "kind:image"]),
        ("x tag:ni", ['tag:"night sky"', "tag:Nightly"]),
        ('x -tag:"nig', ['-tag:"night sky"', "-tag:Nightly"]),
        ('tag:"night sky"', []),
        ("in:2026", ['in:"Best of 2026"']),
        ("nothing:", []),
        ("harbor ", []),
        ("harbor", []),
        ("label:r", ["label:red", "label:orange", "label:green", "label:purple"]),
    ],
)
def test_completions(text: str, expected: list[str]) -> None:
    found = completions(text, len(text), lambda key: VALUES.get(key, []))
    assert [completion.text for completion in found] == expected


def test_an_empty_field_offers_every_key() -> None:
    found = completions("", 0, lambda key: [])
    assert [completion.text for completion in found] == [f"{key}:" for key in KEYS]
    assert all(completion.hint for completion in found)
