"""Which entry is filed where, entry by entry, on top of the counts that `choose` asks.

Called by the curation, which hears of every change: what is put here twice counts once, so the
counts stay those of the tree.
"""

from __future__ import annotations

from cairn.core.tree.place.choose import choose
from cairn.core.tree.place.known import Draft, Known

_Filed = tuple[str, Draft, bool]


class Shelf:
    def __init__(self) -> None:
        self._known = Known()
        self._filed: dict[str, _Filed] = {}

    def choose(self, draft: Draft) -> str:
        return choose(draft, self._known)

    def put(self, id: str, folder: str, draft: Draft, *, by_hand: bool = False) -> None:
        """An entry is in this folder; `by_hand`: because the user put it there."""
        self.drop(id)
        self._filed[id] = (folder, draft, by_hand)
        self._known.note(folder, draft, by_hand=by_hand)

    def drop(self, id: str) -> None:
        if there := self._filed.pop(id, None):
            folder, draft, by_hand = there
            self._known.forget(folder, draft, by_hand=by_hand)
