"""Every key of the terminal UI, once: what it is called, where it works, what it does, in words.

Bindings, the row of keys at the bottom, F1 and the command palette are all made from `KEYS`, so
they agree. Users remap a key by its id: `cairn config set tui.keys "answer.copy=c app.help=f8"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from textual.binding import Binding, BindingType

from cairn.app.tui.places import PLACES
from cairn.core.errors import ConfigError

_UNBOUND = "unbound-"
"""Begins the name of a key that no keyboard has: the binding is there to be remapped."""


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    keys: str
    """As Textual names them, with commas; empty for what only the palette offers."""
    action: str
    words: str
    """What it does, in a few words."""
    where: str
    """What has to be in focus; `everywhere`, or a word that a class asks `bindings` for."""
    rank: int = 0
    """Its place in the row at the bottom; 0 keeps it out of there."""
    first: bool = False
    """Works before what is in focus gets the key."""
    short: str = ""
    """For the row at the bottom, where the words are too long."""


_EVERYWHERE = (
    Key("app.help", "f1,question_mark", "help", "show the keys of this place", "everywhere", 90,
        short="help"),
    Key("app.palette", "ctrl+p", "command_palette", "search all commands", "everywhere", 91,
        first=True, short="commands"),
    Key("app.quit", "ctrl+q", "quit", "quit", "everywhere", 92, first=True),
    Key("app.suspend", "ctrl+z", "suspend_process", "go to the shell; `fg` comes back",
        "everywhere", first=True),
    Key("app.repair", "f9", "repair", "start the daemon again", "everywhere", first=True),
    Key("app.private", "", "private", "private mode on or off", "everywhere"),
    Key("app.theme", "", "change_theme", "choose the colours", "everywhere"),
    Key("app.find", "slash,ctrl+f", "find", "search", "everywhere"),
    Key("focus.next", "tab", "app.focus_next", "next part of the screen", "screen"),
    Key("focus.back", "shift+tab", "app.focus_previous", "part of the screen before", "screen"),
    Key("selection.copy", "ctrl+c,super+c", "screen.copy_text", "copy what the mouse has selected",
        "screen"),
)  # fmt: skip

_GO = tuple(
    Key(f"go.{place.name}", f"f{place.number + 1},alt+{place.number}", f"go('{place.name}')",
        f"go to {place.title}", "everywhere", first=True)
    for place in PLACES
)  # fmt: skip

_PROMPT = (
    Key("prompt.ask", "enter", "submit", "ask", "prompt", 1, first=True),
    Key("prompt.line", "shift+enter,ctrl+j", "new_line", "begin a new line", "prompt", first=True),
    Key("prompt.older", "up", "older", "the question asked before", "prompt"),
    Key("prompt.newer", "down", "newer", "the question asked after it", "prompt"),
)

_WRITING = (
    Key("ask.stop", "escape", "stop", "stop the answer; what is there already stays", "writing", 2,
        short="stop"),
)  # fmt: skip

_ASK = (
    Key("ask.latest", "tab", "latest", "from the prompt to the last answer, its sources", "ask", 3,
        short="sources"),
    Key("ask.back", "escape", "back", "close the source, or back to the prompt", "ask", 8,
        short="back"),
    Key("ask.history", "ctrl+r", "history", "choose from the questions asked before", "ask", 7,
        short="history"),
    Key("ask.new", "ctrl+n", "new", "begin a new conversation", "ask", 9, short="new"),
    Key("ask.side", "ctrl+b", "side", "show or hide the source beside the answer", "ask"),
)  # fmt: skip

_ANSWER = (
    Key("answer.show", "enter", "show", "show the source", "answer", 2, short="source"),
    Key("answer.open", "o", "open", "open the source in your editor, at the place", "answer", 3,
        short="open"),
    Key("answer.copy", "y", "copy", "copy the answer, or the source in focus", "answer", 4,
        short="copy"),
    Key("answer.wrong", "minus", "wrong", "this is wrong: put it right", "answer", 5,
        short="wrong"),
    Key("answer.good", "plus", "good", "this answer was good", "answer"),
    Key("answer.next", "down,j", "next", "next answer or source", "answer"),
    Key("answer.previous", "up,k", "previous", "answer or source before", "answer"),
    Key("answer.top", "g,home", "top", "first answer", "answer"),
    Key("answer.end", "G,end", "end", "last source", "answer"),
    *(Key(f"answer.{number}", f"{number}", f"source({number})", f"show source {number}", "answer")
      for number in range(1, 10)),
)  # fmt: skip

_LIST = (
    Key("list.down", "down,j", "cursor_down", "next row", "list"),
    Key("list.up", "up,k", "cursor_up", "row before", "list"),
    Key("list.first", "home,g", "first", "first row", "list"),
    Key("list.last", "end,G", "last", "last row", "list"),
    Key("list.page_down", "pagedown", "page_down", "next page", "list"),
    Key("list.page_up", "pageup", "page_up", "page before", "list"),
    Key("list.choose", "enter", "select", "choose the row", "list", 1, short="look"),
)  # fmt: skip

_SEARCH = (
    Key("query.list", "enter,down", "list", "go to what was found", "query", 2, short="results"),
    Key("search.back", "escape", "back", "back to the words; once more, without them", "search", 8,
        short="back"),
    Key("search.side", "ctrl+b", "side", "show or hide the text beside the list", "search"),
    Key("hit.open", "o", "open", "open it in your editor, at the place", "hit", 3, short="open"),
    Key("hit.copy", "y", "copy", "copy the passage and where it is", "hit", 4, short="copy"),
    Key("hit.why", "w", "why", "why was this found?", "hit", 5, short="why"),
)  # fmt: skip

_MEMORY = (
    Key("filter.list", "enter,down", "list", "go to the entries that are left", "filter", 1,
        short="entries"),
    Key("memory.filter", "slash", "filter", "narrow the tree down to some words", "memory", 5,
        short="filter"),
    Key("memory.review", "v", "review", "the questions that wait for you, or the tree", "memory", 6,
        short="questions"),
    Key("memory.left", "left,backspace", "left", "fold the folder, or back to the entry before",
        "memory"),
    Key("memory.right", "right", "right", "unfold the folder, or go to the entry", "memory"),
    Key("memory.log", "L", "log", "all that was done to the tree", "memory"),
    Key("memory.back", "escape", "back", "back to the tree, to the whole of it", "memory"),
    Key("entry.edit", "e", "edit", "edit it in your editor", "entry", 2, short="edit"),
    Key("entry.open", "o", "open", "open the source in your editor, at the place", "entry", 3,
        short="open"),
    Key("entry.copy", "y", "copy", "copy it with its sources, or the source in focus", "entry"),
    Key("entry.history", "h", "history", "what was done to it, and undo", "entry", 4,
        short="history"),
    Key("entry.archive", "x", "archive", "put it into the archive, or bring it back", "entry"),
    Key("entry.wrong", "minus", "wrong", "this is wrong: put it right", "entry", 7, short="wrong"),
    Key("entry.forget", "d,delete", "forget", "forget it for good; shows first what goes", "entry",
        8, short="forget"),
    Key("page.look", "enter", "look", "go where the row leads", "page", 1, short="look"),
    Key("page.next", "down,j", "next", "next row of the entry", "page"),
    Key("page.previous", "up,k", "previous", "row of the entry before", "page"),
    Key("page.top", "g,home", "top", "what it says", "page"),
    Key("page.end", "G,end", "end", "last row of the entry", "page"),
    Key("page.down", "pagedown", "page_down", "a page further down", "page"),
    Key("page.up", "pageup", "page_up", "a page further up", "page"),
)  # fmt: skip

_REVIEW = (
    *(Key(f"review.{verdict}", key, f"decide('{verdict}')", words, "review", rank, short=short)
      for key, verdict, words, rank, short in (
          ("a", "accept", "accept: do what is proposed", 1, "accept"),
          ("r", "reject", "reject: it is not proposed again", 2, "reject"),
          ("b", "keep-both", "keep both as they are", 3, "both"),
      )),
    Key("review.edit", "e", "edit", "correct the newer one in your editor", "review", 4,
        short="edit"),
    Key("review.open", "o", "open", "open the latest source", "review", 5, short="open"),
    Key("review.skip", "s", "skip", "leave it for later", "review"),
    Key("review.undo", "u", "undo", "take the last answer back", "review", 6, short="undo"),
)  # fmt: skip

_TODAY = (
    Key("today.before", "left", "before", "the day before", "today", 2, short="day before"),
    Key("today.after", "right", "after", "the day after", "today", 3, short="day after"),
    Key("today.today", "t", "today", "today", "today", 4, short="today"),
    Key("today.week", "z", "week", "a week, or a day of it", "today", 5, short="week"),
    Key("today.open", "o", "open", "open it in your editor, at the place", "today", 6,
        short="open"),
    Key("today.copy", "y", "copy", "copy the row", "today"),
    Key("today.side", "ctrl+b", "side", "show or hide what stands beside the list", "today"),
    Key("today.back", "escape", "back", "back to the list", "today"),
)  # fmt: skip

_SOURCES = (
    Key("source.add", "a", "add_folder", "add a folder", "source", 2, short="add"),
    Key("source.chats", "c", "add_chats", "add conversations that lie on this machine", "source", 3,
        short="chats"),
    Key("source.import", "i", "import", "take in an export of conversations", "source"),
    Key("source.remove", "d,delete", "remove", "remove it from the memory", "source", 4,
        short="remove"),
    Key("source.depth", "f", "depth", "how fully the folder is read", "source", 5, short="depth"),
    Key("source.pause", "p", "pause", "pause the folder or source, or go on", "source", 6,
        short="pause"),
    Key("source.pause_all", "P", "pause_all", "pause all indexing, or go on", "source"),
    Key("source.model", "m", "model", "choose the model that writes", "source", 7, short="model"),
    Key("source.open", "o", "open", "open the folder", "source"),
    Key("source.copy", "y", "copy", "copy where it is", "source"),
    Key("source.side", "ctrl+b", "side", "show or hide what stands beside the list", "source"),
)  # fmt: skip

_SET_UP = (
    Key("app.set_up", "", "set_up", "set up again: folders, conversations, a model", "everywhere"),
    Key("first.toggle", "space", "turn", "take it, or not", "first", 1, short="choose"),
    Key("first.next", "enter", "next", "on to the next step", "first", 2, first=True,
        short="next"),
    Key("first.typed", "a", "type", "type another folder", "first", 3, short="another folder"),
    Key("first.back", "left,backspace", "back", "the step before", "first", 4, short="back"),
    Key("first.help", "f1,question_mark", "app.help", "show these keys", "first", 6, short="help"),
    Key("first.skip", "escape", "skip", "skip this step", "first", 5, short="skip", first=True),
)  # fmt: skip

_DIALOGUES = (
    Key("sure.yes", "y", "yes", "yes, do it", "sure", 1, first=True),
    Key("sure.no", "escape,n,q", "no", "no, leave it", "sure", 2, first=True),
    Key("log.undo", "u", "undo", "take the change back; shows first what that changes", "log", 1,
        short="undo"),
    Key("log.all", "L", "all", "of this entry, or of the whole tree", "log", 2, short="all"),
    Key("log.close", "escape,q,h", "close", "close", "log", 3, first=True),
    Key("path.close", "escape", "close", "close", "path", 1, first=True),
    Key("path.down", "down", "down", "next folder", "path", first=True),
    Key("path.up", "up", "up", "folder before", "path", first=True),
    Key("path.complete", "tab", "complete", "complete what is typed", "path", first=True),
    Key("offer.close", "escape,q", "close", "close", "offer", 1, first=True),
    Key("found.toggle", "space", "turn", "read it, or not", "found", 1, short="choose"),
    Key("found.take", "enter", "take", "read those that are chosen", "found", 2, first=True,
        short="read the chosen"),
    Key("found.close", "escape,q", "close", "close", "found", 3, first=True),
    Key("covered.filter", "slash", "filter", "narrow the list down", "covered", first=True),
    Key("covered.close", "escape,q", "close", "close", "covered", 4),
    Key("covered.why", "w", "why", "why is it not found?", "covered", 3, short="why"),
    Key("covered.list", "enter,down", "list", "go to the files", "covering", 1),
    Key("why.close", "escape,q,w", "close", "close", "why", 1, first=True),
    Key("history.close", "escape", "close", "close", "history", 1, first=True),
    Key("history.down", "down", "down", "next question", "history", first=True),
    Key("history.up", "up", "up", "question before", "history", first=True),
    Key("wrong.close", "escape", "close", "close", "wrong", 1, first=True),
    *(Key(f"wrong.{name}", key, f"choose('{key}')", words, "wrong") for key, name, words in (
        ("b", "bad", "note that the answer is bad"), ("o", "open", "open its source"),
        ("x", "away", "put the entry away"), ("u", "until", "say until when it was true"),
        ("e", "edit", "correct the entry"),
    )),
    Key("help.close", "escape,q,f1,question_mark", "close", "close", "help", 1),
)  # fmt: skip

KEYS: tuple[Key, ...] = (
    *_EVERYWHERE,
    *_GO,
    *_PROMPT,
    *_WRITING,
    *_ASK,
    *_ANSWER,
    *_SEARCH,
    *_MEMORY,
    *_REVIEW,
    *_TODAY,
    *_SOURCES,
    *_LIST,
    *_SET_UP,
    *_DIALOGUES,
)

TITLES = {
    "memory": "The tree",
    "entry": "An entry",
    "page": "The rows of an entry",
    "review": "Questions that wait",
    "today": "Days",
    "first": "Setting up",
    "source": "Folders and conversations",
    "query": "The words to look for",
    "search": "Searching",
    "hit": "What was found",
    "prompt": "The prompt",
    "writing": "While an answer is written",
    "ask": "The conversation",
    "answer": "An answer and its sources",
}
"""What F1 calls the groups."""

BY_ID = {key.id: key for key in KEYS}


def of(where: str) -> tuple[Key, ...]:
    return tuple(key for key in KEYS if key.where == where)


def bindings(*wheres: str) -> list[BindingType]:
    """For the BINDINGS of the class that has the actions."""
    return [
        Binding(key.keys or _UNBOUND + key.id, key.action, key.words, id=key.id,
                show=key.rank > 0, priority=key.first)
        for where in wheres for key in of(where)
    ]  # fmt: skip


def remapped(text: str) -> dict[str, str]:
    """`answer.copy=c app.help=f8,f10` → id to keys; ConfigError for what is no key here."""
    found: dict[str, str] = {}
    for word in text.split():
        id, sign, keys = word.partition("=")
        if id not in BY_ID:
            close = get_close_matches(id, BY_ID, n=1)
            hint = f"did you mean `{close[0]}`?" if close else "F1 in the terminal UI lists them"
            raise ConfigError(f"`tui.keys`: there is no key `{id}`", hint)
        if not sign or not keys:
            raise ConfigError(f"`tui.keys`: `{word}` names no key", f"write it as `{id}=ctrl+x`")
        found[id] = keys
    return found


_NAMES = {
    "question_mark": "?", "slash": "/", "escape": "esc", "plus": "+", "minus": "-",
    "left_square_bracket": "[", "right_square_bracket": "]", "full_stop": ".", "comma": ",",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup", "pagedown": "pgdn",
}  # fmt: skip


def shown(keys: str, *, every: bool = False, plain: bool = False) -> str:
    """Keys as a person reads them: `^p` for `ctrl+p`, in plain mode in words."""
    named = [_shown(key.strip(), plain) for key in keys.split(",") if not key.startswith(_UNBOUND)]
    return " ".join(named) if every else (named or [""])[0]


def _shown(key: str, plain: bool) -> str:
    *held, last = key.split("+") if key != "+" else ["+"]
    last = last if plain else _NAMES.get(last, last)
    if plain:
        return "+".join([*held, last])
    return "".join("^" if each == "ctrl" else f"{each}+" for each in held) + last


def letter(pressed: str) -> str | None:
    """What a key writes where one types; None for one that writes nothing."""
    name = _NAMES.get(pressed, pressed)
    return name if len(name) == 1 and name.isascii() else None


def keys_of(key: Key, keymap: Mapping[str, str]) -> str:
    """With what the user has made of it."""
    return keymap.get(key.id, key.keys)
