"""`text/rewrite`: a text, said otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from studio.api import Action, BadInput, Field, Generator, Input, Kind, NewArtifact, Params, Run, Ui, mark, tr
from studio_text.generators import fields
from studio_text.generators.fields import lines
from studio_text.generators.writing import ENGINE_VERSION

Change = Literal["shorter", "longer", "tone", "voice", "translate", "correct", "own"]

_SYSTEM = """\
You are an experienced editor. You change exactly what you are asked to change. Meaning, facts, names, \
numbers and Markdown marks stay as they are, and you add no facts. You answer with the edited text and \
nothing else: no introduction, no comment, no quotation marks around it."""
_SHORTER, _LONGER = 0.55, 1.6
_ROOM: dict[Change, tuple[float, float]] = {
    "shorter": (0.5, 1.8),
    "longer": (1.2, 3.0),
    "translate": (1.0, 4.0),
    "own": (0.0, 1.8),
}
"""Tokens that the new text needs at least, and may have at most, for each of the old one's."""
_USUAL_ROOM = (0.8, 1.8)


class RewriteParams(Params):
    text: Annotated[
        str,
        Ui(hint="text"),
        Field(
            title=mark("Text"),
            description=mark("What is to be rewritten. Empty: what the file says."),
            max_length=200_000,
        ),
    ] = ""
    change: Annotated[
        Change,
        Ui(
            hint="choice",
            labels=(
                ("shorter", mark("Shorter")),
                ("longer", mark("Longer")),
                ("tone", mark("Another tone")),
                ("voice", mark("In the brand's voice")),
                ("translate", mark("Translate")),
                ("correct", mark("Correct spelling and grammar")),
                ("own", mark("In my words …")),
            ),
        ),
        Field(title=mark("Change")),
    ] = "shorter"
    tone: Annotated[
        str,
        Ui(when=("change", ("tone",))),
        Field(title=mark("Tone"), description=mark("“Warm and personal”, “dry and exact”."), max_length=200),
    ] = ""
    voice: Annotated[
        str,
        Ui(hint="text", when=("change", ("voice",))),
        Field(
            title=mark("The brand's voice"),
            description=mark("How the brand speaks, or a text that sounds like it."),
            max_length=4000,
        ),
    ] = ""
    language: Annotated[
        str,
        Ui(when=("change", ("translate",))),
        Field(
            title=mark("Into"),
            description=mark("The language, by its English name. Small models make mistakes here."),
            max_length=40,
        ),
    ] = ""
    wish: Annotated[
        str,
        Ui(hint="prompt", when=("change", ("own",))),
        Field(title=mark("What to change"), max_length=2000),
    ] = ""
    model: fields.INSTRUCT_MODEL = ""
    drafts: fields.DRAFTS = 2
    keep: fields.KEEP = ""
    avoid: fields.AVOID = ""
    temperature: fields.TEMPERATURE = 0.5
    top_k: fields.TOP_K = 40
    top_p: fields.TOP_P = 0.9
    min_p: fields.MIN_P = 0.05
    repetition_penalty: fields.REPETITION = 1.0


class Rewrite(Generator):
    """Makes a text shorter or longer, gives it another tone or voice, or translates it.

    Needs a model that follows instructions.
    """

    name = "rewrite"
    title = mark("Rewrite")
    kind = Kind.TEXT
    version = ENGINE_VERSION
    inputs = (Input(name="file", title=mark("Text file"), kind=Kind.TEXT, required=False),)
    Params = RewriteParams
    actions = (Action(words=mark("Rewrite {count} times"), one=mark("Rewrite"), count="drafts"),)

    def generate(self, params: RewriteParams, run: Run) -> Iterator[NewArtifact]:
        from studio_text.core.brand import Rules, count_words, exact_words, faults, holds
        from studio_text.core.naming import title_of
        from studio_text.generators.engines.engine import Message
        from studio_text.generators.instructing import check_instruct
        from studio_text.generators.loading import load_engine
        from studio_text.generators.prompts import Wishes, rules, unwrapped
        from studio_text.generators.sources import given_text
        from studio_text.generators.write import text_files
        from studio_text.generators.writing import Order, tell_if_cut, write_drafts

        text = given_text(run, params.text).strip()
        words = count_words(text)
        task = request(params, words)
        engine = load_engine(run, params)
        check_instruct(engine)
        keep = tuple(term for term in lines(params.keep) if holds(text, term))
        wishes = Wishes(keep=keep, avoid=lines(params.avoid))
        told = f"{task}\n{rules(wishes)}".strip()
        messages = [Message("system", _SYSTEM), Message("user", f"{told}\n\nThe text:\n\n{text}")]
        length = len(engine.tokenizer.encode(text))
        least, most = (int(length * share) for share in _ROOM.get(params.change, _USUAL_ROOM))
        order = Order(
            sampling=fields.sampling_of(params, run.seed),
            most_tokens=most + 64,
            least_tokens=least + 32,
            drafts=params.drafts,
            avoid=wishes.avoid,
            exact=(*keep, *exact_words(text)),
        )
        drafts = write_drafts(run, engine, engine.tokenizer.encode_chat(messages), order)
        ruled = Rules(keep=keep, words=max(1, words - 1) if params.change == "shorter" else None)
        texts = [unwrapped(draft.text) for draft in drafts]
        for number, (draft, made) in enumerate(zip(drafts, texts, strict=True), start=1):
            for fault in faults(made, ruled):
                run.note(tr("Draft {number} is not as asked: {why}.", number=number, why=fault.words))
            tell_if_cut(run, number, draft)
        yield from text_files(run, ((made, title_of(made)) for made in texts))


def request(params: RewriteParams, words: int) -> str:
    """What the model is asked, in English. `words`: of the text now.

    Raises:
        BadInput: the change needs to be told more, and is not.
    """
    match params.change:
        case "shorter":
            return (
                f"Make the text below shorter: about {max(3, round(words * _SHORTER))} words. Keep what "
                "matters most, drop repetition and empty words."
            )
        case "longer":
            return (
                f"Make the text below longer: about {max(10, round(words * _LONGER))} words. Unfold what is "
                "in it with detail that follows from it; invent no facts."
            )
        case "tone":
            return f"Rewrite the text below in this tone: {_told(params.tone, mark('Tone'))}."
        case "voice":
            voice = _told(params.voice, mark("The brand's voice"))
            return f"Rewrite the text below in this brand's voice. The voice:\n{voice}\n"
        case "translate":
            return f"Translate the text below into {_told(params.language, mark('Into'))}."
        case "correct":
            return "Correct spelling, grammar and punctuation of the text below, and change nothing else."
    return f"Edit the text below as follows: {_told(params.wish, mark('What to change'))}"


def _told(value: str, title: str) -> str:
    if not value.strip():
        raise BadInput(
            tr("“{field}” is empty, and this change needs it.", field=tr(title)),
            tr("Fill it in and try again."),
        )
    return value.strip()
