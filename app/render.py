"""The only writer of stdout and stderr: JSON replies → text for a terminal, a pipe or a program.

stdout is data, stderr is narration. Piped output is one plain line a hit; colour and links only
on a terminal; nothing from a document reaches the terminal unescaped.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from cairn.app.protocol import SCHEMA_VERSION

Json = dict[str, Any]
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def is_terminal() -> bool:
    return sys.stdout.isatty()


def style(text: str, name: str, *, stream: Any = None) -> str:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not (stream or sys.stdout).isatty():
        return text
    return f"\x1b[{_STYLES[name]}m{text}\x1b[0m"


def clean(text: str) -> str:
    """Foreign text as one line that is safe to print: what is not visible is spelled out."""
    return "".join(char if _is_safe(char) else f"\\x{ord(char):02x}" for char in text)


def _is_safe(char: str) -> bool:
    code = ord(char)
    # C0, C1, ends of lines, and the marks that make text read in another order than it is stored.
    hidden = code < 32 or 127 <= code < 160 or 0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return not hidden and not 0xD800 <= code < 0xE000


def out(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def lines(rows: list[str]) -> None:
    for row in rows:
        out(row)


def note(text: str) -> None:
    """A line of narration."""
    end_progress()
    sys.stderr.write(text + "\n")


def error(message: str, hint: str) -> None:
    note(style("error: ", "red", stream=sys.stderr) + clean(message))
    if hint:
        note(style("hint: ", "cyan", stream=sys.stderr) + clean(hint))


def envelope(command: str, data: Json) -> None:
    out(json.dumps({"schema_version": SCHEMA_VERSION, "command": command, "data": data}, indent=1))


def error_envelope(command: str, kind: str, message: str, hint: str, exit_code: int) -> None:
    fields = {"kind": kind, "message": message, "hint": hint, "exit_code": exit_code}
    document = {"schema_version": SCHEMA_VERSION, "command": command, "error": fields}
    out(json.dumps(document, indent=1))


# -- search and ask


def hits(found: list[Json]) -> None:
    for hit in found:
        if is_terminal():
            _hit_block(hit)
        else:
            out(f"{place(hit)}\t{_day(hit)}\t{clean(hit['snippet'])}{doubt(hit)}")
        if "around" in hit:
            _around(hit["around"])


def results(data: Json) -> None:
    hits(data["hits"])
    _degraded(data)
    if not data["hits"]:
        from cairn.app.narrowing import left_out

        note("; ".join(filter(None, ("nothing found", left_out(data["filters"])))))
    elif data["missing_words"]:
        words = ", ".join(f"“{clean(word)}”" for word in data["missing_words"])
        note(f"no passage holds {words}; these are the nearest")
    if data["kind"] == "changes":
        note("`cairn changes` tells what changed, and so does `cairn ask`")


def paths(data: Json, end: str) -> None:
    """The files of the hits, each once, as the system names them: for other programs."""
    found = dict.fromkeys(hit["path"] for hit in data["hits"] if hit["path"])
    sys.stdout.flush()
    for path in found:
        shown = path if end == "\0" else clean(path)
        sys.stdout.buffer.write(os.fsencode(shown + end))
    _degraded(data)
    if not data["hits"]:
        note("nothing found")
    elif not found:
        note("what was found is in conversations, which are no files")


def _hit_block(hit: Json) -> None:
    from cairn.app.folding import columns

    beside = [hit["context"]] if hit["kind"] == "chat" and hit["context"] else []
    title = hit["title"]
    above = [each for each in (*hit["heading"], *beside) if not title.endswith(each)]
    trail = clean(" › ".join(dict.fromkeys([title, *above])))
    head = f"{style(_linked(hit), 'cyan')}  {style(_day(hit), 'yellow')}"
    if columns(f"{place(hit)}  {_day(hit)}  {trail}") < width():
        out(f"{head}  {style(trail, 'dim')}")
    else:
        out(head)
        out(style(_wrapped(trail, indent="    "), "dim"))
    out(_wrapped(clean(hit["snippet"]) + doubt(hit), indent="    "))
    if hit["used_with"]:
        names = ", ".join(clean(os.path.basename(path)) for path in hit["used_with"])
        out(style(f"    often used with {names}", "dim"))


def doubt(hit: Json) -> str:
    """Behind what is shown of a hit, where the user has called just that wrong."""
    shown = hit["snippet"]
    is_wrong = any(shown in said or said in shown for said in hit["wrong"])
    return " (you called this wrong)" if is_wrong else ""


def _around(pieces: list[Json]) -> None:
    """The turns or lines that a hit stands between, itself marked; a blank line behind them."""
    width = max((len(piece["locator"]) for piece in pieces), default=0)
    for piece in pieces:
        head = f"    {'>' if piece['cited'] else ' '} {piece['locator'].ljust(width)}  "
        text = clean(" ".join(piece["text"].split()))
        shown = _wrapped(text, indent=" " * len(head), head=head)
        out(shown if piece["cited"] else style(shown, "dim"))
    out()


def answer(data: Json) -> None:
    if data.get("understood"):
        out(style(f"understood as: {clean(data['understood'])}", "dim"))
    if not data["answered"]:
        out(f"Not in your memory: {clean(data['reason'])}.")
        if data.get("would_mean"):
            note(f"with `-c` it would mean: {clean(data['would_mean'])}")
        _steps(data)
        _degraded(data)
        return
    if data["short"]:
        perhaps = "Perhaps: " if data.get("is_guess") else ""
        out(f"{perhaps}{style(clean(data['short']), 'bold')}")
    for sentence in data["sentences"]:
        marks = "".join(f"[{number}]" for number in sentence["citations"])
        inferred = " (inferred)" if sentence["inferred"] else ""
        out(_wrapped(f"{clean(sentence['text'])}{inferred} {marks}"))
    out()
    for citation in data["citations"]:
        state = {
            "ok": "",
            "changed": " (changed since)",
            "gone": " (no longer there)",
            "away": " (its folder can't be reached now)",
        }
        where = f"[{citation['number']}] {_linked(citation)}"
        out(f"{style(where, 'cyan')}  {_day(citation)}{state[citation['state']]}")
    _steps(data)
    if data["model"]:
        less = count(data["left_out"], "sentence") if data["left_out"] else ""
        said = f"; {less} left out that no source says" if less else ""
        note(style(f"written by {clean(data['model'])}{said}", "dim", stream=sys.stderr))
    _degraded(data)


def _steps(data: Json) -> None:
    for step in data.get("steps", ())[: 0 if len(data.get("steps", ())) < 2 else None]:
        note(f"{'found' if step['found'] else 'not found'}: {clean(step['text'])}")


def _degraded(data: Json) -> None:
    if data["degraded"]:
        note(style("note: ", "yellow", stream=sys.stderr) + clean(data["degraded"]))


def _day(item: Json) -> str:
    """The day of the text, or else of its file."""
    return clean(item["when"][:10] or item["modified"])


def _columns(stream: TextIO) -> int:
    """The width of a terminal; some say 0 when they do not know."""
    return max(20, os.get_terminal_size(stream.fileno()).columns or 80)


def width() -> int:
    """Of a line that fits; a pipe takes any."""
    return _columns(sys.stdout) if is_terminal() else 120


def _wrapped(text: str, indent: str = "", head: str = "") -> str:
    """Lines that fit the terminal, the first behind `head`; into a pipe the text goes as it is."""
    if not is_terminal():
        return head + text
    import textwrap

    width = min(100, _columns(sys.stdout) - 1)
    return textwrap.fill(text, width, initial_indent=head or indent, subsequent_indent=indent)


def hanging(text: str, hang: str) -> str:
    """Text behind a head as wide as `hang`, its further lines below its first one."""
    return _wrapped(text, indent=hang, head=hang)[len(hang) :]


def told(rows: list[str]) -> None:
    """Lines with long titles and quotes in them, broken between words on a terminal."""
    if is_terminal():
        from cairn.app.folding import folded

        rows = folded(rows, min(100, _columns(sys.stdout) - 1))
    lines(rows)


def local(moment: str) -> str:
    """`2026-03-02 18:20` on the reader's clock, of what is kept in universal time."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(moment).astimezone().isoformat(" ", "minutes")[:16]
    except (ValueError, OverflowError):
        return clean(moment[:16])


