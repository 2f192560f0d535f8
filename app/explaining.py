"""What was found, and how → lines in plain words and columns.

For `--explain`, `why-not` and `findability`. Only lays out what the daemon says, as `--json` has
it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from cairn.app import render
from cairn.core.recall.reasons import plainly

Json = dict[str, Any]
_NAME, _NUMBER = 22, 11
_MOST_WORDS = 8


def results(data: Json) -> list[str]:
    rows = [row for hit in data["hits"] for row in [*_hit(hit, data["hits"]), ""]]
    return [*rows, *_timings(data["timings_ms"])]


def answer(data: Json) -> list[str]:
    """Below an answer: what it was made from."""
    cited = {citation["address"]: citation["number"] for citation in data["citations"]}
    if not data["evidence"]:
        told = "told without a search" if data["answered"] else "nothing was found for it"
        return ["", told, *_timings(data["timings_ms"])]
    rows = ["", "found for it:", ""]
    for hit in data["evidence"]:
        rows += [*_hit(hit, data["evidence"], cited.get(hit["address"], 0)), ""]
    sure = f"how sure the answer is: {data['confidence']:.2f}"
    return [*rows, sure, *_timings(data["timings_ms"])]


def _hit(hit: Json, others: Sequence[Json], cited: int = 0) -> list[str]:
    place = f"{render.place(hit)}  {hit['when'][:10] or hit['modified']}".rstrip()
    mark = f"  cited as [{cited}]" if cited else ""
    rows = [f"{hit['rank']:>2}  {render.style(place, 'cyan')}{mark}"]
    rows += _folded(hit["snippet"])
    found = [each for each in hit["channels"] if each["rank"]]
    table = [
        (plainly.channel(each["channel"]), plainly.ordinal(each["rank"]), _number(each["score"]))
        for each in found
    ]
    if table:
        rows += _table(("found by", "place", "own score"), table)
    else:
        rows.append("    found by no search itself: an entry or a newer statement brought it here")
    rows += _score(hit)
    for each in hit["entries"]:
        rows += _folded(f"an entry leads here: {each['title']} ({each['id']})")
    for said in hit["wrong"]:
        rows += _folded(f"you called this wrong, so no answer says it: {said}")
    if any(each["score"] > hit["score"] for each in others[hit["rank"] :]):
        rows += _folded(f"it stands before better scores: {_lifted(hit)}")
    return rows


def _lifted(hit: Json) -> str:
    if hit["entries"]:
        return "an entry that leads here scores more, or it holds now and they no longer"
    return "what is known by its name only, holds no longer or answers less surely comes after it"


def _score(hit: Json) -> list[str]:
    """The parts of a score, and what share of it each is."""
    whole = hit["score"]
    table = [
        (
            plainly.part(each["channel"]), _number(each["score"]), _number(each["adds"]),
            _number(each["worth"]), _share(each["adds"], whole),
        )
        for each in hit["channels"]
        if not each["rank"]
    ]  # fmt: skip
    if not table:
        return []
    head = (f"score {whole:.3f}", "own score", "adds", "at most", "share")
    sure = f"    how likely it answers the question: {hit['relevance']:.2f}"
    return [*_table(head, table), sure]


def _timings(timings: Json) -> list[str]:
    table = [(plainly.stage(name), f"{ms:.1f}") for name, ms in timings.items()]
    whole = ("all together", f"{sum(timings.values()):.1f}")
    return _table(("took", "ms"), [*table, whole], indent="")


def _table(
    head: tuple[str, ...], table: Sequence[tuple[str, ...]], indent: str = "    "
) -> list[str]:
    first, *rest = head
    title = first.ljust(_NAME + 2) + "".join(each.rjust(_NUMBER) for each in rest)
    rows = [indent + render.style(title, "dim")]
    for name, *numbers in table:
        rows.append(
            f"{indent}  {name.ljust(_NAME)}" + "".join(each.rjust(_NUMBER) for each in numbers)
        )
    return rows


def _number(value: float) -> str:
    shown = f"{value:.3f}" if abs(value) < 100 else f"{value:.1f}"
    return "0.000" if shown == "-0.000" else shown


def _share(part: float, whole: float) -> str:
    return f"{round(100 * part / whole) or 0} %" if whole else "-"


def _folded(text: str, indent: str = "    ") -> list[str]:
    """Lines that fit, whatever the text."""
    import textwrap

    width = min(100, render.width() - 1)
    return textwrap.wrap(
        render.clean(" ".join(text.split())), width, initial_indent=indent, subsequent_indent=indent
    )


# -- why-not


def why_not(data: Json) -> list[str]:
    reason, hint = _at_home(data["reason"]), _at_home(data["hint"])
    rows = [f"{render.home_path(data['path'])}: {data['state']}", *_folded(reason, "  ")]
    if hint:
        rows += _folded(f"hint: {hint}", "  ")
    if data["question"]:
        rows += ["", *_folded(f"for “{data['question']}”:", "")]
        if data["search"]:
            rows += _trace(data["search"])
            rows += _folded(f"note: {data['degraded']}", "  ") if data["degraded"] else []
        else:
            rows.append("  nothing of it is there to be found")
    return rows


def _at_home(text: str) -> str:
    """With its paths as people write them."""
    import re

    return re.sub(rf"(?<![\w/.~]){re.escape(os.path.expanduser('~'))}(?=/)", "~", text)


def _trace(search: Json) -> list[str]:
    rows = _folded(search["reason"], "  ")
    if search["address"]:
        what = "the place in it" if search["rank"] else "the place in it that came nearest"
        rows += _folded(f"{what}: {search['address']}", "  ")
    rows += ["", *_met(search)]
    if search["parts"]:
        rows += ["", *_weighed(search)]
    return [*rows, *_what_helps(search)]


def _met(search: Json) -> list[str]:
    """Each search's own opinion."""
    table = [
        (plainly.channel(each["channel"]), plainly.ordinal(each["rank"]), _number(each["score"]))
        if each["rank"]
        else (plainly.channel(each["channel"]), "not found", "-")
        for each in search["channels"]
    ]
    rows = _table(("found by", "place", "own score"), table, "  ")
    return [*rows, f"  of each the first {search['taken']} are weighed against each other"]


