"""`text/document`: a Markdown file of passages, each with the recipe that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from studio.api import BadInput, Field, Generator, Input, Kind, NewArtifact, Params, Run, Ui, mark, tr
from studio_text.core.naming import title_of


class Passage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    source: str = ""
    """The digest of the recipe that made it; "" where a person wrote it."""


_DRAFTS = (
    mark("First draft"),
    mark("Second draft"),
    mark("Third draft"),
    mark("Fourth draft"),
    mark("Fifth draft"),
    mark("Sixth draft"),
)
"""What passages were taken from: for the lineage, which is all that these inputs are for."""


class DocumentParams(Params):
    passages: Annotated[
        str,
        Field(
            title=mark("Passages"),
            description=mark("A JSON list of {text, source}."),
            max_length=8_000_000,
        ),
        Ui(hint="pieces"),
    ] = "[]"


class Document(Generator):
    """Writes the document as it stands on the page."""

    name = "document"
    title = mark("Document")
    kind = Kind.TEXT
    inputs = (
        Input(name="before", title=mark("Earlier version"), kind=Kind.TEXT, required=False),
        *(
            Input(name=f"draft{number}", title=title, kind=Kind.TEXT, required=False)
            for number, title in enumerate(_DRAFTS, start=1)
        ),
    )
    Params = DocumentParams
    listed = False

    def generate(self, params: DocumentParams, run: Run) -> Iterator[NewArtifact]:
        text = joined(passages_of(params.passages))
        if not text.strip():
            raise BadInput(
                tr("The document is empty."), tr("Write something, or pick a draft, and try again.")
            )
        target = run.scratch / "document.md"
        target.write_text(text, encoding="utf-8", newline="\n")
        yield NewArtifact(target, Kind.TEXT, title_of(text) or tr("Document"))


def passages_of(value: str) -> list[Passage]:
    """Raises `BadInput` where the text is no list of passages."""
    try:
        return msgspec.json.decode(value, type=list[Passage])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(
            tr("The passages are not a JSON list of texts with their sources: {reason}.", reason=str(error)),
            tr('Write them as a list of {{"text": …, "source": …}}.'),
        ) from error


def joined(passages: list[Passage]) -> str:
    """One after the other with nothing between: a passage may begin in the middle of a sentence."""
    return "".join(passage.text for passage in passages)
