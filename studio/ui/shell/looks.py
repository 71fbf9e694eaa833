"""How the whole program looks and speaks: theme, language, direction of reading, from the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from studio import paths, words
from studio.plugins import speech
from studio.settings import Appearance
from studio.ui.kit import locales, theme


class Built(Struct, frozen=True):
    """What a window is built for: it must be built anew for another one."""

    language: str
    font_scale: int
    direction: Qt.LayoutDirection


class Looks:
    """One per program. Nothing changes before `speak` and `dress`."""

    def __init__(self, app: QApplication, translations: Sequence[Path]) -> None:
        """`translations`: the folders of the plugins' catalogs."""
        self._app, self._translations = app, translations
        self._translator: QTranslator | None = None
        self.theme = theme.LIGHT
        self.language = ""
        self._is_dressed = False

    def languages(self) -> dict[str, str]:
        """Codes of the languages that can be chosen, with their names in that language."""
        return {code: native_name(code) for code in words.available(paths.translation_folders())}

    def themes(self) -> dict[str, str]:
        """The user's own themes: name and words for it."""
        from studio.ui.kit.theme import files

        return {name: name for name in files.available(paths.config_folder() / "themes")}

    def speak(self, wanted: Appearance) -> str:
        """Takes the language of the settings; returns what the user should know of it."""
        notice = speech.speak(self._code(wanted), lambda: self._translations)
        self.language = words.language()
        place = locale_of(self.language, QLocale.system())
        QLocale.setDefault(place)
        words.write_counts(locales.number)
        self._app.setLayoutDirection(place.textDirection())
        self._speak_qt(place)
        return notice

    def would_speak(self, wanted: Appearance) -> str:
        """The language that `speak` would take, if its catalog is good."""
        code = self._code(wanted)
        return code if code in words.available(paths.translation_folders()) else words.ENGLISH

    def _code(self, wanted: Appearance) -> str:
        there = words.available(paths.translation_folders())
        return wanted.language or fitting(QLocale.system().uiLanguages(), there)

    def dress(self, wanted: Appearance) -> str:
        """Chooses the theme; another one gives the program its colors and font, `finish` the style sheet."""
        chosen, notice = theme.choose(
            wanted.theme,
            self._app,
            paths.config_folder() / "themes",
            font_scale=wanted.font_scale,
            reduced_motion=wanted.reduced_motion,
        )
        if chosen != self.theme or not self._is_dressed:
            self._is_dressed = True
            self.theme = chosen
            self._app.setStyleSheet("")
            theme.apply_colors(chosen, self._app)
        return notice

    def undress(self) -> None:
        """Takes the style sheet off, before another one comes or many widgets are built.

        Where one is there, Qt styles a widget anew each time its parent changes, and when another sheet comes
        once for each of its ancestors: ten times.
        """
        self._app.setStyleSheet("")

    def finish(self) -> None:
        """The style sheet, last."""
        self._app.setStyleSheet(theme.style_sheet(self.theme))

    def built(self) -> Built:
        return Built(self.language, self.theme.font_scale, self._app.layoutDirection())

    def _speak_qt(self, place: QLocale) -> None:
        """The texts of Qt's own dialogs."""
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        if self.language == words.ENGLISH:
            return
        made = QTranslator()
        if made.load(place, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._app.installTranslator(made)
            self._translator = made


def fitting(spoken: Sequence[str], available: Sequence[str]) -> str:
    """The first of the user's languages ("de-CH", "en") that can be chosen; English if none can."""
    for entry in spoken:
        code = entry.replace("-", "_")
        while code:
            if code in available:
                return code
            code = code.rpartition("_")[0]
    return words.ENGLISH


def native_name(code: str) -> str:
    """A language as those who speak it call it: "Deutsch"; the code itself if nobody knows it."""
    if code == words.ENGLISH:
        return "English"  # which Qt calls American
    place = QLocale(code)
    if place.language() == QLocale.Language.C:
        return code
    name = place.nativeLanguageName()
    name = name[:1].upper() + name[1:]
    return f"{name} ({place.nativeTerritoryName()})" if "_" in code else name


def locale_of(language: str, system: QLocale) -> QLocale:
    """How numbers and dates are written: in this language, as in the user's region if it is spoken there."""
    plain = QLocale(language)
    if plain.language() == system.language():
        return system if "_" not in language else plain
    regional = QLocale(plain.language(), system.territory())
    return regional if regional.territory() == system.territory() and "_" not in language else plain
