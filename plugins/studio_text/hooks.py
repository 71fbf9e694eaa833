"""The studio's text plugin. Nothing heavy is imported until a generator runs."""

from __future__ import annotations

from studio.api import Converter, Generator, ModelSpec, hookimpl
from studio_text.core.template_files import find_templates


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_text.generators.chat import Chat
    from studio_text.generators.continuing import Continue
    from studio_text.generators.document import Document
    from studio_text.generators.rewrite import Rewrite
    from studio_text.generators.template_generators import generator_for

    written = [generator_for(template) for template in find_templates().templates]
    return [*written, Continue, Rewrite, Chat, Document]


@hookimpl
def plugin_notes() -> list[str]:
    return list(find_templates().notes)


@hookimpl
def register_models() -> list[ModelSpec]:
    from studio_text.generators.models import catalog

    return catalog()


@hookimpl
def register_converters() -> list[type[Converter]]:
    from studio_text.generators.convert import TextToOnnx

    return [TextToOnnx]
