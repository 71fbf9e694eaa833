"""What all generators share that only models with a chat template can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.api import BadInput, tr

if TYPE_CHECKING:
    from studio_text.generators.engines.engine import Engine


def check_instruct(engine: Engine) -> None:
    """Raises `BadInput` for a model that follows no instructions."""
    if not engine.tokenizer.has_chat_template:
        raise BadInput(
            tr(
                "This model only continues texts: its tokenizer has no chat template, so it follows no "
                "instructions."
            ),
            tr("Choose a model that is made for instructions, such as Qwen2.5 Coder 1.5B Instruct."),
        )
