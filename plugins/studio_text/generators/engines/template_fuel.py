"""What a chat template may use up, and the program that pays for it.

jinja2's sandbox bounds `range` only: loops in loops, a text doubled fifty times or `'x' * 10**10` would stop
the program. Here a template is rewritten before it is compiled, so that every turn of a loop and every text
or list that it makes is paid for from one supply; what may grow its input is paid for beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import TemplateRuntimeError, nodes
from jinja2.sandbox import SecurityError
from jinja2.visitor import NodeTransformer

STEP = 4
DEEPEST = 16
_START = 4_000_000
_PER_CHARACTER = 64
"""A template handles each message several times: it trims it, joins it, looks for words in it."""


class Fuel:
    """What a template may still use up."""

    def __init__(self, characters: int) -> None:
        self._left = _START + _PER_CHARACTER * characters

    def pay(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise TemplateRuntimeError("The template takes too long, or writes too much.")

    def made(self, value: Any) -> Any:
        """Pays for what was made: a text's characters, a list's entries, and those of each list in it."""
        self._pay_for(value, 0, as_text=False)
        return value

    def text(self, value: Any) -> str:
        """The value as text, paid for before it is made."""
        self._pay_for(value, 0, as_text=True)
        return str(value)

    def each(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.pay(STEP)
            yield value

    def joined(self, parts: Iterable[Any], between: str = "") -> str:
        texts = []
        for part in parts:
            texts.append(self.text(part))
            self.pay(len(between) + STEP)
        return between.join(texts)

    def _pay_for(self, value: Any, depth: int, *, as_text: bool) -> None:
        if isinstance(value, str):
            # A list only refers to its texts, until it is written out.
            self.pay(len(value) if as_text or not depth else 1)
        elif isinstance(value, list | tuple | dict):
            if depth > DEEPEST:
                raise refused("lists in lists")
            self.pay(STEP + len(value))
            for entry in [*value, *value.values()] if isinstance(value, dict) else value:
                self._pay_for(entry, depth + 1, as_text=as_text)
        else:
            self.pay(STEP)


def refused(what: str) -> SecurityError:
    return SecurityError(f"The template may not use {what}.")


class PaidFor(NodeTransformer):  # type: ignore[misc]
    """Lets a template pay for what it does."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        if node.recursive:
            raise refused("recursive loops")
        self.generic_visit(node)
        node.iter = _call("fuel_each", node.iter)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        self.generic_visit(node)
        node.nodes = [_call("fuel_text", child) for child in node.nodes]
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:
        self.generic_visit(node)
        return _call("fuel_concat", *node.nodes)

    def visit_List(self, node: nodes.List) -> nodes.Call:
        self.generic_visit(node)
        return _call("fuel_made", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Call:
        self.generic_visit(node)
        return _call("fuel_made", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return node if node.ctx == "store" else _call("fuel_made", node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        ends = (node.arg.start, node.arg.stop, node.arg.step)
        return _call("fuel_cut", node.node, *(end or nodes.Const(None) for end in ends))


def _call(name: str, *arguments: nodes.Node) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(name), list(arguments), [], None, None)
