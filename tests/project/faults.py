"""Makes the n-th call to the operating system fail, to see what a save leaves behind."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

CALLS: tuple[tuple[Any, str], ...] = (
    (os, "fsync"),
    (os, "replace"),
    (os, "write"),
    (shutil, "copyfile"),
)


@dataclass
class Calls:
    made: int = 0
    failed: str = ""
    """The call that failed."""


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, number: int, error: int = errno.ENOSPC) -> Iterator[Calls]:
    """Inside, the call with this number (from 1) of fsync, replace, write or copyfile raises."""
    calls = Calls()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any, **kwargs: Any) -> Any:
            calls.made += 1
            if calls.made == number:
                calls.failed = name
                raise OSError(error, os.strerror(error))
            return real(*args, **kwargs)

        return instead

    with monkeypatch.context() as patched:
        for module, name in CALLS:
            patched.setattr(module, name, counted(name, getattr(module, name)))
        yield calls
