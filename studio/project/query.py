"""What a person types into the search field, as a value: `kind:mask stars:>=3 -tag:"night sky" harbor`.

Nothing here knows of a database. Any text is fine: what is not understood is told as a problem with its
place, and the rest counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from studio.core.item import Label, Origin
from studio.core.kind import KIND_ID
from studio.core.recipe import MAX_SEED
from studio.project import days
from studio.words import mark, tr

NO_TEXTS: tuple[str, ...] = ()


class Query(Struct, frozen=True):
    """Which items: all conditions hold at once; an empty one does not limit."""

    text: str = ""
    """Each word begins a word of the name or the prompt; "quoted words" stand together."""
    kinds: tuple[str, ...] = ()
    """Any of these; likewise `labels`."""
    origin: Origin | None = None
    min_stars: int = 0
    max_stars: int = 5
    labels: tuple[Label, ...] = ()
    rejected: bool | None = None
    tags: tuple[str, ...] = ()
    """All of these, whatever their case."""
    collection: str = ""
    """Its name, whatever its case, or its id."""
    seed: int | None = None
    plugin: str = ""
    """A part of its name; likewise `generator`, `model` and `name`."""
    generator: str = ""
    model: str = ""
    batch: str = ""
    """Its id, or a part of its title."""
    job: str | None = None
    name: str = ""
    after: float | None = None
    """Made then or later: seconds since 1970-01-01, UTC."""
    before: float | None = None
    """Made earlier than that."""
    trashed: bool = False
    unasked: tuple[str, ...] = ()
    """Kinds that are left out unless `kinds` names some."""
    without: tuple[Query, ...] = ()
    """Leaves out what fits any of these; of their own `trashed` and `without` nothing counts."""


class Problem(Struct, frozen=True):
    """What was not understood, from `start` up to `end` of the text."""

    start: int
    end: int
    words: str


class Parsed(Struct, frozen=True):
    query: Query
    problems: tuple[Problem, ...] = ()


class Word(Struct, frozen=True):
    """A piece of the text: `-key:"value"`, each part of which may be missing."""

    start: int
    end: int
    negated: bool
    key: str
    """Lower case; empty for a plain word."""
    value: str
    quoted: bool


KEYS: Mapping[str, str] = {
    "kind": mark("image, mask, text, audio or another kind"),
    "stars": mark("a number from 0 to 5, also >=3 or <3"),
    "label": mark("red, orange, yellow, green, blue, purple or none"),
    "tag": mark("a tag"),
    "in": mark("a collection"),
    "is": mark("picked, starred, rejected, result, photo or trashed"),
    "date": mark("today, yesterday, 2026-11 or 2026-11-01, also >=2026-11-01"),
    "name": mark("a part of the name"),
    "seed": mark("a whole number"),
    "plugin": mark("a part of the plugin’s name"),
    "generator": mark("a part of the generator’s name"),
    "model": mark("a part of the model’s name"),
    "batch": mark("a part of the batch’s title"),
    "job": mark("the number of a job"),
}
"""Every key, with what comes after it."""

STATES = ("picked", "starred", "rejected", "result", "photo", "trashed")
_ONCE = frozenset(("in", "seed", "plugin", "generator", "model", "batch", "job", "name"))

_WORD = re.compile(
    r'(?P<minus>-)?(?:(?P<key>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)(?:"|\Z)|(?P<plain>[^\s"]\S*)|(?(key)|(?!)))'
)
_COMPARED = re.compile(r"(<=|>=|<|>|=)?\s*(.*)", re.DOTALL)


class _UnclearError(Exception):
    """Its text tells what was not understood."""


def words(text: str) -> list[Word]:
    """The pieces of a text, in their order."""
    found = []
    for match in _WORD.finditer(text):
        quoted = match["quoted"] is not None
        value = match["quoted"] if quoted else match["plain"] or ""
        key = (match["key"] or "").lower()
        found.append(Word(match.start(), match.end(), bool(match["minus"]), key, value, quoted))
    return found


_ALL = Query()


def parse(text: str, base: Query = _ALL, *, today: date | None = None) -> Parsed:
    """Reads a text into a query that refines `base`. `today` is this system's date where it is left out."""
    reading = _Reading(today or date.today())
    for word in words(text):
        try:
            reading.take(word)
        except _UnclearError as error:
            reading.problems.append(Problem(word.start, word.end, str(error)))
    query = replace(reading.query, text=" ".join(reading.plain), without=tuple(reading.without))
    return Parsed(_refined(base, query), tuple(reading.problems))


