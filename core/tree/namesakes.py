"""Two people whose names are nearly the same → the question whether they are one.

Asked by the curation after names were noted, of people an entry is about: the answer is written
into that entry, as one of its aliases, and can be taken back like any change.
"""

from __future__ import annotations

from collections.abc import Iterable

from cairn.core.records import digest
from cairn.core.tree.catalogue import Catalogue, Filed
from cairn.core.tree.graph.store import Thing, Things
from cairn.core.tree.plan import Step
from cairn.core.tree.review import Reviews


def ask_about(
    people: Iterable[Thing], things: Things, catalogue: Catalogue, reviews: Reviews, at: str
) -> None:
    """Each pair once, whatever is answered."""
    for thing in people:
        for other in things.alike(thing):
            key = digest(*sorted((str(thing.id), str(other.id))))
            if reviews.was_asked("merge", key):
                continue
            pages = [page for one in (thing, other) if (page := _page(one, catalogue))]
            if not pages:
                continue  # nothing rests on the difference yet
            ids = tuple(dict.fromkeys(page.entry.id for page in pages))
            name = other.name if pages[0] == _page(thing, catalogue) else thing.name
            one = Step("alias", ids, {"name": name}) if len(ids) == 1 else Step("merge", ids)
            reason = f"“{pages[0].entry.title}” and “{name}” may be the same person"
            reviews.ask("merge", key, ids, (one,), reason, at)


def _page(thing: Thing, catalogue: Catalogue) -> Filed | None:
    """The entry that is about somebody."""
    for name in dict.fromkeys((thing.name, *thing.spellings)):
        for filed in catalogue.titled(name, "person"):
            return filed
    return None
