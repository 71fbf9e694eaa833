"""A turn of a conversation about a text, as the room keeps it and shows it."""

from __future__ import annotations

from msgspec import Struct


class Turn(Struct, frozen=True):
    """As `text/chat` takes it."""

    role: str
    """"user" or "assistant"."""
    content: str