class _Reading(Struct):
    today: date
    query: Query = Query()
    plain: list[str] = field(default_factory=list)
    without: list[Query] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def take(self, word: Word) -> None:
        """Raises _UnclearError."""
        key, value = word.key, word.value.strip()
        if not key:
            text = f'"{value}"' if word.quoted else word.value
            if value and word.negated:
                self.without.append(Query(text=text))
            elif value:
                self.plain.append(text)
            return
        if key not in KEYS:
            raise _UnclearError(tr("There is no “{key}:” to search by.", key=key))
        if not value:
            raise _UnclearError(tr("After “{key}:” comes {what}.", key=key, what=tr(KEYS[key])))
        if word.negated:
            part = _with(Query(), key, value, self.today)
            if not part.trashed:
                self.without.append(part)
            return
        self.query = _with(self.query, key, value, self.today)
        if key in _ONCE and key in self.taken:
            told = tr("“{key}:” is there twice; the last one counts.", key=key)
            self.problems.append(Problem(word.start, word.end, told))
        self.taken.add(key)


def _with(query: Query, key: str, value: str, today: date) -> Query:
    """The query with one more condition. Raises _UnclearError."""
    if key == "kind":
        if not KIND_ID.match(value.lower()):
            raise _unknown(key, value)
        return replace(query, kinds=(*query.kinds, value.lower()))
    if key == "label":
        return replace(query, labels=(*query.labels, Label(_one_of(key, value, [*Label]))))
    if key == "is":
        return _with_state(query, _one_of(key, value, STATES))
    if key == "stars":
        return _with_stars(query, value)
    if key == "date":
        return _with_date(query, value, today)
    if key == "seed":
        if not (value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= MAX_SEED):
            raise _UnclearError(tr("A seed is a whole number from 0 to {most}.", most=MAX_SEED))
        return replace(query, seed=int(value))
    if key == "tag":
        return replace(query, tags=(*query.tags, value))
    if key == "in":
        return replace(query, collection=value)
    named: dict[str, Any] = {key: value}  # the other keys are the names of their fields
    return replace(query, **named)


def _one_of(key: str, value: str, choices: Sequence[str]) -> str:
    if value.lower() not in choices:
        raise _unknown(key, value)
    return value.lower()


def _unknown(key: str, value: str) -> _UnclearError:
    return _UnclearError(
        tr("“{key}:{value}” is not known: it can be {what}.", key=key, value=value, what=tr(KEYS[key]))
    )


def _with_state(query: Query, state: str) -> Query:
    match state:
        case "rejected":
            return replace(query, rejected=True)
        case "picked":
            return replace(query, rejected=False, min_stars=max(query.min_stars, 1))
        case "starred":
            return replace(query, min_stars=max(query.min_stars, 1))
        case "result":
            return replace(query, origin=Origin.ARTIFACT)
        case "photo":
            return replace(query, origin=Origin.ASSET)
        case _:
            return replace(query, trashed=True)


def _with_stars(query: Query, value: str) -> Query:
    sign, number = _compared(value)
    if number not in ("0", "1", "2", "3", "4", "5"):
        raise _UnclearError(tr("“{value}” is no number of stars from 0 to 5.", value=value))
    stars = int(number)
    low = stars + 1 if sign == ">" else 0 if sign in ("<", "<=") else stars
    high = stars - 1 if sign == "<" else 5 if sign in (">", ">=") else stars
    return replace(query, min_stars=max(query.min_stars, low), max_stars=min(query.max_stars, high))


