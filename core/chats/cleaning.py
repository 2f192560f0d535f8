"""What a reader yields → the same without secrets, and long texts cut to what is worth keeping.

Called by `batches` in the extractor process, which nothing leaves uncleaned: not ids, labels and
what readers remember either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from cairn.core.chats.formats import Format
from cairn.core.chats.turn import About, Rewound, Turn
from cairn.core.extract.source import clean, clip, unify_newlines
from cairn.core.records import digest
from cairn.core.redact import redact

_TOOL_CHARS, _CONTEXT_CHARS, _MOST_CHARS = 2_000, 400, 200_000
_NAME_CHARS, _ROLE_CHARS, _COMMAND_CHARS, _LABEL_CHARS = 200, 40, 500, 60
_MOST_NAMES = 50
_LONGEST_ID = 1_000
_LOOKED_AT = 4_000
"""Characters of a name or command in which secrets are looked for, of which fewer are kept."""
_WHOLE, _END = 4_000_000, 1_000_000
"""Of a text longer than the one, as much as the other is looked at of its beginning and end."""
_ARMOUR_BEGINS = re.compile(r"-----BEGIN |---- BEGIN SSH2|PuTTY-User-Key-File-|Private-Lines:")
_ARMOUR_ENDS = re.compile(
    r"-----END [^\n-]{0,80}-----|---- END SSH2[^\n-]{0,80}----|Private-MAC:[^\S\n]{0,4}[0-9a-f]*"
)
_BREAK = re.compile(r"[^\n]{0,200}\n")
_RUN = re.compile(
    r"(?:(?:\s|\\r|\\n|[>|\"'+,#*]){0,12}+[\w+/=-]{16,}+)++"
    r"(?:(?:\s|\\r|\\n|[>|\"'+,#*]){0,12}+[\w+/]{1,15}={1,2})?",
    re.ASCII,
)
_IDS = frozenset(("conversation", "parent", "session"))
"""Names under which readers remember conversations, which must stay the same ones."""


class Cleaning:
    def __init__(self, me: Iterable[str]) -> None:
        """`me` are the user's names in chats between people."""
        self._me = frozenset(name.casefold() for name in me)

    def item(
        self, item: About | Rewound | Turn, format: Format, name: str, redacted: Counter[str]
    ) -> About | Rewound | Turn:
        """`name` is that of the transcript; what was taken out is added to `redacted`."""
        if isinstance(item, About):
            return replace(
                item,
                conversation=_id(item.conversation),
                title=shown(item.title), project=shown(item.project),
                parent=_id(item.parent) if item.parent else "",
                people=tuple(shown(name) for name in item.people[:_MOST_NAMES]),
            )  # fmt: skip
        if isinstance(item, Rewound):
            return replace(item, conversation=_id(item.conversation), key=_key(item.key))
        who = shown(item.who)
        is_mine = format.is_between_people and item.origin == "other" and who.casefold() in self._me
        text, command = _text(item, name, redacted)
        return replace(
            item,
            conversation=_id(item.conversation),
            key=_key(item.key),
            reply_to=_key(item.reply_to) if item.reply_to else "",
            origin="user" if is_mine else item.origin,
            who=who,
            role=label(item.role, _ROLE_CHARS),
            text=text,
            command=command,
            attachments=tuple(shown(name) for name in item.attachments[:_MOST_NAMES]),
        )


def _text(turn: Turn, name: str, redacted: Counter[str]) -> tuple[str, str]:
    """The text and the command without secrets, each cut to what is worth keeping."""
    limit = {"tool": _TOOL_CHARS, "context": _CONTEXT_CHARS}.get(turn.origin, _MOST_CHARS)
    whole = unify_newlines(clean(turn.text)).strip()
    # It is cut afterwards: half a secret is not known as one.
    text = redact(whole if len(whole) <= _WHOLE else _ends(whole))
    command = redact(_beginning(unify_newlines(clean(turn.command)), 8 * _LOOKED_AT))
    redacted.update(found.kind for found in (*text.found, *command.found))
    kept = text.text
    if len(kept) > limit:
        head, tail = kept[: limit * 3 // 4], kept[-(limit // 4) :]
        where = f"line {turn.line} of " if turn.line else ""
        left = len(whole) - len(head) - len(tail)
        kept = f"{head}\n… {left:,} characters left out, see {where}{shown(name)} …\n{tail}"
    return kept, clip(command.text, _COMMAND_CHARS)


def _ends(text: str) -> str:
    """The beginning and the end of a text, without the secrets that the cuts go through."""
    return f"{_beginning(text, _END)}\n…\n{_ending(text)}"


def _beginning(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return "".join(text[:most].rsplit(None, 1)[:1])


def _ending(text: str) -> str:
    tail = text[-_END:].split(None, 1)[-1]
    closing = _ARMOUR_ENDS.search(tail)
    if closing and not _ARMOUR_BEGINS.search(tail, 0, closing.start()):
        line = _BREAK.match(tail, closing.end())
        tail = tail[line.end() if line else closing.end() :]
    run = _RUN.match(tail)
    return tail[run.end() :] if run else tail


# -- what is no text


def _id(id: str) -> str:
    """Equal for equal ids, and for what was made of one before: also with a secret, unsaid."""
    is_sayable = len(id) <= _LONGEST_ID and _is_harmless(id)
    return clean(id) if is_sayable else digest(id, size=8)


def _key(key: str) -> str:
    return digest(key, size=8)


def shown(name: str) -> str:
    return label(name, _NAME_CHARS)


def label(text: str, limit: int = _LABEL_CHARS) -> str:
    return _label(_beginning(text, _LOOKED_AT), limit)


@lru_cache(4096)
def _label(text: str, limit: int) -> str:
    return clip(redact(clean(text)).text, limit)


def unit_key(name: str) -> str:
    """Under which a reading remembers a part of a folder or ZIP."""
    return _id(name)


def remembered(state: Any, key: str = "") -> Any:
    """What a reader remembers may quote the transcript.

    An entry whose key does is forgotten, which costs that something is said or read again.
    """
    if isinstance(state, dict):
        return {
            name: remembered(value, str(name))
            for name, value in state.items()
            if _is_harmless(str(name))
        }
    if isinstance(state, list | tuple):
        return [remembered(value) for value in state]
    if isinstance(state, str):
        return _id(state) if key in _IDS else _without_secrets(state)
    return state


def _is_harmless(text: str) -> bool:
    return _without_secrets(text) == text


def _without_secrets(text: str) -> str:
    return _redacted(text) if len(text) <= _LOOKED_AT else redact(text).text


@lru_cache(16_384)
def _redacted(text: str) -> str:
    return redact(text).text
