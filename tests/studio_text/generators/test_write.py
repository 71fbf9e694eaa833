"""Generators of templates: what they ask a model, and what they make of its answers."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio_text import hooks
from studio_text.core.template import Template
from studio_text.core.template_files import find_templates
from studio_text.core.template_parser import parse
from studio_text.generators import loading, prompts
from studio_text.generators.template_generators import generator_for
from studio_text.generators.write import laid_out, with_spares

from studio.api import BadInput, Cancelled, Generator
from studio.core.authoring import describe
from studio.testing import Result, run_generator

from .scripted import Answers, ScriptedEngine

__all__ = ["run_generator"]  # the fixture

BUNDLED = {template.name: template for template in find_templates().templates}
BRIEF = {
    "product-page": {"product": "Fjord, a lamp", "facts": "folds flat\nruns 40 hours"},
    "article": {"subject": "why drawers stay tidy"},
    "e-mail": {"message": "the proofs are ready"},
    "social-post": {"news": "a new lamp"},
    "taglines": {"brand": "Fjord", "promise": "light that folds away"},
    "naming": {"thing": "a lamp that folds flat"},
    "ui-microcopy": {"moment": "saving failed because the disk is full"},
    "code-snippet": {"task": "the sum of a list"},
}

NOT_SAVED = (
    '{"title": "Not saved", "text": "The disk is full.", "primary": "Save elsewhere", "secondary": "Wait", '
    '"spoken": "It was not saved."}'
)

Writes = Callable[..., tuple[Result, ScriptedEngine]]


@pytest.fixture
def writes(run_generator: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Writes:
    """Runs a generator with a model that gives these answers."""
    numbers = itertools.count()

    def write(
        generator: type[Generator], answers: Answers | str, params: dict[str, Any], **options: Any
    ) -> tuple[Result, ScriptedEngine]:
        engine = ScriptedEngine(answers, **{k: options.pop(k) for k in ("chat", "context") if k in options})
        monkeypatch.setattr(loading, "_load", lambda path, run: engine)
        models = {"model": tmp_path / str(next(numbers))}  # none is warm yet
        return run_generator(generator, params, models=models, **options), engine

    return write


def texts(result: Result) -> list[str]:
    return [artifact.path.read_text(encoding="utf-8") for artifact in result.artifacts]


def template(**changes: str) -> Template:
    source = """\
