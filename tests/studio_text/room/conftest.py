"""The fixtures of windows and panels."""

from __future__ import annotations

from tests.ui.conftest import (  # noqa: F401
    _collector,
    _empty_clipboard,
    _left_by_others,
    _nothing_in_front,
    another,
    bridge,
    dressed,
    home,
    studio,
    until,
)
