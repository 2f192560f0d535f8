"""What is in a folder of the tree → its `_context.md`: counts, what matters, what is open, links.

Called after changes below the folder. The same facts make the same bytes; the file names what it
was made from, so that it is written again only when that changes, and never once a user edited it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from cairn.core.records import digest

FILE = "_context.md"
_MOST_IMPORTANT, _MOST_RECENT, _MOST_OPEN, _MOST_FOLDERS = 8, 5, 10, 50
_MOST_INPUTS = 200
"""From there on their hashes are one."""
_TITLE_CHARS, _CLAIM_CHARS = 80, 200
_PLURALS = {
    "fact": "facts", "preference": "preferences", "decision": "decisions", "event": "events",
    "procedure": "procedures", "promise": "promises", "question": "questions",
    "person": "people", "project": "projects", "summary": "summaries",
}  # fmt: skip
_NOTE = "cairn writes this page and keeps it up to date; once you edit it, it stays as it is"
_SEAL = re.compile(r'^seal: "blake2b:([0-9a-f]{32})"\n', re.MULTILINE)
_INPUT = re.compile(r'^  - (".*")$', re.MULTILINE)
_FENCE = "---\n"
_BREAKS_LINKS = re.compile(r"[\[\]|#^\\]|%%")
_BREAKS_LABELS = str.maketrans("[]|<>`", "()/‹›'")
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
# What would format, embed, tag, or run: the claim is shown as the text that it is.
_MARKUP = re.compile(r"[\\`*\[\]<$]|(?<!\w)[#_]|_(?!\w)|%%|==|~~")


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a summary needs of an entry in the folder."""

    id: str
    file: str
    """The name of its file, without `.md`."""
    title: str
    kind: str
    claim: str = ""
    when: str = ""
    """Since when it holds, or when it was said."""
    importance: float = 0.0
    """Decides what is shown; it changes too often to be a reason to write the page again."""
    is_open: bool = False
    """A promise to be kept or a question to be answered."""


@dataclass(frozen=True, slots=True)
class SubfolderFacts:
    name: str
    entries: int
    """In it and below it."""
    line: str = ""
    """What is in it: `one_line` of its own facts."""


@dataclass(frozen=True, slots=True)
class FolderFacts:
    folder: str
    """From the root of the tree; "" is the root itself."""
    entries: tuple[EntryFacts, ...] = ()
    subfolders: tuple[SubfolderFacts, ...] = ()

    @property
    def title(self) -> str:
        words = _plain(self.folder.rpartition("/")[2].replace("-", " "), _TITLE_CHARS)
        return words[:1].upper() + words[1:] if words else "Memory"

    @property
    def inputs(self) -> tuple[str, ...]:
        """A hash of each thing that the page is made from."""
        parts = [_input(e.id, e.file, e.title, e.kind, e.claim, e.when, str(e.is_open))
                 for e in self.entries]  # fmt: skip
        parts += [_input(f"{sub.name}/", str(sub.entries), sub.line) for sub in self.subfolders]
        parts.sort()
        if len(parts) > _MOST_INPUTS:
            parts = [f"all {len(parts)} {digest(*parts, size=8)}"]
        return (f"folder {digest(self.folder, size=8)}", *parts)


def render(facts: FolderFacts) -> str:
    """The whole file, sealed."""
    head = [
        "generated: true",
        f"title: {_scalar(facts.title)}",
        f"note: {_scalar(_NOTE)}",
        "inputs:",
        *(f"  - {_scalar(part)}" for part in facts.inputs),
    ]
    front, body = "\n".join(head) + "\n", _body(facts)
    seal = _seal_of(f"{_FENCE}{front}{_FENCE}{body}")
    return f'{_FENCE}{front}seal: "blake2b:{seal}"\n{_FENCE}{body}'


def is_stale(text: str | None, inputs: Iterable[str]) -> bool:
    """Is the page to be written (again)? None: there is none yet. A user's own page never is."""
    if text is None:
        return True
    return is_untouched(text) and _inputs_of(text) != tuple(inputs)


def is_untouched(text: str) -> bool:
    """Is it as `render` made it? Line ends do not count: file syncers change them."""
    plain = _unix(text)
    found = _SEAL.findall(_front(plain))
    return len(found) == 1 and found[0] == _seal_of(_SEAL.sub("", plain, count=1))


def one_line(facts: FolderFacts) -> str:
    """What the folder above says of this one: counts, and the names of what matters most."""
    total = len(facts.entries) + sum(sub.entries for sub in facts.subfolders)
    ranked = _by_importance(facts.entries)
    names = [_plain(entry.title, _TITLE_CHARS) for entry in ranked[:3]]
    names = names or [FolderFacts(sub.name).title for sub in facts.subfolders[:3]]
    said = "; ".join(filter(None, names))
    return f"{_entries(total)}: {said}" if said else _entries(total)


