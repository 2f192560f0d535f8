"""A topic with too many entries → which of them go to which new subtopic, or none.

Called when a folder has grown. Parts come from what entries say they are about, else from clusters
of vectors; a split is made only if its parts have names and little is left over. What a user has
placed stays, and the same entries make the same plan in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cairn.core.tree.place.centroids import direction_of
from cairn.core.tree.place.homes import GENERAL
from cairn.core.tree.place.known import SELF
from cairn.core.tree.place.names import INBOX, fold, is_folder, name, twin

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOO_MANY = 40
"""Entries of a topic: more are not read as one list."""
_LEAST = 6
_MOST_PARTS = 8
_MOST_LEFT = 1 / 3
_ALMOST_ALL = 0.7
"""A part this large is the topic itself under another name."""
_MOST_WORDS = 12
_INSIDE, _ELSEWHERE = 0.25, 0.05
"""A word names a cluster if so many of it have the word, and at most so many of the others."""
_LEAST_WORDS = 5
_CLEARLY = 0.1
_WORD_CHARS = 4
_TITLE = 3
_SMALL_WORDS = frozenset(
    """about after again against also always another back because been before being between both
    came come could does doing done down during each even every first following from gets getting
    give given going good have having here into its just keep know last later less like made make
    making many more most much must need needs never next often once only other others over said
    same says second should since some still such take taken than that their them then there these
    they this those through time today under until used user uses using very want wants well went
    were what when where whether which while will with within without work would year years your
    aber alle auch eine einem einen einer haben nach nicht oder sich sind über wird wurde avec dans
    elle leur mais pour sont cette como esta para pero todo""".split()
)

Plan = list[tuple[str, str]]
"""Ids of entries, each with its new folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An entry of the topic."""

    id: str
    title: str = ""
    kind: str = ""
    subject: str = ""
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    vector: NDArray[Any] | None = None
    by_hand: bool = False
    """The user put it where it is."""


@dataclass(frozen=True, slots=True)
class _Part:
    key: str
    members: tuple[int, ...]


def plan(
    folder: str,
    members: Iterable[Member],
    below: Collection[str] = (),
    undone: Collection[str] = (),
) -> Plan:
    """`below`: names of the folders in it; `undone`: folders whose split a user took back."""
    everyone = sorted(members, key=lambda member: member.id)
    if len(everyone) <= TOO_MANY or folder in undone or not _can_have_parts(folder):
        return []
    movable = [member for member in everyone if not member.by_hand]
    words = [_about(member, folder) for member in movable]
    parts = _by_words(words) or _by_meaning(movable, words)
    spelled = {twin(name): name for name in sorted(below, reverse=True)}
    result = []
    for part in parts:
        called = spelled.get(part.key) or _spelling(part, words)
        result += [(movable[number].id, f"{folder}/{called}") for number in part.members]
    return sorted(result)


def _can_have_parts(folder: str) -> bool:
    return is_folder(folder) and folder.count("/") == 1 and not folder.startswith(f"{INBOX}/")


_Words = list[dict[str, str]]
"""What could name a part, and as it is written: of the subject, tags, mentions, title."""


def _about(member: Member, folder: str) -> _Words:
    taken = {*map(twin, folder.split("/")), twin(member.kind), twin(GENERAL), "", *_SMALL_WORDS}
    subject = () if fold(member.subject) in SELF else (member.subject,)
    title = [word for word in name(member.title).split("-") if len(word) >= _WORD_CHARS]
    sorts: tuple[Sequence[str], ...] = (subject, member.tags, member.mentions, title)
    return [
        {key: called for word in sort[:_MOST_WORDS]
         if (called := name(word)) and (key := twin(called)) not in taken}
        for sort in sorts
    ]  # fmt: skip


def _by_words(words: Sequence[_Words]) -> list[_Part]:
    """The largest groups of one subject, then of one tag in what is left, then of one mention."""
    left = set(range(len(words)))
    found: dict[str, list[int]] = {}
    for sort in range(_TITLE):
        for key, numbers in found.items():
            numbers += _take(left, words, sort, key)
        while len(found) < _MOST_PARTS and (key := _commonest(words, left, sort)):
            found[key] = _take(left, words, sort, key)
    return _meaningful([_Part(key, tuple(found[key])) for key in found], len(words))


def _commonest(words: Sequence[_Words], left: Iterable[int], sort: int) -> str:
    counts = Counter(key for number in left for key in words[number][sort])
    most = _ALMOST_ALL * len(words)
    fitting = [(-count, key) for key, count in counts.items() if _LEAST <= count <= most]
    return min(fitting, default=(0, ""))[1]


def _take(left: set[int], words: Sequence[_Words], sort: int, key: str) -> list[int]:
    taken = sorted(number for number in left if key in words[number][sort])
    left.difference_update(taken)
    return taken


def _meaningful(parts: Sequence[_Part], total: int) -> list[_Part]:
    """All of them, or none where they are no help."""
    parts = [part for part in parts if len(part.members) >= _LEAST]
    sizes = [len(part.members) for part in parts]
    is_help = len(parts) > 1 and max(sizes) <= _ALMOST_ALL * total
    return parts if is_help and total - sum(sizes) <= _MOST_LEFT * total else []


def _by_meaning(members: Sequence[Member], words: Sequence[_Words]) -> list[_Part]:
    """The division into clusters that leaves least over."""
    vectors = [direction_of(member.vector) for member in members]
    widths = Counter(len(vector) for vector in vectors if vector is not None)
    width = min(widths, key=lambda width: (-widths[width], width), default=0)
    there = [n for n, vector in enumerate(vectors) if vector is not None and len(vector) == width]
    if not width or len(there) < (1 - _MOST_LEFT) * len(members):
        return []
    import numpy as np

    from cairn.core.tree.place.clusters import groups

    rows = np.stack([vector for n in there if (vector := vectors[n]) is not None])
    best: list[_Part] = []
    for count in range(2, min(_MOST_PARTS, len(there) // _LEAST) + 1):
        clusters: list[list[int]] = [[] for _ in range(count)]
        for number, label in zip(there, groups(rows, count), strict=True):
            clusters[label].append(number)
        parts = _meaningful(_named(clusters, words), len(members))
        # More parts only where they leave clearly less over.
        if _size(parts) > _size(best) + (_CLEARLY * len(members) if best else 0):
            best = parts
    return best


def _named(clusters: Sequence[Sequence[int]], words: Sequence[_Words]) -> list[_Part]:
    """Those clusters that one word tells from all the rest."""
    everyone = [number for members in clusters for number in members]
    keys = {number: set().union(*words[number]) for number in everyone}
    everywhere = Counter(key for own in keys.values() for key in own)
    parts: dict[str, _Part] = {}
    for members in clusters:
        inside = Counter(key for number in members for key in keys[number])
        others = max(len(everyone) - len(members), 1)
        fitting = [
            (everywhere[key] - 2 * count, key)
            for key, count in inside.items()
            if count >= max(_INSIDE * len(members), _LEAST_WORDS)
            and everywhere[key] - count <= _ELSEWHERE * others
            and key not in parts
        ]
        if fitting:
            key = min(fitting)[1]
            parts[key] = _Part(key, tuple(members))
    return list(parts.values())


def _size(parts: Iterable[_Part]) -> int:
    return sum(len(part.members) for part in parts)


def _spelling(part: _Part, words: Sequence[_Words]) -> str:
    """As most of its entries write it."""
    written = Counter(
        sort[part.key] for number in part.members for sort in words[number] if part.key in sort
    )
    return min(written, key=lambda called: (-written[called], called))
