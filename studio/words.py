"""The window's language: English in the code, other languages as gettext catalogs (`.po` files).

English is what the code says, so it needs no catalog and is always complete. A catalog is `LANGUAGE.po` in
`resources/i18n`, or in the folder `translations` of the user's own configuration, which comes first. Which
language is spoken is a fact of the whole process, as the locale is, and so the one module-level state.

`tr` marks a sentence for the extractor and gives it in the current language at the moment of the call: call it
where the text is shown or raised, never at import time (`mark` is for constants).
"""

from __future__ import annotations

import gettext
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ENGLISH = "en"

_translations: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH


def tr(text: str, /, **values: object) -> str:
    """A text in the current language, with its `{name}` places filled in.

    A translation whose places do not fit falls back to English: a catalog must never break a message.
    """
    if not text:
        return text
    told = _translations.gettext(text)
    if not values:
        return told
    try:
        return told.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError):
        return text.format(**values)


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Like `tr`, for a text that depends on a number: `{count}` in both is filled in with `count`.

    Pass `count_text` where the number should be written as the locale writes it: it then takes its place.
    """
    filled: dict[str, object] = {"count": values.pop("count_text", count), **values}
    told = _translations.ngettext(one, many, count)
    try:
        return told.format(**filled)
    except (KeyError, IndexError, ValueError, AttributeError):
        return (one if count == 1 else many).format(**filled)


def mark(text: str) -> str:
    """Marks a constant for the extractor; say `tr(constant)` where it is shown."""
    return text


def mark_many(one: str, many: str) -> tuple[str, str]:
    """Marks a pair of constants for the extractor; say `trn(*pair, count)` where it is shown."""
    return one, many


def language() -> str:
    """The current language's code: "en", "de", "pt_BR"."""
    return _language


def use(code: str, folders: Sequence[Path], cache: Path) -> str:
    """Speaks another language from now on: the first catalog of that name in `folders`.

    Returns:
        What the user should know ("" if all is well): the catalog is missing or broken, and English is spoken.
        A broken one is kept beside itself as `NAME.po.broken`, unless its folder cannot be written.
    """
    global _translations, _language
    _translations, _language = gettext.NullTranslations(), ENGLISH
    if code == ENGLISH:
        return ""
    file = next((found for folder in folders if (found := folder / f"{code}.po").is_file()), None)
    if file is None:
        return f"There is no translation for “{code}”. English is used."
    try:
        _translations = _load(file, cache)
    except (OSError, ValueError, UnicodeDecodeError, LookupError):
        with suppress(OSError):
            file.replace(file.with_name(file.name + ".broken"))
        return f"The translation “{file.name}” is damaged. English is used; a copy is kept as {file.name}.broken."
    _language = code
    return ""


def available(folders: Sequence[Path]) -> list[str]:
    """The codes of all languages that can be chosen, English first."""
    found = {file.stem for folder in folders if folder.is_dir() for file in folder.glob("*.po")}
    return [ENGLISH, *sorted(found - {ENGLISH})]


def _load(file: Path, cache: Path) -> gettext.GNUTranslations:
    """The catalog, compiled once per content: reading text takes fifty times as long."""
    data = file.read_bytes()
    compiled = cache / "i18n" / f"{file.stem}-{hashlib.sha256(data).hexdigest()[:16]}.mo"
    if not compiled.exists():
        import polib

        catalog = polib.pofile(data.decode("utf-8"))
        if not any(entry.translated() for entry in catalog):
            raise ValueError("no translated text in it")
        fresh = compiled.with_name(f"{compiled.name}.{os.getpid()}.new")
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(catalog.to_binary())
        fresh.replace(compiled)
    with compiled.open("rb") as opened:
        return gettext.GNUTranslations(opened)
