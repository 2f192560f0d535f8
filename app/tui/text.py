"""Foreign text → what a widget may show of it: never markup, nothing hidden, lines kept.

Used wherever a file, a chat or the daemon says something. Strings of our own may be markup; what
comes from here never is, as it goes to the screen as `Content`.
"""

from __future__ import annotations

from typing import Any

from textual.content import Content

from cairn.app import render

Json = dict[str, Any]
QUIET, FAINT = "$foreground 65%", "$foreground 45%"
"""Styles of what is beside the point; `$text-muted` is white where no widget stands behind it."""
_TAB = 4
LONGEST = 20_000
"""Letters of one piece; nobody reads more of it in a terminal."""


def safe(text: str) -> str:
    """With its lines; what is not visible is spelled out as everywhere in cairn."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + " …"
    return "\n".join(render.clean(line.expandtabs(_TAB)) for line in text.splitlines())


def line(text: str) -> str:
    """As one line."""
    return render.clean(" ".join(text[:LONGEST].split()))


def plain(text: str, style: str = "") -> Content:
    return Content.styled(safe(text), style) if style else Content(safe(text))


def shortened(text: str, width: int) -> str:
    """A line that fits, cut in front: of a path the end tells most."""
    from textual._cells import cell_len

    if cell_len(text) <= width or width < 2:
        return text
    text = text[-width:]
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return "…" + text


def place(item: Json) -> str:
    """Where something is, as people write it: `~/notes/garden.md:12`."""
    return render.home_path(render.place(item))


def took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
