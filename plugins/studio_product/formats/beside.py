"""What stands beside a part that goes out: its numbers and the study it answers, for tables and programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from studio.api.values import STUDIO_VERSION, BadInput, plain_cell, tr
from studio_product.core.studies.study import to_json

if TYPE_CHECKING:
    from studio_product.core.part import PartFacts
    from studio_product.core.part_numbers import PartNumbers

NUMBERS_CSV, NUMBERS_JSON, STUDY = ".numbers.csv", ".numbers.json", ".study.json"

_COLUMNS = ("number", "case", "value", "error", "unit", "name")
_WORST = "worst"


def facts_of(source: Path) -> PartFacts | None:
    """What a part's file says beside its triangles; None for a mesh that came from elsewhere."""
    from studio_product.core.files.partfile import read_part_facts

    try:
        return read_part_facts(source)
    except BadInput:
        return None


def beside_part(facts: PartFacts, name: str) -> dict[str, bytes]:
    """Files by what their names end in."""
    return {
        NUMBERS_CSV: numbers_csv(facts.numbers).encode("utf-8-sig"),
        NUMBERS_JSON: _numbers_json(facts, name),
        STUDY: to_json(facts.study),
    }


def numbers_csv(numbers: PartNumbers) -> str:
    """A row for each number's worst case, or its only value, and one for each load case."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for number in numbers.numbers:
        worst = (_WORST if number.cases else "", number.worst)
        for case, figure in (worst, *((figure.case, figure) for figure in number.cases)):
            error = "" if figure.error is None else repr(figure.error)
            value = repr(figure.value)
            title, unit, name = map(plain_cell, (tr(number.title), number.unit, number.name))
            writer.writerow([title, plain_cell(case), value, error, unit, name])
    writer.writerow([plain_cell(tr(numbers.concept)), *[""] * (len(_COLUMNS) - 1)])
    return text.getvalue()


def _numbers_json(facts: PartFacts, name: str) -> bytes:
    document: dict[str, Any] = {
        "application": f"studio {STUDIO_VERSION}",
        "part": name,
        "study": facts.study.name,
        "seed": facts.seed,
        "settings": facts.settings,
        "note": facts.note,
        **msgspec.to_builtins(facts.numbers),
    }
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
