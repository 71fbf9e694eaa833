"""What a model is told: a template with its fields filled in, and the writer's rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio_text.core.brand import exact_words, plain
from studio_text.core.placeholders import fill
from studio_text.core.template import Template
from studio_text.generators.engines.engine import Message

Value = str | int | float | bool
"""Of a field."""

SEPARATOR = "\n\n---\n\n"
"""Between the examples that a base model is led by; a text ends before the next one."""

_COPIED_WORDS = {"markdown": 4, "list": 4}
"""From so many words in a row on, something is copied."""
_PUNCTUATION = ".,;:!?—–-“”\"'()"
_NAMED = re.compile(r"[^\W\d_a-zß-ÿ]\w+(?: [^\W\d_a-zß-ÿ]\w+)?(?=,|\Z)")
"""At the start of a value: one or two words with a capital, and nothing else before its end or a comma."""
_BLANK_LINES = re.compile(r"\n{3,}")
_FENCED = re.compile(r"\A```[\w+-]*\n(?P<text>.*?)\n?```\Z", re.DOTALL)
_CODE = re.compile(r"```[^\n]*\n(?P<code>.*?)(?:\n```|\Z)", re.DOTALL)
_PREAMBLE = re.compile(
    r"\A(?:Sure|Certainly|Of course)(?:[!.]|[,!.]? [^\n]*:|[,!.] (?:here|I)\b[^\n]*[.!])[ \t]*\n+(?=\S)"
    r"|\AHere(?:['’]s| is| are)\b[^\n]*:[ \t]*\n+(?=\S)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\A[\"“](?P<text>[^\"“”]*)[\"”]\Z", re.DOTALL)


@dataclass(frozen=True)
class Wishes:
    """What the writer asks of every text, beside what the template asks."""

    words: int = 0
    """0: no length is asked for."""
    items: int = 0
    language: str = ""
    keep: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()


def rules(wishes: Wishes, characters: int | None = None) -> str:
    """The wishes as sentences for a model; "" if there are none."""
    told = []
    if wishes.words:
        told.append(f"Write about {wishes.words} words.")
    if characters:
        told.append(f"Stay under {characters} characters.")
    if wishes.keep:
        terms = ", ".join(f'"{term}"' for term in wishes.keep)
        told.append(f"The text must contain, written exactly like this: {terms}.")
    if wishes.avoid:
        told.append(f"Do not use these words: {', '.join(wishes.avoid)}.")
    if wishes.language:
        told.append(f"Write everything in this language: {wishes.language}.")
    return "\n".join(f"- {rule}" for rule in told)


def conversation(template: Template, values: Mapping[str, Value], wishes: Wishes) -> list[Message]:
    """What a model that follows instructions is told."""
    system = _filled(template, template.instruct.system, values, wishes)
    user = _filled(template, template.instruct.user, values, wishes)
    if told := rules(wishes, template.limits.characters):
        user = f"{user}\n\nRules:\n{told}"
    shown = [
        message
        for shape, text in _examples(template, wishes, template.instruct.examples)
        for message in (Message("user", shape), Message("assistant", text))
    ]
    return [*([Message("system", system)] if system else []), *shown, Message("user", user)]


def few_shot(template: Template, values: Mapping[str, Value], wishes: Wishes) -> str:
    """What a base model goes on from: the template's examples, then the fields."""
    base = template.base
    parts = [_filled(template, base.intro, values, wishes)] if base.intro else []
    parts += [f"{shape}\n{text}" for shape, text in _examples(template, wishes, len(base.examples))]
    parts.append(f"{_filled(template, base.shape, values, wishes)}\n")
    return SEPARATOR.join(parts)


def _examples(template: Template, wishes: Wishes, count: int) -> list[tuple[str, str]]:
    """The first examples of a template: what was filled in, and the text."""
    unsaid = {field.name: field.start for field in template.fields if not field.is_text}
    made = []
    for example in template.base.examples[:count]:
        given = {
            name: "\n".join(value) if isinstance(value, list) else value
            for name, value in example.fields.items()
        }
        shape = _filled(template, template.base.shape, {**unsaid, **given}, wishes)
        made.append((shape, example.text.strip()))
    return made


def phrases_of_examples(template: Template, count: int, values: Mapping[str, Value]) -> list[str]:
    """What small models copy from the first `count` examples if nobody stops them: every few words in a row
    that are prose, and that the writer did not write as well. Headings are form, and may be the same. And the
    names that were filled in, which would sign a stranger's letter.
    What has one of the writer's names or numbers in it is theirs: forbidding its beginning would distort it.
    """
    size = _COPIED_WORDS.get(template.output.kind, 0)
    mine = " ".join(str(value) for value in values.values()).casefold()
    exact = {word.casefold() for value in values.values() for word in exact_words(str(value))}
    found: dict[str, None] = {}
    for example in template.base.examples[:count] if size else ():
        for field, value in example.fields.items():
            named = _NAMED.match(str(value)) if template.field(field).kind == "text" else None
            for word in named[0].split() if named else ():
                if len(word) > 2 and word.casefold() not in mine:
                    found[word] = None
        for line in example.text.splitlines():
            words = [] if line.startswith("#") else plain(line).split()
            for start in range(len(words) - size + 1):
                phrase = " ".join(words[start : start + size]).strip(_PUNCTUATION)
                theirs = any(word.strip(_PUNCTUATION).casefold() in exact for word in phrase.split())
                if not theirs and phrase.casefold() not in mine:
                    found[phrase] = None
    return list(found)


def _filled(template: Template, text: str, values: Mapping[str, Value], wishes: Wishes) -> str:
    fields = {field.name: field for field in template.fields}
    said = {name: fields[name].in_prompt(value) for name, value in values.items() if name in fields}
    said |= {"words": str(wishes.words or ""), "items": str(wishes.items or "")}
    stays = {name for name, value in values.items() if name in fields and fields[name].is_filled(value)}
    stays |= {name for name in ("words", "items") if said[name]}
    return _BLANK_LINES.sub("\n\n", fill(text, said, stays.__contains__)).strip()


def revision(messages: Sequence[Message], draft: str, requests: Sequence[str]) -> list[Message]:
    """The conversation with a draft in it, and the request to mend it."""
    request = "\n".join(f"- {line}" for line in requests)
    return [
        *messages,
        Message("assistant", draft),
        Message(
            "user",
            f"Revise your text:\n{request}\nKeep everything else as it is. "
            "Answer with the whole revised text and nothing else.",
        ),
    ]


def unwrapped(text: str) -> str:
    """A text without what chatty models put around it: a fence, a preamble, quotation marks."""
    text = _PREAMBLE.sub("", text.strip())
    if fenced := _FENCED.match(text):
        text = fenced["text"].strip()
    if quoted := _QUOTED.match(text):
        text = quoted["text"].strip()
    return text


def code_in(text: str) -> str:
    """The first block of code in an answer, or all of it where there is no block."""
    found = _CODE.search(text)
    return (found["code"] if found else text).strip("\n")
