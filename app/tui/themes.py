"""The colours of the terminal UI: dark, light, high contrast, and those of the terminal itself.

Registered by the app beside those that Textual brings. Which one somebody has chosen is kept in
the home, not in the settings: a daemon need not start anew for a colour.
"""

from __future__ import annotations

from collections.abc import Collection

from textual.theme import BUILTIN_THEMES, Theme

from cairn.app.tui import kept

DARK, LIGHT, CONTRAST, TERMINAL = "cairn-dark", "cairn-light", "cairn-contrast", "cairn-terminal"
SHORT = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "terminal": TERMINAL}
"""What they are called in the settings."""


def own() -> tuple[Theme, ...]:
    terminal = BUILTIN_THEMES["ansi-dark"]
    return (
        Theme(
            DARK, primary="#e0a458", secondary="#7fb7be", accent="#e0a458", warning="#e8c15c",
            error="#e5707e", success="#8fbf7f", foreground="#d8d5cf", background="#16181d",
            surface="#1b1e24", panel="#23272f",
            variables={"border-blurred": "#3a404b", "border": "#e0a458",
                       "scrollbar": "#343a45", "scrollbar-background": "#16181d",
                       "input-selection-background": "#7fb7be 35%"},
        ),
        Theme(
            LIGHT, primary="#9a5b13", secondary="#22686f", accent="#9a5b13", warning="#8a6100",
            error="#b3313f", success="#3d6f2c", foreground="#2b2a27", background="#fbf9f4",
            surface="#f4f1ea", panel="#e9e4d9", dark=False,
            variables={"border-blurred": "#cdc5b4", "border": "#9a5b13",
                       "scrollbar": "#d3cbba", "scrollbar-background": "#fbf9f4",
                       "input-selection-background": "#22686f 30%"},
        ),
        Theme(
            CONTRAST, primary="#ffd700", secondary="#00ffff", accent="#ffd700", warning="#ffff00",
            error="#ff8080", success="#80ff80", foreground="#ffffff", background="#000000",
            surface="#000000", panel="#1c1c1c", text_alpha=1.0,
            variables={"text-muted": "#ffffff", "text-disabled": "#d0d0d0",
                       "border": "#ffffff", "border-blurred": "#a0a0a0"},
        ),
        Theme(
            TERMINAL, ansi=True, primary="ansi_yellow", secondary="ansi_cyan",
            warning="ansi_yellow", error="ansi_red", success="ansi_green", accent="ansi_yellow",
            foreground="ansi_default", background="ansi_default", surface="ansi_default",
            panel="ansi_default", boost="ansi_default",
            variables={**terminal.variables, "border-blurred": "ansi_bright_black"},
        ),
    )  # fmt: skip


def chosen(setting: str, known: Collection[str]) -> str:
    """The one in the settings, or else the last one that somebody has chosen."""
    for name in (SHORT.get(setting, setting), str(kept.get("theme")), DARK):
        if name in known:
            return name
    return DARK


def keep(name: str) -> None:
    kept.put("theme", name)
