"""Documents on the command line: from passages to a file, and out of a project, in every format."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest
from studio_text.core.passages import Passage

from studio.core.kind import Kind
from studio.project.store import Project
from tests.e2e.conftest import CommandLine
from tests.studio_text.saving import save_document

pytestmark = [pytest.mark.slow]

PASSAGES = [Passage("# Lumen\n\nLight that follows ", "a" * 64), Passage("**you**.\n")]
SAID = json.dumps([{"text": one.text, "source": one.source} for one in PASSAGES])


def looks_right(path: Path) -> bool:
    data = path.read_bytes()
    match path.suffix:
        case ".pdf":
            return data.startswith(b"%PDF-") and b"/FontFile" in data
        case ".docx":
            return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs] == [
                "Lumen",
                "Light that follows you.",
            ]
        case ".html":
            return b"<h1>Lumen</h1>" in data and b"<strong>you</strong>" in data
        case ".txt":
            return data == b"Lumen\n=====\n\nLight that follows you.\n"
    return data == b"# Lumen\n\nLight that follows **you**.\n"


@pytest.mark.parametrize("ending", ["md", "txt", "html", "docx", "pdf"])
def test_a_document_is_written_to_a_file(studio: CommandLine, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"page.{ending}"
    code, said = studio.run("run", "text/document", "--passages", SAID, "--out", out)
    assert code == 0, said
    assert looks_right(out)


def test_what_no_text_can_be_is_refused_before_the_work(studio: CommandLine, tmp_path: Path) -> None:
    code, said = studio.run("run", "text/document", "--passages", SAID, "--out", tmp_path / "page.odt")
    assert code == 2
    assert "no format for “texts”" in said["error"]["message"]
    assert not list(tmp_path.iterdir())


def test_documents_of_a_project_are_exported(studio: CommandLine, tmp_path: Path) -> None:
    with Project.create(tmp_path / "P.studio") as project:
        save_document(project, PASSAGES, name="Page")
        file = tmp_path / "bad.txt"
        file.write_bytes(b"caf\xe9")
        project.add_asset(file, kind=Kind.TEXT)
    for format in ("txt", "html", "docx", "pdf"):
        folder = tmp_path / format
        code, said = studio.run("export", tmp_path / "P.studio", "--to", folder, "--format", format)
        assert code == 0, said
        assert looks_right(folder / f"Page.{format}")
    code, said = studio.run(
        "export", tmp_path / "P.studio", "--to", tmp_path / "all", "--format", "html", "--originals"
    )
    assert code == 1
    assert "no text in UTF-8" in said["failed"][0]["error"]["message"]
    assert (tmp_path / "all" / "Page.html").exists()


def test_making_a_saved_document_again_gives_the_same_bytes(studio: CommandLine, tmp_path: Path) -> None:
    with Project.create(tmp_path / "P.studio") as project:
        saved = save_document(project, PASSAGES, name="Page")
        recipe = project.recipe_of(saved.uid)
        assert recipe is not None
        words = recipe.params["passages"]
    code, said = studio.run("run", "text/document", "--passages", words, "--project", tmp_path / "P.studio")
    assert code == 0, said
    with Project.open(tmp_path / "P.studio", read_only=True) as project:
        assert len(project.with_digest(saved.digest)) == 2
