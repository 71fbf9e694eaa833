"""`text/chat`: a conversation about the draft on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from studio.api import BadInput, Field, Generator, Kind, NewArtifact, Params, Run, Ui, mark, tr
from studio_text.generators import fields
from studio_text.generators.engines.engine import Message
from studio_text.generators.writing import ENGINE_VERSION

if TYPE_CHECKING:
    from studio_text.generators.engines.engine import Engine

_SYSTEM = """\
You are an editor who talks with a writer about a draft. Your answers are short and concrete: you quote the \
words you mean and say what you would write instead. You praise nothing that is not good, and invent no facts.

Only if the writer asks you to change or rewrite the draft, give the whole new draft between a line <draft> \
and a line </draft>, and say in one sentence before it what you changed."""
_DRAFT = "The draft:\n\n<draft>\n{draft}\n</draft>"
_ANSWER_TOKENS = 350
_NEW_DRAFT = re.compile(r"<draft>\s*(?P<text>.*?)\s*(?:</draft>|\Z)", re.DOTALL)
_OLDEST_KEPT = 2
"""Turns that are kept, whatever happens to the others."""


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: Literal["user", "assistant"]
    content: str


class ChatParams(Params):
    message: Annotated[
        str,
        Ui(hint="prompt"),
        Field(
            title=mark("Message"),
            description=mark("A question about the draft, or what to change in it."),
            max_length=8000,
        ),
    ] = ""
    draft: Annotated[
        str,
        Ui(hint="text"),
        Field(title=mark("Draft"), description=mark("As it is now."), max_length=200_000),
    ] = ""
    conversation: Annotated[
        str,
        Ui(hint="text", advanced=True),
        Field(
            title=mark("Conversation so far"),
            description=mark("A JSON list of {role, content}; the roles are user and assistant in turn."),
            max_length=400_000,
        ),
    ] = "[]"
    model: fields.INSTRUCT_MODEL = ""
    avoid: fields.AVOID = ""
    temperature: fields.TEMPERATURE = 0.6
    top_k: fields.TOP_K = 40
    top_p: fields.TOP_P = 0.92
    min_p: fields.MIN_P = 0.05
    repetition_penalty: fields.REPETITION = 1.03


class Chat(Generator):
    """Talks about the draft, and proposes a new version when asked.

    Needs a model that follows instructions.
    """

    name = "chat"
    title = mark("Chat about the draft")
    kind = Kind.TEXT
    version = ENGINE_VERSION
    Params = ChatParams

    def generate(self, params: ChatParams, run: Run) -> Iterator[NewArtifact]:
        """Yields `answer.md`, and `draft.md` where a new version is proposed."""
        from studio_text.core.brand import exact_words
        from studio_text.generators.fields import lines
        from studio_text.generators.instructing import check_instruct
        from studio_text.generators.loading import load_engine
        from studio_text.generators.write import write_file
        from studio_text.generators.writing import Order, write_drafts

        turns = turns_of(params.conversation)
        if not params.message.strip():
            raise BadInput(
                tr("The message is empty."), tr("Ask something about the draft, or say what to change.")
            )
        engine = load_engine(run, params)
        check_instruct(engine)
        room = _ANSWER_TOKENS + int(len(engine.tokenizer.encode(params.draft)) * 1.8)
        prompt = _prompt(params, turns, engine, room, run)
        order = Order(
            sampling=fields.sampling_of(params, run.seed),
            most_tokens=room,
            avoid=lines(params.avoid),
            exact=exact_words(f"{params.draft}\n{params.message}"),
        )
        (said,) = write_drafts(run, engine, prompt, order)
        answer, proposed = split(said.text)
        if said.is_cut:
            run.note(tr("The answer is cut off: it became too long. No new version is taken from it."))
            answer, proposed = f"{answer}\n\n{proposed}".strip(), ""
        target = run.scratch / "answer.md"
        write_file(target, answer or tr("Here is a new version."))
        yield NewArtifact(target, Kind.TEXT, tr("Answer"))
        if proposed:
            target = run.scratch / "draft.md"
            write_file(target, proposed)
            yield NewArtifact(target, Kind.TEXT, tr("New version"))


def turns_of(value: str) -> list[Turn]:
    """Raises `BadInput` where the text is no conversation."""
    try:
        turns = msgspec.json.decode(value, type=list[Turn])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(
            tr("The conversation is not a JSON list of turns: {reason}.", reason=str(error)),
            tr('Write it as a list of {{"role": …, "content": …}}.'),
        ) from error
    roles = [turn.role for turn in turns]
    if roles != [("user", "assistant")[n % 2] for n in range(len(roles))] or len(roles) % 2:
        raise BadInput(
            tr("The conversation's turns do not alternate."),
            tr("Begin with the user and end with the assistant."),
        )
    return turns


def split(said: str) -> tuple[str, str]:
    """An answer's words, and the new draft in it ("" if there is none)."""
    found = _NEW_DRAFT.search(said)
    if found is None or not found["text"]:
        return said.replace("<draft>", "").replace("</draft>", "").strip(), ""
    return f"{said[: found.start()].strip()}\n\n{said[found.end() :].strip()}".strip(), found["text"]


def _prompt(params: ChatParams, turns: list[Turn], engine: Engine, room: int, run: Run) -> list[int]:
    """The whole conversation; the oldest turns are forgotten where it would not fit."""
    system = _SYSTEM + (f"\n\n{_DRAFT.format(draft=params.draft.strip())}" if params.draft.strip() else "")
    forgotten = 0
    while True:
        said = [Message(turn.role, turn.content) for turn in turns[forgotten:]]
        messages = [Message("system", system), *said, Message("user", params.message.strip())]
        prompt = engine.tokenizer.encode_chat(messages)
        if len(prompt) + room <= engine.context or len(turns) - forgotten <= _OLDEST_KEPT:
            break
        forgotten += 2
    if forgotten:
        run.note(tr("The model does not see the first {count} turns: its context is full.", count=forgotten))
    return prompt
