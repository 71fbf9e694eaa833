"""Speaking another language: a catalog is a stranger's file, and no message may break by it."""

from __future__ import annotations

import gettext
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import words
from studio.words import language_for, tr, trn

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    words.use("en", (), Path())


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    own, ours = tmp_path / "translations", tmp_path / "i18n"
    own.mkdir()
    ours.mkdir()
    return own, ours


def entry(source: str, told: str) -> str:
    made = polib.POEntry(msgid=source, msgstr=told)
    return f"\n{made}\n"


def plural(one: str, many: str, *told: str) -> str:
    made = polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural=dict(enumerate(told)))
    return f"\n{made}\n"


def speak(folders: tuple[Path, Path], text: str, code: str = "de") -> str:
    (folders[0] / f"{code}.po").write_text(text, encoding="utf-8")
    return words.use(code, folders, folders[0].parent / "cache")


def test_english_needs_no_catalog(folders: tuple[Path, Path]) -> None:
    assert words.use("en", folders, folders[0]) == ""
    assert (words.language(), tr("Open"), tr("{a} of {b}", a=1, b=2)) == ("en", "Open", "1 of 2")
    assert [trn("{count} day", "{count} days", n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_counts_are_written_as_the_window_writes_numbers() -> None:
    words.write_counts(str)
    assert trn("{count} day", "{count} days", 12345) == "12345 days"
    words.write_counts(lambda count: f"{count:,}".replace(",", "."))
    try:
        assert trn("{count} day", "{count} days", 12345) == "12.345 days"
    finally:
        words.write_counts(str)


def test_a_language_is_spoken_and_left_again(folders: tuple[Path, Path]) -> None:
    text = (
        HEADER
        + entry("Open “{name}”", "„{name}“ öffnen")
        + plural("{count} day", "{count} days", "{count} Tag", "{count} Tage")
    )
    assert speak(folders, text) == ""
    assert words.language() == "de"
    assert tr("Open “{name}”", name="x") == "„x“ öffnen"
    assert trn("{count} day", "{count} days", 2000) == "2000 Tage"
    assert tr("Not translated {n}", n=1) == "Not translated 1"
    assert tr("") == ""
    words.use("en", folders, folders[0])
    assert tr("Open “{name}”", name="x") == "Open “x”"


def test_the_users_own_catalog_comes_first_and_the_compiled_one_follows_its_text(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[1] / "de.po").write_text(HEADER + entry("Open", "Öffnen"), encoding="utf-8")
    assert words.use("de", folders, tmp_path / "cache") == "" and tr("Open") == "Öffnen"
    assert speak(folders, HEADER + entry("Open", "Aufmachen")) == "" and tr("Open") == "Aufmachen"
    assert speak(folders, HEADER + entry("Open", "Auf")) == "" and tr("Open") == "Auf"
    for file in (tmp_path / "cache" / "i18n").iterdir():
        file.write_bytes(b"broken")
    assert words.use("de", folders, tmp_path / "cache") == "" and tr("Open") == "Auf"
    assert words.available(folders) == ["en", "de"]


@pytest.mark.parametrize(
    "told",
    [
        "{name.__class__}", "{name.__class__.__mro__}", "{name[0]}", "{0}", "{}", "{other}", "{name!r}",
        "{name:>999999999}", "{name:{name}}", "{", "}", "{name", "{na\nme}", "{name.__init__.__globals__}",
    ],
)  # fmt: skip
def test_a_translation_reaches_nothing_but_its_values(folders: tuple[Path, Path], told: str) -> None:
    assert (
        speak(folders, HEADER + entry("Hello {name}", told) + plural("{count} a", "{count} b", told, told))
        == ""
    )
    assert tr("Hello {name}", name="x") == "Hello x"
    assert trn("{count} a", "{count} b", 3, name="x") == "3 b"


def test_a_format_of_the_english_text_is_the_translations_too(folders: tuple[Path, Path]) -> None:
    speak(folders, HEADER + entry("{seconds:.1f} s", "{seconds:.1f} Sek.") + entry("{a} b", "b {{}}"))
    assert tr("{seconds:.1f} s", seconds=2.25) == "2.2 Sek."
    assert tr("{a} b", a=1) == "b {}"


@pytest.mark.parametrize(
    "rule",
    [
        "nplurals=2; plural=n/0;", "nplurals=2; plural=n%0;", "nplurals=1; plural=0;",
        "nplurals=2; plural=n;", "nplurals=2; plural=n - 5;", "nplurals=9999; plural=n;",
        "nplurals=2", "plural=0", "gibberish",
        "nplurals=2; plural=" + "(" * 500 + "n" + ")" * 500 + ";", "nplurals=2; plural=__import__('os');",
        "nplurals=2; plural=1/(n-1000);",
    ],
)  # fmt: skip
def test_a_wrong_rule_for_plurals_breaks_no_message(folders: tuple[Path, Path], rule: str) -> None:
    header = HEADER.replace("nplurals=2; plural=(n != 1);", rule.replace("\\", "\\\\"))
    speak(
        folders,
        header + entry("Open", "Auf") + plural("{count} day", "{count} days", "{count} Tag", "{count} Tage"),
    )
    assert tr("Open") in ("Auf", "Open")
    for count in (0, 1, 2, 5, 1000, 10**9):
        assert trn("{count} day", "{count} days", count).split()[1] in ("day", "days", "Tag", "Tage")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b'msgid "a',
        b'msgid "a"\nmsgstr',
        b"/etc/hostname",
        b"\0" * 100,
        b"#\n",
    ],
)
def test_a_broken_catalog_is_kept_and_told(folders: tuple[Path, Path], data: bytes) -> None:
    (folders[0] / "de.po").write_bytes(data)
    told = words.use("de", folders, folders[0].parent / "cache")
    assert "“de.po” is damaged" in told and "de.po.broken" in told
    assert (folders[0] / "de.po.broken").read_bytes() == data
    assert (words.language(), tr("Open")) == ("en", "Open")
    assert "no translation" in words.use("de", folders, folders[0].parent / "cache")


