"""Writes a conversation as a model learned it: by the template that comes with the model.

A template is a program from outside. It runs in jinja2's sandbox, as in transformers, and every step and
every character that it makes is counted (`template_sandbox.py`): one that runs on is stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from studio.api import BadInput, tr

if TYPE_CHECKING:
    from studio_text.generators.engines.engine import Message

_LONGEST = 64 * 1024
"""Characters of a template; the longest that are known have 20,000."""


class ChatTemplate:
    def __init__(self, source: str) -> None:
        self._source = source

    def render(self, messages: Sequence[Message], names: Mapping[str, str]) -> str:
        """The conversation up to where the model answers. `names`: bos_token and eos_token.

        What the system says becomes part of the first turn of a user where the model knows no system.

        Raises:
            BadInput: the template cannot write this conversation.
        """
        try:
            text = self._rendered(messages, names)
        except _errors() as error:
            folded = _folded(messages)
            if folded is None:
                raise _cannot(error) from error
            return self._without_system(folded, names)
        system = "".join(message.content for message in messages[:1] if message.role == "system").strip()
        folded = _folded(messages)
        if folded is not None and system not in text:  # some leave out what they do not know
            return self._without_system(folded, names)
        return text

    def _without_system(self, messages: Sequence[Message], names: Mapping[str, str]) -> str:
        try:
            return self._rendered(messages, names)
        except _errors() as error:
            raise _cannot(error) from error

    def _rendered(self, messages: Sequence[Message], names: Mapping[str, str]) -> str:
        from studio_text.generators.engines.template_fuel import Fuel
        from studio_text.generators.engines.template_sandbox import environment

        if len(self._source) > _LONGEST:
            raise ValueError(f"{len(self._source)} characters")
        fuel = Fuel(sum(len(message.content) for message in messages))
        template = environment(fuel).from_string(self._source)
        return fuel.joined(
            template.generate(
                messages=[{"role": message.role, "content": message.content} for message in messages],
                add_generation_prompt=True,
                tools=None,
                documents=None,
                **names,
            )
        )


def _errors() -> tuple[type[Exception], ...]:
    """What a template can raise: jinja2's own errors, and those of whatever it does with values."""
    import jinja2

    return (
        jinja2.TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        MemoryError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
    )


def _cannot(error: Exception) -> BadInput:
    return BadInput(
        tr("The model's chat template cannot write this conversation."),
        tr("Choose another model, or use Continue, which takes no chat template."),
        f"{type(error).__name__}: {error}",
    )


def _folded(messages: Sequence[Message]) -> list[Message] | None:
    """With what the system says at the start of the first user's turn; None: there is nothing to fold."""
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return None
    system, user, *others = messages
    return [type(user)("user", f"{system.content.strip()}\n\n{user.content}"), *others]