def home_path(path: str) -> str:
    """A path as people write it, safe to print."""
    path, user = clean(path), os.path.expanduser("~")
    return "~" + path[len(user) :] if path.startswith(user + "/") else path


def quoted(path: str) -> str:
    """For a command that somebody may copy."""
    import shlex

    return shlex.quote(clean(path))


def prompt(question: str) -> None:
    """What is asked on the terminal; the answer goes on the same line."""
    end_progress()
    sys.stderr.write(question + " ")
    sys.stderr.flush()


def confirm(question: str, default: bool) -> bool:
    """Ask on the terminal; enter alone means the default."""
    prompt(f"{question} [{'Y/n' if default else 'y/N'}]")
    answer = sys.stdin.readline()
    if not answer:  # end of input is no yes
        return False
    return answer.strip().lower() in ("y", "yes") if answer.strip() else default


def place(item: Json) -> str:
    """`path:line`, or the page or turn where there are no lines."""
    if "conversation" in item:
        return f"{item['conversation']}#{item['locator']}".rstrip("#")
    if not item["path"]:
        return clean(item["uri"])
    path = home_path(item["path"]) if is_terminal() else clean(item["path"])
    if "part" in item:
        path += f" › {clean(item['part'])}"
    if item.get("kind") == "file":
        return path
    if "line" in item:
        return f"{path}:{item['line']}"
    if "page" in item:
        return f"{path} p.{item['page']}"
    if "sheet" in item:
        return f"{path} sheet {item['sheet']} row {item['row']}"
    units = ("turn", "slide", "paragraph", "mail", "cell")
    return path + next((f" {unit} {item[unit]}" for unit in units if unit in item), "")