format = 1
name = "note"
title = "Note"
fields = [{ name = "change", title = "What changed", required = true }]
instruct = { system = "Be brief.", user = "Write about {change}." }
[base]
intro = "Notes."
shape = "Change: {change}\\nNote:"
stop = ["\\nChange:"]
examples = [{ fields = { change = "speed" }, text = "It is faster." }]
"""
    return parse((source + changes.get("more", "")).encode(), "note.toml")


def test_every_bundled_template_can_be_used() -> None:
    assert set(BUNDLED) == set(BRIEF)
    assert find_templates().notes == ()
    for bundled in BUNDLED.values():
        description = describe("text", generator_for(bundled))
        assert description.summary and description.id == f"text/{bundled.name}"


def test_the_plugin_offers_a_generator_for_each_template_and_its_own() -> None:
    names = {generator.name for generator in hooks.register_generators()}
    assert names >= {*BUNDLED, "continue", "rewrite", "chat", "document"}


@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("chat", [True, False])
def test_every_bundled_template_asks_for_what_was_filled_in(name: str, chat: bool, writes: Writes) -> None:
    bundled = BUNDLED[name]
    answers = {
        "json": NOT_SAVED,
        "list": "".join(f"- Line {n} that is fine\n" for n in range(with_spares(8))).rstrip(),
    }
    answer = answers.get(bundled.output.kind, "# A title\n\nA text.")
    result, engine = writes(generator_for(bundled), answer, {**BRIEF[name], "drafts": 1}, chat=chat)
    (prompt, *_) = engine.prompts
    for value in BRIEF[name].values():
        assert all(line in prompt for line in value.splitlines())
    assert "\n\n\n" not in prompt and not set(re.findall(r"\{(\w+)\}", prompt)) & set(BRIEF[name])
    assert len(result.artifacts) == 1 and texts(result)[0].strip()


def test_drafts_that_were_whole_outlive_what_breaks_off_the_job(writes: Writes, tmp_path: Path) -> None:
    first, long = "One text.", "A second one, which takes a while. " * 3
    generator, params = generator_for(template()), {"change": "x", "drafts": 3}
    told: dict[str, Any] = {"kept": tmp_path / "kept"}
    told["kept"].mkdir()
    with pytest.raises(Cancelled):
        writes(generator, lambda _: [first, long, first], params, cancel_after=200, **told)
    assert sorted(path.name for path in told["kept"].iterdir()) == ["draft-1.json", "draft-3.json"]
    again, _ = writes(generator, long, params, **told)
    assert texts(again) == [f"{first}\n", f"{long.rstrip()}\n", f"{first}\n"]
    assert again.texts == {0: first, 1: long, 2: first}
    (told["kept"] / "draft-3.json").write_bytes(b'{"text": "half')
    assert texts(writes(generator, "Anew.", params, **told)[0]) == [
        f"{first}\n",
        f"{long.rstrip()}\n",
        "Anew.\n",
    ]


def test_drafts_are_streamed_and_filed_each(writes: Writes) -> None:
    result, _ = writes(
        generator_for(template()), lambda _: ["One text.", "# Two\n\ntexts."], {"change": "x", "drafts": 2}
    )
    assert [artifact.path.name for artifact in result.artifacts] == ["draft-1.md", "draft-2.md"]
    assert [artifact.name for artifact in result.artifacts] == ["One text.", "Two"]
    assert texts(result) == ["One text.\n", "# Two\n\ntexts.\n"]
    assert result.texts == {0: "One text.", 1: "# Two\n\ntexts."}
    assert {"tokens_per_second", "first_token", "prompt_tokens", "context_left"} <= set(result.numbers)


def test_wishes_reach_the_model(writes: Writes) -> None:
    params = {"change": "x", "keep": "Fjord\nBergen", "avoid": "cheap", "language": "German", "drafts": 1}
    result, engine = writes(
        generator_for(template(more="[output]\nwords = 90\n")), "Fjord aus Bergen.", {**params, "length": 70}
    )
    (system, user) = json.loads(engine.prompts[0])
    assert system == ["system", "Be brief."]
    for wish in ("about 70 words", '"Fjord", "Bergen"', "cheap", "German"):
        assert wish in user[1]
    assert result.notes == ["Draft 1 has 3 words; 70 were asked for."]


def test_a_draft_far_from_the_wanted_length_is_told(writes: Writes) -> None:
    asked = generator_for(template(more="[output]\nwords = 10\n"))
    answers = ["Too short.", "A " * 9 + "b.", "A " * 16 + "b."]
    result, engine = writes(asked, lambda _: answers, {"change": "x", "drafts": 3})
    assert len(engine.prompts) == 1
    assert result.notes == [
        "Draft 1 has 2 words; 10 were asked for.",
        "Draft 3 has 17 words; 10 were asked for.",
    ]


def test_a_missing_term_is_asked_for_once_more(writes: Writes) -> None:
    def answers(prompt: str) -> list[str]:
        return ["Fjord is here."] if "Revise your text" in prompt else ["A lamp is here."]

    result, engine = writes(generator_for(template()), answers, {"change": "x", "keep": "Fjord", "drafts": 1})
    assert texts(result) == ["Fjord is here.\n"] and result.notes == []
    assert '"Fjord"' in json.loads(engine.prompts[1])[-1][1]
    assert result.texts == {0: "A lamp is here."}


def test_what_stays_wrong_is_told(writes: Writes) -> None:
    result, engine = writes(
        generator_for(template(more="[limits]\ncharacters = 10\n")),
        "A lamp is here.",
        {"change": "x", "keep": "Fjord", "drafts": 1},
    )
    assert len(engine.prompts) == 2 and texts(result) == ["A lamp is here.\n"]
    assert result.notes == [
        "Draft 1 is not as asked: it does not hold “Fjord”.",
        "Draft 1 is not as asked: it has 15 characters; the limit is 10.",
    ]


def test_words_to_avoid_are_in_no_draft(writes: Writes) -> None:
    result, _ = writes(
        generator_for(template()), "A cheap lamp.", {"change": "x", "avoid": "cheap", "drafts": 2}
    )
    assert all("cheap" not in text for text in [*texts(result), *result.texts.values()])


def test_a_base_model_is_led_by_examples_and_says_so(writes: Writes) -> None:
    result, engine = writes(
        generator_for(template()),
        "It is smaller.\n\n---\n\nChange: y",
        {"change": "size", "drafts": 1},
        chat=False,
    )
    assert engine.prompts == [
        "Notes.\n\n---\n\nChange: speed\nNote:\nIt is faster.\n\n---\n\nChange: size\nNote:\n"
    ]
    assert texts(result) == ["It is smaller.\n"]
    assert "only continues texts" in result.notes[0]


def test_an_instruct_model_may_be_shown_examples(writes: Writes) -> None:
    shown = parse(_with_examples(), "note.toml")
    _, engine = writes(generator_for(shown), "Good.", {"change": "size", "drafts": 1})
    roles = [role for role, _ in json.loads(engine.prompts[0])]
    assert roles == ["system", "user", "assistant", "user"]


def _with_examples() -> bytes:
    return b"""\
