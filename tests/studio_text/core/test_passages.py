"""Documents are saved at once, with where their passages came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_text.core.passages import GENERATOR, Passage, inputs_of, params_of, passages_of, text_of

from studio.core.item import Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.project.store import Project
from tests.studio_text.saving import save_document

DIGEST = "a" * 64


def test_a_document_is_an_artifact_of_a_finished_job(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "draft.md"
    source.write_text("A draft.")
    draft = project.add_asset(source, kind=Kind.TEXT)
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
    assert [part.source for part in passages_of(recipe.generator, recipe.params)] == [DIGEST, ""]
    assert project.children(draft.uid) == [saved]
    assert project.prove() is None
    assert not list((project.folder / "tmp").iterdir())


def test_versions_follow_each_other(project: Project) -> None:
    first = save_document(project, [Passage("a")])
    second = save_document(project, [Passage("b")], first, drafts=[first])
    assert project.parents(second.uid)[0] == first


def test_the_first_drafts_are_the_inputs_each_once(project: Project, tmp_path: Path) -> None:
    drafts = []
    for number in range(8):
        source = tmp_path / f"{number}.md"
        source.write_text(f"Draft {number}.")
        drafts.append(project.add_asset(source, kind=Kind.TEXT))
    inputs = inputs_of(drafts[0], [drafts[0], drafts[1], drafts[1], *drafts[2:]])
    assert [*inputs] == ["before", *(f"draft{number}" for number in range(1, 7))]
    assert [*inputs.values()] == drafts[:7]


def test_nothing_is_no_document() -> None:
    with pytest.raises(BadInput, match="empty"):
        params_of([Passage(" \n", DIGEST)])


def test_what_is_no_documents_recipe_has_no_passages() -> None:
    deep = f'[{{"text": "a", "x": {"[" * 99_999}{"]" * 99_999}}}]'
    for said in (3, "no json", '[{"text": 1}]', deep, None):
        params = {} if said is None else {"passages": said}
        assert passages_of(GENERATOR, params) == []
    assert passages_of("a/b", {"passages": "[]"}) == []


@given(st.lists(st.builds(Passage, st.text(st.characters(codec="utf-8")), st.sampled_from(["", DIGEST]))))
def test_passages_survive_a_recipe(passages: list[Passage]) -> None:
    import msgspec

    said = msgspec.json.encode(passages).decode()
    recipe = Recipe(generator=GENERATOR, generator_version="1", params={"passages": said})
    again = Recipe.from_json(recipe.to_json())
    assert passages_of(again.generator, again.params) == passages
    assert text_of(passages_of(GENERATOR, recipe.params)) == text_of(passages)
