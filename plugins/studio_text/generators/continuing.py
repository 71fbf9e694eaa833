"""`text/continue`: goes on where a text ends, with any model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from studio.api import Action, Field, Generator, Input, Kind, NewArtifact, Params, Run, Ui, mark, tr
from studio_text.generators import fields
from studio_text.generators.fields import lines
from studio_text.generators.writing import ENGINE_VERSION


class ContinueParams(Params):
    text: Annotated[
        str,
        Ui(hint="text"),
        Field(
            title=mark("Text"),
            description=mark("What is to be continued. Empty: what the file says."),
            max_length=200_000,
        ),
    ] = ""
    model: fields.MODEL = ""
    drafts: fields.DRAFTS = 2
    length: fields.LENGTH = 120
    avoid: fields.AVOID = ""
    temperature: fields.TEMPERATURE = 0.8
    top_k: fields.TOP_K = 40
    top_p: fields.TOP_P = 0.92
    min_p: fields.MIN_P = 0.05
    repetition_penalty: fields.REPETITION = 1.08


class Continue(Generator):
    """Goes on where a text ends. A draft holds what comes next, without the text before it."""

    name = "continue"
    title = mark("Continue")
    kind = Kind.TEXT
    version = ENGINE_VERSION
    inputs = (Input(name="file", title=mark("Text file"), kind=Kind.TEXT, required=False),)
    Params = ContinueParams
    actions = (Action(words=mark("Go on in {count} ways"), one=mark("Go on with the text"), count="drafts"),)

    def generate(self, params: ContinueParams, run: Run) -> Iterator[NewArtifact]:
        from studio_text.core.brand import exact_words
        from studio_text.generators.loading import load_engine
        from studio_text.generators.sources import given_text
        from studio_text.generators.write import text_files
        from studio_text.generators.writing import Order, tell_if_cut, tokens_for, write_drafts

        text = given_text(run, params.text)
        engine = load_engine(run, params)
        # A space before the end is part of the next word's token, which the model could not write any more.
        prompt = engine.tokenizer.encode_prompt(text.rstrip(" \t"))
        order = Order(
            sampling=fields.sampling_of(params, run.seed),
            most_tokens=tokens_for(params.length),
            drafts=params.drafts,
            avoid=lines(params.avoid),
            target_words=params.length,
            exact=exact_words(text),
        )
        drafts = write_drafts(run, engine, prompt, order)
        for number, draft in enumerate(drafts, start=1):
            tell_if_cut(run, number, draft)
        more = (draft.text.lstrip(" ") if text[-1:].isspace() else draft.text for draft in drafts)
        yield from text_files(run, ((said, tr("Continuation")) for said in more))
