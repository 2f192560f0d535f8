"""Entry ⇄ Markdown: front matter in YAML, then the claim.

Called by the tree. Lossless: `revise` writes only the keys whose values differ, so comments, keys
that cairn does not know and the user's way of formatting survive; what cannot be understood is
refused by name and never written over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from cairn.core.errors import CairnError
from cairn.core.records import ORIGINS, Entry, Origin, Relation, Source

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_LONGEST = 256_000
_DEEPEST = 40
_LINK = re.compile(r"\[\[([^\[\]|#\n]{1,300})(?:#[^\[\]|\n]{0,300})?(?:\|[^\[\]\n]{0,300})?\]\]")
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#\s+(\S[^\n]{0,200})", re.MULTILINE)
# Words that YAML readers take for something else than text.
_PLAIN = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null|y|n)\Z)[A-Za-z_À-ɏ][\w À-ɏ/.-]*(?<![ .])|\d{4}-\d\d-\d\d"
    r"(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?|\d{4}(?:-\d\d)?",
    re.IGNORECASE,
)
_KEYS = {
    "id": "id", "title": "title", "kind": "kind", "tags": "tags", "aliases": "aliases",
    "created": "created", "valid_from": "valid_from", "valid_until": "valid_until",
    "subject": "subject", "attribute": "attribute", "value": "value", "origin": "origin",
    "author": "curator", "relations": "relations", "sources": "sources",
}  # fmt: skip
"""An entry's fields and their keys, in the order in which a new file has them."""
_ALWAYS = ("id", "title", "kind", "created")
_LISTS = ("tags", "aliases")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What begins a line, takes over a terminal or turns the order of reading."""


class Broken(CairnError):
    """A file of the tree that can't be understood; the message says why."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class _Parts:
    head: str
    """The front matter without its fences."""
    start: int
    """Where the front matter begins; 0 when there is none."""
    body: int
    """Where the body begins."""
    newline: str


def parse(text: str, id: str, title: str) -> Entry:
    """An entry, with this id and title where the text names none."""
    parts = _split(text)
    values = _load(parts.head)
    body = text[parts.body :].strip()
    heading = _HEADING.search(body)
    entry = Entry(
        id=_scalar(values, "id") or id,
        title=_scalar(values, "title") or (heading[1].strip() if heading else title),
        kind=_word(values, "kind") or "fact",
        body=body,
        created=_word(values, "created"),
        tags=_list(values, "tags"),
        valid_from=_word(values, "valid_from"),
        valid_until=_word(values, "valid_until"),
        relations=tuple(_relations(values.get("relations"))),
        sources=tuple(_sources(values.get("sources"))),
        origin=_origin(_scalar(values, "origin")),
        author=_scalar(values, "curator") or "user",
        subject=_scalar(values, "subject"),
        attribute=_scalar(values, "attribute"),
        value=_scalar(values, "value"),
        aliases=_list(values, "aliases"),
        links=links(body),
    )
    if not re.fullmatch(r"[\w.-]{1,80}", entry.id):
        raise Broken(f"its id {entry.id[:40]!r} has letters that an id must not have")
    return entry


def origin_of(text: str) -> Origin:
    """Whose words the entry of this text rests on."""
    return _origin(_scalar(_load(_split(text).head), "origin"))


def render(entry: Entry) -> str:
    """The file of a new entry."""
    lines = [
        block
        for field in _KEYS
        if (block := _block(field, getattr(entry, field))) or field in _ALWAYS
    ]
    return f"---\n{''.join(lines)}---\n{entry.body.strip()}\n"


