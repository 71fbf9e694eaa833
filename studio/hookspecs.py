"""Every hook of the studio. Arguments are only ever added; a new meaning is a new hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from studio.core.authoring import Converter, Generator
    from studio.core.model import ModelSpec

PROJECT = "studio"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_generators() -> list[type[Generator]]:  # type: ignore[empty-body]
    """The generators of this plugin. Called once, in the worker."""


@hookspec
def register_models() -> list[ModelSpec]:  # type: ignore[empty-body]
    """The models that this plugin's generators can use: data only, nothing is fetched. Called once."""


@hookspec
def register_converters() -> list[type[Converter]]:  # type: ignore[empty-body]
    """What makes models of another format of models that a user has. Called once, in the worker."""


@hookspec
def plugin_notes() -> list[str]:  # type: ignore[empty-body]
    """What a user should know about this plugin as it is now: a template that could not be read, say."""


@hookspec(firstresult=True)
def explain_error(error: Exception) -> str | None:
    """What a user can do about an exception that a generator of this plugin raised, in one or two sentences.

    Return None where you have nothing better to say than the exception itself.
    """