def test_behind_a_broken_one_of_the_users_own_stands_the_programs(folders: tuple[Path, Path]) -> None:
    (folders[1] / "de.po").write_text(HEADER + entry("Open", "Öffnen"), encoding="utf-8")
    assert "damaged" in speak(folders, "hello")
    assert (words.language(), tr("Open")) == ("de", "Öffnen")


def test_the_programs_own_catalog_is_never_moved(folders: tuple[Path, Path]) -> None:
    (folders[1] / "de.po").write_text("hello")
    assert "damaged" in words.use("de", folders, folders[0])
    assert (folders[1] / "de.po").exists()


def test_a_huge_catalog_is_not_read(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MAX_BYTES", 200)
    assert "damaged" in speak(folders, HEADER + entry("Open", "A" * 200))


def test_half_older_and_newer_catalogs_are_fine(folders: tuple[Path, Path]) -> None:
    fuzzy = '\n#, fuzzy\nmsgid "Close"\nmsgstr "Offen"\n'
    text = HEADER + entry("Open", "") + entry("Of tomorrow", "Von morgen") + fuzzy
    text += plural("{count} day", "{count} days", "{count} Tag", "") + '\n#~ msgid "Old"\n#~ msgstr "Alt"\n'
    assert speak(folders, text) == ""
    assert [tr(one) for one in ("Open", "Close", "Old", "Of today")] == ["Open", "Close", "Old", "Of today"]
    assert trn("{count} day", "{count} days", 2) == "2 days"


def test_a_catalog_says_its_encoding_in_vain(folders: tuple[Path, Path]) -> None:
    for charset in ("ISO-8859-1", "utf-7", "rot13", "nothing"):
        assert speak(folders, HEADER.replace("UTF-8", charset) + entry("Open", "Öffnen")) == ""
        assert tr("Open") == "Öffnen"


@pytest.mark.parametrize("code", ["../de", "/etc/de", "xx", "de\n", "a" * 40, "."])
def test_a_language_that_is_not_there_is_told(folders: tuple[Path, Path], code: str) -> None:
    assert "no translation" in words.use(code, folders, folders[0])
    assert words.language() == "en"


def test_a_full_disk_only_costs_time(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (folders[0] / "de.po").write_text(HEADER + entry("Open", "Auf"), encoding="utf-8")
    (tmp_path / "file").touch()
    assert words.use("de", folders, tmp_path / "file") == "" and tr("Open") == "Auf"


@pytest.mark.parametrize(
    ("setting", "environment", "expected"),
    [
        ("", {}, "en"),
        ("", {"LANG": "de_DE.UTF-8"}, "de"),
        ("", {"LANG": "de_AT@euro"}, "de"),
        ("", {"LANG": "fr_FR.UTF-8"}, "en"),
        ("", {"LANG": "pt_BR.UTF-8"}, "pt_BR"),
        ("", {"LANG": "pt_PT.UTF-8"}, "en"),
        ("", {"LANG": "fr_FR.UTF-8", "LC_ALL": "de_DE"}, "de"),
        ("", {"LANG": "fr_FR.UTF-8", "LANGUAGE": "nl:de_CH:en"}, "de"),
        ("", {"LANG": "C", "LANGUAGE": "de"}, "en"),
        ("", {"LANG": "de-DE", "STUDIO_LANGUAGE": "pt_BR"}, "pt_BR"),
        ("xx", {"LANG": "de_DE"}, "xx"),
        ("en", {"LANG": "de_DE"}, "en"),
    ],
)
def test_which_language(
    folders: tuple[Path, Path], setting: str, environment: dict[str, str], expected: str
) -> None:
    for code in ("de", "pt_BR"):
        (folders[1] / f"{code}.po").touch()
    assert language_for(setting, folders, environment) == expected


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "replace"))
)
def test_any_file_is_a_catalog_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("words")
    (folder / "de.po").write_bytes(data)
    told = words.use("de", (folder, folder / "none"), folder)
    assert (told == "") == (words.language() == "de")
    assert tr("Open {a}", a=1) and trn("{count} day", "{count} days", 2)


