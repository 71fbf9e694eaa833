"""The window. Qt lives here and nowhere else."""

import builtins
import sys


def _pin_constants() -> None:
    """Keeps None, True and False alive under Python 3.11.

    PySide6's stable-ABI wheels (seen in 6.12.0) are compiled against headers in which these objects are
    immortal, so every `signal.emit()` and every `index.data()` that gives None drops a reference it never
    took. From Python 3.12 on that is harmless; before, the interpreter dies with "deallocating None" after
    some hundreds of calls. A head start of 2^40 references lasts for years.
    """
    import ctypes

    for constant in (None, True, False, NotImplemented, Ellipsis):
        ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40


if sys.version_info < (3, 12):
    _pin_constants()


def import_qt() -> None:
    """Imports Qt's core, and puts back the `__import__` in whose place PySide6 puts one of its own then.

    PySide6's looks into the source of every module that is imported, for the use of its optional features
    (`from __feature__ import ...`). Neither this program nor anything that it depends on uses them, and each
    later import would take a sixth longer. (The one that is put back is Python's own with a look at the names
    of Qt's modules around it, for `from PySide6.QtCore import *`: that costs nothing that can be measured.)
    """
    from PySide6 import QtCore  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