def _body(facts: FolderFacts) -> str:
    waiting = sorted((e for e in facts.entries if e.is_open), key=lambda e: (e.when, e.id))
    ranked = _by_importance(entry for entry in facts.entries if not entry.is_open)
    important, rest = ranked[:_MOST_IMPORTANT], ranked[_MOST_IMPORTANT:]
    recent = _newest_first(rest)[:_MOST_RECENT]
    folders = sorted(facts.subfolders, key=lambda sub: sub.name)
    parts = [f"# {_escaped(facts.title)}", _counts(facts)]
    parts += _section("Folders", [_folder_line(facts, sub) for sub in folders], _MOST_FOLDERS)
    parts += _section("Open", [_line(facts, entry) for entry in waiting], _MOST_OPEN)
    parts += _section("What matters most", [_line(facts, entry) for entry in important])
    parts += _section("Latest", [_line(facts, entry) for entry in recent])
    return "\n\n".join(parts) + "\n"


def _counts(facts: FolderFacts) -> str:
    below = sum(sub.entries for sub in facts.subfolders)
    kinds = Counter(entry.kind for entry in facts.entries)
    told = [
        f"{count} {_plain(kind, 40) if count == 1 else _PLURALS.get(kind, _plain(kind, 40))}"
        for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    ]
    here = f"{_entries(len(facts.entries))}: {', '.join(told)}" if told else "No entries here"
    return _escaped(here + (f"; {_entries(below)} in folders below" if below else ""))


def _section(title: str, lines: list[str], most: int = 1 << 30) -> list[str]:
    if not lines:
        return []
    more = [f"- and {len(lines) - most} more"] if len(lines) > most else []
    return [f"## {title}", "\n".join((*lines[:most], *more))]


def _line(facts: FolderFacts, entry: EntryFacts) -> str:
    title = _plain(entry.title, _TITLE_CHARS) or entry.id
    claim = _plain(entry.claim.strip().partition("\n\n")[0], _CLAIM_CHARS)
    day = f" ({_escaped(_plain(entry.when[:10], 10))})" if entry.when else ""
    said = f": {_escaped(claim)}" if claim and claim.rstrip(".") != title.rstrip(".") else ""
    return f"- {_link(_below(facts.folder, entry.file), title)}{day}{said}"


def _folder_line(facts: FolderFacts, sub: SubfolderFacts) -> str:
    title = FolderFacts(sub.name).title
    target = _below(facts.folder, f"{sub.name}/{FILE.removesuffix('.md')}")
    said = _escaped(_plain(sub.line, _CLAIM_CHARS)) or _entries(sub.entries)
    return f"- {_link(target, title)}: {said}"


def _link(target: str, title: str) -> str:
    """From the root of the tree, so that two files of one name in two folders stay apart."""
    label = title.translate(_BREAKS_LABELS)
    if _BREAKS_LINKS.search(target) or _plain(target, len(target)) != target:
        return f"[{_escaped(label)}]({quote(target.encode('utf-8', 'replace'))}.md)"
    return f"[[{target}|{label}]]"


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _by_importance(entries: Iterable[EntryFacts]) -> list[EntryFacts]:
    return sorted(_newest_first(entries), key=lambda entry: -round(entry.importance, 6))


def _newest_first(entries: Iterable[EntryFacts]) -> list[EntryFacts]:
    by_id = sorted(entries, key=lambda entry: entry.id)
    return sorted(by_id, key=lambda entry: entry.when, reverse=True)


def _input(key: str, *shown: str) -> str:
    return f"{_plain(key, _TITLE_CHARS)} {digest(key, *shown, size=8)}"


def _plain(text: str, most: int) -> str:
    """One line without what is not seen, such as marks that turn the direction of text."""
    seen = "".join(
        char if unicodedata.category(char) not in _UNSEEN else " " for char in text[: most * 4]
    )
    line = " ".join(seen.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: "".join("\\" + char for char in match[0]), text)


def _scalar(text: str) -> str:
    return json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def _front(text: str) -> str:
    """The front matter; "" where there is none."""
    end = text.find("\n" + _FENCE) if text.startswith(_FENCE) else -1
    return text[len(_FENCE) : end + 1] if end > 0 else ""


def _inputs_of(text: str) -> tuple[str, ...]:
    return tuple(json.loads(part) for part in _INPUT.findall(_front(_unix(text))))


def _seal_of(text: str) -> str:
    return digest(text)