PIECES = st.lists(
    st.sampled_from(["{a}", "{b}", "{", "}", "{{", "}}", "a", ".", "!r", ":>9", "[0]", "{a.b}", "{}"])
)


@given(PIECES.map("".join))
def test_any_translation_gives_a_message(told: str) -> None:
    class Catalog(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return told

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return told

    class Guarded:
        def __format__(self, spec: str) -> str:
            assert spec == ""
            return "x"

        def __getattribute__(self, name: str) -> object:
            raise AssertionError(name)

    words._translations = Catalog()
    assert isinstance(tr("{a} and {b}", a=Guarded(), b=Guarded()), str)
    assert isinstance(trn("{count} {a}", "{count} {b}", 2, a=Guarded(), b=Guarded()), str)


def run(home: Path, *words_: str, **environment: str) -> str:
    made = {**os.environ, "STUDIO_HOME": str(home), **environment}
    done = subprocess.run([sys.executable, *words_], env=made, capture_output=True, text=True, timeout=500)
    return done.stdout + done.stderr


@pytest.mark.slow
def test_the_command_line_speaks_what_is_set(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "translations"
    folder.mkdir(parents=True)
    catalog = HEADER + entry("There is no model “{name}”.", "Ein Modell „{name}“ gibt es nicht.")
    (folder / "de.po").write_text(catalog, encoding="utf-8")
    command = ("-m", "studio", "models", "remove", "lama")
    assert "There is no model “lama”" in run(tmp_path, *command, STUDIO_LANGUAGE="", LANG="C.UTF-8")
    assert "„lama“ gibt es nicht" in run(tmp_path, *command, STUDIO_LANGUAGE="", LANG="de_DE.UTF-8")
    (tmp_path / "config" / "settings.json").write_text('{"appearance": {"language": "de"}}')
    assert "„lama“ gibt es nicht" in run(tmp_path, *command, STUDIO_LANGUAGE="", LANG="C.UTF-8")


@pytest.mark.slow
def test_the_worker_speaks_as_the_window_does(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "translations"
    folder.mkdir(parents=True)
    catalog = HEADER + entry("There is no plugin “{name}”.", "Es gibt kein Plug-in „{name}“.")
    (folder / "de.po").write_text(catalog, encoding="utf-8")
    script = """if True:
        import sys
        from pathlib import Path
        import msgspec
        from studio import paths, words
        from studio.backends.plan import Choice
        from studio.core.model import Plan
        from studio.core.recipe import Recipe
        from studio.jobs import wire
        from studio.jobs.host import WorkerHost
        words.use("de", paths.translation_folders(), paths.cache_folder())
        host = WorkerHost(on_line=print)
        host.start()
        staging = Path(sys.argv[1])
        (staging / "work").mkdir(parents=True)
        recipe = Recipe(generator="nobody/x", generator_version="1", params={})
        request = wire.RunJob(
            job="a", recipe=recipe, inputs={}, models={}, staging=staging, kept=staging,
            language=words.language(),
            choices=(Choice(plan=Plan()),),
        )
        print(host.run(request, lambda message: None).error.message)
        words.use("en", (), paths.cache_folder())
        request = msgspec.structs.replace(request, language=words.language())
        print(host.run(request, lambda message: None).error.message)
        host.stop()
    """
    german, english = run(tmp_path, "-c", script, str(tmp_path / "staging")).splitlines()[-2:]
    assert german == "Es gibt kein Plug-in „nobody“."
    assert english == "There is no plugin “nobody”.", "as soon as the window does, and as warm as it is"


def test_plugins_add_words_and_change_none(folders: tuple[Path, Path], tmp_path: Path) -> None:
    plugin, broken = tmp_path / "plugin", tmp_path / "broken"
    for folder, text in (
        (folders[1], HEADER + entry("Open", "Öffnen")),
        (plugin, HEADER + entry("Open", "Auf") + entry("Palette", "Farbpalette")),
        (broken, "msgid"),
    ):
        folder.mkdir(exist_ok=True)
        (folder / "de.po").write_text(text, encoding="utf-8")
    more = (broken, tmp_path / "none", plugin)
    assert words.use("de", folders, tmp_path / "cache", lambda: more) == ""
    assert (tr("Open"), tr("Palette")) == ("Öffnen", "Farbpalette")
    asked: list[bool] = []
    words.use("en", folders, tmp_path / "cache", lambda: asked.append(True) or ())
    assert not asked


@pytest.mark.parametrize(("noun", "within"), [("Masks", "masks"), ("PDF page", "PDF page"), ("", "")])
def test_nouns_are_small_within_an_english_sentence(noun: str, within: str) -> None:
    assert words.in_sentence(noun) == within


def test_nouns_stay_as_they_are_in_other_languages(folders: tuple[Path, Path]) -> None:
    assert speak(folders, 'msgid "Masks"\nmsgstr "Masken"\n') == ""
    assert words.in_sentence("Masken") == "Masken"