format = 1
name = "note"
title = "Note"
fields = [{ name = "change", title = "What changed" }]
instruct = { system = "Be brief.", user = "Write about {change}.", examples = 1 }
base = { shape = "Change: {change}", examples = [{ fields = { change = "speed" }, text = "Faster." }] }
"""


def test_lists_hold_as_many_good_lines_as_were_asked_for(writes: Writes) -> None:
    lines = ["Same", "same.", "x" * 80, "Fine", "Good", "Better", "Best", "Spare"]
    answer = "".join(f"- {line}\n" for line in lines).rstrip()
    taglines = generator_for(BUNDLED["taglines"])
    result, _ = writes(taglines, answer, {**BRIEF["taglines"], "items": 5, "drafts": 1})
    assert texts(result) == ["- Same\n- Fine\n- Good\n- Better\n- Best\n"] and result.notes == []
    result, _ = writes(taglines, "- Same\n" * 7 + "- Same", {**BRIEF["taglines"], "items": 5, "drafts": 1})
    assert texts(result) == ["- Same\n"]
    assert result.notes == ["Draft 1 is not as asked: only 1 of 5 lines are good."]


def test_json_is_held_to_its_schema_and_laid_out(writes: Writes) -> None:
    microcopy = generator_for(BUNDLED["ui-microcopy"])
    result, _ = writes(microcopy, NOT_SAVED, {**BRIEF["ui-microcopy"], "drafts": 1})
    assert texts(result)[0].startswith(
        "**Not saved**\n\nThe disk is full.\n\n- Main button: Save elsewhere\n"
    )
    result, _ = writes(microcopy, "No JSON.", {**BRIEF["ui-microcopy"], "drafts": 1})
    assert texts(result)[0].startswith("**xxx")  # whatever it wants to say, it fits
    assert laid_out('{"a": "x", "n": 3}', "") == '{\n  "a": "x",\n  "n": 3\n}'
    assert laid_out('{"a": "x", "n": 3}', "**{a}** {n}") == "**x** 3"


def test_json_that_is_cut_off_is_no_draft(writes: Writes) -> None:
    asked = parse(
        b"""\
