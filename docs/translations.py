"""Keeps the catalogs of the studio (`resources/i18n`) and of each bundled plugin in step with the code.

    python docs/translations.py           writes every message of the code into each catalog
    python docs/translations.py --check   changes nothing; says what is missing, and ends with 1 if so

A plugin's catalog (`i18n` in its package) says what the studio's does not. A translation is never lost: one
whose message is gone stays at the end of its catalog as obsolete. No message is guessed from a similar one.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from studio_text.core.template_parser import parse

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"
PLUGINS = sorted(path.parent for path in (ROOT / "plugins").glob("*/medium.toml"))
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None, "mark_many": (1, 2)}
_BASES = {"Generator", "Family"}
"""Of classes that become generators."""
_MANIFEST_WORDS = ("title", "plural", "begin", "about", "help", "usual")
"""Keys of a plugin's manifest whose values people read."""
HEADER = """\
# Studio in another language. docs/translations.py keeps it in step with the code.
msgid ""
msgstr ""
"Project-Id-Version: Studio\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def folder_of(package: Path) -> Path:
    """Where the catalogs of a package are."""
    return ROOT / "resources" / "i18n" if package == STUDIO else package / "i18n"


def templates() -> dict[Path, Catalog]:
    """Every message of each package, with its places; of a plugin, those that the studio does not have."""
    studio = _extracted(STUDIO)
    found = {STUDIO: studio}
    for package in PLUGINS:
        own = _extracted(package)
        for message in [one for one in own if one.id and one.id in studio]:
            own.delete(message.id)
        found[package] = own
    return found


def _extracted(package: Path) -> Catalog:
    catalog = Catalog()
    found = extract_from_dir(
        package, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    where = package.relative_to(ROOT).as_posix()
    for file, line, message, comments, context in found:
        catalog.add(message, None, [(f"{where}/{file}", line)], auto_comments=comments, context=context)
    said = [*_in_f_strings(package)]
    if package != STUDIO:
        said += (*_summaries(package), *_templates(package), *_examples(package), *_manifest(package))
    for path, line, told in said:
        catalog.add(told, None, [(path.relative_to(ROOT).as_posix(), line)])
    return catalog


def _in_f_strings(package: Path) -> Iterator[tuple[Path, int, str]]:
    """What `tr` and `mark` say within f-strings, where Babel does not look."""
    for path in sorted(package.rglob("*.py")):
        for literal in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for node in ast.walk(literal) if isinstance(literal, ast.JoinedStr) else ():
                match node:
                    case ast.Call(func=ast.Name(id="tr" | "mark"), args=[ast.Constant(value=str(text)), *_]):
                        yield path, node.lineno, text


def _summaries(package: Path) -> Iterator[tuple[Path, int, str]]:
    """The first line of each generator's docstring, which is what the list of generators says."""
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and _BASES & {ast.unparse(base) for base in node.bases}:
                told = (ast.get_docstring(node) or "").split("\n", 1)[0]
                if told:
                    yield path, node.lineno, told


def _templates(package: Path) -> Iterator[tuple[Path, int, str]]:
    """What the form says of each template of texts. Prompts are for models, and stay as they are."""
    for path in sorted(package.rglob("templates/*.toml")):
        text = path.read_text(encoding="utf-8")
        template = parse(text.encode(), path.name)
        told = [template.title, template.summary, template.group]
        for field in template.fields:
            told += [field.title, field.description, field.unit, *map(field.label, field.choices)]
        for words in filter(None, told):
            yield path, _line(text, words), words


def _examples(package: Path) -> Iterator[tuple[Path, int, str]]:
    """Names and notes of the materials and of the example studies."""
    for path in (*sorted(package.rglob("materials.toml")), *sorted(package.rglob("examples/*.json"))):
        text = path.read_text(encoding="utf-8")
        for words in _said(tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)):
            yield path, _line(text, words), words


def _manifest(package: Path) -> Iterator[tuple[Path, int, str]]:
    """What a plugin's manifest says to people."""
    path = package / "medium.toml"
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    rows = [row for table in document.values() if isinstance(table, list) for row in table]
    rows += [option for row in rows for option in (*row.get("options", ()), *row.get("choices", ()))]
    for words in (row[key] for row in (document, *rows) for key in _MANIFEST_WORDS if key in row):
        yield path, _line(text, words), words


def _line(text: str, words: str) -> int:
    return text[: max(text.find(words), 0)].count("\n") + 1


def _said(value: Any) -> Iterator[str]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key in ("name", "notes", "source"):
            yield inner
        else:
            yield from _said(inner)
    for inner in value if isinstance(value, list) else ():
        yield from _said(inner)


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem, charset="utf-8")


def missing(catalog: Catalog, template: Catalog) -> list[str]:
    """The messages of the code that a catalog says nothing for."""
    ids = [message.id for message in template if message.id and not _is_told(catalog, message.id)]
    return [id if isinstance(id, str) else id[0] for id in ids]


def _is_told(catalog: Catalog, id: str | tuple[str, str]) -> bool:
    found = catalog.get(id if isinstance(id, str) else id[0])
    if found is None or found.fuzzy or found.id != id:
        return False
    return all(found.string) if isinstance(found.string, tuple | list) else bool(found.string)


def update(file: Path, template: Catalog) -> None:
    """Writes a catalog anew: every message of the code, the translations kept."""
    catalog = read(file)
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    for message in catalog:
        message.flags.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    header = HEADER.format(language=file.stem, plural=catalog.plural_forms)
    file.write_bytes(header.encode() + text.getvalue())


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    code = 0
    for package, template in templates().items():
        for file in sorted(folder_of(package).glob("*.po")):
            if not options.check:
                update(file, template)
            left = missing(read(file), template)
            print(f"{file.relative_to(ROOT)}: {len(left)} of {len(template)} messages are missing")
            if options.check:
                code = code or int(bool(left))
                for text in left:
                    print(f"  {text!r}")
    return code


if __name__ == "__main__":
    sys.exit(main())
