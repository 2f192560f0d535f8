"""What is filed where → counts that tell the folder of the next entry in a few look-ups.

Fed from the catalogue, one `note` for each entry, and read by `choose`. What it says depends on
what is filed only, never on the order, so a new start chooses as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from cairn.core.tree.place.centroids import Centroids
from cairn.core.tree.place.homes import PEOPLE, home, needs_title, plain
from cairn.core.tree.place.names import INBOX, fold, is_folder, twin

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_WORDS = 24
"""Tags, or mentions, of one entry that are looked at."""
_TOO_COMMON = 32
"""What is in more folders says nothing about any."""
SELF = frozenset(("", "me", "user", "the user", "i", "myself", "self"))
Folders = Counter[str]
"""How many entries of a sort are in which folder."""
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What an entry's place is chosen by."""

    kind: str
    title: str
    subject: str = ""
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    container: str = ""
    """The address of the file or conversation that it comes from; none for a user's thought."""
    container_title: str = ""
    """For what is filed it may be left out."""
    project: str = ""
    vector: NDArray[Any] | None = None

    @property
    def topic(self) -> str:
        """The subject as it is looked up; "" where it is the user, or nobody in particular."""
        folded = fold(self.subject)
        return "" if folded in SELF else folded

    @property
    def sort(self) -> tuple[str, str, str]:
        place = plain(self.container or self.project)
        return place, self.kind, fold(self.subject or ("" if place else self.title))

    def words(self) -> Iterator[tuple[str, str, bool]]:
        """Each tag and mention as it is looked up, as it is written, and whether it is a tag."""
        for written, is_tag in ((self.tags, True), (self.mentions, False)):
            for word in dict.fromkeys(written[:_MOST_WORDS]):
                yield fold(word), word, is_tag


class Known:
    def __init__(self) -> None:
        self._folders: Folders = Counter()
        self._spellings: dict[tuple[str, str], Folders] = {}
        """By the folder above and what would be twins: how it is spelled."""
        self._children: Folders = Counter()
        """How many folders are directly below one."""
        self._called: dict[str, Folders] = {}
        self._containers: dict[str, Folders] = {}
        self._homes: dict[str, Folders] = {}
        self._sorts: dict[tuple[str, str, str], Folders] = {}
        self._subjects: dict[str, Folders] = {}
        self._by_hand: dict[str, Folders] = {}
        self._words: dict[str, Folders] = {}
        self._centroids = Centroids()

    def note(self, folder: str, draft: Draft, *, by_hand: bool = False) -> None:
        """An entry is in this folder; `by_hand`: because the user put it there."""
        self._count(folder, draft, by_hand, 1)

    def forget(self, folder: str, draft: Draft, *, by_hand: bool = False) -> None:
        """What was noted in these words is there no longer."""
        if self._folders[folder] > 0:
            self._count(folder, draft, by_hand, -1)

    def count(self, folder: str) -> int:
        return self._folders.get(folder, 0)

    def below(self, folder: str) -> int:
        """How many folders are directly below, of any that hold entries at some depth."""
        return self._children.get(folder, 0)

    def alike(self, draft: Draft) -> Folders:
        """Where entries of the same container, kind and subject are."""
        return self._sorts.get(draft.sort, Counter())

    def container(self, draft: Draft) -> Folders:
        return self._containers.get(plain(draft.container), Counter())

    def home(self, key: str) -> Folders:
        return self._homes.get(key, Counter())

    def subject(self, topic: str) -> Folders:
        return self._telling(self._subjects, topic)

    def by_hand(self, topic: str) -> Folders:
        return self._telling(self._by_hand, topic)

    def word(self, folded: str) -> Folders:
        return self._telling(self._words, folded)

    def called(self, written: str) -> Folders:
        """Folders whose last name is this word's."""
        return self._telling(self._called, twin(written))

    def near(self, vector: NDArray[Any] | None) -> Iterator[str]:
        return self._centroids.near(vector)

    def holds(self, levels: tuple[str, ...]) -> bool:
        """Is there a folder of this path, however it is spelled?"""
        above = self.spelled(levels[:-1])
        return (above, _twin(above, levels[-1])) in self._spellings

    def spelled(self, levels: tuple[str, ...]) -> str:
        """The path of these names, in the spelling of the folders that are there already."""
        path = ""
        for level in levels:
            there = self._spellings.get((path, _twin(path, level)))
            spelling = most(there) if there and level not in there else level
            path = f"{path}/{spelling}" if path else spelling
        return path

    def _count(self, folder: str, draft: Draft, by_hand: bool, by: int) -> None:
        if not is_folder(folder):
            return
        self._folders[folder] += by
        self._count_levels(folder, by)
        if folder == INBOX:
            return  # of thoughts about anything
        _add(self._called, twin(folder.rpartition("/")[2]), folder, by)
        if draft.container:
            _add(self._containers, plain(draft.container), folder, by)
        _add(self._sorts, draft.sort, folder, by)
        if draft.container_title or not needs_title(draft.container):
            own = home(draft.container, draft.container_title, draft.project)
            if own.levels:
                _add(self._homes, own.key, folder, by)
        if draft.topic:
            _add(self._subjects, draft.topic, folder, by)
            if by_hand:
                _add(self._by_hand, draft.topic, folder, by)
        for folded in {folded for folded, _, _ in draft.words()}:
            _add(self._words, folded, folder, by)
        self._centroids.add(folder, draft.vector, by)

    def _count_levels(self, folder: str, by: int) -> None:
        above = ""
        for level in folder.split("/"):
            key = (above, _twin(above, level))
            before = len(self._spellings.get(key, ()))
            _add(self._spellings, key, level, by)
            self._children[above] += len(self._spellings.get(key, ())) - before
            above = f"{above}/{level}" if above else level

    def _telling(self, table: dict[str, Folders], key: str) -> Folders:
        found = table.get(key) if key else None
        return found if found and len(found) <= _TOO_COMMON else Counter()


def topic_of(folder: str) -> str:
    """`garden/beds` of `garden/beds/raised`."""
    return "/".join(folder.split("/")[:2])


def most(folders: Folders) -> str:
    return min(folders, key=lambda folder: (-folders[folder], folder), default="")


def _twin(above: str, level: str) -> str:
    return twin(level, is_person=above == PEOPLE)


def _add(table: dict[_Key, Folders], key: _Key, folder: str, by: int) -> None:
    folders = table.setdefault(key, Counter())
    folders[folder] += by
    if folders[folder] <= 0:
        del folders[folder]
    if not folders:
        del table[key]
