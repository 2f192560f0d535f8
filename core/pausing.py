"""A folder or a source of conversations of which nothing new is read until it goes on.

The engine's door to that; capture and the sources ask before they queue what changed. It is kept in
the journal, with the queue of what is paused, so a restart does not end it. What is indexed of it
stays searchable.
"""

from __future__ import annotations

import os
from pathlib import Path

from cairn.core.capture import Capture
from cairn.core.chats.sources import PAUSED, Sources, at_or_below
from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.uris import file_uri
from cairn.core.watch.folders import Folders


class Pausing:
    def __init__(
        self, journal: Journal, folders: Folders, sources: Sources, capture: Capture
    ) -> None:
        self._journal = journal
        self._folders = folders
        self._sources = sources
        self._capture = capture
        capture.is_paused = sources.is_paused = self.is_paused

    def is_paused(self, uri: str) -> bool:
        return bool(self._journal.get_meta(PAUSED + uri))

    def turn(self, path: Path, *, on: bool) -> None:
        """Pause what was named by this path, or let it go on with what changed meanwhile."""
        path = Path(os.path.realpath(path))
        source = self._sources.source(file_uri(path))
        is_folder = path in self._folders.roots
        if not source and not is_folder:
            raise NotFound(
                f"{path} is no folder or source that is read",
                "`cairn status` and `cairn sources` list them",
            )
        if on:
            self._hold(path, on=True)
            return
        self.let_go(path)
        if is_folder:
            self._capture.sweep([path])
        if source and source.is_live:
            self._sources.queue_changed([source])

    def let_go(self, path: Path) -> None:
        """Whatever it is, it is paused no more."""
        path = Path(os.path.realpath(path.expanduser()))
        if self.is_paused(file_uri(path)):
            self._hold(path, on=False)

    def _hold(self, path: Path, *, on: bool) -> None:
        """With its queue, in one go, except that of folders inside, which answer for themselves."""
        at, places = at_or_below(path, "key")
        for folder in self._folders.inside(path):
            inside, others = at_or_below(folder, "key")
            at, places = f"({at}) AND NOT ({inside})", [*places, *others]
        was, becomes = ("ready", "held") if on else ("held", "ready")
        with self._journal.write() as db:
            paused = (PAUSED + file_uri(path), "yes" if on else "")
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", paused)
            sql = f"UPDATE jobs SET state = ? WHERE state = ? AND ({at})"
            db.execute(sql, (becomes, was, *places))
