"""The window's language: English in the code, other languages as gettext catalogs (`.po` files).

English is what the code says, so it needs no catalog and is always complete. A catalog is `LANGUAGE.po` in
`resources/i18n`, or in the folder `translations` of the user's own configuration, which comes first. Which
language is spoken is a fact of the whole process, as the locale is, and so the one module-level state.

`tr` marks a sentence for the extractor and gives it in the current language: call it where the text is shown
or raised, never at import time (`mark` is for constants).

A catalog is a stranger's file. Its texts may name the places that the English text names, and nothing else:
no other value, no attribute, no format. What does not fit is shown in English.
"""

from __future__ import annotations

import copy
import functools
import gettext
import hashlib
import os
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from studio import user_files

ENGLISH = "en"
ENVIRONMENT = "STUDIO_LANGUAGE"
"""What a window tells its worker, and whoever wants the command line in another language."""

MAX_BYTES = 8 * 2**20

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH
_written: Callable[[int], str] = str
_loaded: dict[bytes, gettext.GNUTranslations] = {}
"""By what is in the file: who goes from one language to another and back waits for no catalog."""
_MOST_LOADED = 32


class _BrokenError(Exception):
    """A file is no catalog."""


def tr(text: str, /, **values: object) -> str:
    """A text in the current language, with its `{name}` places filled in."""
    if not text:
        return text
    told = _translations.gettext(text)
    if not values:
        return told
    return (told if _fits(told, text, text) else text).format(**values)


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Like `tr`, for a text that depends on a number: `{count}` in both is filled in with `count`, as
    `write_counts` was told to write it.
    """
    filled: dict[str, object] = {"count": _written(count), **values}
    try:
        told = _translations.ngettext(one, many, count)
    except (ArithmeticError, ValueError):  # the catalog's own rule for plurals
        told = ""
    if not told or not _fits(told, one, many):
        told = one if count == 1 else many
    return told.format(**filled)


def write_counts(written: Callable[[int], str]) -> None:
    """How `trn` writes numbers from now on; `str` at first. The window writes them as its locale does."""
    global _written
    _written = written


def in_sentence(noun: str) -> str:
    """A kind's name as it stands within a sentence: English writes it small, but not “PDF page”."""
    return noun[:1].lower() + noun[1:] if _language == ENGLISH and not noun[1:2].isupper() else noun


def mark(text: str) -> str:
    """Marks a constant for the extractor; say `tr(constant)` where it is shown."""
    return text


def mark_many(one: str, many: str) -> tuple[str, str]:
    """Marks a pair of constants for the extractor; say `trn(*pair, count)` where it is shown."""
    return one, many


def language() -> str:
    """The current language's code: "en", "de", "pt_BR"."""
    return _language


def use(
    code: str, folders: Sequence[Path], cache: Path, more: Callable[[], Sequence[Path]] = lambda: ()
) -> str:
    """Speaks another language from now on.

    Args:
        folders: where catalogs are, the user's own first, the program's last. The first good one counts.
        cache: where its compiled form is kept.
        more: folders of catalogs that say what the first one does not; not called for English. A catalog
            that is broken there is left out.

    Returns:
        What the user should know ("" if all is well): a catalog is missing or broken. A broken one of the
        user's own is kept beside itself as `NAME.po.broken`.
    """
    global _translations, _language
    _translations, _language = gettext.NullTranslations(), ENGLISH
    if code == ENGLISH:
        return ""
    broken: list[str] = []
    for folder in folders:
        file = folder / f"{code}.po"
        if not _is_code(code) or not file.is_file():
            continue
        try:
            _translations = _load(file, cache)
        except (_BrokenError, OSError):
            kept = user_files.put_aside(file) if folder is not folders[-1] else None
            broken.append((kept or file).name)
            continue
        _language = code
        _add(more(), code, cache)
        break
    if broken:
        return tr(
            "The translation “{file}” is damaged. It is kept as {kept}.", file=f"{code}.po", kept=broken[0]
        )
    if _language == ENGLISH:
        return tr("There is no translation for “{language}”. English is used.", language=code)
    return ""


