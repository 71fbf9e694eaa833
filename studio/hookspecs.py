"""Every hook of the studio. Arguments are only ever added; a new meaning is a new hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from studio.core.authoring import Generator

PROJECT = "studio"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_generators() -> list[type[Generator]]:  # type: ignore[empty-body]
    """The generators of this plugin. Called once, in the worker."""


@hookspec(firstresult=True)
def explain_error(error: Exception) -> str | None:
    """What a user can do about an exception that a generator of this plugin raised, in one or two sentences.

    Return None where you have nothing better to say than the exception itself.
    """
