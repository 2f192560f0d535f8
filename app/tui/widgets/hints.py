"""The last row: at most eight keys, those that matter where the user is, made from the registry.

Shown by the app below every place, and by dialogues. A click on one does what the key does.
"""

from __future__ import annotations

from textual import getters
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Shell

MOST = 8


class Hints(Widget, inherit_css=False):
    app = getters.app(Shell)

    DEFAULT_CSS = "Hints { height: 1; width: 100%; dock: bottom; }"

    def on_mount(self) -> None:
        self.auto_links = False
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        parts, room = [], self.size.width
        for key, pressed in self.offered():
            part = Content.assemble(
                (f" {pressed} ", "bold $primary"), (f"{key.short or key.words} ", text.QUIET)
            ).stylize(Style.from_meta({"@click": f"app.press('{key.id}')"}))
            if part.cell_length <= room:
                room -= part.cell_length
                parts.append(part)
        return Content("").join(parts)

    def offered(self) -> list[tuple[keys.Key, str]]:
        """The keys that work now, the most telling first, and how they are pressed."""
        found: dict[str, keys.Key] = {}
        for pressed, active in self.screen.active_bindings.items():
            key = keys.BY_ID.get(active.binding.id or "")
            if key and key.rank and active.enabled and not self._is_typed(pressed):
                found[key.id] = key
        ranked = sorted(found.values(), key=lambda key: key.rank)[:MOST]
        named = [(key, self.app.pressed(key)) for key in ranked]
        return [(key, pressed) for key, pressed in named if pressed]

    def _is_typed(self, pressed: str) -> bool:
        """`-` goes into the prompt that has the focus, which Textual knows by other names."""
        focused = self.screen.focused
        return focused is not None and focused.check_consume_key(pressed, keys.letter(pressed))
