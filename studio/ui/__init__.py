"""The window. Qt lives here and nowhere else."""

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


def spare_sources() -> None:
    """Keeps PySide6 from reading the source of every module that is imported from now on.

    It looks there for the use of its optional features, which this program has none of; that takes a tenth of
    the time to the first window. Call it once PySide6 is imported.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False