def _linked(item: Json) -> str:
    if not is_terminal() or os.environ.get("TERM") == "dumb" or "conversation" in item:
        return place(item)
    from urllib.parse import quote

    target = "file://" + quote(item["path"], errors="surrogateescape")
    return f"\x1b]8;;{target}\x1b\\{place(item)}\x1b]8;;\x1b\\"


# -- progress

_progress_shown = False


def progress(now: Json) -> None:
    """A bar on a terminal's stderr; silent anywhere else."""
    global _progress_shown
    dumb = os.environ.get("TERM") == "dumb" or os.environ.get("CAIRN_NO_PROGRESS")
    if dumb or not sys.stderr.isatty():
        return
    what = {
        "listening": "turns", "listing": "files by name", "reading": "files by words",
        "embedding": "passages by meaning", "curating": "texts for the tree",
        "probing": "documents", "asking": "questions", "model": "",
        "backup": "",
    }[now["stage"]]  # fmt: skip
    left = f", {duration(now['eta_s'])} left" if now["eta_s"] is not None else ""
    done = f"{now['done']}/{now['total']}" if now["done"] != now["total"] else now["done"]
    text = f" {now.get('text') or f'{done} {what}'}{left}"
    # A line that wraps could not be taken back.
    width = min(24, _columns(sys.stderr) - len(text) - 1)
    filled = max(0, int(width * now["share"]))
    line = "█" * filled + "░" * (width - filled) + text if width > 3 else text.strip()
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()
    _progress_shown = True


def draft(text: str) -> None:
    """What is being written, on a terminal's stderr, where the next line takes its place."""
    global _progress_shown
    dumb = os.environ.get("TERM") == "dumb" or os.environ.get("CAIRN_NO_PROGRESS")
    if dumb or not sys.stderr.isatty():
        return
    width = _columns(sys.stderr) - 1
    line = clean(text)
    shown = line if len(line) <= width else "…" + line[1 - width :]
    sys.stderr.write("\r\x1b[K" + style(shown, "dim", stream=sys.stderr))
    sys.stderr.flush()
    _progress_shown = True


def count(number: int, what: str, many: str = "") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {many or what + 's'}"


def size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} kB"


def end_progress() -> None:
    global _progress_shown
    if _progress_shown:
        sys.stderr.write("\r\x1b[K")
        _progress_shown = False


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


# -- the state of things


def private(data: Json) -> None:
    """Nobody must wonder why something new is missing."""
    if data["private"]:
        note(style("note: ", "yellow", stream=sys.stderr) + data["private"])


def pairs(items: list[tuple[str, str]]) -> None:
    width = max((len(name) for name, _ in items), default=0)
    for name, value in items:
        out(f"{name.ljust(width)}  {clean(value)}")
