"""What should have been found → where it was lost: `why-not` and `findability`.

The engine's door to both. Nothing is changed by asking: no file is read out of turn, no use is
noted. A search is the very one that the user gets, with its trail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.asking import Asking
from cairn.core.chats.addresses import episodes_uri, window_uri
from cairn.core.chats.explain import explain as explain_chat
from cairn.core.conversations import Conversations
from cairn.core.errors import ConfigError, NotFound
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.locate import Target, parse_citation
from cairn.core.memory import Memory
from cairn.core.recall.certain.probes import rarity_in
from cairn.core.recall.entries.pointers import NOW, When
from cairn.core.recall.narrow.filters import EVERYTHING, Filters
from cairn.core.recall.question.piped import known_words
from cairn.core.recall.reasons.findability import Documents, Probed, chosen, probe
from cairn.core.recall.reasons.lost import Trace, Wanted, trace
from cairn.core.records import Chunk, Evidence, Timing, document_id
from cairn.core.report import Explanation
from cairn.core.tree.explain import explain as explain_entry
from cairn.core.uris import file_uri, folder_uris, pasted
from cairn.core.watch.explain import explain as explain_path
from cairn.core.watch.folders import Folders


@dataclass(frozen=True, slots=True)
class WhyNot:
    explanation: Explanation
    question: str = ""
    trace: Trace | None = None
    """Of the question; None without one, or where nothing is there to be found."""
    degraded: str = ""
    timings: tuple[Timing, ...] = ()


class Finding:
    def __init__(
        self,
        journal: Journal,
        folders: Folders,
        conversations: Conversations,
        memory: Memory,
        asking: Asking,
        index: Callable[[], Index],
        resting: Callable[[], str],
    ) -> None:
        self._journal = journal
        self._folders = folders
        self._conversations = conversations
        self._memory = memory
        self._asking = asking
        self._index = index
        self._resting = resting

    def titles(self, found: Iterable[Evidence]) -> dict[str, str]:
        """Of the entries that rest on what was found, by their ids."""
        ids = {id for item in found for id in item.entries}
        known = self._memory.tree.catalogue.many(sorted(ids))
        return {id: filed.entry.title for id, filed in known.items()}

    def known_words(self, text: str) -> tuple[str, ...]:
        """The few words of a text that the memory knows best."""
        return known_words(text, rarity_in(self._index()))

    # -- why not

    def of_path(self, path: Path) -> Explanation:
        """Why a path is, or is not, in the memory."""
        path = Path(os.path.abspath(path.expanduser()))
        if found := self._conversations.explain(path):
            return found
        return explain_path(path, self._folders, self._journal, self._resting())

    def why_not(
        self,
        target: str,
        question: str = "",
        limit: int = 0,
        when: When = NOW,
        filters: Filters = EVERYTHING,
    ) -> WhyNot:
        """`target` is an absolute path, a citation's address, or the id of an entry."""
        if not target.startswith(("file:", "chat:", "/")):
            explanation, wanted = self._entry(target)
        elif os.path.isdir(target):
            if question:
                raise ConfigError(f"{target} is a folder", "name a file in it")
            return WhyNot(self.of_path(Path(target)))
        else:
            explanation, wanted = self._place(target)
        if not question:
            return WhyNot(explanation)
        if not wanted.passages:
            return WhyNot(explanation, question)
        results = self._asking.find(question, limit, when, filters)
        told = trace(wanted, results, rarity_in(self._index()))
        return WhyNot(explanation, question, told, results.degraded, results.timings)

    def _entry(self, id: str) -> tuple[Explanation, Wanted]:
        tree = self._memory.tree
        explanation = explain_entry(id, tree, self.of_path)
        if explanation is None:
            raise NotFound(f"there is no entry {id}, and none of that id is remembered",
                           "`cairn tree` lists them")  # fmt: skip
        filed = tree.catalogue.get(id)
        found = self._passages(file_uri(tree.files.path(filed.path))) if filed else []
        return explanation, Wanted({each.id: each for each in found}, entry=id)

    def _place(self, given: str) -> tuple[Explanation, Wanted]:
        # A path as it is, so that a link on the way can be told.
        is_plain = given.startswith("/") and os.path.lexists(given)
        target = Target(Path(given)) if is_plain else parse_citation(given)
        if target.chat:
            return self._turn(target)
        if filed := self._memory.at(target.container):
            return self._entry(filed.entry.id)
        found = self._passages(target.container)
        is_whole = not target.part and not target.unit  # with what lies inside it
        mine = [each for each in found if each.uri == target.uri or is_whole]
        wanted = _wanted(mine, target)
        explanation = self.of_path(target.path)
        is_there = any(wanted.holds(each.span) for each in mine)
        if found and not is_there and (target.unit or target.part):
            reason = "the file is in the memory, but no passage of it has this place"
            hint = f"`cairn show {pasted(target.container)}` prints what was read of it"
            explanation = Explanation(target.address, "not there", reason, hint)
            wanted = Wanted({})
        return explanation, wanted

    def _turn(self, target: Target) -> tuple[Explanation, Wanted]:
        known = self._conversations.archive.conversation(target.chat)
        highest = known.highest if known else 0
        numbers = range(target.first, target.last + 1) if target.unit else range(1, highest + 1)
        uris = dict.fromkeys(
            part for each in numbers[: highest + 1]
            for part in (window_uri(target.chat, each), episodes_uri(target.chat, each))
        )  # fmt: skip
        found = self._passages(*uris)
        if target.unit:  # what cairn says of a sitting is not the turn
            found = [each for each in found if each.kind != "episode"]
        wanted = _wanted(found, target)
        there = [
            each
            for each in wanted.passages.values()
            if each.kind == "chat" and any(target.first <= n <= target.last for _, n in each.places)
        ]  # fmt: skip
        explanation = explain_chat(
            target.chat, target.first, self._conversations.archive, self._conversations.sources,
            self._journal, there if target.unit else [*wanted.passages.values()], self._resting(),
        )  # fmt: skip
        return explanation, wanted if there or not target.unit else Wanted({})

    def _passages(self, *uris: str) -> list[Chunk]:
        found = self._index().table.passages([document_id(uri) for uri in uris])
        return [each for passages in found.values() for each in passages]

    # -- findability

    def documents(self, below: Path | None = None, limit: int = 0) -> Documents:
        """What there is to be found, the newest first, and how much of it is tried."""
        roots = folder_uris(Path(os.path.realpath(below))) if below else ("",)
        records = [record for uri in roots for record in self._journal.files(uri)]
        if below and not records:
            raise NotFound(f"nothing at or below {below} is known", "`cairn add` watches a folder")
        return chosen(records, self._journal.tree, limit)

    def findability(self, documents: Documents) -> Iterator[Probed]:
        """Each document tried by a sentence of its own."""
        known = rarity_in(self._index())
        for record in documents.tried:
            passages = self._passages(record.uri)
            if not passages and self._journal.job_for(record.uri):
                yield Probed(record.uri, False, "", "it waits to be read")
                continue
            yield probe(record, passages, known, self._asking.look)


def _wanted(passages: list[Chunk], target: Target) -> Wanted:
    found = {each.id: each for each in passages}
    return Wanted(found, target.unit, target.first, target.last)
