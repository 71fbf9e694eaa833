from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.project.search import clean_text, match
from studio.project.store import Project
from tests.project.builders import add_artifact, file_with

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
OPERATORS = st.lists(
    st.sampled_from(
        ['"', "*", "^", "(", ")", "AND", "OR", "NOT", "NEAR(", "name:", "-", "+", "\0", "a", "é", "'", "%"]
    )
).map(" ".join)


def _named(project: Project, drop: Path, *names: str) -> None:
    for name in names:
        project.add_asset(file_with(drop, name.encode()), kind=Kind.IMAGE, name=name)


def _found(project: Project, text: str) -> list[str]:
    names = [item.name for item in project.items(text=text)]
    assert project.count(text=text) == len(names)
    return names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harb", ["Old harbor, Genoa", "harbor at night"]),
        ("HARBOR genoa", ["Old harbor, Genoa"]),
        ("cafe", ["Café-Bar"]),
        ("café", ["Café-Bar"]),
        ("cafe-bar", ["Café-Bar"]),
        ("bar", ["Café-Bar"]),
        ("cafe\u0301", ["Café-Bar"]),
        ("harbor -night", ["harbor at night"]),
        ("OR", []),
        ('"old', ["Old harbor, Genoa"]),
        ("😀", ["smile 😀"]),
        ("% _", []),
        ("&", []),
        ("harbor & night", ["harbor at night"]),
        ("日本", ["日本語"]),
        ("prompt", ["made"]),
        ("", ["made", "日本語", "smile 😀", "Café-Bar", "Old harbor, Genoa", "harbor at night"]),
        ("  ", ["made", "日本語", "smile 😀", "Café-Bar", "Old harbor, Genoa", "harbor at night"]),
    ],
)
def test_what_a_text_finds(project: Project, drop: Path, text: str, expected: list[str]) -> None:
    _named(project, drop, "harbor at night", "Old harbor, Genoa", "Café-Bar", "smile 😀", "日本語")
    add_artifact(project, drop, b"made", "made")
    assert _found(project, text) == expected


def test_the_index_follows_names(project: Project, drop: Path) -> None:
    _named(project, drop, "before")
    [item] = project.items()
    project.rename(item.uid, "after")
    assert _found(project, "before") == []
    assert _found(project, "after") == ["after"]
    project.trash([item.uid])
    assert _found(project, "after") == []
    assert [found.uid for found in project.items(text="after", trashed=True)] == [item.uid]
    project.purge_trash(0)
    assert project.count(text="after", trashed=True) == 0


def test_filters_combine(project: Project, drop: Path) -> None:
    made = add_artifact(project, drop, b"made", "harbor made")
    _named(project, drop, "harbor", "meadow")
    mask = project.add_asset(file_with(drop, b"mask"), kind=Kind.MASK, name="harbor mask")
    project.set_stars([mask.uid], 3)
    assert project.count(text="harbor") == 3
    assert project.items(text="harbor", origin=Origin.ARTIFACT) == [made]
    assert [item.uid for item in project.items(text="harbor", kinds=[Kind.MASK, Kind.TEXT])] == [mask.uid]
    assert [item.uid for item in project.items(text="harbor", min_stars=2)] == [mask.uid]
    assert project.items(text="harbor", job=made.job) == [made]
    assert project.items(text="meadow", kinds=[Kind.MASK]) == []
    assert project.count(kinds=[Kind.IMAGE], origin=Origin.ASSET) == 2


def test_pages_meet(project: Project, drop: Path) -> None:
    _named(project, drop, *(f"photo {number}" for number in range(25)))
    every = project.items()
    assert [item.name for item in every] == [f"photo {number}" for number in reversed(range(25))]
    for text in ("", "photo"):
        pages = [project.items(text=text, limit=10, offset=offset) for offset in (0, 10, 20, 30)]
        assert [item for page in pages for item in page] == every


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("searched")
    project = Project.create(folder / "P.studio")
    _named(project, folder / "drop", "harbor", "AND OR NOT", 'quote " star *', "naïve café")
    return project


@settings(max_examples=300)
@given(text=ANY_TEXT | OPERATORS, trashed=st.booleans())
def test_no_text_raises(searched: Project, text: str, trashed: bool) -> None:
    found = searched.items(text=text, trashed=trashed)
    assert len(found) == searched.count(text=text, trashed=trashed)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY_TEXT)
def test_every_name_is_found_by_itself(project: Project, name: str) -> None:
    stored = clean_text(name)
    item = Item(
        f"{project.count():032}",
        stored or "x",
        Kind.IMAGE,
        Origin.ASSET,
        "0" * 64,
        ".png",
        0,
        float(project.count()),
    )
    with project.db.transaction() as connection:
        project.insert_items(connection, [item])
    assert project.item(item.uid).name == item.name.strip()[:255].strip()
    words = item.name.split()
    if words and words[0].isascii() and words[0].isalnum():
        assert item.uid in {found.uid for found in project.items(text=words[0], limit=1000)}


@given(text=ANY_TEXT | OPERATORS)
def test_words_are_quoted(text: str) -> None:
    expression = match(clean_text(text))
    assert expression.count('"') % 2 == 0
    assert "\0" not in expression
    assert len(expression.encode()) < 32_000
