"""Drafts from a template: asked for, held against its rules, mended once, and put into files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.api import BadInput, Kind, NewArtifact, Run, Template, fill, tr
from studio_text import prompts
from studio_text.brand import Fault, Rules, chosen, exact_words, faults, items_of, list_of
from studio_text.engine import Message
from studio_text.naming import title_of
from studio_text.writing import Order, tokens_for, write_drafts

if TYPE_CHECKING:
    from studio_text.engine import Constraint, Engine
    from studio_text.sampling import Sampling

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f]")
_TOKENS_PER_ITEM = 40
_ITEM_CHARACTERS = 120
_SPARE_CHARACTERS = 30
"""By which a line may be too long: it ends as a line should, and is left out then."""
_PATIENCE = 1.4
"""A model that follows instructions is stopped at the end of a sentence after so many times the length."""


@dataclass(frozen=True)
class TemplateWriter:
    template: Template
    values: Mapping[str, Any]
    """Of the template's fields."""
    wishes: prompts.Wishes
    engine: Engine
    run: Run

    def write(self, drafts: int, sampling: Sampling) -> Iterator[NewArtifact]:
        """The drafts as files, each as soon as it is right, or as right as it gets."""
        asked = Order(
            sampling=sampling,
            most_tokens=self._most_tokens(),
            drafts=drafts,
            avoid=self._avoid(),
            constraint=self._constraint(),
            exact=self._exact(),
        )
        messages: list[Message] = []
        if self.engine.tokenizer.has_chat_template:
            messages = prompts.conversation(self.template, self.values, self.wishes)
            prompt = self.engine.tokenizer.encode_chat(messages)
            order = asked.changed(
                stop=("\n```\n\n",) if self.template.output.kind == "code" else (),
                target_words=round(self.wishes.words * _PATIENCE) or None,
            )
        else:
            self.run.note(
                tr(
                    "This model only continues texts. It is led by the template's examples; wishes such as a "
                    "language or terms to keep are met by chance at most."
                )
            )
            led = prompts.few_shot(self.template, self.values, self.wishes)
            prompt = self.engine.tokenizer.encode_prompt(led)
            order = asked.changed(
                stop=(prompts.SEPARATOR.rstrip(), *self.template.base.stop),
                target_words=self.wishes.words or None,
            )
        for number, draft in enumerate(write_drafts(self.run, self.engine, prompt, order), start=1):
            text = self._finished(draft.text)
            wrong = faults(text, self._rules())
            if wrong and messages and self.template.output.kind == "markdown":
                self.run.progress(0.99, 1, tr("Revising draft {number}", number=number))
                text, wrong = self._revised(messages, text, wrong, order)
            for fault in wrong:
                self.run.note(tr("Draft {number} is not as asked: {why}.", number=number, why=fault.words))
            if draft.ended == "context":
                self.run.note(tr("Draft {number} ends where the model's context was full.", number=number))
            yield self._artifact(number, text)

    def _revised(
        self, messages: list[Message], text: str, wrong: list[Fault], order: Order
    ) -> tuple[str, list[Fault]]:
        """A second try at a draft, if it is better than the first; and what is still wrong."""
        again = prompts.revision(messages, text, [fault.request for fault in wrong])
        prompt = self.engine.tokenizer.encode_chat(again)
        if self.engine.context - len(prompt) < order.most_tokens // 2:
            return text, wrong
        (draft,) = write_drafts(self.run, self.engine, prompt, order.changed(drafts=1), shown=False)
        revised = self._finished(draft.text)
        still = faults(revised, self._rules())
        return (revised, still) if revised and len(still) < len(wrong) else (text, wrong)

    def _avoid(self) -> tuple[str, ...]:
        """The writer's words, the template's, and what would be copied from the examples that it sees."""
        template = self.template
        is_chat = self.engine.tokenizer.has_chat_template
        seen = template.instruct.examples if is_chat else len(template.base.examples)
        copied = prompts.phrases_of_examples(template, seen, self.values)
        return tuple(dict.fromkeys([*self.wishes.avoid, *template.avoid, *copied]))

    def _exact(self) -> tuple[str, ...]:
        """Names and numbers of the brief."""
        said = [word for value in self.values.values() for word in exact_words(str(value))]
        return tuple(dict.fromkeys([*self.wishes.keep, *said]))

    def _rules(self) -> Rules:
        limits = self.template.limits
        return Rules(self.wishes.keep, limits.characters, limits.words, self.wishes.items or None)

    def _most_tokens(self) -> int:
        wishes = self.wishes
        if wishes.items:
            return with_spares(wishes.items) * _TOKENS_PER_ITEM
        return tokens_for(wishes.words, wishes.language) if wishes.words else self.template.output.tokens

    def _constraint(self) -> Callable[[], Constraint] | None:
        """What holds the text to the template's kind of output, token by token."""
        output, tokenizer = self.template.output, self.engine.tokenizer
        if output.kind == "list":
            from studio_text.grammar import list_constraint

            longest = (self.template.limits.item_characters or _ITEM_CHARACTERS) + _SPARE_CHARACTERS
            return lambda: list_constraint(tokenizer, with_spares(self.wishes.items), longest)
        if output.kind == "json":
            from studio_text.grammar import json_constraint

            return lambda: json_constraint(tokenizer, output.schema)
        return None

    def _finished(self, text: str) -> str:
        """A draft as it goes into its file."""
        output = self.template.output
        match output.kind:
            case "list":
                longest = self.template.limits.item_characters
                return list_of(chosen(items_of(text), self.wishes.items, longest))
            case "json":
                return laid_out(text, output.layout)
            case "code":
                code = prompts.code_in(text)
                said = {name: str(value) for name, value in self.values.items()}
                return f"```{fill(output.code_language, said).lower()}\n{code}\n```" if code.strip() else ""
        return prompts.unwrapped(text)

    def _artifact(self, number: int, text: str) -> NewArtifact:
        output = self.template.output
        suffix = "json" if output.kind == "json" and not output.layout else "md"
        name = title_of(text) if output.kind == "markdown" else ""
        return text_file(self.run, number, text, name or tr(self.template.title), suffix)


def text_file(run: Run, number: int, text: str, name: str, suffix: str = "md") -> NewArtifact:
    """A draft as a file. Raises `BadInput` where the model wrote nothing."""
    if not _CONTROL.sub("", text).strip():
        raise BadInput(
            tr("The model wrote nothing for draft {number}.", number=number),
            tr("Try another seed, a higher temperature, or fewer words to avoid."),
        )
    target = run.scratch / f"draft-{number}.{suffix}"
    write_file(target, text)
    return NewArtifact(target, Kind.TEXT, name)


def write_file(target: Path, text: str) -> None:
    """Without control characters, which models write now and then, and with one line feed at the end."""
    target.write_text(_CONTROL.sub("", text).rstrip() + "\n", encoding="utf-8", newline="\n")


def with_spares(items: int) -> int:
    """How many lines are written, so that enough are left without doubles and those that are too long."""
    return items + -(-items // 2)


def laid_out(text: str, layout: str) -> str:
    """JSON as people read it: in the layout, or indented. Text that was cut off stays as it is."""
    try:
        values = json.loads(text)
    except ValueError:
        return text
    if not layout or not isinstance(values, dict):
        return json.dumps(values, ensure_ascii=False, indent=2)
    said = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }
    return fill(layout, said).strip()
