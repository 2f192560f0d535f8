"""JSON of the tree → lines for a terminal: the outline, an entry with its history, operations.

Pure: the commands hand the lines to render.py. Titles, quotes and paths are foreign text, so
everything from an entry passes `render.clean`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cairn.app import render

Json = dict[str, Any]
MARKS = {"core": "★", "validated": "✓", "draft": "·"}
_MANY = 200
"""Beyond so many entries the outline has folders only, until one is named."""
_MANY_FOLDERS = 80
_RELATIONS = {
    "supports": ("supports", "supported by"), "supersedes": ("replaces", "replaced by"),
    "contradicts": ("contradicts", "contradicted by"), "part_of": ("part of", "holds"),
    "mentions": ("mentions", "mentioned in"), "follows": ("follows", "followed by"),
}  # fmt: skip
_STEPS = {
    "supersede": "the older one holds until the newer one begins",
    "merge": "they become one, which rests on the sources of all",
    "archive": "it goes to the archive", "relate": "they are linked",
    "promote": "it counts as certain", "add": "it is kept",
}  # fmt: skip
_ANSWERS = {
    "accepted": "it was accepted", "edited": "the newer one was corrected",
    "rejected": "it was rejected", "kept-both": "both were kept", "lapsed": "it has lapsed",
    "open": "it is asked again",
}  # fmt: skip
_QUESTIONS = {
    "merge": "Do these say the same?", "supersede": "Does the newer one replace the older one?",
    "contradiction": "Which of these holds? Accept takes the second",
    "core": "Is this right?", "conflict": "Which of these is to be kept?",
    "weak": "Is this worth keeping?",
}  # fmt: skip


# -- the outline


def outline(data: Json, *, whole: bool = False) -> list[str]:
    """Folders with what is in them; only folders where there would be too much to read."""
    entries = data["entries"]
    base = data["folder"] + "/" if data["folder"] else ""
    counts = Counter(folder for each in entries for folder in _above(each["path"], base))
    brief = not whole and len(entries) > _MANY
    deepest = _depth(counts, base) if brief else 1 << 30
    here = [each for each in entries if "/" not in each["path"][len(base) :]]
    lines = _folders(base, counts, {} if brief else _by_folder(entries), deepest)
    return [_leaf(each, "") for each in (here[:_MANY] if brief else here)] + lines


def is_cut(data: Json, *, whole: bool) -> bool:
    return not whole and len(data["entries"]) > _MANY


def _folders(
    base: str, counts: Counter[str], leaves: dict[str, list[Json]], deepest: int
) -> list[str]:
    """In the order of their names, each with what is in it below it."""
    lines = []
    for folder in sorted(counts, key=lambda path: path.split("/")):
        name = folder[len(base) :]
        level = name.count("/")
        if level < deepest:
            told = render.style(render.clean(name.rpartition("/")[2]) + "/", "cyan")
            lines.append(f"{'  ' * level}{told}  {counts[folder]}")
            lines += [_leaf(each, "  " * (level + 1)) for each in leaves.get(folder, ())]
    return lines


def _above(path: str, base: str) -> list[str]:
    """Every folder that a path is in, below the one that is shown."""
    parts = path[len(base) :].split("/")[:-1]
    return [base + "/".join(parts[: end + 1]) for end in range(len(parts))]


def _by_folder(entries: list[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for each in entries:
        found.setdefault(each["path"].rpartition("/")[0], []).append(each)
    return found


def _depth(counts: Counter[str], base: str) -> int:
    """How many levels of folders are few enough to be read; one at least."""
    levels = Counter(folder[len(base) :].count("/") for folder in counts)
    deepest, total = 1, levels[0]
    while levels[deepest] and total + levels[deepest] <= _MANY_FOLDERS:
        total += levels[deepest]
        deepest += 1
    return deepest


def _leaf(each: Json, indent: str) -> str:
    mark = MARKS.get(each["maturity"], "·")
    when = period(each["valid_from"], each["valid_until"])
    facts = render.style(
        "  ".join(filter(None, (render.clean(each["kind"]), when, each["id"]))), "dim"
    )
    return f"{indent}{mark} {render.clean(each['title'])}  {facts}"


def plain_leaf(each: Json) -> str:
    """For a pipe: what is always there first, the title last."""
    fields = ("id", "kind", "valid_from", "valid_until", "maturity", "path", "title")
    return "\t".join(render.clean(str(each[name])) for name in fields)


def troubles(found: list[Json]) -> list[str]:
    """Files that are no entries though they should be; what to do is in the reason."""
    words = {"broken": "not understood", "duplicate": "twice the same id"}
    return [
        f"{words.get(each['code'], each['code'])}: {render.clean(each['path'])}: "
        f"{render.clean(each['reason'])}"
        for each in found
    ]


def period(since: str, until: str) -> str:
    first, last = _day(since), _day(until)
    if first and last:
        return f"{first} to {last}" if first != last else first
    return f"since {first}" if first else (f"until {last}" if last else "")


def _day(moment: str) -> str:
    """As somebody wrote it, who may have written anything."""
    return render.clean(moment[:10])


# -- one entry


def entry(data: Json) -> list[str]:
    """Claim, when, history, sources, relations, how sure it is, what is asked and was done."""
    head = render.style(render.clean(data["title"]), "bold")
    state = "in the archive" if data["archived"] else ""
    when = period(data["valid_from"], data["valid_until"])
    facts = (render.clean(data["kind"]), when, written_by(data), state)
    lines = [head, render.style("  ".join(filter(None, facts)), "dim")]
    lines.append(render.style(f"{data['id']}  {render.clean(data['path'])}", "cyan"))
    lines += ["", *_body(data["body"])]
    for title, rows in (
        ("over time", _chain(data)),
        ("sources", sources(data["sources"])),
        ("relations", [_relation(each) for each in _relations(data["relations"])]),
        ("how sure", [f"{data['maturity']['state']}: {why(data['maturity'], data['sources'])}"]),
        ("said of answers that cite it", [_judged(each) for each in data.get("feedback", ())]),
        ("open questions", [_asked(each) for each in data["reviews"]]),
        ("last changes", [operation(each) for each in data["operations"][:5]]),
    ):
        lines += ["", render.style(title, "yellow"), *(f"  {row}" for row in rows)] if rows else []
    return lines


def _judged(said: Json) -> str:
    return f"{said['verdict']}, {said['at'][:10]}: “{render.clean(said['question'])}”"


def entry_line(data: Json) -> str:
    when = period(data["valid_from"], data["valid_until"])
    facts = "  ".join(filter(None, (render.clean(data["kind"]), when, data["id"])))
    return f"{render.clean(data['title'])}  {render.style(facts, 'dim')}"


def written_by(data: Json) -> str:
    author = data["author"]
    if author == "user":
        return "written by you"
    said = {"user": "you said it", "other": "somebody said it", "assistant": "an assistant said it"}
    names = list(dict.fromkeys(each["who"] for each in data["sources"] if each["who"]))
    origin = said.get(data["origin"], "read in a document")
    who = f"{render.clean(', '.join(names[:3]))} said it" if names else origin
    return f"{who}, kept by {'a model' if author.startswith('model') else 'rules'}"


def _body(body: str) -> list[str]:
    return [render.clean(line.expandtabs(4)) for line in body.splitlines()]


def over_time(data: Json) -> Iterator[tuple[str, Json]]:
    """`until July 400, then 380`: what held when, and the entry that says so."""
    for number, each in enumerate(data["chain"]):
        after = data["chain"][number + 1 : number + 2]
        until = each["valid_until"] or (after[0]["valid_from"] if after else "")
        when = f"until {_day(until)}" if until else f"since {_day(each['valid_from']) or 'then'}"
        yield f"{when}: {render.clean(each['value'] or each['title'])}", each


def _chain(data: Json) -> list[str]:
    """This entry is marked."""
    rows = []
    for words, each in over_time(data):
        mark = ">" if each["id"] == data["id"] else " "
        other = "" if each["id"] == data["id"] else render.style(f"  {each['id']}", "dim")
        rows.append(f"{mark} {words}{other}")
    return rows


def sources(found: list[Json]) -> list[str]:
    """Each with the words that stood there; numbered, so that `cairn open 1` opens it."""
    rows = []
    for number, each in enumerate(found, start=1):
        facts = ", ".join(filter(None, (render.clean(each["who"]), _day(each["when"]))))
        where = render.style(f"[{number}] {render.place(each)}", "cyan")
        rows.append(f"{where}  {facts}".rstrip())
        if each["quote"]:
            rows.append(f"    “{render.clean(' '.join(each['quote'].split()))}”")
    return rows


def _relations(found: list[Json]) -> list[Json]:
    """The other end of a chain is told over time already."""
    return [each for each in found if each["type"] != "supersedes" or not each["title"]]


def relation_words(each: Json) -> str:
    words = _RELATIONS.get(each["type"], (each["type"], f"{each['type']} of"))
    return render.clean(words[0 if each["outward"] else 1])


def _relation(each: Json) -> str:
    told = relation_words(each)
    name = render.clean(each["title"] or each["to"])
    beside = f"  {render.clean(each['to'])}" if each["title"] else ""
    away = "  (archived)" if each["archived"] else ""
    return f"{told} {name}{render.style(beside + away, 'dim')}"


def why(maturity: Json, sources: list[Json]) -> str:
    """In words, what its maturity rests on. What one day or one copy after another says counts
    once."""
    found = []
    places = len({each["uri"] for each in sources})
    if maturity["confirmed"] > 1:
        found.append(f"said in {maturity['confirmed']} places")
    elif maturity["confirmed"] and places > 1:
        found.append(f"said in {places} places, which count once: the same day, or copies")
    elif maturity["confirmed"]:
        found.append("said in one place")
    if maturity["vouched"]:
        found.append("you wrote or accepted it")
    if maturity["kept"]:
        found.append(f"its citation was opened on {render.count(maturity['kept'], 'day')}")
    elif maturity["uses"]:
        found.append(f"used in answers on {render.count(maturity['uses'], 'day')}")
    return ", ".join(found) or "nothing speaks for it yet"


# -- operations


def operation(each: Json) -> str:
    """`41  2026-05-03 18:20  SUPERSEDE  by you  Rent, Lease  the reason (undone by 44)`"""
    titles = list(dict.fromkeys(one["title"] for one in each["entries"]))
    names = ", ".join(render.clean(title) for title in titles[:3]) or "(forgotten)"
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    undone = f"  (undone by {each['undone_by']})" if each["undone_by"] else ""
    when = render.style(render.local(each["at"]), "yellow")
    who = "you" if each["author"] == "user" else each["author"].partition(":")[0]
    head = f"{each['id']:>4}  {when}  {each['type']:<9} by {who:<5}"
    reason = f"  {render.style(render.clean(each['reason']), 'dim')}" if each["reason"] else ""
    return f"{head}  {names}{more}{reason}{undone}"


def difference(data: Json) -> list[str]:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    rows = [operation(data["operation"])]
    for line in data["diff"].splitlines():
        shown = render.clean(line.expandtabs(4))
        is_head = line.startswith(("---", "+++"))
        name = "dim" if is_head else colours.get(line[:1], "")
        rows.append(render.style(shown, name) if name else shown)
    return rows


# -- questions


def _asked(each: Json) -> str:
    return f"{each['id']:>4}  {each['kind']:<13} {render.clean(each['reason'])}"


def question_line(each: Json) -> str:
    """For a list; in a pipe with tabs."""
    if render.is_terminal():
        return _asked(each)
    ids = ",".join(one["id"] for one in each["entries"])
    return f"{each['id']}\t{each['kind']}\t{each['at'][:10]}\t{ids}\t{render.clean(each['reason'])}"


def question(each: Json) -> list[str]:
    """What is asked, both entries with their sources, and what a yes does."""
    lines = [render.style(asks(each), "bold")]
    lines += [render.clean(each["reason"]), ""] if each["reason"] else [""]
    for one, role in sides(each):
        lines += [*_side(one, role), ""]
    if (state := each.get("state", "open")) != "open":
        day = f" on {render.local(each['decided'])[:10]}" if each["decided"] else ""
        lines.append(f"{answer(state)}{day}; `cairn review {each['id']} --reopen` asks it again")
    if state not in ("open", "lapsed"):
        return lines
    return [*lines, *(render.style(row, "dim") for row in comes_to(each))]


def sides(each: Json) -> Iterator[tuple[Json, str]]:
    """The entries concerned, each as the older or the newer one where that matters."""
    is_ordered = each["kind"] in ("supersede", "contradiction") and len(each["entries"]) == 2
    for number, one in enumerate(each["entries"]):
        yield one, ("older", "newer")[number] if is_ordered else ""


def asks(each: Json) -> str:
    return _QUESTIONS.get(each["kind"], "Is this right?")


def comes_to(each: Json) -> list[str]:
    """What a yes does, and a no where that does something."""
    does = "; ".join(dict.fromkeys(_STEPS.get(step["do"], step["do"]) for step in each["plan"]))
    rows = [f"if you accept: {does}"] if does else []
    if each["kind"] in ("supersede", "contradiction"):
        rows.append("if you reject: the newer one goes to the archive")
    return rows


def answer(state: str) -> str:
    return _ANSWERS.get(state, state)


def _side(one: Json, role: str) -> list[str]:
    if one.get("gone"):
        return [f"  {one['id']} is no longer there"]
    when = period(one["valid_from"] or one["created"], one["valid_until"])
    facts = "  ".join(filter(None, (role, render.clean(one["kind"]), when, one["id"])))
    claim = render.clean(" ".join(one["body"].split())[:600]) or render.clean(one["title"])
    quotes = [f"    {row}" for row in sources(one["sources"][:3])]
    more = [f"    … and {len(one['sources']) - 3} more sources"] if len(one["sources"]) > 3 else []
    return [f"  {render.style(claim, 'bold')}", render.style(f"  {facts}", "dim"), *quotes, *more]