def _weighed(search: Json) -> list[str]:
    table = [
        (
            plainly.part(each["part"]), _number(each["score"]), _number(each["adds"]),
            _number(each["worth"]), _number(each["last_adds"]),
        )
        for each in search["parts"]
    ]  # fmt: skip
    table.append(("score", "", _number(search["score"]), "", _number(search["last_score"])))
    place = f"{plainly.ordinal(search['place'])} of {search['weighed']}"
    return _table((place, "own score", "adds", "at most", "last shown"), table, "  ")


def _what_helps(search: Json) -> list[str]:
    rows: list[str] = []
    if lacking := search["lacking"]:
        rest = len(lacking) - _MOST_WORDS
        words = _quoted(lacking[:_MOST_WORDS]) + (f" and {rest} more" if rest > 0 else "")
        are = "word" if len(lacking) == 1 else "words"
        rows += _folded(f"not in it: the question's {are} {words}", "  ")
    if search["telling"]:
        rows += _folded(f"what would find it: words of its own, {_quoted(search['telling'])}", "  ")
    return ["", *rows] if rows else []


def _quoted(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


# -- findability


def findability(data: Json) -> list[str]:
    rows: list[str] = []
    for one in data["lost"]:
        rows.append(render.home_path(one["path"] or one["conversation"]))
        rows += _folded(one["reason"])
        if one["sentence"]:
            rows += _folded(f"tried with: {one['sentence']}")
    return [*rows, *([""] if rows else []), *_summary(data)]


def _summary(data: Json) -> list[str]:
    many = "document" if data["tried"] == 1 else "documents"
    rows = _folded(
        f"{data['found']} of {data['tried']} {many} can be found by a sentence of their own", ""
    )
    if data["tried"] < data["documents"]:
        how = "stopped after" if data["stopped"] else "tried were"
        more = "" if data["stopped"] else "; `--limit` tries more"
        rows += _folded(f"{how} the newest {data['tried']} of {data['documents']}{more}", "")
    if data["aside"]:
        kinds = ", ".join(f"{count} {words}" for words, count in data["aside"])
        rows += _folded(f"known by their names only, and not tried: {kinds}", "")
    return rows
