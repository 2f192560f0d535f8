"""F1: every key that works in this place, and what goes for all of them, from the registry."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cairn.app.tui import keys, text
from cairn.app.tui.shell import Shell

_EVERYWHERE = ("screen", "everywhere")
_NOTES = (
    "Hold Shift while you select with the mouse to use the terminal’s own selection.",
    "A key is changed by its id: cairn config set tui.keys \"{id}=ctrl+x\"",
)  # fmt: skip


_WIDE = 100
"""From which on there is room for the ids of keys, too; the command palette has them always."""


class Help(ModalScreen[None], inherit_bindings=False):
    app = getters.app(Shell)
    BINDINGS = keys.bindings("help", "screen")

    def __init__(self, name: str, wheres: tuple[str, ...]) -> None:
        super().__init__()
        self._name = name
        self._wheres = wheres

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help", classes="dialogue") as page:
            page.border_title = f"Keys in {self._name}"
            page.border_subtitle = "esc closes"
            yield Static(self._page(), id="help-keys")

    def _page(self) -> Content:
        wheres = [where for where in self._wheres if keys.of(where)]
        parts = [self._group(where, keys.TITLES.get(where, where)) for where in wheres]
        every = [self._rows(keys.of(where)) for where in _EVERYWHERE]
        parts.append(Content("\n").join([_title("Everywhere"), *every]))
        example = keys.of(wheres[0])[0].id if wheres else "app.quit"
        notes = [Content.styled(note.format(id=example), text.QUIET) for note in _NOTES]
        return Content("\n\n").join([*parts, Content("\n").join(notes)])

    def _group(self, where: str, title: str) -> Content:
        return Content("\n").join([_title(title), self._rows(keys.of(where))])

    def _rows(self, found: tuple[keys.Key, ...]) -> Content:
        rows = []
        for key in found:
            pressed = self.app.pressed(key, every=True)
            row = Content.assemble(
                (f"  {pressed or '(palette)'}".ljust(18), "bold $primary"), key.words
            )
            if self.app.size.width >= _WIDE:
                row = Content.assemble(row.pad_right(62 - row.cell_length), (key.id, text.FAINT))
            rows.append(row)
        return Content("\n").join(rows)

    def action_close(self) -> None:
        self.dismiss()


def _title(words: str) -> Content:
    return Content.styled(words, "bold $secondary")