def _add(folders: Sequence[Path], code: str, cache: Path) -> None:
    for folder in folders:
        with suppress(_BrokenError, OSError):
            _translations.add_fallback(_load(folder / f"{code}.po", cache))


def available(folders: Sequence[Path]) -> list[str]:
    """The codes of all languages that can be chosen, English first."""
    found = {file.stem for folder in folders if folder.is_dir() for file in folder.glob("*.po")}
    return [ENGLISH, *sorted(code for code in found if code != ENGLISH and _is_code(code))]


def language_for(setting: str, folders: Sequence[Path], environment: Mapping[str, str] | None = None) -> str:
    """The code of the language to speak: the one that is set, else the system's where there is a catalog."""
    environ = os.environ if environment is None else environment
    wanted = environ.get(ENVIRONMENT, "") or setting
    if wanted:
        return wanted
    there = available(folders)
    for entry in _of_system(environ):
        code = entry.partition(".")[0].partition("@")[0].replace("-", "_")
        if code in ("C", "POSIX"):
            break
        while code:
            if code in there:
                return code
            code = code.rpartition("_")[0]
    return ENGLISH


def _of_system(environ: Mapping[str, str]) -> list[str]:
    """As gettext(1) looks for it; what Windows is set to."""
    place = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    if not place and sys.platform == "win32":
        import ctypes
        import locale

        place = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    preferred = environ.get("LANGUAGE", "") if place not in ("C", "POSIX") else ""
    return [entry for entry in (*preferred.split(":"), place) if entry]


def _is_code(code: str) -> bool:
    return code.replace("_", "").replace("@", "").isalnum() and code.isascii() and len(code) <= 32


@functools.lru_cache(maxsize=4096)
def _fits(told: str, *sources: str) -> bool:
    """Whether a translation's places are all among those of the English text, written in the same way.

    So `{name.__class__}`, `{name!r}`, `{0}` and `{name:>999999999}` never reach `str.format`.
    """
    try:
        return _places(told) <= frozenset().union(*map(_places, sources))
    except ValueError:
        return False


def _places(text: str) -> frozenset[tuple[str, str | None, str | None]]:
    """Raises ValueError where braces do not pair up."""
    parts = string.Formatter().parse(text)
    return frozenset((name, spec, turned) for _, name, spec, turned in parts if name is not None)


def _load(file: Path, cache: Path) -> gettext.GNUTranslations:
    """The catalog, read once per content, and compiled once for all processes: reading text takes fifty times
    as long."""
    data = user_files.read(file, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise _BrokenError("too long")
    if data not in _loaded:
        if len(_loaded) >= _MOST_LOADED:
            _loaded.clear()
        _loaded[data] = _read(file, data, cache)
    return copy.copy(_loaded[data])  # `add_fallback` changes it


def _read(file: Path, data: bytes, cache: Path) -> gettext.GNUTranslations:
    compiled = cache / "i18n" / f"{file.stem}-{hashlib.sha256(data).hexdigest()[:16]}.mo"
    with suppress(OSError, _BrokenError), compiled.open("rb") as opened:
        return _checked(opened.read())
    binary = _compile(data)
    made = _checked(binary)
    with suppress(OSError):
        user_files.write(compiled, binary)
    return made


def _compile(data: bytes) -> bytes:
    import polib  # type: ignore[import-untyped]

    try:
        # The line feed: a text without one could be the name of a file, which polib would read instead.
        catalog = polib.pofile("\n" + data.decode("utf-8-sig"), encoding="utf-8")
        if not len(catalog):
            raise _BrokenError("no text in it")
        catalog.metadata["Content-Type"] = "text/plain; charset=UTF-8"
        binary: bytes = catalog.to_binary()
    except Exception as error:  # polib raises whatever comes where a file is odd
        raise _BrokenError(str(error)) from error
    return binary


def _checked(binary: bytes) -> gettext.GNUTranslations:
    import io

    try:
        made = gettext.GNUTranslations(io.BytesIO(binary))
        for count in range(200):
            made.ngettext("", "", count)
    except Exception as error:  # gettext too, and a rule for plurals is a program of its own
        raise _BrokenError(str(error)) from error
    return made
