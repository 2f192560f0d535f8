"""How a rule is written and applied: a pattern of nodes and the function that makes its days.

Called by `grammar`, which has the rules. Leftmost first, then longest; a rule whose days don't
exist gives way to the next. Every rule looks at each node a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cairn.core.times.context import Context
from cairn.core.times.nodes import NO_DATE, NO_YEAR, Node, Stretch, compile_pattern, signs


@dataclass(frozen=True, slots=True)
class Found:
    """The nodes that a rule's pattern matched."""

    nodes: list[Node]
    context: Context

    def get(self, *names: str) -> Node | None:
        return next((node for node in self.nodes if node.name in names), None)

    def one(self, *names: str) -> Node:
        node = self.get(*names)
        if node is None:
            raise LookupError(f"no {names} here")
        return node

    def has(self, *names: str) -> bool:
        return self.get(*names) is not None

    @property
    def dates(self) -> list[Stretch]:
        found = self.undated
        if any(each.first.year == NO_YEAR for each in found):
            raise LookupError("nobody knows the year")
        return found

    @property
    def undated(self) -> list[Stretch]:
        """The dates, even if their year is not known yet."""
        return [node.stretch for node in self.nodes if node.stretch]

    @property
    def tense(self) -> int:
        return self.context.tense(self.nodes)

    def raw(self, node: Node) -> str:
        return self.context.text[node.start : node.end]


Make = Callable[[Found], Stretch | None]


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    make: Make


def rules(table: Sequence[tuple[str, Make]]) -> tuple[Rule, ...]:
    return tuple(Rule(compile_pattern(pattern), make) for pattern, make in table)


def apply(nodes: list[Node], using: tuple[Rule, ...], context: Context) -> list[Node]:
    """The row with every phrase that a rule knows made into one node."""
    row = signs(nodes)
    matches = sorted(
        (match.start(), -match.end(), number)
        for number, rule in enumerate(using)
        for match in rule.pattern.finditer(row)
    )
    result: list[Node] = []
    done = 0
    for start, minus_end, number in matches:
        if start < done:
            continue
        made = _make(using[number], Found(nodes[start:-minus_end], context))
        if made is None:
            continue
        result += nodes[done:start]
        result.append(made)
        done = -minus_end
    return result + nodes[done:]


def _make(rule: Rule, found: Found) -> Node | None:
    try:
        stretch = rule.make(found)
    except (ValueError, OverflowError, LookupError):
        return None
    if stretch is None or stretch.last < stretch.first:
        return None
    if stretch is NO_DATE:
        return Node("gap", found.nodes[0].start, found.nodes[-1].end)
    name = "loose" if stretch.is_loose else "bare" if stretch.is_bare else "fixed"
    return Node(name, found.nodes[0].start, found.nodes[-1].end, stretch=stretch)


def firm(stretch: Stretch) -> Stretch:
    """Made certain by the words around it."""
    return replace(stretch, is_loose=False, is_bare=False)