def revise(text: str, was: Entry, entry: Entry, *, pinned: bool = False) -> str:
    """The same file, whose entry `was` read from it, with what is different in `entry`.

    `pinned` writes the id down also where nothing else changes, for a file that leaves its place.
    """
    parts = _split(text)
    changed = [
        field.name
        for field in fields(Entry)
        if field.name in _KEYS and getattr(was, field.name) != getattr(entry, field.name)
    ]
    named = _places(parts.head)
    if "id" not in named and was.id == entry.id:
        changed.insert(0, "id")
    body = text[parts.body :]
    if entry.body.strip() != was.body:
        lead = body[: len(body) - len(body.lstrip())]
        body = lead + entry.body.strip().replace("\n", parts.newline) + parts.newline
    elif not changed or (changed == ["id"] and entry == was and not pinned):
        return text
    head = _rewrite(parts.head, was, entry, changed, parts.newline)
    if not parts.start:
        fence = "---" + parts.newline
        return f"{fence}{head}{fence}{body}"
    return text[: parts.start] + head + text[parts.start + len(parts.head) : parts.body] + body


def links(body: str) -> tuple[str, ...]:
    """Targets of `[[…]]`, outside of code, each once."""
    if "[[" not in body:
        return ()
    found = _LINK.findall(_CODE.sub("", body))
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))


def _split(text: str) -> _Parts:
    newline = "\r\n" if "\r\n" in text[:10_000] else "\n"
    begin = _FENCE.match(text)
    if not begin:
        return _Parts("", 0, 0, newline)
    end = _END.search(text, begin.end())
    if not end:
        raise Broken("its front matter has no closing line `---`")
    if end.start() - begin.end() > _LONGEST:
        raise Broken("its front matter is longer than anyone would write")
    return _Parts(text[begin.end() : end.start()], begin.end(), end.end(), newline)


def _load(head: str) -> dict[str, Any]:
    import yaml

    _refuse_bombs(head)
    loader = yaml.BaseLoader(head)  # every scalar stays the text it is
    try:
        node = loader.get_single_node()
        values = loader.construct_document(node) if node else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2} of its front matter" if mark else "its front matter"
        raise Broken(f"{where} is not valid YAML") from error
    if values is None or values == "":
        return {}
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise Broken("its front matter is not a list of `key: value` lines")
    _keys(node)
    return values


def _keys(node: Any) -> dict[str, int]:
    """Where each begins. Of one that is named twice nobody knows which is meant."""
    found: dict[str, int] = {}
    for key, _ in node.value:
        if key.value in found:
            raise Broken(f"its front matter names `{key.value}` twice")
        found[key.value] = key.start_mark.index
    return found


def _refuse_bombs(head: str) -> None:
    """What a YAML reader would take minutes or a deep stack for."""
    bare = _unquoted(head)
    if max(_depth(bare), max(map(_dashes, bare.splitlines()), default=0)) > _DEEPEST:
        raise Broken("its front matter is nested too deeply")
    if re.search(r"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_-]+(?=[\s,\]}]|\Z)", bare):
        raise Broken("its front matter uses YAML anchors, which cairn does not read")


def _depth(text: str) -> int:
    deepest = depth = 0
    for letter in re.findall(r"[\[\]{}]", text):
        depth += 1 if letter in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _dashes(line: str) -> int:
    """How many lists a line opens: `- - - a`."""
    return len(re.match(r"[ \t]*(?:[-?:][ \t]+)*", line)[0].split())  # type: ignore[index]


def _unquoted(head: str) -> str:
    # A quote that is never closed reaches to the end of its line: looked for once only.
    quoted = r'"(?:[^"\\\n]|\\.)*+(?:"|\\?$)|\'[^\'\n]*\'|^[ \t]*#[^\n]*'
    return re.sub(quoted, '""', head, flags=re.MULTILINE)


def _places(head: str) -> dict[str, tuple[int, int]]:
    """Where the lines of each key are, without the comments and blank lines that follow them."""
    import yaml

    node = yaml.compose(head, yaml.BaseLoader) if head.strip() else None
    if node is None:
        return {}
    begins = _keys(node)
    found: dict[str, tuple[int, int]] = {}
    for (name, start), end in zip(begins.items(), [*begins.values(), len(head)][1:], strict=True):
        found[name] = (start, _without_tail(head, start, end))
    return found


def _without_tail(head: str, start: int, end: int) -> int:
    lines = head[start:end].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        end -= len(lines.pop())
    return end


