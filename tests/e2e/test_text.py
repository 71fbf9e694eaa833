"""Texts from the command line to the file: the real worker, and a real language model of random weights."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from studio.core.item import JobState
from studio.jobs.describe import discover
from studio.jobs.events import Event, JobChanged, JobNumbers, JobText
from studio.jobs.prepare import make_recipe
from studio.jobs.runner import Runner
from studio.models.store import ModelStore
from studio.project.store import Project
from tests.studio_text.generators import tiny_models

from .conftest import CommandLine

pytestmark = pytest.mark.slow

CONTEXT = 4096
TEMPLATE = """\
format = 1
name = "haiku"
title = "Haiku"
fields = [{ name = "about", title = "About", required = true }]
instruct = { user = "Write a haiku about {about}." }
base = { shape = "About: {about}" }
output = { words = 12 }
"""
BRIEF = ("--product", "Fjord", "--facts", "folds flat", "--length", 20, "--model", "tiny")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a chat template, as the studio converts it."""
    folder = tmp_path_factory.mktemp("model")
    source = tiny_models.folder(folder / "source", "qwen2")
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    (source / "config.json").write_text(json.dumps({**config, "max_position_embeddings": CONTEXT}))
    return tiny_models.converted(source, folder / "tiny", "int8")


@pytest.fixture(scope="module")
def studio(model: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    made = CommandLine(tmp_path_factory.mktemp("home"))
    code, said = made.run("models", "add", model, "--name", "tiny", "--licence", "MIT")
    assert code == 0, said
    return made


def test_a_brief_becomes_a_page_and_the_same_seed_the_same_page(studio: CommandLine, tmp_path: Path) -> None:
    pages = []
    for number, seed in enumerate((3, 3, 4)):
        out = tmp_path / f"page {number}.md"
        words = ("run", "text/product-page", *BRIEF, "--drafts", 1, "--seed", seed, "--out", out)
        code, said = studio.run(*words)
        assert code == 0, said
        assert said["files"] == [str(out)] and said["jobs"][0]["items"][0]["kind"] == "text"
        numbers = said["jobs"][0]["numbers"]
        assert numbers["prompt_tokens"] + numbers["context_left"] < CONTEXT
        assert numbers["tokens_per_second"] > 0 and numbers["first_token"] > 0
        pages.append(out.read_text(encoding="utf-8"))
    assert pages[0] == pages[1] != pages[2]


def test_a_model_that_is_not_named_is_the_one_that_is_there(studio: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "mail.md"
    words = (
        "run",
        "text/e-mail",
        "--message",
        "proofs are ready",
        "--length",
        10,
        "--drafts",
        1,
        "--out",
        out,
    )
    code, said = studio.run(*words)
    assert code == 0 and out.read_text(encoding="utf-8").strip(), said


def test_without_a_model_the_refusal_says_where_to_get_one(tmp_path: Path) -> None:
    words = ("run", "text/e-mail", "--message", "x", "--out", tmp_path / "x.md")
    code, said = CommandLine(tmp_path / "home").run(*words)
    assert code != 0 and "studio models install" in said["error"]["hint"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("text/product-page", *BRIEF, "--product", ""), "“Product” is empty"),
        (("text/product-page", *BRIEF, "--facts", " "), "“Facts” is empty"),
        (("text/rewrite", "--model", "tiny"), "There is no text to work on"),
        (("text/chat", "--model", "tiny", "--message", " "), "The message is empty"),
        (
            ("text/chat", "--model", "tiny", "--message", "What is this? " * 500),
            f"its context holds {CONTEXT}",
        ),
        (("text/taglines", "--model", "tiny", "--drafts", 9), "drafts must be at most 6"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(
    studio: CommandLine, tmp_path: Path, words: tuple[object, ...], told: str
) -> None:
    out = tmp_path / "never.md"
    code, said = studio.run("run", *words, "--out", out)
    error = said.get("error") or said["jobs"][0]["error"]
    assert code != 0 and told in error["message"] and error["hint"], said
    assert not out.exists()


def test_a_file_that_is_no_text_is_refused(studio: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"caf\xe9")
    code, said = studio.run(
        "run", "text/continue", "--input", file, "--model", "tiny", "--out", tmp_path / "x.md"
    )
    assert code != 0 and "notes.txt" in said["jobs"][0]["error"]["message"], said
    assert "not text in UTF-8" in said["jobs"][0]["error"]["message"]


def test_a_base_model_only_continues(tmp_path: Path) -> None:
    studio = CommandLine(tmp_path / "home")
    source = tiny_models.folder(tmp_path / "source", "llama")
    (source / "tokenizer_config.json").write_text('{"eos_token": "<|im_end|>"}', encoding="utf-8")
    studio.run("models", "add", tiny_models.converted(source, tmp_path / "base", "int8"), "--name", "base")
    code, said = studio.run(
        "run",
        "text/continue",
        "--text",
        "The chair",
        "--length",
        10,
        "--drafts",
        1,
        "--out",
        tmp_path / "x.md",
    )
    assert code == 0, said
    (tmp_path / "mine.toml").write_text(TEMPLATE, encoding="utf-8")
    studio.run("templates", "add", tmp_path / "mine.toml")
    code, said = studio.run("run", "text/haiku", "--about", "snow", "--drafts", 1, "--out", tmp_path / "z.md")
    assert code == 0 and "This model only continues texts." in said["jobs"][0]["notes"][0], said
    code, said = studio.run("run", "text/rewrite", "--text", "The chair.", "--out", tmp_path / "y.md")
    assert code != 0 and "has no chat template" in said["jobs"][0]["error"]["message"]


def test_a_template_is_added_used_and_removed(studio: CommandLine, tmp_path: Path) -> None:
    file, out = tmp_path / "mine.toml", tmp_path / "haiku.md"
    file.write_text(TEMPLATE, encoding="utf-8")
    assert studio.run("templates", "check", file)[0] == 0
    assert studio.run("templates", "add", file)[0] == 0
    code, said = studio.run("templates", "add", file)
    assert code != 0 and "already" in said["error"]["message"]
    code, said = studio.run(
        "run", "text/haiku", "--about", "snow", "--model", "tiny", "--drafts", 1, "--out", out
    )
    assert code == 0 and out.is_file(), said
    assert studio.run("templates", "remove", "haiku")[0] == 0
    code, said = studio.run("run", "text/haiku", "--about", "snow", "--out", out)
    assert code != 0 and "text/haiku" in said["error"]["message"]
    assert studio.run("templates", "remove", "article")[0] != 0


def test_a_broken_template_is_a_note_of_the_plugin(tmp_path: Path) -> None:
    studio = CommandLine(tmp_path / "home")
    folder = tmp_path / "home" / "data" / "templates"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_bytes(b"\xff")
    code, said = studio.run("plugins")
    (text,) = [plugin for plugin in said["plugins"] if plugin["name"] == "text"]
    assert code == 0 and text["failure"] is None and len(text["generators"]) > 8
    (note,) = text["notes"]
    assert "broken.toml" in note and "line 1 is not text in UTF-8" in note


def test_drafts_are_streamed_measured_and_can_be_stopped(model: Path, tmp_path: Path) -> None:
    """With the runner that the window has: what it hears while a job writes, and after a cancel."""
    store = ModelStore(tmp_path / "models")
    store.add(model, name="tiny", licence="MIT")
    catalog = discover(tmp_path / "cache")
    article = catalog.generator("text/article")
    heard: list[Event] = []
    over = threading.Event()
    cancel_at_first_word = threading.Event()

    def hear(event: Event) -> None:
        heard.append(event)
        if isinstance(event, JobText) and cancel_at_first_word.is_set():
            threading.Thread(target=runner.cancel, args=(event.job_id,)).start()
            cancel_at_first_word.clear()
        if isinstance(event, JobChanged) and event.job.state.is_final:
            over.set()

    with Project.create(tmp_path / "T.studio") as project:
        runner = Runner(project, catalog, store, on_event=hear, devices=catalog.devices)
        runner.start()

        def run(length: int) -> JobState:
            over.clear()
            heard.clear()
            values = {"subject": "chairs", "length": length, "drafts": 3, "temperature": 1.5, "top_k": 0}
            recipe = make_recipe(project, article, values, {}, seed=1, device="cpu", threads=1, models=store)
            (job,) = runner.submit([recipe], title="Article", titles=["Article"])
            assert over.wait(60)
            ended = runner.queue.job(job.id)
            assert ended.error is None
            return ended.state

        try:
            assert run(20) is JobState.DONE
            streamed = {
                draft: "".join(e.text for e in heard if isinstance(e, JobText) and e.draft == draft)
                for draft in range(3)
            }
            assert all(streamed.values())
            numbers = {n.name for e in heard if isinstance(e, JobNumbers) for n in e.numbers}
            assert numbers == {"tokens_per_second", "first_token", "prompt_tokens", "context_left"}
            assert len(project.items()) == 3
            cancel_at_first_word.set()
            assert run(2000) is JobState.CANCELLED
            assert len(project.items()) == 3
        finally:
            runner.stop()
