"""jinja2's sandbox, in which chat templates have only what they need, and pay for it (`template_fuel.py`)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import wraps
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.defaults import DEFAULT_FILTERS
from jinja2.ext import Extension, loopcontrols
from jinja2.filters import make_attrgetter
from jinja2.runtime import LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Cycler, Joiner, Namespace

from studio_text.generators.engines.template_fuel import DEEPEST, STEP, Fuel, PaidFor, refused

_MOST_BITS = 256
_TODAY = datetime(2026, 1, 1)
"""What templates that tell the model a date tell it: with the real one, a recipe would give another text
tomorrow."""
_FILTER_NAMES = (
    "abs attr capitalize count d default dictsort e escape first float int items join last length list lower "
    "map max min reject rejectattr replace reverse safe select selectattr sort string title tojson trim "
    "unique upper wordcount"
)
_FILTERS = frozenset(_FILTER_NAMES.split())
_METHOD_NAMES = (
    "capitalize casefold count endswith find get index isalnum isalpha isascii isdigit islower isnumeric "
    "isspace istitle isupper items join keys lower lstrip partition removeprefix removesuffix replace rfind "
    "rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title upper values"
)
_METHODS = frozenset(_METHOD_NAMES.split())
_LAZY = frozenset({"map", "reject", "rejectattr", "select", "selectattr", "unique"})
"""Filters that go through what may be long, by steps that they do not pay for themselves."""


class _Generation(Extension):  # type: ignore[misc]
    """`{% generation %}` marks what the model wrote, for training; here it says nothing."""

    tags = {"generation"}

    def parse(self, parser: Any) -> Any:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Namespace(Namespace):  # type: ignore[misc]
    """Opaque when it is written out: it may hold itself."""

    def __repr__(self) -> str:
        return "<Namespace>"


class _Environment(ImmutableSandboxedEnvironment):  # type: ignore[misc]
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, fuel: Fuel) -> None:
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, optimized=False, extensions=[_Generation, loopcontrols]
        )
        self.fuel_each, self.fuel_text, self.fuel_concat, self.fuel_made, self.fuel_cut = (
            fuel.each,
            fuel.text,
            lambda *parts: fuel.joined(parts),
            fuel.made,
            lambda value, *cut: fuel.made(value[slice(*cut)]),
        )
        self._own = (self.fuel_each, self.fuel_text, self.fuel_concat, self.fuel_made, self.fuel_cut)
        self._fuel = fuel
        self.filters: dict[str, Any] = {
            **{name: _paid(name, DEFAULT_FILTERS[name], fuel) for name in _FILTERS},
            "join": self._join,
            "list": lambda value: fuel.made(list(fuel.each(value))),
            "replace": self._replace,
            "string": fuel.text,
            "tojson": self._to_json,
        }
        self.globals: dict[str, Any] = {
            "range": safe_range,
            "dict": dict,
            "namespace": _Namespace,
            "joiner": Joiner,
            "cycler": Cycler,
            "raise_exception": _raise,
            "strftime_now": _now,
        }
        self._callable = tuple(self.globals.values())

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = PaidFor().visit(super()._parse(source, name, filename))
        return tree

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 as jinja2's
        if __obj in __self._own:
            return __obj(*args)
        fuel = __self._fuel
        fuel.pay(STEP)
        owner = getattr(__obj, "__self__", None)
        name = str(getattr(__obj, "__name__", ""))
        if isinstance(owner, str | list | tuple | dict):
            if name not in _METHODS:
                raise refused(name)
            if name == "join" and isinstance(owner, str):
                return fuel.joined(args[0] if args else (), owner)
            if name == "replace":
                return __self._replace(owner, *args)  # what jinja2 adds by name is for macros
        elif not (
            isinstance(__obj, Macro)
            or isinstance(owner, LoopContext | Cycler | Joiner)
            or isinstance(__obj, Joiner | Undefined)
            or __obj in __self._callable
        ):
            raise refused(name or type(__obj).__name__)
        return fuel.made(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        self._fuel.pay(STEP)
        if operator == "*":
            for value, times in ((left, right), (right, left)):
                if isinstance(value, str | list | tuple) and isinstance(times, int):
                    self._fuel.pay(max(0, times) * (len(value) + 1))
        elif (
            operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple)
        ):
            self._fuel.pay(len(left) + len(right))
        elif operator == "%" and isinstance(left, str):
            raise refused("%")
        elif operator == "**" and not (
            isinstance(left, int | float) and isinstance(right, int | float) and abs(right) <= _MOST_BITS
        ):
            raise refused("**")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and result.bit_length() > _MOST_BITS:
            raise refused("large numbers")
        return self._fuel.made(result)

    def _join(self, value: Any, d: str = "", attribute: str | int | None = None) -> str:
        if attribute is not None:
            value = map(make_attrgetter(self, attribute), value)
        return self._fuel.joined(value, self._fuel.text(d))

    def _replace(self, value: Any, old: Any, new: Any, count: int = -1) -> str:
        text, old, new = (self._fuel.text(part) for part in (value, old, new))
        self._fuel.pay(len(text) + text.count(old) * len(new))
        return text.replace(old, new, -1 if count is None else count)

    def _to_json(
        self,
        value: Any,
        ensure_ascii: bool = False,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        """Without the escapes for HTML that jinja2's own writes, as in transformers."""
        self._fuel.text(value)
        if (indent is not None and not 0 <= indent <= DEEPEST) or (
            separators and len("".join(separators)) > DEEPEST
        ):
            raise refused("such an indent")
        text = json.dumps(
            value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )
        self._fuel.pay(len(text))
        return text


def _paid(name: str, function: Any, fuel: Fuel) -> Any:
    """A filter that pays for each value it goes through, and for its result."""
    at = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def paid(*args: Any, **kwargs: Any) -> Any:
        value = args[at]
        fuel.pay(STEP + (len(value) if isinstance(value, str | list | tuple | dict) else 0))
        if name in _LAZY and not isinstance(value, dict):
            args = (*args[:at], fuel.each(value), *args[at + 1 :])
        return fuel.made(function(*args, **kwargs))

    return paid


def _raise(message: object) -> NoReturn:
    raise jinja2.TemplateError(str(message))


def _now(layout: str) -> str:
    if re.search(r"%[-_0^#+]*[0-9]", layout) or len(layout) > _MOST_BITS:
        raise refused("such a date")
    return _TODAY.strftime(layout)


def environment(fuel: Fuel) -> jinja2.Environment:
    """For one rendering."""
    return _Environment(fuel)
