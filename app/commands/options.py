"""Options that several commands have, said once: `--json`, `--yes`, `--in`, …"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cairn.app.narrowing import narrowed

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
NoDaemon = Annotated[bool, typer.Option("--no-daemon", help="Do it in this process.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how each result was found and what it scores.")
]
Me = Annotated[
    list[str] | None, typer.Option("--me", metavar="NAME", help="Your name in it; or several.")
]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="What was true then.")]
KnownAt = Annotated[
    str, typer.Option("--known-at", metavar="DATE", help="What had been recorded by then.")
]
In = Annotated[
    str, typer.Option("--in", metavar="PLACE", help="Only in that folder, file or conversation.")
]
KindOf = Annotated[
    str, typer.Option("--kind", metavar="KIND", help="Only such: pdf,mail,chat,note,table,code,…")
]
From = Annotated[
    str, typer.Option("--from", metavar="PERSON", help="Only by somebody, or with them; or `me`.")
]
Origin = Annotated[
    str, typer.Option("--origin", metavar="WHO", help="user, other, assistant, tool or document.")
]
Since = Annotated[
    str, typer.Option("--since", metavar="DAY", help="From that day on, of the text or its file.")
]
Until = Annotated[
    str,
    typer.Option("--until", metavar="DAY", help="Up to it: `2026-03`, `yesterday`, `May`."),
]


class Policy(StrEnum):
    """How deep a folder is read."""

    full = "full"
    names = "names"
    never = "never"


def only(
    within: str, kind: str, person: str, origin: str, since: str, until: str
) -> dict[str, str]:
    return narrowed(
        {"in": within, "kind": kind, "from": person, "origin": origin, "since": since,
         "until": until}
    )  # fmt: skip
