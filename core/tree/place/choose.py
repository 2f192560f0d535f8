"""An entry that is to be filed → its folder in the tree: `domain/topic` or `domain/topic/subtopic`.

Called for each new entry, with what is known of those filed. In this order: where the user moved
its subject; where its container, then its home, is filed; its own folders; the nearest topic; its
kind. Nothing that is filed ever moves, and what came from the same place stays together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from cairn.core.tree.place.homes import (
    GENERAL,
    PEOPLE,
    PROJECTS,
    Home,
    home,
    is_mixed,
    people_title,
)  # fmt: skip
from cairn.core.tree.place.known import Draft, Folders, Known, most, topic_of
from cairn.core.tree.place.names import DEEPEST, INBOX, domain, fold, name

__all__ = ["Draft", "Known", "choose"]

_DOMAINS = {
    "fact": "knowledge", "preference": "preferences", "decision": "decisions", "event": "events",
    "procedure": "how-to", "promise": "promises", "question": "questions", "person": PEOPLE,
    "project": PROJECTS, "summary": "summaries",
}  # fmt: skip
_OTHER = "knowledge"
_NAMED = ("person", "project")
_ABOUT_USER = "me"
_BY_KIND = frozenset((*_DOMAINS.values(), _ABOUT_USER)) - {PEOPLE, PROJECTS}
"""Domains in which an entry is because of its kind, so that they attract no other kinds."""
_CROWDED = 48
"""Topics in a domain: from there on new ones are shared, since nobody reads a longer list."""
_TAG, _MENTION, _SAME_NAME = 2.0, 1.0, 1.0
_NEAR = 1.0
"""A tag that half of a topic's entries have, or a mention that all have."""
_LEAST_SHARED = 2
_NOTES = (".md", ".markdown", ".txt", ".org", ".rst", ".adoc")
"""Files that are named for what they are about; mails and exports seldom are."""


def choose(draft: Draft, known: Known) -> str:
    """A relative folder with `/` between its levels, which may be new."""
    own = home(draft.container, draft.container_title, draft.project)
    found = (
        most(known.by_hand(draft.topic))
        or _kept(draft, known, own)
        or _thought(draft, own)
        or _at_home(draft, known, own)
        or _nearest(draft, known)
        or _last(draft, known, own)
    )
    return "/".join(found.split("/")[:DEEPEST])


def _kept(draft: Draft, known: Known, own: Home) -> str:
    """Where entries from the same container are."""
    if is_mixed(draft.container) and not draft.topic:
        return ""
    if folder := most(known.alike(draft)):
        return folder
    if is_mixed(draft.container):
        return ""
    folders = known.container(draft)
    if not own.levels:  # then some are where they are because of their kind
        folders = _only(folders, lambda folder: folder.split("/")[0] not in _BY_KIND)
    return _within(draft, known, folders)


def _thought(draft: Draft, own: Home) -> str:
    is_thought = not (draft.container or draft.project) and draft.kind not in _NAMED
    return INBOX if own.levels == (INBOX,) or is_thought else ""


def _at_home(draft: Draft, known: Known, own: Home) -> str:
    """The folder of its own place: where others of that place are, else one named like it."""
    if not own.levels:
        return ""
    if folder := _within(draft, known, known.home(own.key)):
        return folder
    if len(own.levels) > 1:
        if (
            own.levels[0] == PROJECTS
            and not known.holds(own.levels)
            and known.holds(own.levels[1:])
        ):
            return known.spelled((*own.levels[1:2], GENERAL))
        return known.spelled((domain(own.levels[0]), *own.levels[1:]))
    only = own.levels[0]
    if known.holds((PROJECTS, only)):
        return known.spelled((PROJECTS, only))
    topic = own.stem if draft.container.lower().endswith(_NOTES) else ""
    topic = topic or GENERAL
    return known.spelled((only, topic)) if _has_room(known, only, topic) else ""


def _within(draft: Draft, known: Known, folders: Folders) -> str:
    """One of these folders, or the topic above them where they were split by what this is not."""
    topics: Folders = Counter()
    for folder, count in folders.items():
        topics[topic_of(folder)] += count
    topic = most(topics)
    inside = _only(folders, lambda folder: topic_of(folder) == topic)
    if len(inside) < 2:
        return most(inside)
    same = _only(known.subject(draft.topic), inside.__contains__)
    return most(same) or _by_words(draft, known, inside.__contains__) or topic


def _nearest(draft: Draft, known: Known) -> str:
    """A topic that is about the same, as far as subject, tags, mentions or meaning tell."""
    mine = _DOMAINS.get(draft.kind, _OTHER)

    def is_open(folder: str) -> bool:
        first = folder.split("/")[0]
        return "/" in folder and (first == mine or first not in _BY_KIND)

    return (
        most(_only(known.subject(draft.topic), is_open))
        or (draft.topic and most(_only(known.called(draft.subject), is_open)))
        or _by_words(draft, known, is_open)
        or next((folder for folder in known.near(draft.vector) if is_open(folder)), "")
    )


def _by_words(draft: Draft, known: Known, is_open: Callable[[str], bool]) -> str:
    scores: dict[str, float] = {}
    for folded, written, is_tag in draft.words():
        weight = _TAG if is_tag else _MENTION
        folders = known.word(folded)
        for folder, count in folders.items():
            if count >= _LEAST_SHARED:
                share = count / known.count(folder) / len(folders) ** 0.5
                scores[folder] = scores.get(folder, 0.0) + weight * share
        for folder in known.called(written):
            if folder.split("/")[0] != PEOPLE:  # to be mentioned is not to be what it is about
                scores[folder] = scores.get(folder, 0.0) + weight * _SAME_NAME
    ranked = sorted((-round(score, 6), folder) for folder, score in scores.items())
    return next((f for score, f in ranked if -score >= _NEAR and is_open(f)), "")


def _last(draft: Draft, known: Known, own: Home) -> str:
    """A domain by what sort of entry it is, and as topic what it says it is about."""
    if own.levels:
        return known.spelled((own.levels[0], GENERAL))
    first = _DOMAINS.get(draft.kind, _OTHER)
    if draft.kind in _NAMED:
        return known.spelled((first, name(draft.subject) or name(draft.title) or GENERAL))
    if draft.subject.strip() and not draft.topic:
        return known.spelled((_ABOUT_USER, first))
    topic = next(filter(None, map(name, _topics(draft, first))), GENERAL)
    return known.spelled((first, topic if _has_room(known, first, topic) else GENERAL))


def _topics(draft: Draft, first: str) -> Iterator[str]:
    yield from (tag for tag in draft.tags[:4] if fold(tag) not in (draft.kind, first))
    yield draft.subject
    yield people_title(draft.container_title)


def _has_room(known: Known, first: str, topic: str) -> bool:
    return known.holds((first, topic)) or known.below(known.spelled((first,))) < _CROWDED


def _only(folders: Folders, is_wanted: Callable[[str], bool]) -> Folders:
    return Counter({folder: count for folder, count in folders.items() if is_wanted(folder)})
