"""What the button of a form says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.core.generator import Action, GeneratorDescription

DRAFTS = Action(words="Write {count} drafts", one="Write one draft", count="drafts")


def described(*actions: Action) -> GeneratorDescription:
    return GeneratorDescription(
        id="a/b",
        title="B",
        kind="text",
        version="1",
        summary="",
        inputs=(),
        params_schema={"properties": {}},
        actions=actions,
    )


def test_without_actions_it_says_generate() -> None:
    assert described().action({}) == "Generate"


@given(st.integers(2, 99))
def test_a_count_is_said(count: int) -> None:
    assert described(DRAFTS).action({"drafts": count}) == f"Write {count} drafts"


def test_one_is_said_in_its_own_words() -> None:
    assert described(DRAFTS).action({"drafts": 1}) == "Write one draft"


def test_the_first_that_fits_the_form_counts() -> None:
    remove = Action(words="Remove", when=("method", ("fill",)))
    generator = described(remove, Action(words="Repaint"))
    assert generator.action({"method": "fill"}) == "Remove"
    assert generator.action({"method": "diffusion"}) == "Repaint"
    assert generator.action({}) == "Repaint"
