"""Whether all that a person reads can be translated, and is."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import polib
import pytest
from babel.messages.catalog import Catalog

from studio import errors, words

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = ("studio_image", "studio_music", "studio_product", "studio_text")
COMPLETE = True
"""Whether German must say everything, and every sentence goes through `tr`. Until then both are counted."""

SHOWN = {
    "label", "button", "heading", "hint", "caption", "title_label", "section", "QLabel", "QPushButton",
    "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu", "QDockWidget", "Command",
    "Choice", "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setTitle", "setWindowTitle",
    "setPlaceholderText", "setPrefix", "setSuffix", "setAccessibleName", "setAccessibleDescription",
    "setLabelText", "setInformativeText", "addAction", "addMenu", "addTab", "addRow", "setItemText",
    "showMessage", "say", "note",
    *(kind.__name__ for kind in vars(errors).values() if isinstance(kind, type)),
}  # fmt: skip
"""Calls whose literals a person reads: a command's second, an error's first two, else the first."""

_WORDS = re.compile(r"[A-Za-z]{2}")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "docs" / "translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def templates(script: ModuleType) -> dict[Path, Catalog]:
    found: dict[Path, Catalog] = script.templates()
    return found


def shown(call: ast.Call) -> list[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in SHOWN:
        return []
    if name == "Command":
        return [*call.args[1:2], *(word.value for word in call.keywords if word.arg in ("title", "words"))]
    if isinstance(getattr(errors, name, None), type):
        return [*call.args[:2], *(word.value for word in call.keywords if word.arg in ("message", "hint"))]
    return call.args[:1]


def bare(node: ast.expr) -> Iterator[ast.expr]:
    """The literals with words in an expression that reach a person as they are."""
    match node:
        case ast.Constant(value=str(text)) if _WORDS.search(text):
            yield node
        case ast.JoinedStr(values=parts):
            if any(isinstance(part, ast.Constant) and _WORDS.search(str(part.value)) for part in parts):
                yield node
        case ast.IfExp():
            yield from bare(node.body)
            yield from bare(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from bare(value)
        case ast.BinOp():
            yield from bare(node.left)
            yield from bare(node.right)


def unwrapped(source: str) -> list[tuple[int, str]]:
    """Line and text of what a person reads untranslated, or what the extractor cannot see."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("tr", "trn", "mark"):
            literals = [part for part in node.args[:2] if isinstance(part, ast.JoinedStr)]
        else:
            literals = [literal for part in shown(node) for literal in bare(part)]
        found += [(literal.lineno, ast.unparse(literal)) for literal in literals]
    return found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('button("Open")', 1), ('button(tr("Open"))', 0), ("button(f'{a}: {b}')", 0),
        ("button(f'{a} of {b}')", 1),
        ('x.setText("Open it" if c else tr("d"))', 1), ('x.setText("…")', 0),
        ('Command("a.b", "Open", f)', 1),
        ('raise BadInput(tr("x"), "Try again.")', 1), ('tr(f"x {y}")', 1),
        ('label(name or "None")', 1),
        ('x.setProperty("role", "quiet")', 0), ('x.setText("Hello " + name)', 1),
        ('BadInput(message, hint, "detail")', 0),
    ],
)  # fmt: skip
def test_what_counts_as_untranslated(source: str, count: int) -> None:
    assert len(unwrapped(source)) == count


def test_every_sentence_can_be_translated() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for folder in ("studio", "plugins")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "bootstrap.py" and "testing" not in path.parts
        if (lines := unwrapped(path.read_text(encoding="utf-8")))
    }
    told = "\n".join(f"{file}:{line}: {text}" for file, lines in found.items() for line, text in lines)
    print(f"\n{sum(map(len, found.values()))} untranslated literals in {len(found)} files\n{told}")
    assert not found or not COMPLETE, told


def test_german_says_everything(script: ModuleType, templates: dict[Path, Catalog]) -> None:
    assert {package.name for package in templates} == {"studio", *PLUGINS}
    for package, template in templates.items():
        assert len(template) > 100
        left = script.missing(script.read(script.folder_of(package) / "de.po"), template)
        print(f"\n{package.name}: {len(left)} of {len(template)} messages are missing in de.po")
        assert not left or not COMPLETE, left


def test_each_says_only_its_own(script: ModuleType, templates: dict[Path, Catalog]) -> None:
    """What a plugin says goes with it."""
    for package, template in templates.items():
        own = {message.id for message in script.read(script.folder_of(package) / "de.po")}
        assert own == {message.id for message in template}, package


def told(entry: polib.POEntry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each translation of an entry, with the English texts that it stands for."""
    if entry.msgid_plural:
        for text in entry.msgstr_plural.values():
            yield text, (entry.msgid, entry.msgid_plural)
    else:
        yield entry.msgstr, (entry.msgid,)


@pytest.mark.parametrize(
    "file",
    sorted([*ROOT.glob("resources/i18n/*.po"), *ROOT.glob("plugins/*/i18n/*.po")]),
    ids=lambda file: file.relative_to(ROOT).as_posix(),
)
def test_translations_fit_their_messages(file: Path, tmp_path: Path) -> None:
    catalog = polib.pofile(str(file), encoding="utf-8")
    assert catalog.fuzzy_entries() == []
    wrong = []
    for entry in catalog.translated_entries():
        for text, sources in told(entry):
            places = [words._places(source) for source in sources]
            lost = frozenset.intersection(*places) - words._places(text) - {("count", "", None)}
            ends = [source[-1:] for source in sources if source[-1:] in ("…", ":")]
            if not words._fits(text, *sources) or lost or (ends and text[-1:] not in ends):
                wrong.append(f"{sources[0]!r}: {text!r}")
            elif Counter(text)["&"] != Counter(sources[0])["&"]:
                wrong.append(f"{sources[0]!r}: {text!r} has not as many marks of a key")
    assert wrong == []
    assert words.use(file.stem, [file.parent], tmp_path) == ""
    words.use("en", (), tmp_path)


def test_a_catalog_keeps_its_translations(
    script: ModuleType, templates: dict[Path, Catalog], tmp_path: Path
) -> None:
    file = tmp_path / "de.po"
    head = script.HEADER.format(language="de", plural="nplurals=2; plural=(n != 1);")
    kept = 'msgid "Change them and try again."\nmsgstr "Ändern Sie sie und versuchen Sie es noch einmal."\n'
    gone = 'msgid "A message of long ago"\nmsgstr "Eine Meldung von früher"\n'
    file.write_text(f"{head}{kept}\n{gone}", encoding="utf-8")
    template = templates[script.STUDIO]
    script.update(file, template)
    once = file.read_bytes()
    script.update(file, template)
    assert file.read_bytes() == once
    catalog = polib.pofile(str(file), encoding="utf-8")
    assert catalog.find("Change them and try again.").msgstr.startswith("Ändern")
    assert [entry.msgstr for entry in catalog.obsolete_entries()] == ["Eine Meldung von früher"]
    assert len(script.missing(script.read(file), template)) == len(template) - 1
    assert catalog.find("{count} day").msgstr_plural == {0: "", 1: ""}
