"""The room is tested in the studio's own window."""

from __future__ import annotations

import pytest

from studio.project.store import Project
from studio.ui.context import WindowContext
from studio.ui.shell.room_access import Items
from tests.ui.conftest import (
    _collector,
    _empty_clipboard,
    _left_by_others,
    _nothing_in_front,
    another,
    bridge,
    desk,
    dressed,
    home,
    project,
    service,
    studio,
    until,
)

__all__ = [
    "_collector",
    "_empty_clipboard",
    "_left_by_others",
    "_nothing_in_front",
    "another",
    "bridge",
    "desk",
    "dressed",
    "home",
    "project",
    "service",
    "studio",
    "until",
]


@pytest.fixture
def access(desk: WindowContext, project: Project) -> Items:
    """A room's way to the items of an open project."""
    desk.project = project
    return Items(desk)
