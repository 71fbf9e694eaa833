"""Documents: texts that a person put together from drafts, saved as artifacts with a recipe.

Saving needs no worker: what is recorded is a finished job of `text/document`, whose parameters say where each
passage came from. Making it again, which goes through a worker like anything else, gives the same bytes.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import msgspec

from studio.core.given_files import shown
from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.errors import BadInput
from studio.project.store import Project
from studio.words import tr

GENERATOR = "text/document"
PASSAGES = "passages"
"""The parameter: a JSON list of passages."""

BEFORE = "before"
"""The input that is the earlier version."""
MOST_DRAFTS = 6
_VERSION = "1"


class Passage(msgspec.Struct, frozen=True):
    """A piece of a document; all of them, one after the other with nothing between, are its text."""

    text: str
    source: str = ""
    """The digest of the recipe that wrote it; "" for what a person wrote."""


def text_of(passages: Sequence[Passage]) -> str:
    return "".join(passage.text for passage in passages)


def passages_of(recipe: Recipe) -> list[Passage]:
    """What a document's recipe says; none where it is not a document's, or cannot be read."""
    said = recipe.params.get(PASSAGES) if recipe.generator == GENERATOR else None
    try:
        return msgspec.json.decode(said, type=list[Passage]) if isinstance(said, str) else []
    except (msgspec.DecodeError, RecursionError):
        return []


def save_document(
    project: Project,
    passages: Sequence[Passage],
    parent: Item | None = None,
    *,
    name: str = "",
    drafts: Sequence[Item] = (),
    version: str = _VERSION,
) -> Item:
    """Saves a document as a new item, whatever the queue is doing. Old versions stay.

    Args:
        passages: The text.
        parent: The version or draft that it goes on from.
        name: For people; empty takes the parent's.
        drafts: What its passages were taken from, for the lineage; the first few count.
        version: The installed generator's.

    Raises:
        BadInput: there is no text.
        DiskFull, ProjectReadOnly, ...: nothing was saved.
    """
    text = text_of(passages)
    if not text.strip():
        raise BadInput(tr("The document is empty."), tr("Write something first."))
    title = shown(name or (parent.name if parent is not None else "") or tr("Document"))
    kept = [passage for passage in passages if passage.text]
    recipe = Recipe(
        generator=GENERATOR,
        generator_version=version,
        params={PASSAGES: msgspec.json.encode(kept).decode()},
        inputs=_inputs(parent, drafts),
    )
    staging = project.staging()
    try:
        file = staging / "document.md"
        file.write_text(text, "utf-8", newline="\n")
        return _record(project, recipe, file, title, parent)
    finally:
        for left in staging.iterdir():
            left.unlink()
        staging.rmdir()


def _inputs(parent: Item | None, drafts: Sequence[Item]) -> dict[str, str]:
    inputs = {BEFORE: parent.digest} if parent is not None else {}
    others = dict.fromkeys(draft.digest for draft in drafts)
    fresh = [digest for digest in others if digest not in inputs.values()]
    return inputs | {f"draft{number}": digest for number, digest in enumerate(fresh[:MOST_DRAFTS], start=1)}


def _record(project: Project, recipe: Recipe, file: Path, title: str, parent: Item | None) -> Item:
    """The blob first; then the job and its item in one transaction."""
    digest, size = project.store_blob(file, extension=".md", move=True)
    now = time.time()
    batch, job = uuid.uuid4().hex, uuid.uuid4().hex
    item = Item(
        uid=uuid.uuid4().hex,
        name=title,
        kind=Kind.TEXT,
        origin=Origin.ARTIFACT,
        digest=digest,
        extension=".md",
        size=size,
        created=now,
        job=job,
        parent=parent.uid if parent is not None else None,
    )
    with project.db.transaction() as connection:
        connection.execute(
            "INSERT INTO batch (id, title, created, paused) VALUES (?, ?, ?, 0)", (batch, title, now)
        )
        connection.execute(
            "INSERT INTO job (id, batch, position, state, title, recipe, env, created, started, finished,"
            " seconds, attempts) VALUES (?, ?, 0, 'done', ?, ?, '{}', ?, ?, ?, 0, 0)",
            (job, batch, title, recipe.to_json(), now, now, now),
        )
        project.insert_items(connection, [item])
    return item
