"""The commands for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.api.values import tr
from studio.ui.api import Command

if TYPE_CHECKING:
    from studio_text.room.flow import DocumentFlow


def document_commands(flow: DocumentFlow) -> list[Command]:
    page = flow.page
    return [
        Command(
            "document.new",
            tr("New &text"),
            flow.new,
            menu="room",
            needs="writing",
            group="text",
            words=tr("document write markdown"),
        ),
        Command(
            "document.save",
            tr("&Save text as a version"),
            flow.save,
            menu="room",
            keys="Ctrl+S",
            group="text",
            words=tr("document draft keep"),
        ),
        Command(
            "document.copy",
            tr("Copy text with &formatting"),
            lambda: page.has_document and page.pane.copy(),
            menu="room",
            group="text",
            words=tr("rich html clipboard"),
        ),
        Command(
            "document.copy_markdown",
            tr("Copy text as &Markdown"),
            lambda: page.has_document and page.pane.copy_markdown(),
            menu="room",
            group="text",
        ),
        Command(
            "document.continue",
            tr("&Continue the text"),
            lambda: page.has_document and flow.asks.go_on(),
            menu="room",
            group="text",
            words=tr("write on cursor"),
        ),
    ]
