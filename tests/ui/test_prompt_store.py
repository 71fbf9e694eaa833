from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.generate.prompt_store import (
    MAX_PROMPTS,
    SNIPPET_NAME,
    PromptHistory,
    Snippets,
    parse_history,
    parse_snippets,
    walk,
)

ID = "image/inpaint"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)


def test_the_newest_prompt_comes_first_and_once(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path)
    for text in ("a lake", "a hill", "  ", "a lake"):
        history.add(ID, {"prompt": text, "negative_prompt": "blur"})
    assert history.prompts(ID, "prompt") == ["a lake", "a hill"]
    assert history.prompts(ID, "negative_prompt") == ["blur"]
    assert history.prompts("music/tune", "prompt") == []
    assert PromptHistory(tmp_path).prompts(ID, "prompt") == ["a lake", "a hill"]


def test_only_the_last_hundred_are_kept(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path)
    for n in range(MAX_PROMPTS + 20):
        history.add(ID, {"prompt": f"number {n}"})
    kept = PromptHistory(tmp_path).prompts(ID, "prompt")
    assert len(kept) == MAX_PROMPTS
    assert kept[0] == f"number {MAX_PROMPTS + 19}"


def test_forgotten_prompts_are_gone_from_the_disk(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path)
    history.add(ID, {"prompt": "a secret", "negative_prompt": "noise"})
    history.forget(ID, "prompt")
    again = PromptHistory(tmp_path)
    assert again.prompts(ID, "prompt") == []
    assert again.prompts(ID, "negative_prompt") == ["noise"]
    assert not any(b"a secret" in file.read_bytes() for file in tmp_path.rglob("*.json"))


def test_a_damaged_history_begins_anew_and_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "image" / "inpaint.json"
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe")
    history = PromptHistory(tmp_path)
    assert history.prompts(ID, "prompt") == []
    assert file.with_name("inpaint.json.broken").exists()
    history.add(ID, {"prompt": "again"})
    assert PromptHistory(tmp_path).prompts(ID, "prompt") == ["again"]


def test_a_text_that_is_no_unicode_is_left_out(tmp_path: Path) -> None:
    history = PromptHistory(tmp_path)
    history.add(ID, {"prompt": "half \ud800"})
    assert history.prompts(ID, "prompt") == []


@given(
    st.binary(max_size=60)
    | json_values.map(lambda v: json.dumps({"format": 1, "prompts": v, "snippets": v}).encode())
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        for field, texts in parse_history(data).items():
            assert isinstance(field, str)
            assert len(set(texts)) == len(texts) <= MAX_PROMPTS
    except ValueError:
        pass
    try:
        for name, text in parse_snippets(data).items():
            assert SNIPPET_NAME.fullmatch(name)
            assert text
    except ValueError:
        pass


def test_walking_ends_at_both_ends() -> None:
    prompts = ["new", "old"]
    assert walk(prompts, -1, 1) == 0
    assert walk(prompts, 1, 1) == 1
    assert walk(prompts, 0, -1) == -1
    assert walk(prompts, -1, -1) == -1
    assert walk([], -1, 1) == -1


@pytest.fixture
def snippets(tmp_path: Path) -> Snippets:
    made = Snippets(tmp_path / "snippets.json")
    made.save({"sky": "a wide evening sky", "skin": "natural skin", "licht": "weiches Licht"})
    return made


def test_snippets_stay(snippets: Snippets, tmp_path: Path) -> None:
    snippets.put("Blau", "in blue")
    assert list(Snippets(tmp_path / "snippets.json").all()) == ["Blau", "licht", "skin", "sky"]


def test_a_name_after_a_slash_asks_for_its_text(snippets: Snippets) -> None:
    assert snippets.asked_for("over it /sky") == ("/sky", "a wide evening sky")
    assert snippets.asked_for("/L") == ("/L", "weiches Licht")
    assert snippets.asked_for("/sk") is None
    assert snippets.asked_for("/sky ") is None
    assert snippets.asked_for("nothing") is None


def test_damaged_snippets_are_kept_aside_and_told(tmp_path: Path) -> None:
    file = tmp_path / "snippets.json"
    file.write_text("oh no")
    snippets = Snippets(file)
    assert snippets.all() == {}
    assert "snippets.json.broken" in snippets.notice
    assert (tmp_path / "snippets.json.broken").read_text() == "oh no"


def test_one_bad_snippet_does_not_take_the_others_along() -> None:
    data = {"format": 1, "snippets": {"good": "text", "not a name": "x", "number": 3, "": "y"}}
    assert parse_snippets(json.dumps(data).encode()) == {"good": "text"}