format = 1
name = "pair"
title = "Pair"
fields = [{ name = "about", title = "About" }]
instruct = { user = "Write about {about}." }
base = { shape = "About: {about}" }
[output]
kind = "json"
tokens = 30
json_schema = '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}'
""",
        "pair.toml",
    )

    def answers(_: str) -> list[str]:
        return ['{"a": "short"}', '{"a": "' + "long " * 20 + '"}']

    result, _ = writes(generator_for(asked), answers, {"about": "x", "drafts": 2})
    assert texts(result) == ['{\n  "a": "short"\n}\n']
    assert result.notes == [
        "Draft 2 is cut off: it became longer than was asked for.",
        "Draft 2 is left out: the model wrote nothing of use.",
    ]


def test_the_last_line_of_a_list_that_is_cut_off_is_left_out(writes: Writes) -> None:
    lines = [f"{number}{'x' * 79}" for number in range(9)]
    answer = "".join(f"- {line}\n" for line in lines).rstrip()
    result, _ = writes(generator_for(BUNDLED["naming"]), answer, {**BRIEF["naming"], "items": 3, "drafts": 1})
    assert texts(result) == [f"- {lines[0]}\n- {lines[1]}\n"]
    assert result.notes[0] == "Draft 1 is not as asked: only 2 of 3 lines are good."
    assert "cut off" in result.notes[1]


def test_a_draft_that_is_cut_off_is_told(writes: Writes) -> None:
    asked = generator_for(template(more="[output]\ntokens = 20\n"))
    result, _ = writes(asked, "Word " * 20, {"change": "x", "drafts": 1})
    assert result.notes == ["Draft 1 is cut off: it became longer than was asked for."]


def test_a_cut_off_second_try_is_not_taken(writes: Writes) -> None:
    def answers(prompt: str) -> list[str]:
        return ["Fjord " * 20] if "Revise your text" in prompt else ["A lamp."]

    asked = generator_for(template(more="[output]\ntokens = 20\n"))
    result, _ = writes(asked, answers, {"change": "x", "keep": "Fjord", "drafts": 1})
    assert texts(result) == ["A lamp.\n"]


def test_the_numbers_are_those_of_the_drafts_and_not_of_a_second_try(writes: Writes) -> None:
    params = {"change": "x", "keep": "Fjord", "drafts": 1}
    result, engine = writes(generator_for(template()), "A lamp.", params)
    assert len(engine.prompts) == 2
    assert result.numbers["prompt_tokens"] == len(engine.prompts[0].encode())


def test_an_empty_draft_costs_no_other(writes: Writes) -> None:
    result, _ = writes(generator_for(template()), lambda _: ["", "A lamp."], {"change": "x", "drafts": 2})
    assert texts(result) == ["A lamp.\n"]
    assert result.notes == ["Draft 1 is left out: the model wrote nothing of use."]


def test_a_choice_is_one_of_the_choices(writes: Writes) -> None:
    asked = generator_for(template(more='[output]\nkind = "choice"\nchoices = ["oak", "walnut"]\n'))
    result, _ = writes(asked, lambda _: ["oak", "Well, walnut"], {"change": "x", "drafts": 2})
    assert texts(result)[0] == "oak\n" and texts(result)[1] in ("oak\n", "walnut\n")
    assert [artifact.name for artifact in result.artifacts] == [text.strip() for text in texts(result)]


def test_code_is_one_block_in_its_language(writes: Writes) -> None:
    answer = "Here it is:\n```js\nlet a = 1\n```\n\nIt sets a."
    code = generator_for(BUNDLED["code-snippet"])
    result, _ = writes(code, answer, {**BRIEF["code-snippet"], "code": "JavaScript", "drafts": 1})
    assert texts(result) == ["```javascript\nlet a = 1\n```\n"]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Sure, here is the post:\n\nA lamp.", "A lamp."),
        ("Here's a draft:\nA lamp.", "A lamp."),
        ("```markdown\n# A\n```", "# A"),
        ("“A lamp.”", "A lamp."),
        ('"A" and "B"', '"A" and "B"'),
        ("Sure! Here is the post.\n\nA lamp.", "A lamp."),
        ("Certainly!\nA lamp.", "A lamp."),
        ("Of course, this is it:\nA lamp.", "A lamp."),
        ("Here: a lamp.", "Here: a lamp."),
        ("Here's the light you waited for!\n\nIt folds.", "Here's the light you waited for!\n\nIt folds."),
        ("Here is Fjord.\n\nIt folds.", "Here is Fjord.\n\nIt folds."),
        ("Sure footing at last.\n\nA boot.", "Sure footing at last.\n\nA boot."),
        ("Certainly, you know this.\n\nA boot.", "Certainly, you know this.\n\nA boot."),
        ("Here we make lamps.\nAnd chairs.", "Here we make lamps.\nAnd chairs."),
    ],
)
def test_what_chatty_models_put_around_a_text_is_taken_off(said: str, text: str) -> None:
    assert prompts.unwrapped(said) == text


# --- what a user can get wrong


def refused(writes: Writes, params: dict[str, Any], answer: str = "x", **options: Any) -> BadInput:
    with pytest.raises(BadInput) as raised:
        writes(generator_for(template()), answer, params, **options)
    return raised.value


def test_a_missing_field_is_named(writes: Writes) -> None:
    error = refused(writes, {"change": "  "})
    assert error.message == "“What changed” is empty, and “Note” needs it."
    assert error.hint == "Fill it in and try again."


def test_a_form_with_nothing_in_it_is_an_empty_prompt(writes: Writes) -> None:
    with pytest.raises(BadInput, match="There is nothing to write about") as raised:
        writes(generator_for(parse(_with_examples(), "note.toml")), "x", {})
    assert raised.value.hint == "Fill in at least one of them."


def test_a_prompt_longer_than_the_context_is_told_in_numbers(writes: Writes) -> None:
    error = refused(writes, {"change": "x" * 150}, context=200)
    assert "at least 32 more for the answer, and its context holds 200" in error.message
    assert "Shorten what you wrote by about" in error.hint


def test_a_prompt_that_leaves_no_room_for_the_wanted_length_is_refused(writes: Writes) -> None:
    asked = generator_for(template(more="[output]\nwords = 100\n"))
    with pytest.raises(BadInput, match="at least 144 more for the answer, and its context holds 300"):
        writes(asked, "x", {"change": "x" * 90}, context=300)


def test_a_model_that_writes_nothing_is_told(writes: Writes) -> None:
    error = refused(writes, {"change": "x"}, "")
    assert error.message == "The model wrote nothing of use." and "Try another seed" in error.hint


def test_cancelling_stops_at_the_next_token(writes: Writes) -> None:
    with pytest.raises(Cancelled):
        writes(generator_for(template()), "A long text. " * 50, {"change": "x"}, cancel_after=20)


def test_choices_are_shown_as_they_are_written() -> None:
    properties = describe("text", generator_for(BUNDLED["code-snippet"])).params_schema["properties"]
    assert properties["code"]["x-ui"]["labels"]["JavaScript"] == "JavaScript"
    tones = describe("text", generator_for(BUNDLED["e-mail"])).params_schema["properties"]["tone"]
    assert tones["x-ui"]["labels"]["friendly"] == "Friendly" and tones["default"] == "friendly"


def test_nothing_is_copied_from_the_examples(writes: Writes) -> None:
    example = BUNDLED["product-page"].base.examples[0].text
    product_page = generator_for(BUNDLED["product-page"])
    result, _ = writes(product_page, example, {**BRIEF["product-page"], "drafts": 1, "length": 400})
    (text,) = texts(result)
    assert "## Why you will like it" in text  # the form may be the same
    assert "Brio does not ask" not in text and "smells like a good day" not in text


def test_phrases_with_the_writers_numbers_and_names_are_theirs() -> None:
    template = BUNDLED["product-page"]
    count = len(template.base.examples)
    phrases = prompts.phrases_of_examples(template, count, {})
    told = prompts.phrases_of_examples(template, count, {"product": "Havn, a bag", "facts": "14-inch laptop"})
    theirs = {phrase for phrase in phrases if "Havn" in phrase or "14-inch" in phrase}
    assert theirs and theirs == set(phrases) - set(told)


def test_what_the_writer_wrote_is_not_taken_for_copied() -> None:
    template = BUNDLED["product-page"]
    phrases = prompts.phrases_of_examples(template, 1, {"facts": "lid and filter are one piece"})
    assert "Brio does not ask" in phrases and "Lid and filter are" not in phrases
    assert prompts.phrases_of_examples(BUNDLED["ui-microcopy"], 2, {}) == []
    assert prompts.phrases_of_examples(template, 0, {}) == []


def test_names_of_the_examples_sign_no_letter() -> None:
    found = prompts.phrases_of_examples(BUNDLED["e-mail"], 2, {"sender": "Amina K."})
    assert {"Okafor", "Jonas"} <= set(found) and "Amina" not in found
    assert "Order" not in prompts.phrases_of_examples(BUNDLED["product-page"], 2, {})
