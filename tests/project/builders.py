"""Projects for tests: small ones through the front door, large ones straight into the tables."""

from __future__ import annotations

import hashlib
import json
import random
import time
import uuid
from pathlib import Path

from studio.core.item import Item, Origin
from studio.core.kind import Kind
from studio.core.recipe import Recipe
from studio.project.store import Project

WORDS = (
    "harbor", "lantern", "meadow", "copper", "violet", "glacier", "bicycle", "orchard", "thunder", "velvet",
    "compass", "marble", "window", "stranger", "cinnamon", "railway", "feather", "island", "mirror", "canyon",
    "blossom", "anchor", "winter", "garden",
)  # fmt: skip


def file_with(folder: Path, data: bytes, name: str = "photo.png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def recipe(prompt: str = "", seed: int = 0, inputs: dict[str, str] | None = None) -> Recipe:
    return Recipe(
        generator="image/inpaint",
        generator_version="1",
        params={"prompt": prompt},
        inputs=inputs or {},
        seed=seed,
    )


def add_job(project: Project, made_from: Recipe, state: str = "running") -> str:
    """A job's row as the queue writes it."""
    job, now = uuid.uuid4().hex, time.time()
    with project.db.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO batch(id, title, created) VALUES ('batch', 'test', ?)", (now,)
        )
        connection.execute(
            "INSERT INTO job(id, batch, position, state, title, recipe, created)"
            " VALUES (?, 'batch', 1, ?, ?, ?, ?)",
            (job, state, "a job", made_from.to_json(), now),
        )
    return job


def add_artifact(project: Project, folder: Path, data: bytes, name: str, parent: str | None = None) -> Item:
    """An artifact as the queue stores one: blob first, then the row."""
    prompt = f"prompt of {name}"
    job = add_job(project, recipe(prompt))
    digest, size = project.store_blob(file_with(folder, data, "made.png"), extension=".png", move=True)
    item = Item(
        uuid.uuid4().hex,
        name,
        Kind.IMAGE,
        Origin.ARTIFACT,
        digest,
        ".png",
        size,
        time.time(),
        job=job,
        parent=parent,
    )
    with project.db.transaction() as connection:
        project.insert_items(connection, [item], prompt=prompt)
    return item


def large_project(folder: Path, count: int) -> Project:
    """`count` artifacts with prompts of 20 words, each from a job of its own; without blobs."""
    project = Project.create(folder)
    chance, now = random.Random(1), 1_700_000_000.0
    with project.db.transaction() as connection:
        connection.execute("INSERT INTO batch(id, title, created) VALUES ('batch', 'large', ?)", (now,))
        for number in range(count):
            prompt = " ".join(chance.choices(WORDS, k=19)) + f" number{number}"
            job = f"{chance.getrandbits(128):032x}"
            text = recipe(prompt, seed=number).to_json()
            connection.execute(
                "INSERT INTO job(id, batch, position, state, title, recipe, env, created)"
                " VALUES (?, 'batch', ?, 'done', 'a job', ?, ?, ?)",
                (job, number, text, json.dumps({"python": "3.11"}), now + number),
            )
            item = Item(
                uid=f"{chance.getrandbits(128):032x}",
                name=f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}",
                kind=Kind.MASK if number % 10 == 0 else Kind.IMAGE,
                origin=Origin.ARTIFACT,
                digest=hashlib.sha256(b"%d" % number).hexdigest(),
                extension=".png",
                size=1000,
                created=now + number,
                job=job,
                stars=number % 6,
            )
            project.insert_items(connection, [item], prompt=prompt)
    return project
