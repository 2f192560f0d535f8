"""Citations: does one still hold, and what does the place that it names say now?

The engine's door to the sources behind answers, files and conversations alike.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cairn.core.answer.check import check_citation, check_turns
from cairn.core.chats.addresses import is_chat
from cairn.core.chats.showing import conversation_passage
from cairn.core.conversations import Conversations
from cairn.core.errors import CairnError, NotFound, Unavailable
from cairn.core.extract.reading import Reading
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.locate import Target
from cairn.core.nearby import no_such_file
from cairn.core.passage import Passage, passage
from cairn.core.records import Chunk, Citation, document_id
from cairn.core.uris import pasted
from cairn.core.watch.folders import Folders


class Citations:
    def __init__(
        self,
        journal: Journal,
        folders: Folders,
        reading: Reading,
        conversations: Conversations,
        index: Callable[[], Index],
    ) -> None:
        self._journal = journal
        self._folders = folders
        self._reading = reading
        self._conversations = conversations
        self._index = index

    def check(self, citation: Citation) -> Citation:
        if is_chat(citation.uri):
            parts = self._conversations.parts
            return check_turns(citation, self._journal, parts, self._reading)
        return check_citation(citation, self._journal, self._reading, self._is_reachable)

    def passage(self, target: Target, context: int, *, kept_only: bool = False) -> Passage:
        """The text at a citation, as it is there now, with secrets left out.

        `kept_only`: for whoever may ask the memory and nothing else, as the memory has it.
        """
        if target.chat:
            found = self._conversations.find(target.chat)
            return conversation_passage(found, self._conversations.archive, target, context)
        if kept_only:
            return passage(self._kept(target), target, context)
        if not os.path.isfile(target.path):
            if self._journal.file(target.container) and not self._is_reachable(target.path):
                raise Unavailable(
                    f"{target.path} can't be reached now", "plug its disk in, or mount it, again"
                )
            raise no_such_file(target, (record.uri for record in self._journal.files()))
        try:
            chunks = self._reading.read(target.path, target.container).chunks
        except CairnError as error:
            raise Unavailable(
                f"{target.name} can't be shown: {error.message}",
                f"try `cairn open {pasted(target.address)}`",
            ) from error
        return passage(chunks, target, context)

    def _kept(self, target: Target) -> list[Chunk]:
        """Without what was forgotten, and what came while nothing was to be read."""
        record = self._journal.file(target.container)
        if record is None:
            raise NotFound(f"{target.path} is not in this memory", "`search` names what is")
        if record.state != "indexed":
            raise NotFound(f"of {target.path} no more than its name is in this memory", "")
        id = document_id(target.container)
        return self._index().table.passages([id]).get(id, [])

    def _is_reachable(self, path: Path) -> bool:
        try:
            return self._folders.is_reachable(path)
        except NotFound:
            return True  # no watched folder any more: what is not there is gone
