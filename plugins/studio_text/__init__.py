"""The studio's text plugin. Nothing heavy is imported until a generator runs."""

from __future__ import annotations

from studio.api import Converter, Generator, ModelSpec, hookimpl


@hookimpl
def register_generators() -> list[type[Generator]]:
    return []


@hookimpl
def register_models() -> list[ModelSpec]:
    return []


@hookimpl
def register_converters() -> list[type[Converter]]:
    from studio_text.convert import TextToOnnx

    return [TextToOnnx]
