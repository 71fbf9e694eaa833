"""Drafts from a template: asked for, held against its rules, mended once, and put into files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.api import BadInput, Kind, NewArtifact, Run, tr
from studio_text.core.brand import Fault, Rules, chosen, count_words, exact_words, faults, items_of, list_of
from studio_text.core.naming import title_of
from studio_text.core.placeholders import fill
from studio_text.core.template import Template
from studio_text.generators import prompts
from studio_text.generators.engines.engine import Message
from studio_text.generators.writing import Order, tell_if_cut, tokens_for, write_drafts

if TYPE_CHECKING:
    from studio_text.generators.decoding.decode import Draft
    from studio_text.generators.decoding.sampling import Sampling
    from studio_text.generators.engines.engine import Constraint, Engine

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f]")
_TOKENS_PER_ITEM = 40
_ITEM_CHARACTERS = 120
_SPARE_CHARACTERS = 30
"""By which a line may be too long: it ends as a line should, and is left out then."""
_NEAR = (0.6, 1.5)
"""Of the words that were asked for: what is outside is told. It is not sent back, as small models lengthen a
text by what is not true."""
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
        if self.wishes.words or self.wishes.items:
            asked = asked.changed(least_tokens=asked.most_tokens // 2)
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
        made = write_drafts(self.run, self.engine, prompt, order)
        suffix = "json" if self.template.output.kind == "json" and not self.template.output.layout else "md"
        yield from text_files(self.run, self._texts(made, messages, order), suffix)

    def _texts(
        self, drafts: Sequence[Draft], messages: list[Message], order: Order
    ) -> Iterator[tuple[str, str]]:
        """The drafts' texts and names, mended where that helps; what is still wrong is told."""
        for number, draft in enumerate(drafts, start=1):
            text = self._finished(draft)
            wrong = faults(text, self._rules()) if text else []
            if wrong and messages and self.template.output.kind == "markdown":
                self.run.progress(0.99, 1, tr("Revising draft {number}", number=number))
                text, wrong = self._revised(messages, text, wrong, order)
            for fault in wrong:
                self.run.note(tr("Draft {number} is not as asked: {why}.", number=number, why=fault.words))
            self._tell_length(number, text)
            tell_if_cut(self.run, number, draft)
            own = title_of(text) if self.template.output.kind in ("markdown", "choice") else ""
            yield text, own or tr(self.template.title)

    def _tell_length(self, number: int, text: str) -> None:
        wanted, found = self.wishes.words, count_words(text)
        if wanted and text and not _NEAR[0] <= found / wanted <= _NEAR[1]:
            self.run.note(
                tr(
                    "Draft {number} has {count} words; {wanted} were asked for.",
                    number=number,
                    count=found,
                    wanted=wanted,
                )
            )

    def _revised(
        self, messages: list[Message], text: str, wrong: list[Fault], order: Order
    ) -> tuple[str, list[Fault]]:
        """A second try at a draft, if it is better than the first; and what is still wrong."""
        again = prompts.revision(messages, text, [fault.request for fault in wrong])
        prompt = self.engine.tokenizer.encode_chat(again)
        if self.engine.context - len(prompt) < order.least_tokens:
            return text, wrong
        (draft,) = write_drafts(self.run, self.engine, prompt, order.changed(drafts=1), shown=False)
        revised = self._finished(draft)
        still = faults(revised, self._rules())
        is_better = revised and not draft.is_cut and len(still) < len(wrong)
        return (revised, still) if is_better else (text, wrong)

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
            from studio_text.generators.decoding.grammar import list_constraint

            longest = (self.template.limits.item_characters or _ITEM_CHARACTERS) + _SPARE_CHARACTERS
            return lambda: list_constraint(tokenizer, with_spares(self.wishes.items), longest)
        if output.kind == "json":
            from studio_text.generators.decoding.grammar import json_constraint

            return lambda: json_constraint(tokenizer, output.schema)
        if output.kind == "choice":
            from studio_text.generators.decoding.grammar import choice_constraint

            return lambda: choice_constraint(tokenizer, output.choices)
        return None

    def _finished(self, draft: Draft) -> str:
        """A draft as it goes into its file; "" where nothing in it is whole."""
        text, output = draft.text, self.template.output
        match output.kind:
            case "list":
                longest = self.template.limits.item_characters
                items = items_of(text)[:-1] if draft.is_cut else items_of(text)
                return list_of(chosen(items, self.wishes.items, longest))
            case "json":
                return "" if draft.is_cut else laid_out(text, output.layout)
            case "choice":
                return text
            case "code":
                code = prompts.code_in(text)
                said = {name: str(value) for name, value in self.values.items()}
                return f"```{fill(output.code_language, said).lower()}\n{code}\n```" if code.strip() else ""
        return prompts.unwrapped(text)


def text_files(run: Run, texts: Iterable[tuple[str, str]], suffix: str = "md") -> Iterator[NewArtifact]:
    """Drafts (text, name) as files. One with nothing in it is left out, which is told.

    Raises:
        BadInput: there is nothing in any of them.
    """
    found = False
    for number, (text, name) in enumerate(texts, start=1):
        if not _CONTROL.sub("", text).strip():
            run.note(tr("Draft {number} is left out: the model wrote nothing of use.", number=number))
            continue
        found = True
        target = run.scratch / f"draft-{number}.{suffix}"
        write_file(target, text)
        yield NewArtifact(target, Kind.TEXT, name)
    if not found:
        raise BadInput(
            tr("The model wrote nothing of use."),
            tr("Try another seed, a higher temperature, or fewer words to avoid."),
        )


def write_file(target: Path, text: str) -> None:
    """Without control characters, which models write now and then, and with one line feed at the end."""
    target.write_text(_CONTROL.sub("", text).rstrip() + "\n", encoding="utf-8", newline="\n")


def with_spares(items: int) -> int:
    """How many lines are written, so that enough are left without doubles and those that are too long."""
    return items + -(-items // 2)


def laid_out(text: str, layout: str) -> str:
    """JSON as people read it: in the layout, or indented."""
    values = json.loads(text)
    if not layout or not isinstance(values, dict):
        return json.dumps(values, ensure_ascii=False, indent=2)
    said = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }
    return fill(layout, said).strip()