def _rewrite(head: str, was: Entry, entry: Entry, changed: list[str], newline: str) -> str:
    if head.lstrip().startswith("{"):
        raise Broken("its front matter is written in braces, which cairn can read but not change")
    if head and not head.endswith("\n"):
        head += newline
    places = _places(head)
    for field in sorted(changed, key=lambda name: -places.get(_KEYS[name], (0, 0))[0]):
        start, end = places.get(_KEYS[field], (len(head), len(head)))
        block = _grown(head[start:end], field, getattr(was, field), getattr(entry, field))
        head = head[:start] + re.sub(r"\r?\n", newline, block) + head[end:]
    return head


def _grown(old: str, field: str, was: Any, value: Any) -> str:
    """The block of a key; of a list to which something is added, what stands there stays."""
    row = re.match(r"[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)- ", old)
    if field in _LISTS or not isinstance(value, tuple) or not row or value[: len(was)] != was:
        return _block(field, value)
    rows = _block(field, value[len(was) :]).splitlines(keepends=True)[1:]
    return old + "".join(row[1] + line.lstrip() for line in rows)


def _block(field: str, value: Any) -> str:
    """A key with its value; empty for a value that is not there."""
    key = _KEYS[field]
    if field in _LISTS:
        return f"{key}: [{', '.join(map(_quote, value))}]\n" if value else ""
    if field == "relations":
        return _maps(key, ({"type": each.type, "to": each.to} for each in value))
    if field == "sources":
        names = ("uri", "quote", "who", "when", "hash")
        return _maps(key, ({name: getattr(each, name) for name in names} for each in value))
    if (field, value) in (("author", "user"), ("origin", "user")) or not value:
        return ""
    return f"{key}: {_quote(value)}\n"


def _maps(key: str, values: Iterable[dict[str, str]]) -> str:
    rows = [
        "  - {"
        + ", ".join(f"{name}: {_quote(text)}" for name, text in each.items() if text)
        + "}\n"
        for each in values
    ]
    return f"{key}:\n{''.join(rows)}" if rows else ""


def _quote(text: str) -> str:
    """A JSON string is a valid YAML scalar, whatever it holds."""
    if _PLAIN.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    # What YAML does not allow, or takes for the end of a line.
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", _escape, quoted)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _scalar(values: dict[str, Any], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise Broken(f"`{key}` in its front matter is not a plain text")
    return "" if value in ("~", "null") else value


def _word(values: dict[str, Any], key: str) -> str:
    """What is told beside other things, on one line with them."""
    value = _scalar(values, key).strip()
    if _UNSEEN.search(value):
        raise Broken(f"`{key}` in its front matter has letters that can't be seen")
    return value


def _list(values: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list, or as Obsidian also allows a text with commas."""
    value = values.get(key) or ()
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Broken(f"`{key}` in its front matter is not a list")
    return tuple(each for each in value if each)


def _relations(values: Any) -> Iterable[Relation]:
    for each in _rows(values, "relations"):
        if isinstance(each, dict):
            type, to = each.get("type", ""), each.get("to", "")
            if isinstance(type, str) and isinstance(to, str) and to:
                yield Relation(type, to)


def _sources(values: Any) -> Iterable[Source]:
    for each in _rows(values, "sources"):
        if isinstance(each, str):
            each = {"uri": each}
        if isinstance(each, dict):
            known = {name: each.get(name, "") for name in ("uri", "quote", "who", "when", "hash")}
            if known["uri"] and all(isinstance(text, str) for text in known.values()):
                yield Source(**known)


def _rows(values: Any, key: str) -> list[Any]:
    if values in (None, ""):
        return []
    if not isinstance(values, list):
        raise Broken(f"`{key}` in its front matter is not a list")
    return values


def _origin(value: str) -> Origin:
    return next((known for known in ORIGINS if value == known), "user")


def with_source(entry: Entry, source: Source) -> Entry:
    """The entry with one more source, unless it has it already."""
    if any((known.uri, known.quote) == (source.uri, source.quote) for known in entry.sources):
        return entry
    return replace(entry, sources=(*entry.sources, source))