def _with_date(query: Query, value: str, today: date) -> Query:
    sign, text = _compared(value)
    span = days.span(text, today)
    if span is None:
        raise _UnclearError(tr("“{value}” is no date: say {what}.", value=value, what=tr(KEYS["date"])))
    first, past = span
    after = past if sign == ">" else None if sign in ("<", "<=") else first
    before = first if sign == "<" else None if sign in (">", ">=") else past
    return _within(query, after, before)


def _within(query: Query, after: float | None, before: float | None) -> Query:
    """The query between two more times."""
    latest = [time for time in (query.after, after) if time is not None]
    earliest = [time for time in (query.before, before) if time is not None]
    return replace(query, after=max(latest) if latest else None, before=min(earliest) if earliest else None)


def _compared(value: str) -> tuple[str, str]:
    """What a value is compared with, and how: "", "=", "<", "<=", ">" or ">="."""
    match = _COMPARED.fullmatch(value)
    assert match is not None
    return match[1] or "", match[2].strip()


def _refined(base: Query, typed: Query) -> Query:
    """Both at once; where only one value has a place, the typed one wins."""
    plain = Query()
    changed = {
        name: value
        for name in Query.__struct_fields__
        if (value := getattr(typed, name)) != getattr(plain, name)
    }
    query = replace(base, **changed)
    query = replace(
        query,
        text=" ".join(text for text in (base.text, typed.text) if text),
        tags=(*base.tags, *typed.tags),
        without=(*base.without, *typed.without),
        min_stars=max(base.min_stars, typed.min_stars),
        max_stars=min(base.max_stars, typed.max_stars),
        after=base.after,
        before=base.before,
    )
    return _within(query, typed.after, typed.before)


class Completion(Struct, frozen=True):
    """One way to go on: put `text` in the place from `start` up to `end`."""

    text: str
    start: int
    end: int
    hint: str = ""


def completions(text: str, cursor: int, values: Callable[[str], Sequence[str]]) -> list[Completion]:
    """What may be meant by the word that ends at the cursor, the likeliest first.

    Args:
        values: what there is for a key whose values are the project's or the plugins': "kind", "tag", "in",
            "plugin", "generator", "model", "batch".
    """
    cursor = max(0, min(cursor, len(text)))
    found = words(text[:cursor])
    word = found[-1] if found and found[-1].end == cursor else Word(cursor, cursor, False, "", "", False)
    if word.quoted and text[word.start : cursor].count('"') == 2:
        return []  # it is finished
    minus = "-" if word.negated else ""
    if not word.key:
        if word.quoted or (not word.value and word.start > 0):
            return []
        fitting = [key for key in KEYS if key.startswith(word.value.lower())]
        return [Completion(f"{minus}{key}:", word.start, cursor, tr(KEYS[key])) for key in fitting]
    fixed = _FIXED.get(word.key, NO_TEXTS)
    offered = fixed or (values(word.key) if word.key in KEYS else NO_TEXTS)
    typed = word.value.casefold().strip()
    fitting = [value for value in offered if typed in value.casefold() and '"' not in value]
    fitting.sort(key=lambda value: not value.casefold().startswith(typed))
    return [Completion(f"{minus}{word.key}:{quoted(value)}", word.start, cursor) for value in fitting]


def quoted(value: str) -> str:
    """A value as it is typed: in quotes where it has spaces."""
    return f'"{value}"' if not value or re.search(r"\s", value) or value.startswith('"') else value


_FIXED: Mapping[str, tuple[str, ...]] = {
    "label": (*(label for label in Label if label is not Label.NONE), Label.NONE),
    "is": STATES,
    "stars": ("5", ">=4", ">=3", ">=2", ">=1", "0"),
    "date": days.NAMED,
}
