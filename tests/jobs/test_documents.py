"""Documents are saved at once, with where their passages came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.item import JobState, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.jobs.documents import GENERATOR, Passage, passages_of, save_document, text_of
from studio.jobs.queue import Queue
from studio.project.store import Project

DIGEST = "a" * 64


def test_a_document_is_an_artifact_of_a_finished_job(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "draft.md"
    source.write_text("A draft.")
    draft = project.add_asset(source, kind=Kind.TEXT)
    queue = Queue(project)
    queue.pause_all()
    saved = save_document(
        project, [Passage("One sentence. ", DIGEST), Passage("Mine.\n")], draft, name="Page", drafts=[draft]
    )
    assert (saved.name, saved.kind, saved.origin, saved.parent) == (
        "Page",
        Kind.TEXT,
        Origin.ARTIFACT,
        draft.uid,
    )
    assert project.blob_path(saved.digest).read_text("utf-8") == "One sentence. Mine.\n"
    recipe = project.recipe_of(saved.uid)
    assert recipe is not None
    assert recipe.generator == GENERATOR
    assert recipe.inputs == {"before": draft.digest}
    assert [part.source for part in passages_of(recipe)] == [DIGEST, ""]
    (job,) = queue.jobs()
    assert job.state is JobState.DONE
    assert not queue.has_work()
    assert project.children(draft.uid) == [saved]
    assert project.prove() is None
    assert not list((project.folder / "tmp").iterdir())


def test_versions_follow_each_other(project: Project) -> None:
    first = save_document(project, [Passage("a")])
    second = save_document(project, [Passage("b")], first, drafts=[first])
    assert second.name == first.name == "Document"
    assert project.parents(second.uid)[0] == first


def test_nothing_is_no_document(project: Project) -> None:
    with pytest.raises(BadInput, match="empty"):
        save_document(project, [Passage(" \n", DIGEST)])
    assert project.count() == 0


def test_what_is_no_documents_recipe_has_no_passages() -> None:
    deep = f'[{{"text": "a", "x": {"[" * 99_999}{"]" * 99_999}}}]'
    for said in (3, "no json", '[{"text": 1}]', deep, None):
        params = {} if said is None else {"passages": said}
        assert passages_of(Recipe(generator=GENERATOR, generator_version="1", params=params)) == []
    assert passages_of(Recipe(generator="a/b", generator_version="1", params={"passages": "[]"})) == []


@given(st.lists(st.builds(Passage, st.text(st.characters(codec="utf-8")), st.sampled_from(["", DIGEST]))))
def test_passages_survive_a_recipe(passages: list[Passage]) -> None:
    import msgspec

    said = msgspec.json.encode(passages).decode()
    recipe = Recipe(generator=GENERATOR, generator_version="1", params={"passages": said})
    assert passages_of(Recipe.from_json(recipe.to_json())) == passages
    assert text_of(passages_of(recipe)) == text_of(passages)
